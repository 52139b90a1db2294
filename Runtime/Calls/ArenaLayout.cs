namespace Symbolic.Runtime;

/// <summary>
/// Places buffers in one arena so that those needed at the same time do not overlap. One after the other, each goes into the tightest gap that is
/// free throughout its life, else to the lowest offset (greedy by size with best fit; Pisarchyk and Lee, "Efficient memory management for
/// deep neural net inference", 2020). The problem is NP-hard and no single order is always good, so a few are tried. Where it takes little more, blocks lie around common
/// centres instead.
/// </summary>
internal static class ArenaLayout
{
    // What an order takes grows with the square of the blocks; beyond this many the first order has to do.
    private const int FewBlocks = 3000;

    // Larger arenas leave the caches, whose owner then does not matter.
    private const long CachedBytes = 32 << 20;

    // How much larger an arena may be for blocks around common centres.
    private const double CentredShare = 1.15;

    /// <summary>A buffer to place.</summary>
    /// <param name="Bytes">Its size.</param>
    /// <param name="First">The first step that touches it.</param>
    /// <param name="Last">The last step that touches it.</param>
    public readonly record struct Block(long Bytes, int First, int Last);

    /// <summary>The offset of each block and the size of the arena; all offsets are multiples of the alignment.</summary>
    /// <exception cref="OverflowException">The sizes do not fit 64 bits.</exception>
    public static (long[] Offsets, long Bytes) Place(IReadOnlyList<Block> blocks)
    {
        long least = LargestLiveSet(blocks);
        (long[] Offsets, long Bytes) best = ([], long.MaxValue);
        // Stable orders, so that one plan always gets one layout.
        foreach (Func<Block, double> first in (Func<Block, double>[])[b => b.Bytes, b => (double)b.Bytes * (1 + b.Last - b.First), b => 1.0 + b.Last - b.First])
        {
            int[] order = [.. Enumerable.Range(0, blocks.Count).OrderByDescending(i => first(blocks[i])).ThenByDescending(i => blocks[i].Bytes).ThenBy(i => blocks[i].First)];
            (long[] Offsets, long Bytes) found = Place(blocks, order);
            best = found.Bytes < best.Bytes ? found : best;
            if (best.Bytes == least || blocks.Count > FewBlocks)
            {
                break;
            }
        }
        return best.Bytes <= CachedBytes && blocks.Count <= FewBlocks && Centred(blocks) is var centred && centred.Bytes <= best.Bytes * CentredShare ? centred : best;
    }

    /// <summary>
    /// Blocks in lanes, all of a lane around one place. Threads have the same parts of every kernel, and so of every block: of two threads one has what lies before the middle of a lane, whatever lies
    /// there, and the other what lies behind it. Otherwise much of what a kernel writes has to be fetched from the other core's caches, only to be written over.
    /// </summary>
    private static (long[] Offsets, long Bytes) Centred(IReadOnlyList<Block> blocks)
    {
        var offsets = new long[blocks.Count];
        var lanes = new List<(long Start, long Bytes, List<Block> Taken)>();
        long end = 0;
        foreach (int next in Enumerable.Range(0, blocks.Count).OrderByDescending(i => blocks[i].Bytes).ThenBy(i => blocks[i].First))
        {
            Block block = blocks[next];
            int lane = lanes.FindIndex(other => other.Taken.TrueForAll(taken => taken.First > block.Last || block.First > taken.Last));
            if (lane < 0)
            {
                lane = lanes.Count;
                lanes.Add((end, Align(block.Bytes), []));
                end = checked(end + Align(block.Bytes));
            }
            lanes[lane].Taken.Add(block);
            offsets[next] = lanes[lane].Start + ((lanes[lane].Bytes - Align(block.Bytes)) / 2 / Storage.Alignment * Storage.Alignment);
        }
        return (offsets, end);
    }

    /// <summary>The most bytes that are needed at any one step: no arena can be smaller.</summary>
    /// <exception cref="OverflowException">They do not fit 64 bits.</exception>
    public static long LargestLiveSet(IReadOnlyList<Block> blocks)
    {
        long live = 0, most = 0;
        // At each step what begins comes before what ends.
        foreach ((_, _, long change) in blocks.SelectMany(b => (IEnumerable<(int, int, long)>)[(b.First, 0, Align(b.Bytes)), (b.Last, 1, -Align(b.Bytes))]).OrderBy(e => e.Item1).ThenBy(e => e.Item2))
        {
            live = checked(live + change);
            most = Math.Max(most, live);
        }
        return most;
    }

    /// <summary>The next multiple of the alignment.</summary>
    public static long Align(long bytes) => checked(bytes + Storage.Alignment - 1) & ~(long)(Storage.Alignment - 1);

    private static (long[] Offsets, long Bytes) Place(IReadOnlyList<Block> blocks, int[] order)
    {
        var offsets = new long[blocks.Count];
        // The blocks placed so far, by offset.
        var placed = new List<int>();
        long end = 0;
        foreach (int next in order)
        {
            Block block = blocks[next];
            long size = Align(block.Bytes), gap = 0, best = -1, tightest = long.MaxValue;
            foreach (int other in placed)
            {
                if (blocks[other].First > block.Last || block.First > blocks[other].Last)
                {
                    continue;
                }
                long room = offsets[other] - gap;
                if (room >= size && room < tightest)
                {
                    (best, tightest) = (gap, room);
                }
                gap = Math.Max(gap, offsets[other] + Align(blocks[other].Bytes));
            }
            offsets[next] = best < 0 ? gap : best;
            end = Math.Max(end, checked(offsets[next] + size));
            int place = placed.FindIndex(other => offsets[other] > offsets[next]);
            placed.Insert(place < 0 ? placed.Count : place, next);
        }
        return (offsets, end);
    }
}
