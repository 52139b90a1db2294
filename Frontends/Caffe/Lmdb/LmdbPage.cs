using System.Buffers.Binary;

namespace Symbolic.Caffe;

/// <summary>A page of an LMDB while it is filled: offsets of nodes grow from the front, the nodes from the back.</summary>
internal sealed class LmdbPage(int flags)
{
    public const int Size = 4096;

    private readonly byte[] bytes = new byte[Size];
    private int lower = LmdbFile.HeaderSize, upper = Size;

    public int Count => (lower - LmdbFile.HeaderSize) / sizeof(ushort);

    /// <summary>What a node of so many bytes takes: nodes begin at even places, and each has an offset.</summary>
    public static int Room(int node) => node + (node & 1) + sizeof(ushort);

    public bool HasRoom(int node) => Room(node) <= upper - lower;

    /// <summary>A node of so many bytes, to be filled.</summary>
    public Span<byte> Add(int node)
    {
        upper -= node + (node & 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(lower), (ushort)upper);
        lower += sizeof(ushort);
        return bytes.AsSpan(upper, node);
    }

    /// <summary>The page with its header, ready to be written; afterwards it is empty again.</summary>
    public byte[] Take(ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)lower);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14), (ushort)upper);
        byte[] taken = [.. bytes];
        Array.Clear(bytes);
        (lower, upper) = (LmdbFile.HeaderSize, Size);
        return taken;
    }
}
