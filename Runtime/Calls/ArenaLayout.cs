namespace Symbolic.Runtime;

/// <summary>
/// Places buffers in one arena so that those needed at the same time do not overlap: the largest first, each at the lowest offset
/// that is free throughout its life (greedy by size; Pisarchyk and Lee, "Efficient memory management for deep neural net inference",
/// 2020).
/// </summary>
internal static class ArenaLayout
{
    /// <summary>A buffer to place.</summary>
    /// <param name="Bytes">Its size.</param>
    /// <param name="First">The first step that touches it.</param>
    /// <param name="Last">The last step that touches it.</param>
    public readonly record struct Block(long Bytes, int First, int Last);

    /// <summary>The offset of each block and the size of the arena; all offsets are multiples of the alignment.</summary>
    /// <exception cref="OverflowException">The sizes do not fit 64 bits.</exception>
    public static (long[] Offsets, long Bytes) Place(IReadOnlyList<Block> blocks)
    {
        var offsets = new long[blocks.Count];
        var placed = new List<int>();
        long end = 0;
        // A stable order, so that one plan always gets one layout.
        foreach (int next in Enumerable.Range(0, blocks.Count).OrderByDescending(i => blocks[i].Bytes).ThenBy(i => blocks[i].First))
        {
            Block block = blocks[next];
            long size = Align(block.Bytes);
            long offset = 0;
            foreach (int other in placed.Where(i => blocks[i].First <= block.Last && block.First <= blocks[i].Last).OrderBy(i => offsets[i]))
            {
                if (offset + size <= offsets[other])
                {
                    break;
                }
                offset = Math.Max(offset, offsets[other] + Align(blocks[other].Bytes));
            }
            offsets[next] = offset;
            end = Math.Max(end, checked(offset + size));
            placed.Add(next);
        }
        return (offsets, end);
    }

    /// <summary>The next multiple of the alignment.</summary>
    public static long Align(long bytes) => checked(bytes + Storage.Alignment - 1) & ~(long)(Storage.Alignment - 1);
}
