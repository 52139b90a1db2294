using Symbolic.Peers.Works;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>libtorch by way of TorchSharp: eager, as it is used, in place and without gradients wherever that is possible.</summary>
internal sealed class TorchContestant : IContestant
{
    /// <summary>Loads it.</summary>
    public TorchContestant(int threads, ScalarType precision = ScalarType.Float32)
    {
        OldRuntime.Fit();
        TorchPrepared.Precision = precision;
        set_num_threads(threads);
        set_num_interop_threads(1);
    }

    /// <inheritdoc/>
    public string Name => TorchPrepared.Precision == ScalarType.Float64 ? PeerNames.Exact : PeerNames.Libtorch;

    /// <inheritdoc/>
    public IPrepared Prepare(Work work) => TorchArrays.Of(work) ?? TorchLayers.Of(work) ?? TorchNets.Of(work) ?? throw new NotSupportedException($"{work.Name} is not known to libtorch here");
}
