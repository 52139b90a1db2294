using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace Symbolic.Caffe;

/// <summary>
/// A database of LMDB 0.9 (data version 1, 64-bit, little-endian), mapped into memory read-only; the layout is that of
/// <c>mdb.c</c>'s MDB_page, MDB_meta and MDB_node. Nothing in the file is trusted: whatever lies out of range raises
/// <see cref="InvalidDataException"/> with the file and the page. Only another process that shortens the file while it is mapped
/// is beyond that, as it is for LMDB.
/// </summary>
internal sealed unsafe class LmdbFile : IDisposable
{
    public const int HeaderSize = 16;
    public const int BranchFlag = 0x01, LeafFlag = 0x02, OverflowFlag = 0x04, MetaFlag = 0x08;

    private const uint Magic = 0xBEEFC0DE;
    private const int Leaf2Flag = 0x20, SubpageFlag = 0x40;
    private const int MostDepth = 32;
    private const ulong NoPage = ulong.MaxValue;

    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly long length;
    private byte* start;

    private LmdbFile(FileStream stream, string name)
    {
        Name = name;
        length = stream.Length;
        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            ReadMeta();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a database: a folder with <c>data.mdb</c>, or such a file itself.</summary>
    public static LmdbFile Open(string name, ModelFiles files)
    {
        string path = Directory.Exists(files.Resolve(name)) ? Path.Combine(name, "data.mdb") : name;
        FileStream stream = files.Open(path);
        if (stream.CanSeek && stream.Length >= 2 * 256)
        {
            return new LmdbFile(stream, path);
        }
        stream.Dispose();
        throw new InvalidDataException($"{path}: is no LMDB file: too short for its two meta pages");
    }

    /// <summary>The data file's name, for errors.</summary>
    public string Name { get; }

    public int PageSize { get; private set; }

    /// <summary>The number of whole pages in the file.</summary>
    public long PageCount => length / PageSize;

    /// <summary>How many items the database says it has.</summary>
    public long Entries { get; private set; }

    /// <summary>The number of levels of the tree of pages; 0 if there are no items.</summary>
    public int Depth { get; private set; }

    public ulong Root { get; private set; }

    /// <summary>A page of the tree, whose header says what it must.</summary>
    public ReadOnlySpan<byte> Page(ulong number, int flag)
    {
        ReadOnlySpan<byte> page = Raw(number, 1);
        CheckHeader(page, number, flag);
        return page;
    }

    /// <summary>A value that has pages of its own.</summary>
    public ReadOnlySpan<byte> Overflow(ulong number, uint size)
    {
        ReadOnlySpan<byte> first = Raw(number, 1);
        CheckHeader(first, number, OverflowFlag);
        uint pages = BinaryPrimitives.ReadUInt32LittleEndian(first[12..]);
        if (size > ((long)pages * PageSize) - HeaderSize)
        {
            throw Bad(number, $"a value of {size} bytes in {pages} overflow pages");
        }
        return Raw(number, pages).Slice(HeaderSize, (int)size);
    }

    public InvalidDataException Bad(ulong page, string what) => new($"{Name}: damaged at page {page}: {what}");

    public void Dispose()
    {
        if (start != null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            start = null;
        }
        view.Dispose();
        map.Dispose();
    }

    private ReadOnlySpan<byte> Raw(ulong number, uint pages)
    {
        ObjectDisposedException.ThrowIf(start == null, this);
        if (pages == 0 || number >= (ulong)PageCount || pages > (ulong)PageCount - number || (long)pages * PageSize > int.MaxValue)
        {
            throw Bad(number, $"{pages} pages from here do not lie in the file's {PageCount}");
        }
        return new ReadOnlySpan<byte>(start + ((long)number * PageSize), (int)pages * PageSize);
    }

    private void CheckHeader(ReadOnlySpan<byte> page, ulong number, int flag)
    {
        ulong own = BinaryPrimitives.ReadUInt64LittleEndian(page);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(page[10..]) & (BranchFlag | LeafFlag | OverflowFlag | MetaFlag | Leaf2Flag | SubpageFlag);
        if (own != number || flags != flag)
        {
            throw Bad(number, own != number ? $"it calls itself page {own}" : $"its kind is 0x{flags:x2}, expected 0x{flag:x2}");
        }
    }

    // Two meta pages take turns; the one with the higher transaction number is valid.
    private void ReadMeta()
    {
        PageSize = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(Meta(0)[24..]), int.MaxValue);
        if (PageSize is < 256 or > 65536 || !int.IsPow2(PageSize) || length < 2L * PageSize)
        {
            throw new InvalidDataException($"{Name}: damaged at page 0: a page size of {PageSize}");
        }
        ReadOnlySpan<byte> first = Page(0, MetaFlag), second = Page(1, MetaFlag);
        bool isSecond = Transaction(Meta(PageSize)) > Transaction(Meta(0));
        ReadOnlySpan<byte> meta = isSecond ? second[HeaderSize..] : first[HeaderSize..];
        ulong page = isSecond ? 1UL : 0;

        // The second of two descriptions of trees: the items; the first is of free pages.
        ReadOnlySpan<byte> tree = meta[(24 + 48)..];
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(tree[4..]);
        Depth = BinaryPrimitives.ReadUInt16LittleEndian(tree[6..]);
        ulong entries = BinaryPrimitives.ReadUInt64LittleEndian(tree[32..]);
        Root = BinaryPrimitives.ReadUInt64LittleEndian(tree[40..]);
        ulong lastPage = BinaryPrimitives.ReadUInt64LittleEndian(meta[(24 + 96)..]);
        if (flags != 0)
        {
            throw Bad(page, $"the items are sorted or doubled in a way that Caffe does not use (flags 0x{flags:x4})");
        }
        if (lastPage >= (ulong)PageCount)
        {
            throw Bad(page, $"its last page is {lastPage}, but the file has only {PageCount}: is it cut off?");
        }
        if (Depth > MostDepth || entries > long.MaxValue || (Root == NoPage) != (entries == 0) || (Depth == 0) != (entries == 0))
        {
            throw Bad(page, $"{entries} items in a tree of depth {Depth} from page {Root}");
        }
        Entries = (long)entries;
    }

    private ReadOnlySpan<byte> Meta(long offset)
    {
        var meta = new ReadOnlySpan<byte>(start + offset + HeaderSize, 256 - HeaderSize);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(meta), version = BinaryPrimitives.ReadUInt32LittleEndian(meta[4..]);
        return magic != Magic ? throw new InvalidDataException($"{Name}: is no LMDB file of this byte order: its magic number is 0x{magic:x8}")
            : version != 1 ? throw new InvalidDataException($"{Name}: has LMDB data version {version}; version 1 (LMDB 0.9) is read")
            : meta;
    }

    private static ulong Transaction(ReadOnlySpan<byte> meta) => BinaryPrimitives.ReadUInt64LittleEndian(meta[(24 + 96 + 8)..]);
}
