using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>Has memory on its way to the caches before it is needed.</summary>
internal static unsafe class PanelFetch
{
    /// <summary>The most arrays of an update that are fetched ahead.</summary>
    public const int MostUpdated = 4;

    /// <summary>Bytes of an update below which it is fetched fast enough when it is needed.</summary>
    public const long LeastFetched = 4 << 20;

    private const long Line = 64;

    /// <summary>The most lines that a tile fetches: with each term of a block one, and some before.</summary>
    public const int MostLines = 384;

    /// <summary>Fetches a block of memory into the second-level cache.</summary>
    /// <param name="first">Where its first row begins.</param>
    /// <param name="pitch">Bytes from a row to the next.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="bytes">Bytes of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block(byte* first, long pitch, long rows, long bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }
        for (long r = 0; r < rows; r++)
        {
            byte* from = first + (r * pitch), end = from + bytes;
            for (from = (byte*)((nint)from & -(nint)Line); from < end; from += Line)
            {
                Sse.Prefetch1(from);
            }
        }
    }

    /// <summary>Lists a tile's share of some bytes in one piece at the end of the lines that it fetches, and returns how many there is room for.</summary>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="tiles">How many tiles share them.</param>
    /// <param name="used">Lines listed already.</param>
    /// <param name="most">How many there is room for.</param>
    /// <param name="lines">Where they are listed.</param>
    public static long Behind(long bytes, long tiles, long used, long most, long* lines)
    {
        long share = Math.Clamp(PanelLayout.Ceiling(PanelLayout.Ceiling(bytes, Line), tiles), 0, Math.Max(0, most - used));
        for (long i = 0; i < share; i++)
        {
            lines[most - share + i] = i * Line;
        }
        return share;
    }

    /// <summary>
    /// Lists the lines of some rows of memory behind an origin. Where tiles do not all begin at the same place of a line, a row may end in one more.
    /// </summary>
    /// <param name="first">Where the first row begins.</param>
    /// <param name="pitch">Bytes from a row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="bytes">Bytes of a row.</param>
    /// <param name="isAlike">Whether all tiles begin at the same place of a line.</param>
    /// <param name="origin">What lines are counted from.</param>
    /// <param name="lines">Where they are listed.</param>
    /// <param name="count">How many are there already.</param>
    /// <param name="most">How many there is room for.</param>
    /// <returns>How many are there then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long List(byte* first, long pitch, long rows, long bytes, bool isAlike, byte* origin, long* lines, long count, long most)
    {
        for (long r = 0; r < rows; r++)
        {
            byte* from = first + (r * pitch), end = from + bytes + (isAlike ? 0 : Line - 1);
            for (from = (byte*)((nint)from & -(nint)Line); from < end && count < most; from += Line)
            {
                lines[count++] = from - origin;
            }
        }
        return count;
    }
}
