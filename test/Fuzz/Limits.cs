namespace Symbolic.Fuzz;

/// <summary>What an input may cost: one second per megabyte and 256 MB above what valid files take.</summary>
internal static class Limits
{
    private const double SecondsPerMegabyte = 1;

    /// <summary>What a child takes before it reads: runtime, corpus, a library's tables.</summary>
    private const long Normal = 96L << 20;

    /// <summary>
    /// The heap of a child, which the runtime enforces: an input that needs more ends in OutOfMemoryException, which is a finding. It
    /// bounds what is held at a time; what is allocated and let go again on the way costs time only.
    /// </summary>
    public const long HeapBytes = Normal + (256L << 20);

    /// <summary>A reader that computes nothing for so long hangs; others may have the cores meanwhile.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Processor time for an input.</summary>
    public static TimeSpan Time(long bytes) => TimeSpan.FromSeconds(SecondsPerMegabyte * Math.Max(1, bytes / 1e6));
}
