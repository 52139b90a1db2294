namespace Symbolic.Fuzz;

/// <summary>What an input may cost: one second per megabyte and 256 MB above what valid files take.</summary>
internal static class Limits
{
    private const double SecondsPerMegabyte = 1;

    /// <summary>Bytes allocated in all while reading, which bounds what is held at any time.</summary>
    public const long BytesAboveNormal = 256 << 20;

    /// <summary>The heap of a child: beyond it memory is exhausted in a process that may be lost, and not on the machine.</summary>
    public const long HeapBytes = 1L << 30;

    /// <summary>A reader that computes nothing for so long hangs; others may have the cores meanwhile.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Processor time for an input.</summary>
    public static TimeSpan Time(long bytes) => TimeSpan.FromSeconds(SecondsPerMegabyte * Math.Max(1, bytes / 1e6));
}
