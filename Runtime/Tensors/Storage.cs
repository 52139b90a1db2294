using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>
/// Memory of a tensor: 64-byte aligned and immovable. It is an array of the pinned object heap rather than native memory, so
/// that it is freed without Dispose and a span over it keeps it alive by itself.
/// </summary>
internal sealed unsafe class Storage
{
    /// <summary>What every buffer is aligned to: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>From here on memory gets large pages, where the system has them.</summary>
    private const long LargeBytes = 4 << 20;

    private readonly Line[] lines;
    private readonly int start;

    private Storage(long bytes, bool zeroed, long alignment = Alignment)
    {
        // The heap aligns to 8 bytes only, hence one line more.
        long count = (bytes + alignment) / Alignment + 1;
        if (bytes < 0 || count > Array.MaxLength)
        {
            throw new OutOfMemoryException($"a tensor of {bytes:N0} bytes is more than one array can hold");
        }
        lines = zeroed && bytes < LargeBytes ? GC.AllocateArray<Line>((int)count, pinned: true) : GC.AllocateUninitializedArray<Line>((int)count, pinned: true);
        var first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(lines));
        Address = (byte*)(((nuint)first + (nuint)alignment - 1) & ~(nuint)(alignment - 1));
        start = (int)(Address - first);
        Bytes = bytes;
        if (bytes >= LargeBytes)
        {
            // Before anybody touches it, so that the pages are large from the first.
            HugePages.Advise(Address, bytes);
            if (zeroed)
            {
                NativeMemory.Clear(Address, (nuint)bytes);
            }
        }
    }

    private Storage(Storage whole, long offset, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, whole.Bytes - bytes);
        lines = whole.lines;
        start = checked(whole.start + (int)offset);
        Address = whole.Address + offset;
        Bytes = bytes;
    }

    /// <summary>The first byte; valid as long as this object lives.</summary>
    public byte* Address { get; }

    /// <summary>Number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>Memory of zeros.</summary>
    public static Storage Zeroed(long bytes) => new(bytes, zeroed: true);

    /// <summary>Memory whose contents are about to be written.</summary>
    public static Storage Uninitialized(long bytes) => new(bytes, zeroed: false);

    /// <summary>A part of it, which keeps all of it alive.</summary>
    public Storage Part(long offset, long bytes) => new(this, offset, bytes);

    /// <summary>Elements from a byte offset on, as a span that keeps the memory alive.</summary>
    public Span<T> Span<T>(long offset, int count) where T : unmanaged
    {
        ref byte first = ref Unsafe.As<Line, byte>(ref MemoryMarshal.GetArrayDataReference(lines));
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref first, (nint)(start + offset))), count);
    }

    /// <summary>Memory whose contents are about to be written, in large pages from its beginning on where the system has them and it fills one.</summary>
    public static Storage InLargePages(long bytes)
    {
        if (bytes < HugePages.PageBytes)
        {
            return Uninitialized(bytes);
        }
        var storage = new Storage(HugePages.Rounded(bytes), zeroed: false, HugePages.PageBytes);
        HugePages.Advise(storage.Address, storage.Bytes);
        return storage;
    }

    [StructLayout(LayoutKind.Sequential, Size = Alignment)]
    private struct Line
    {
    }
}
