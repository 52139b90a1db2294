using Symbolic.Codegen.Library;

namespace Symbolic.Test;

/// <summary>How loops are cut: every step once, by the problem alone, whole vectors, and no chunk that is worth no thread.</summary>
public sealed class ChunkingTests
{
    [Fact]
    public void Chunks_cover_a_loop_once_and_are_worth_a_thread()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            long outer = random.NextInt64(1L << random.Next(40)), work = 1 + random.NextInt64(1L << random.Next(40)), least = random.Next(2) == 0 ? 1 : Chunking.Together;
            long rows = Chunking.Rows(outer, work, least), count = Chunking.Count(outer, work, least);
            string text = $"{outer} steps of {work}: {count} chunks of {rows}";
            Assert.True(rows >= 1 && rows <= Math.Max(1, outer), text);
            Assert.True((UInt128)(ulong)rows * (ulong)count >= (ulong)outer && (count == 0 || (UInt128)(ulong)rows * (ulong)(count - 1) < (ulong)outer), text);
            // Vectors of up to 16 elements are whole but for the last, where many steps are little work each.
            Assert.True(count <= 1 || work > 1024 || rows % 16 == 0, text);
            Assert.True(count <= 1 || rows * (double)work > (1 << 14) * 0.5, text);
            Assert.True(count <= 1 || work > 1 << 14 || rows >= least || rows * (double)work >= 1 << 16, text);
        }
        Assert.Equal((0, 1), (Chunking.Count(0, 5), Chunking.Rows(0, 5)));
        Assert.Equal(1, Chunking.Count(1, long.MaxValue));
        Assert.Equal((4, 160), (Chunking.Count(600, 150), Chunking.Rows(600, 150)));
    }
}
