using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// How the outermost loop of a kernel is cut into chunks: by the problem alone, never by the number of threads, so that results
/// have the same bits on any machine.
/// </summary>
public static class Chunking
{
    /// <summary>Units of work (about one vectorisable operation each) per chunk of a large loop: some 10 µs.</summary>
    private const long Target = 1 << 17;

    /// <summary>Units of work below which a second thread costs more than it gains.</summary>
    private const long Least = 1 << 14;

    /// <summary>Chunks of a loop that is not large: what several threads have written side by side they then read side by side, rather than all by the one that calls.</summary>
    private const long FewChunks = 8;

    /// <summary>What chunks' steps are a multiple of, so that vectors stay whole and aligned: where there are many, and where there are not.</summary>
    private const long ManySteps = 64, SomeSteps = 16;

    /// <summary>Columns, or rows of a matrix that is turned, of which a chunk reads pieces that the machine sees to be read along.</summary>
    public const long Together = 64;

    /// <summary>Bytes of a result of which the caches would keep too little for whoever reads it next: half of what processors of servers have in their last level.</summary>
    public const long MostInCache = 16 << 20;

    /// <summary>Steps of the outermost loop per chunk, at least so many. A multiple of 64 or 16 where there are so many, so that vectors stay aligned.</summary>
    public static long Rows(long outer, long workPerRow, long least = 1)
    {
        long work = Math.Max(1, workPerRow), rows = Math.Max(1, Target / work);
        rows = rows >= ManySteps ? rows / ManySteps * ManySteps : rows;
        if (outer / FewChunks < rows)
        {
            // Of a loop that is not large, two, four or eight where each is worth it.
            long most = outer / Math.Max(1, Least / work), chunks = 1;
            while (chunks < FewChunks && 2 * chunks <= most)
            {
                chunks *= 2;
            }
            long share = Math.Max(Math.Max(1, least), (outer + chunks - 1) / chunks);
            rows = Math.Min(rows, share >= SomeSteps ? (share + SomeSteps - 1) / SomeSteps * SomeSteps : share);
        }
        return Math.Min(Math.Max(1, outer), rows);
    }

    /// <summary>Number of chunks; 0 for an empty loop.</summary>
    public static long Count(long outer, long workPerRow, long least = 1)
    {
        long rows = Rows(outer, workPerRow, least);
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
