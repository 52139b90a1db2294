namespace Symbolic.Peers.Works.Nets;

/// <summary>Training a net, looked at in another way.</summary>
internal abstract record AspectWork(string Row, NetWork Net) : Work(Row, Row);

/// <summary>The most memory of a process that does nothing but train a net.</summary>
internal sealed record MemoryWork(string Row, NetWork Net) : AspectWork(Row, Net)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => Net.Peers;
}

/// <summary>Training a net with all threads while somebody else keeps a core busy, against one thread in the same distress.</summary>
internal sealed record BusyWork(string Row, NetWork Net) : AspectWork(Row, Net)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => [PeerNames.OneThread];

    /// <inheritdoc/>
    /// <remarks>A step takes as long as a time slice of the system, so one is half as long again as another by whether the neighbour came in between, and for a tenth of a second all are alike.</remarks>
    public override double TurnMs => 500;
}
