using Symbolic.Codegen;
using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>Sizes and options as a fuzzer draws them.</summary>
internal static class Draw
{
    // Around the widths of lanes and tiles; primes; nothing and one.
    private static readonly long[] common = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 31, 32, 33], rare = [0, 37, 48, 61, 64, 65, 97];

    /// <summary>A size at most so large; 0 now and then.</summary>
    public static long Size(Random random, long most)
    {
        long[] from = random.Next(12) == 0 ? rare : common;
        long[] fitting = [.. from.Where(size => size <= most)];
        return fitting[random.Next(fitting.Length)];
    }

    /// <summary>One of some.</summary>
    public static T One<T>(Random random, params ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    /// <summary>Options with a forced schedule, or none, and a random width of vectors.</summary>
    public static CompileOptions Options(Random random, Schedule? schedule) => new() { Schedule = schedule, VectorBits = One<int?>(random, 0, 128, 256, 512, null, null) };

    /// <summary>No schedule, then each as one is forced, with so many seeds each.</summary>
    public static TheoryData<string, int> SchedulesAndSeeds(int seeds, params IReadOnlyList<Schedule> schedules)
    {
        var data = new TheoryData<string, int>();
        foreach (string name in (string[])["", .. schedules.Select(schedule => $"{schedule}")])
        {
            for (int seed = 0; seed < seeds; seed++)
            {
                data.Add(name, seed);
            }
        }
        return data;
    }

    /// <summary>The schedule of a name; none for an empty one.</summary>
    public static Schedule? Named(string name) => name.Length == 0 ? null : Enum.Parse<Schedule>(name);
}
