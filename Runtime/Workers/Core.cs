using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>The core on which the calling thread runs, where the system is Linux; elsewhere nothing is known of it.</summary>
internal static unsafe partial class Core
{
    private const int OfThread = 1;

    /// <summary>Bytes of the set of cores that glibc and musl know.</summary>
    private const int SetBytes = 128;

    /// <summary>Longs of `struct rusage`: two times of two, fourteen counts, of which the last is of switches that the thread did not ask for.</summary>
    private const int UsageLongs = 18;

    private static readonly bool IsKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

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

    /// <summary>Has the thread go on on another core, if it may use one. Where it may run in future stays as it is.</summary>
    public static void Leave()
    {
        byte* cores = stackalloc byte[SetBytes];
        new Span<byte>(cores, SetBytes).Clear();
        int here = Current;
        if (here < 0 || here >= 8 * SetBytes || GetAffinity(0, SetBytes, cores) < 0)
        {
            return;
        }
        ref byte ours = ref cores[here / 8];
        byte before = ours;
        ours &= (byte)~(1 << (here % 8));
        if (new Span<byte>(cores, SetBytes).ContainsAnyExcept((byte)0) && SetAffinity(0, SetBytes, cores) == 0)
        {
            ours = before;
            _ = SetAffinity(0, SetBytes, cores);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int GetCpu();

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [SuppressGCTransition]
    private static partial int GetUsage(int of, long* usage);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, byte* cores);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* cores);
}
