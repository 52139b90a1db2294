using System.Diagnostics;

namespace Symbolic.Runtime;

/// <summary>Times the phases of one compilation.</summary>
internal sealed class CompileClock
{
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly List<(string Phase, double Milliseconds)> phases = [];

    /// <summary>Whether no program had to be generated so far.</summary>
    public bool FromCache { get; set; } = true;

    /// <summary>What kept the cache from being used, if anything did.</summary>
    public string? CacheNote { get; set; }

    /// <summary>Runs a phase and adds its time to what it took before.</summary>
    public T Time<T>(string phase, Func<T> work)
    {
        long begin = Stopwatch.GetTimestamp();
        T result = work();
        double elapsed = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        int known = phases.FindIndex(p => p.Phase == phase);
        if (known < 0)
        {
            phases.Add((phase, elapsed));
        }
        else
        {
            phases[known] = (phase, phases[known].Milliseconds + elapsed);
        }
        return result;
    }

    /// <summary>The figures up to now.</summary>
    public CompileReport Report() => new(FromCache, Stopwatch.GetElapsedTime(start).TotalMilliseconds, phases.ToSeq(), CacheNote);
}
