namespace Symbolic.Codegen.Library;

/// <summary>
/// Constants that the kernel behind a product reads once, as a dense layer of one row does its weights, and waits for: in a net they were last read in the call before and have left the caches. The product
/// has them on their way, since its own sums leave memory idle. All zero where nothing follows.
/// </summary>
internal unsafe struct FollowingConstants
{
    /// <summary>Where they lie.</summary>
    public byte* First;

    /// <summary>How many bytes.</summary>
    public long Bytes;

    /// <summary>What a chunk fetches: each thread takes the same part of every kernel's chunks, so that is mostly what the same thread will read.</summary>
    public readonly FollowingConstants Share(long chunk, long chunks)
    {
        long from = Bytes * chunk / chunks;
        return new FollowingConstants { First = First + from, Bytes = (Bytes * (chunk + 1) / chunks) - from };
    }
}
