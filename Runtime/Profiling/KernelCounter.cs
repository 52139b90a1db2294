namespace Symbolic.Runtime;

/// <summary>What the runs of one kernel have cost so far, over all sizes.</summary>
internal sealed class KernelCounter(string kernel, string label)
{
    private long calls;
    private long ticks;
    private double work;
    private double traffic;

    /// <summary>Counts one run.</summary>
    /// <param name="elapsed">Its time, in ticks of the stopwatch.</param>
    /// <param name="operations">Floating-point operations.</param>
    /// <param name="bytes">Bytes read and written.</param>
    public void Add(long elapsed, double operations, double bytes)
    {
        calls++;
        ticks += elapsed;
        work += operations;
        traffic += bytes;
    }

    /// <summary>The figures so far.</summary>
    public KernelProfile Snapshot() => new(kernel, label, calls, (double)ticks / System.Diagnostics.Stopwatch.Frequency, work, traffic);
}
