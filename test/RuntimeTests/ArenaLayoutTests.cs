using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed class ArenaLayoutTests
{
    [Fact]
    public void Buffers_that_live_together_do_not_overlap_and_all_are_aligned()
    {
        var random = new Random(5);
        for (int round = 0; round < 100; round++)
        {
            ArenaLayout.Block[] blocks = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ =>
            {
                int first = random.Next(20);
                return new ArenaLayout.Block(random.Next(0, 1000), first, first + random.Next(5));
            })];
            (long[] offsets, long end) = ArenaLayout.Place(blocks);
            long sum = blocks.Sum(b => ArenaLayout.Align(b.Bytes));
            Assert.True(end <= sum);
            for (int i = 0; i < blocks.Length; i++)
            {
                Assert.Equal(0, offsets[i] % 64);
                Assert.True(offsets[i] + blocks[i].Bytes <= end);
                for (int j = 0; j < i; j++)
                {
                    bool together = blocks[i].First <= blocks[j].Last && blocks[j].First <= blocks[i].Last;
                    bool apart = offsets[i] + blocks[i].Bytes <= offsets[j] || offsets[j] + blocks[j].Bytes <= offsets[i];
                    Assert.True(!together || apart, $"{blocks[i]} at {offsets[i]} and {blocks[j]} at {offsets[j]}");
                }
            }
        }
    }

    [Fact]
    public void A_chain_needs_two_buffers()
    {
        ArenaLayout.Block[] chain = [.. Enumerable.Range(0, 50).Select(i => new ArenaLayout.Block(640, i, i + 1))];
        Assert.Equal(2 * 640, ArenaLayout.Place(chain).Bytes);
    }

    [Fact]
    public void Blocks_of_a_chain_lie_around_common_centres()
    {
        long[] bytes = [6400, 3200, 640, 1280, 6400, 128, 2560, 64];
        ArenaLayout.Block[] chain = [.. bytes.Select((size, i) => new ArenaLayout.Block(size, i, i + 1))];
        (long[] offsets, long end) = ArenaLayout.Place(chain);
        Assert.InRange(end, 9600, (long)(9600 * 1.15));
        long[] centres = [.. offsets.Select((offset, i) => offset + (bytes[i] / 2))];
        for (int i = 2; i < chain.Length; i++)
        {
            Assert.InRange(Math.Abs(centres[i] - centres[i % 2]), 0, 64);
        }
    }

    [Fact]
    public void Sizes_beyond_64_bits_are_no_arena() =>
        Assert.Throws<OverflowException>(() => ArenaLayout.Place([new(long.MaxValue - 100, 0, 1), new(long.MaxValue - 100, 0, 1)]));
}
