using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>The core on which the calling thread runs, where the system is Linux; elsewhere nothing is known of it.</summary>
internal static unsafe partial class Core
{
    private const int OfThread = 1;

    /// <summary>Longs of `struct rusage`: two times of two, fourteen counts, of which the last is of switches that the thread did not ask for.</summary>
    private const int UsageLongs = 18;

    /// <summary>Whether anything is known.</summary>
    public static readonly bool IsKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Its number, or less than 0.</summary>
    public static int Current => IsKnown ? GetCpu() : -1;

    /// <summary>How often the thread's core was given to somebody else while it could have run on.</summary>
    public static long Switches
    {
        get
        {
            if (!IsKnown)
            {
                return 0;
            }
            long* usage = stackalloc long[UsageLongs];
            return GetUsage(OfThread, usage) == 0 ? usage[UsageLongs - 1] : 0;
        }
    }

    /// <summary>Leaves it for about so long, which may be less than the millisecond that .NET's own sleep takes at least; a signal may end it sooner.</summary>
    public static void Sleep(double microseconds)
    {
        if (IsKnown)
        {
            // `struct timespec`: seconds, nanoseconds.
            long* time = stackalloc long[2] { (long)(microseconds / 1e6), (long)(microseconds % 1e6 * 1000) };
            _ = NanoSleep(time, null);
        }
        else
        {
            Thread.Sleep(TimeSpan.FromMicroseconds(microseconds));
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int GetCpu();

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [SuppressGCTransition]
    private static partial int GetUsage(int of, long* usage);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(long* time, long* left);
}
