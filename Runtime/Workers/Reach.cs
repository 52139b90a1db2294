using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>The cores on which a thread may run, less one that it keeps off for a while, where the system is Linux. It is that thread's own: nobody else calls it.</summary>
internal unsafe partial struct Reach
{
    /// <summary>Bytes of the set of cores that glibc and musl know.</summary>
    private const int SetBytes = 128;

    // All cores that the thread might use, and that set less the one.
    private fixed byte all[SetBytes], less[SetBytes];
    private bool isLess;

    /// <summary>Has the calling thread run on none but other cores than this one from now on, if it may use others.</summary>
    public void KeepOff(int core)
    {
        if (core is < 0 or >= 8 * SetBytes || !Look())
        {
            return;
        }
        Span<byte> cores = stackalloc byte[SetBytes];
        MemoryMarshal.CreateReadOnlySpan(ref all[0], SetBytes).CopyTo(cores);
        cores[core / 8] &= (byte)~(1 << (core % 8));
        Span<byte> now = MemoryMarshal.CreateSpan(ref less[0], SetBytes);
        // Where the system refuses, it stays as it was, and so does what is known of it.
        if (cores.ContainsAnyExcept((byte)0) && !(isLess && cores.SequenceEqual(now)) && Set(cores))
        {
            cores.CopyTo(now);
            isLess = true;
        }
    }

    /// <summary>Lets the calling thread run wherever it might.</summary>
    public void KeepOffNone()
    {
        if (isLess && Look())
        {
            _ = Set(MemoryMarshal.CreateReadOnlySpan(ref all[0], SetBytes));
        }
        isLess = false;
    }

    /// <summary>What the thread may use now is what it might, unless it is what was set here: somebody may have said otherwise in the meantime.</summary>
    private bool Look()
    {
        Span<byte> cores = stackalloc byte[SetBytes];
        cores.Clear();
        fixed (byte* set = cores)
        {
            if (!Core.IsKnown || GetAffinity(0, SetBytes, set) < 0)
            {
                return false;
            }
        }
        isLess &= cores.SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref less[0], SetBytes));
        if (!isLess)
        {
            cores.CopyTo(MemoryMarshal.CreateSpan(ref all[0], SetBytes));
        }
        return true;
    }

    private static bool Set(ReadOnlySpan<byte> cores)
    {
        fixed (byte* set = cores)
        {
            return SetAffinity(0, SetBytes, set) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, byte* cores);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* cores);
}
