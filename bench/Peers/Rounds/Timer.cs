using System.Diagnostics;
using System.Runtime;
using Symbolic.Peers.Contestants;

namespace Symbolic.Peers.Rounds;

/// <summary>Times runs of a prepared work. Runs shorter than the clock can tell are taken several at a time.</summary>
internal sealed class Timer
{
    private const double ShortestMs = 0.02, WarmUpMs = 300, Rewarm = 0.1, LongMs = 200, QuietMs = 300, NoisyMs = 15_000;

    private readonly IPrepared prepared;
    private readonly int together;

    /// <summary>Runs it until the jitter has done its part; the first run, which may bind and allocate, is the caller's.</summary>
    public Timer(IPrepared prepared)
    {
        this.prepared = prepared;
        together = 1;
        double once = Once();
        if (once < WarmUpMs / 4)
        {
            once = Repeated(once < 1 ? WarmUpMs : once * 4).Min();
            together = (int)Math.Clamp(Math.Ceiling(ShortestMs / once), 1, 1000);
        }
        IsLong = once > LongMs;
        AwaitJitter();
    }

    /// <summary>
    /// A compiler that has just run, ours or a peer's bindings, leaves thousands of methods behind that the runtime's background thread goes on to
    /// optimise: for seconds it takes a whole core from a process that wants both. So it runs on until no method has been compiled for a while.
    /// </summary>
    private void AwaitJitter()
    {
        long start = Stopwatch.GetTimestamp(), since = start, seen = JitInfo.GetCompiledMethodCount();
        while (Stopwatch.GetElapsedTime(since).TotalMilliseconds < QuietMs && Stopwatch.GetElapsedTime(start).TotalMilliseconds < NoisyMs)
        {
            Once();
            long now = JitInfo.GetCompiledMethodCount();
            (seen, since) = now == seen ? (seen, since) : (now, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Whether a single run takes so long that it warms the caches by itself.</summary>
    public bool IsLong { get; }

    /// <summary>Milliseconds per run of all that fit into a slot, at least so many, after a tenth of it to warm caches and threads.</summary>
    public double[] Slot(double milliseconds, int least)
    {
        if (!IsLong)
        {
            Repeated(milliseconds * Rewarm);
        }
        return Repeated(milliseconds, least);
    }

    private double[] Repeated(double milliseconds, int least = 1)
    {
        var times = new List<double>();
        long start = Stopwatch.GetTimestamp();
        do
        {
            times.Add(Once());
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds || times.Count < least);
        return [.. times];
    }

    private double Once()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < together; i++)
        {
            prepared.Run();
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / together;
    }
}
