using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>
/// Asks Linux for pages of 2 MiB under large arenas: fewer address translations to miss, which is worth some 20 % to products of long
/// rows. Advice only: where it is not taken, nothing changes.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of such a page.</summary>
    public const long PageBytes = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>Some bytes, and the rest of their last page where they take at least half of it.</summary>
    public static long Rounded(long bytes) => bytes >= PageBytes && bytes % PageBytes >= PageBytes / 2 ? (bytes + PageBytes - 1) & -PageBytes : bytes;

    /// <summary>Advises the whole pages within the memory.</summary>
    public static void Advise(byte* address, long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < PageBytes)
        {
            return;
        }
        nint first = (nint)(((long)address + PageBytes - 1) & -PageBytes);
        nint end = (nint)(((long)address + bytes) & -PageBytes);
        if (end > first)
        {
            _ = MAdvise(first, (nuint)(end - first), AdviseHugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(nint address, nuint length, int advice);
}
