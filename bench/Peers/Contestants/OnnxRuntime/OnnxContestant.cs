using Symbolic.Peers.Onnx;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Contestants.OnnxRuntime;

/// <summary>ONNX Runtime with all its graph optimisations, on files that are written here.</summary>
internal sealed class OnnxContestant(int threads) : IContestant
{
    /// <inheritdoc/>
    public string Name => PeerNames.OnnxRuntime;

    /// <inheritdoc/>
    public IPrepared Prepare(Work work)
    {
        string path = Path.Combine(Path.GetTempPath(), $"symbolic-peers-{Environment.ProcessId}.onnx");
        try
        {
            (long[] input, long[] output) = work switch
            {
                ConvWork conv => OnnxLayers.Write(conv, path),
                _ => throw new NotSupportedException($"{work.Name} is not known to ONNX Runtime here"),
            };
            return new OnnxPrepared(path, input, output, threads);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
