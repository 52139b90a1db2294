using System.Buffers.Binary;
using Snappier;

namespace Symbolic.Caffe.LevelDb;

/// <summary>
/// One table file of a LevelDB, read block by block in order (leveldb's doc/table_format.md). Every block's checksum is
/// checked. Blocks must follow each other in the file as LevelDB writes them, so that a walk reads no byte twice.
/// </summary>
internal sealed class LevelDbTable : IDisposable
{
    private const int FooterSize = 48, TrailerSize = 5;
    private const ulong Magic = 0xDB4775248B80FB57;

    // The largest block that is read; LevelDB's own are of 4 KB, or of one item where that is larger.
    private const int MostBlockBytes = 1 << 30;

    // Snappy's shortest copy makes 64 bytes of 3.
    private const long MostExpansion = 22;

    private readonly FileStream stream;
    private readonly LevelDbBlock index;
    private long nextOffset;

    private LevelDbTable(FileStream stream, string name)
    {
        (this.stream, Name) = (stream, name);
        byte[] footer = new byte[FooterSize];
        if (stream.Length < FooterSize)
        {
            throw new InvalidDataException($"{name}: is no LevelDB table: {stream.Length} bytes");
        }
        stream.Position = stream.Length - FooterSize;
        stream.ReadExactly(footer);
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(FooterSize - 8)) != Magic)
        {
            throw new InvalidDataException($"{name}: is no LevelDB table: its last bytes are not those of one");
        }
        var reader = new VarintReader(footer, name);
        reader.Number();
        reader.Number();
        index = Block(reader.Number(), reader.Number(), "the index");
    }

    /// <summary>Opens a table of a folder, under either ending that LevelDB has used.</summary>
    public static LevelDbTable Open(string folder, ulong number, ModelFiles files)
    {
        string name = Path.Combine(folder, $"{number:D6}.ldb");
        if (!File.Exists(files.Resolve(name)))
        {
            string older = Path.Combine(folder, $"{number:D6}.sst");
            name = File.Exists(files.Resolve(older)) ? older : name;
        }
        FileStream stream = files.Open(name);
        try
        {
            return new LevelDbTable(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>The next block of items, or null at the end.</summary>
    public LevelDbBlock? Next()
    {
        if (!index.MoveNext())
        {
            return null;
        }
        var handle = new VarintReader(index.Value, Name);
        (ulong offset, ulong size) = (handle.Number(), handle.Number());
        if (offset < (ulong)nextOffset)
        {
            throw new InvalidDataException($"{Name}: damaged: the block at byte {offset} lies before the end of the one before it");
        }
        LevelDbBlock block = Block(offset, size, $"the block at byte {offset}");
        nextOffset = (long)offset + (long)size + TrailerSize;
        return block;
    }

    public void Dispose() => stream.Dispose();

    private LevelDbBlock Block(ulong offset, ulong size, string what)
    {
        ulong room = (ulong)stream.Length - FooterSize;
        if (size > MostBlockBytes || offset > room || size + TrailerSize > room - offset)
        {
            throw new InvalidDataException($"{Name}: damaged: {what}, {size} bytes from byte {offset}, does not lie within the file");
        }
        byte[] bytes = new byte[(int)size + TrailerSize];
        stream.Position = (long)offset;
        stream.ReadExactly(bytes);
        ReadOnlySpan<byte> content = bytes.AsSpan(0, (int)size);
        byte kind = bytes[(int)size];
        if (Checksum.Masked(content, bytes.AsSpan((int)size, 1)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)size + 1)))
        {
            throw new InvalidDataException($"{Name}: damaged: the checksum of {what} is wrong");
        }
        return new LevelDbBlock(kind switch
        {
            0 => bytes.AsMemory(0, (int)size),
            1 => Decompressed(content, what),
            _ => throw new InvalidDataException($"{Name}: {what} is compressed in way {kind}; none (0) and Snappy (1) are read"),
        }, $"{Name}, {what}");
    }

    private byte[] Decompressed(ReadOnlySpan<byte> content, string what)
    {
        try
        {
            int length = Snappy.GetUncompressedLength(content);
            if (length > MostBlockBytes || length > content.Length * MostExpansion)
            {
                throw new InvalidDataException($"{length} bytes cannot come of {content.Length}");
            }
            byte[] bytes = new byte[length];
            int written = Snappy.Decompress(content, bytes);
            return written == length ? bytes : throw new InvalidDataException($"{written} bytes instead of {length}");
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{Name}: damaged: the compression of {what}: {error.Message}", error);
        }
    }
}
