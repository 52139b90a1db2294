using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Lines of the cache that will be written when some tiles are summed: some are fetched before each tile, so that memory works while the multiply-add units do. Stores come all
/// together and would wait for it.
/// </summary>
internal unsafe struct LinesAhead
{
    private const long Line = 64;

    /// <summary>Bytes of a result worth it: memory that was written not long ago is near, and fetching it would cost more than waiting (2.9 MB: 159 GFLOP/s become 140; 13 MB: 185 become 197).</summary>
    private const long FewestBytes = 8 << 20;

    /// <summary>Bytes of a result of long sums worth it: it does not stay in a second-level cache.</summary>
    private const long FewestOfLong = 1 << 20;

    /// <summary>Terms of such sums, whose lines of results are few beside their products: fetching one takes some ten cycles.</summary>
    private const long Long = 128;

    private readonly byte* start;
    private readonly long step;
    private readonly long rowLines;
    private readonly long lines;
    private readonly long perTile;
    private long next;

    /// <summary>Rows of bytes, to be fetched in the time of so many tiles.</summary>
    public LinesAhead(byte* at, long rows, long rowStep, long rowBytes, long tiles)
    {
        start = at;
        step = rowStep;
        rowLines = (rowBytes + Line - 1) / Line;
        lines = at is null ? 0 : rows * rowLines;
        perTile = (lines + tiles - 1) / tiles;
    }

    /// <summary>Whether a result of so many bytes is large enough, with so many terms of each sum.</summary>
    public static bool IsWorth(long bytes, long terms) => Sse.IsSupported && bytes >= (terms < Long ? FewestBytes : FewestOfLong);

    /// <summary>Whether all are on their way.</summary>
    public readonly bool IsDone => next >= lines;

    /// <summary>Fetches the share of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tile()
    {
        if (next < lines)
        {
            Fetch();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fetch()
    {
        long end = Math.Min(lines, next + perTile), row = next / rowLines, line = next - (row * rowLines);
        for (; next < end; next++)
        {
            Sse.Prefetch1(start + (row * step) + (line * Line));
            if (++line == rowLines)
            {
                line = 0;
                row++;
            }
        }
    }
}
