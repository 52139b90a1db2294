namespace Symbolic.Peers.Works.Nets;

/// <summary>The most memory of a process that does nothing but train a net.</summary>
internal sealed record MemoryWork(string Row, NetWork Net) : Work(Row, Row)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => Net.Peers;
}
