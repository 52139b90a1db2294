using Symbolic.Peers.Works;
using Symbolic.Runtime;

namespace Symbolic.Peers.Contestants.Ours;

/// <summary>Symbolic, as a user calls it.</summary>
internal sealed class OurContestant(int threads, bool profile = false) : IContestant
{
    private CompileOptions Options => new() { Threads = threads, Profile = profile };

    /// <inheritdoc/>
    public string Name => PeerNames.Ours;

    /// <inheritdoc/>
    public IPrepared Prepare(Work work) => ArrayFunctions.Of(work, Options) ?? LayerFunctions.Of(work, Options) ?? NetFunctions.Of(work, Options) ?? throw new NotSupportedException($"{work.Name} is not known here");
}
