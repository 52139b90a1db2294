using System.Globalization;

namespace Symbolic.Runtime;

/// <summary>
/// A place where functions run and shared variables live: memory and workers. A function and all its shared variables are
/// on one device. Today every device is the CPU with a pool of threads of its own; accelerators take the same place.
/// </summary>
public sealed class Device
{
    internal const int MostThreads = 1024;

    private static readonly Lazy<Device> TheCpu = new(() => new Device("cpu", DefaultThreads(Environment.GetEnvironmentVariable("SYMBOLIC_THREADS"))));

    private Device(string name, int threads)
    {
        Name = name;
        Threads = threads;
        Pool = new WorkerPool($"symbolic {name}");
    }

    /// <summary>The CPU with as many threads as it has cores, or as the environment variable SYMBOLIC_THREADS says.</summary>
    /// <exception cref="FormatException">SYMBOLIC_THREADS is no number of threads.</exception>
    public static Device Cpu => TheCpu.Value;

    /// <summary>How messages call it.</summary>
    public string Name { get; }

    /// <summary>Threads that a function uses unless its options say otherwise.</summary>
    public int Threads { get; }

    internal WorkerPool Pool { get; }

    /// <summary>A part of the CPU as a device of its own: its threads do not wait for the jobs of others. It lives as long as the process.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not between 1 and 1024.</exception>
    public static Device OfThreads(string name, int threads)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        return new Device(name, threads);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal static int DefaultThreads(string? setting)
    {
        if (string.IsNullOrEmpty(setting))
        {
            return Math.Min(Environment.ProcessorCount, MostThreads);
        }
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= MostThreads
            ? threads
            : throw new FormatException($"SYMBOLIC_THREADS is '{setting}'; it wants a number of threads between 1 and {MostThreads}");
    }
}
