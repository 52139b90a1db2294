namespace Symbolic.Runtime;

/// <summary>
/// The memory in which kernels are tried: the arena of the program, and where that is too small some of its own, which is little, so that trials are
/// not the most memory that a process ever takes.
/// </summary>
internal sealed unsafe class TrialMemory(Storage arena)
{
    private const long OwnBytes = 64 << 20;

    private Storage? own;
    private long inArena, inOwn;

    /// <summary>Takes all back.</summary>
    public void Reset() => (inArena, inOwn) = (0, 0);

    /// <summary>So many bytes of zeros.</summary>
    /// <exception cref="OutOfMemoryException">There are not so many left.</exception>
    public byte* Take(long bytes)
    {
        long aligned = ArenaLayout.Align(bytes);
        byte* place;
        if (aligned <= arena.Bytes - inArena)
        {
            place = arena.Address + inArena;
            inArena += aligned;
        }
        else if (aligned <= OwnBytes - inOwn)
        {
            own ??= Storage.Uninitialized(OwnBytes);
            place = own.Address + inOwn;
            inOwn += aligned;
        }
        else
        {
            throw new OutOfMemoryException($"{bytes:N0} bytes are too many for a trial");
        }
        // Written even where it would be zero anyway: memory that is zero because nobody has written to it is one page, over and over, which no cache ever misses.
        new Span<byte>(place, checked((int)bytes)).Clear();
        return place;
    }
}
