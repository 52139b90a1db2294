using System.Buffers.Binary;

namespace Symbolic.Caffe.LevelDb;

/// <summary>Writes one table file from items in the order of their keys (leveldb's table_builder.cc).</summary>
internal sealed class LevelDbTableWriter : IDisposable
{
    private const int BlockSize = 1 << 16, Interval = 16, FooterSize = 48, TrailerSize = 5;
    private const ulong Magic = 0xDB4775248B80FB57;

    private readonly FileStream stream;
    private readonly LevelDbBlockBuilder block = new(Interval), index = new(interval: 1);

    public LevelDbTableWriter(string path) => stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 17);

    public long Length => stream.Length + block.Size;

    /// <summary>The first key, with what LevelDB adds to each.</summary>
    public byte[]? Smallest { get; private set; }

    /// <summary>The last key, with what LevelDB adds to each.</summary>
    public byte[] Largest => block.Last;

    public void Add(byte[] key, ReadOnlySpan<byte> value)
    {
        Smallest ??= key;
        block.Add(key, value);
        if (block.Size >= BlockSize)
        {
            EndBlock();
        }
    }

    /// <summary>Writes the index and the end, and gives the file's length.</summary>
    public long Complete()
    {
        if (!block.IsEmpty)
        {
            EndBlock();
        }
        using var footer = new MemoryStream();
        Handle(footer, Write(new LevelDbBlockBuilder(Interval)));
        Handle(footer, Write(index));
        footer.SetLength(FooterSize - sizeof(ulong));
        footer.Position = footer.Length;
        byte[] magic = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(magic, Magic);
        footer.Write(magic);
        stream.Write(footer.ToArray());
        stream.Flush(flushToDisk: true);
        return stream.Length;
    }

    public void Dispose() => stream.Dispose();

    private void EndBlock()
    {
        byte[] key = block.Last;
        using var handle = new MemoryStream();
        Handle(handle, Write(block));
        index.Add(key, handle.ToArray());
    }

    private (long Offset, long Size) Write(LevelDbBlockBuilder builder)
    {
        byte[] bytes = builder.Take();
        long offset = stream.Position;
        stream.Write(bytes);
        return (offset, bytes.Length - TrailerSize);
    }

    private static void Handle(MemoryStream stream, (long Offset, long Size) handle)
    {
        Varint.Write(stream, (ulong)handle.Offset);
        Varint.Write(stream, (ulong)handle.Size);
    }
}
