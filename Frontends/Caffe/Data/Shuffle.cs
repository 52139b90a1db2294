namespace Symbolic.Caffe;

/// <summary>Random orders that are a function of a key and a number alone, so that a resumed run meets the same.</summary>
internal static class Shuffle
{
    // Sets these draws apart from those of fillers, Dropout and crops under the same seed.
    private const ulong Stream = 0x5AFF1E;

    /// <summary>The numbers below <paramref name="count"/> in random order (R. Durstenfeld, Algorithm 235, 1964).</summary>
    /// <param name="seed">The key.</param>
    /// <param name="round">The round, below 2^32 of them.</param>
    /// <param name="part">What of a round is ordered.</param>
    /// <param name="count">How many numbers.</param>
    public static int[] Order(ulong seed, long round, int part, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = (int)((Philox.Bits(seed, Stream, (ulong)part, ((ulong)round << 32) | (uint)i) * (ulong)(i + 1)) >> 32);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
