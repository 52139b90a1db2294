using System.Diagnostics;
using System.Globalization;

namespace Symbolic.Bench.Steps;

/// <summary>Best and median of repeated runs, in milliseconds.</summary>
internal readonly record struct Timing(double Best, double Median)
{
    /// <summary>Runs something until so many seconds are over, after a tenth of them to warm up.</summary>
    public static Timing Of(Action run, double seconds)
    {
        Repeat(run, seconds / 10);
        List<double> times = Repeat(run, seconds);
        times.Sort();
        return new(times[0], times[times.Count / 2]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"best {Best,8:0.00} ms, median {Median,8:0.00} ms");

    private static List<double> Repeat(Action run, double seconds)
    {
        var times = new List<double>();
        long start = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds || times.Count < 5);
        return times;
    }
}
