namespace Symbolic.Caffe;

/// <summary>Random orders that are a function of a key and a number alone, so that a resumed run meets the same.</summary>
internal static class Shuffle
{
    // Sets these draws apart from those of fillers, Dropout and crops under the same seed.
    private const ulong Stream = 0x5AFF1E;

    /// <summary>The numbers below <paramref name="count"/> in random order (R. Durstenfeld, Algorithm 235, 1964).</summary>
    public static int[] Order(ulong seed, ulong round, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = (int)((Philox.Bits(seed, Stream, round, (ulong)i) * (ulong)(i + 1)) >> 32);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
