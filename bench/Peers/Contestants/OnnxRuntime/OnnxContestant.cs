using Symbolic.Peers.Onnx;
using Symbolic.Peers.Works;
using Symbolic.Peers.Works.Nets;

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
                NetWork { Trains: false } net => OnnxNets.Write(net, path),
                _ => throw new NotSupportedException($"{work.Name} is not known to ONNX Runtime here"),
            };
            var prepared = new OnnxPrepared(path, input, output, threads);
            if (work is NetWork { Source: var source })
            {
                NetNumbers.FillImages(prepared.Input, source);
            }
            return prepared;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
