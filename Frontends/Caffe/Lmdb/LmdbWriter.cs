using System.Buffers.Binary;

namespace Symbolic.Caffe;

/// <summary>
/// Writes a database of LMDB 0.9 (data version 1, 64-bit, little-endian) from items in the order of their keys: leaves are filled
/// one after the other and branches grow over them, so nothing written is read or moved again. The layout is that of <c>mdb.c</c>.
/// </summary>
public sealed class LmdbWriter : IDatumWriter
{
    private const int NodeHeaderSize = 8, OverflowNode = 0x01, IntegerKeys = 0x08;
    private const int MostKey = 511;
    private const long SmallestMap = 1 << 20;
    private const uint Magic = 0xBEEFC0DE;

    // Two nodes must fit a page (mdb.c, me_nodemax); what is larger goes to pages of its own.
    private const int MostNode = ((LmdbPage.Size - LmdbFile.HeaderSize) / 2) - sizeof(ushort);

    private readonly string folder, beside;
    private readonly FileStream stream;
    private readonly LmdbPage leaf = new(LmdbFile.LeafFlag);
    private readonly LmdbBranches branches;
    private byte[] last = [], firstOfLeaf = [];
    private ulong nextPage = 2, leaves, overflows, entries, lastLeaf;
    private bool isComplete;

    /// <summary>Makes the folder; the database is in it once it is complete.</summary>
    /// <exception cref="IOException">The folder is there already, or cannot be made.</exception>
    public LmdbWriter(string folder)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
        {
            throw new IOException($"mkdir {folder} failed: it is there already");
        }
        Directory.CreateDirectory(folder);
        this.folder = folder;
        beside = Path.Combine(folder, "data.mdb.tmp");
        stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 18);
        branches = new LmdbBranches(page => Put(page));
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        DatumWriter.Check(key, last, MostKey);
        bool isLarge = NodeHeaderSize + key.Length + value.Length > MostNode;
        int size = NodeHeaderSize + key.Length + (isLarge ? sizeof(ulong) : value.Length);
        if (!leaf.HasRoom(size))
        {
            EndLeaf();
        }
        if (leaf.Count == 0)
        {
            firstOfLeaf = key.ToArray();
        }
        Span<byte> node = leaf.Add(size);
        BinaryPrimitives.WriteInt32LittleEndian(node, value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(node[4..], (ushort)(isLarge ? OverflowNode : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(node[6..], (ushort)key.Length);
        key.CopyTo(node[NodeHeaderSize..]);
        if (isLarge)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(node[(NodeHeaderSize + key.Length)..], Overflow(value));
        }
        else
        {
            value.CopyTo(node[(NodeHeaderSize + key.Length)..]);
        }
        last = key.ToArray();
        entries++;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        if (entries > 0)
        {
            EndLeaf();
        }
        // Over a single leaf there is no branch.
        bool hasBranches = leaves > 1;
        ulong root = entries == 0 ? ulong.MaxValue : hasBranches ? branches.Complete() : lastLeaf;
        WriteMeta(0, 0, ulong.MaxValue, 1, transaction: 0);
        WriteMeta(1, entries == 0 ? 0 : hasBranches ? branches.Depth + 1 : 1, root, nextPage - 1, transaction: 1);
        stream.SetLength((long)nextPage * LmdbPage.Size);
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(beside, Path.Combine(folder, "data.mdb"));
        isComplete = true;
    }

    /// <summary>Closes the file; if the database was not completed it is deleted.</summary>
    public void Dispose()
    {
        stream.Dispose();
        if (!isComplete)
        {
            File.Delete(beside);
            Directory.Delete(folder);
        }
    }

    private void EndLeaf()
    {
        lastLeaf = Put(leaf);
        leaves++;
        branches.Add(firstOfLeaf, lastLeaf);
    }

    private ulong Put(LmdbPage page)
    {
        ulong number = nextPage++;
        stream.Position = (long)number * LmdbPage.Size;
        stream.Write(page.Take(number));
        return number;
    }

    private ulong Overflow(ReadOnlySpan<byte> value)
    {
        ulong number = nextPage;
        uint pages = (uint)((LmdbFile.HeaderSize + (long)value.Length + LmdbPage.Size - 1) / LmdbPage.Size);
        Span<byte> header = stackalloc byte[LmdbFile.HeaderSize];
        BinaryPrimitives.WriteUInt64LittleEndian(header, number);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], LmdbFile.OverflowFlag);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], pages);
        stream.Position = (long)number * LmdbPage.Size;
        stream.Write(header);
        stream.Write(value);
        nextPage += pages;
        overflows += pages;
        return number;
    }

    // A description of the free pages, of which there are none, and one of the items.
    private void WriteMeta(ulong number, int depth, ulong root, ulong lastPage, ulong transaction)
    {
        byte[] page = new byte[LmdbPage.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(page, number);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(10), LmdbFile.MetaFlag);
        Span<byte> meta = page.AsSpan(LmdbFile.HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(meta, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], 1);
        long map = SmallestMap;
        while (map < (long)nextPage * LmdbPage.Size)
        {
            map *= 2;
        }
        BinaryPrimitives.WriteInt64LittleEndian(meta[16..], map);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[24..], LmdbPage.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(meta[28..], IntegerKeys);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[64..], ulong.MaxValue);
        Span<byte> items = meta[72..];
        BinaryPrimitives.WriteUInt16LittleEndian(items[6..], (ushort)depth);
        if (depth > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(items[8..], branches.Pages);
            BinaryPrimitives.WriteUInt64LittleEndian(items[16..], leaves);
            BinaryPrimitives.WriteUInt64LittleEndian(items[24..], overflows);
            BinaryPrimitives.WriteUInt64LittleEndian(items[32..], entries);
        }
        BinaryPrimitives.WriteUInt64LittleEndian(items[40..], root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[120..], lastPage);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[128..], transaction);
        stream.Position = (long)number * LmdbPage.Size;
        stream.Write(page);
    }
}
