using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// How the outermost loop of a kernel is cut into chunks: by the problem alone, never by the number of threads, so that results
/// have the same bits on any machine.
/// </summary>
public static class Chunking
{
    /// <summary>Units of work (about one vectorisable operation each) per chunk: some 20 µs, below which a second thread costs more than it gains.</summary>
    private const long Target = 1 << 17;

    /// <summary>Bytes of a result of which the caches would keep too little for whoever reads it next: half of what processors of servers have in their last level.</summary>
    public const long MostInCache = 16 << 20;

    /// <summary>Steps of the outermost loop per chunk. A multiple of 64 where there are many, so that vectors stay aligned.</summary>
    public static long Rows(long outer, long workPerRow)
    {
        long rows = Math.Max(1, Target / Math.Max(1, workPerRow));
        return Math.Min(Math.Max(1, outer), rows >= 64 ? rows & ~63L : rows);
    }

    /// <summary>Number of chunks; 0 for an empty loop.</summary>
    public static long Count(long outer, long workPerRow)
    {
        long rows = Rows(outer, workPerRow);
        return (outer + rows - 1) / rows;
    }

    /// <summary>
    /// The work per column to reckon with where columns are reduced: where it is much, so little that a chunk has an eighth of the columns, but from 64 to 256 of
    /// them.
    /// </summary>
    public static long OfColumns(long columns, long workPerColumn)
    {
        long least = Math.Clamp((columns + 7) / 8, 64, 256);
        return Math.Max(1, Math.Min(workPerColumn, Target / ((least + 63) & ~63L)));
    }

    /// <summary>
    /// The work per row to reckon with where a matrix is written the other way round: so little that a chunk has an eighth of the rows, but from 64 to 256 of them, of
    /// which it reads long pieces.
    /// </summary>
    public static long OfTiles(long rows, long workPerRow)
    {
        long least = Math.Clamp((rows + 7) / 8, 64, 256);
        return Math.Max(1, Math.Min(workPerRow, Target / ((least + 63) & ~63L)));
    }

    /// <summary>The work per step to reckon with where what is written leaves the cache: a chunk takes several times as many steps, since at its end it waits for its stores.</summary>
    public static long OfLarge(long bytes, long workPerStep) => bytes > MostInCache ? Math.Max(1, workPerStep / 16) : workPerStep;

    /// <summary>Makes stores that passed the cache by visible to other threads before the chunk is known to be done.</summary>
    public static void Finish()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }
}
