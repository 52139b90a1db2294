using System.Buffers.Binary;

namespace Symbolic.Caffe;

/// <summary>Walks the items of a database once, in the order of their keys. Spans are valid until the file is disposed.</summary>
internal sealed class LmdbCursor(LmdbFile file)
{
    private const int NodeHeaderSize = 8;
    private const int OverflowNode = 0x01;

    private readonly (ulong Page, int Next)[] path = new (ulong, int)[file.Depth];
    private long visitedPages;
    private long items;
    private ulong leaf;
    private int keyOffset, keySize;
    private uint valueSize;
    private bool isOverflow;

    /// <summary>The key of the item under the cursor.</summary>
    public ReadOnlySpan<byte> Key => file.Page(leaf, LmdbFile.LeafFlag).Slice(keyOffset, keySize);

    /// <summary>The value of the item under the cursor.</summary>
    /// <exception cref="InvalidDataException">It does not lie within the file.</exception>
    public ReadOnlySpan<byte> Value
    {
        get
        {
            ReadOnlySpan<byte> page = file.Page(leaf, LmdbFile.LeafFlag);
            int offset = keyOffset + keySize;
            return isOverflow ? file.Overflow(BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]), valueSize) : page.Slice(offset, (int)valueSize);
        }
    }

    /// <summary>Goes to the first or the next item; false at the end.</summary>
    /// <exception cref="InvalidDataException">A page on the way is damaged, or the number of items is not what the file says.</exception>
    public bool MoveNext()
    {
        if (file.Depth == 0)
        {
            return false;
        }
        int level = visitedPages == 0 ? Enter(0, file.Root) : file.Depth - 1;
        while (path[level].Next == NodeCount(level))
        {
            if (--level < 0)
            {
                return items == file.Entries ? false : throw file.Bad(file.Root, $"the tree holds {items} items, but the file says {file.Entries}");
            }
        }
        while (level < file.Depth - 1)
        {
            level = Enter(level + 1, Child(level));
        }
        if (++items > file.Entries)
        {
            throw file.Bad(path[level].Page, $"more items than the {file.Entries} that the file says");
        }
        ReadLeafNode(level);
        return true;
    }

    private int Enter(int level, ulong page)
    {
        // In a tree each page has one parent, so a walk meets no page twice.
        if (++visitedPages > file.PageCount)
        {
            throw file.Bad(page, "the pages form no tree: some have two parents");
        }
        path[level] = (page, 0);
        return NodeCount(level) > 0 ? level : throw file.Bad(page, "it is empty");
    }

    private ReadOnlySpan<byte> PageAt(int level) => file.Page(path[level].Page, level == file.Depth - 1 ? LmdbFile.LeafFlag : LmdbFile.BranchFlag);

    private int NodeCount(int level)
    {
        int lower = BinaryPrimitives.ReadUInt16LittleEndian(PageAt(level)[12..]);
        return lower >= LmdbFile.HeaderSize && lower <= file.PageSize && lower % 2 == 0 ? (lower - LmdbFile.HeaderSize) / 2
            : throw file.Bad(path[level].Page, $"its list of nodes ends at byte {lower}");
    }

    // The offset of the next node of a page, whose header then lies within the page.
    private int TakeNode(int level)
    {
        (ulong number, int next) = path[level];
        path[level].Next++;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(PageAt(level)[(LmdbFile.HeaderSize + (2 * next))..]);
        return offset >= LmdbFile.HeaderSize && offset <= file.PageSize - NodeHeaderSize ? offset
            : throw file.Bad(number, $"node {next} begins at byte {offset}");
    }

    private ulong Child(int level)
    {
        ReadOnlySpan<byte> node = PageAt(level)[TakeNode(level)..];
        return BinaryPrimitives.ReadUInt32LittleEndian(node) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(node[4..]) << 32);
    }

    private void ReadLeafNode(int level)
    {
        int offset = TakeNode(level);
        leaf = path[level].Page;
        ReadOnlySpan<byte> node = PageAt(level)[offset..];
        valueSize = BinaryPrimitives.ReadUInt32LittleEndian(node);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(node[4..]);
        keySize = BinaryPrimitives.ReadUInt16LittleEndian(node[6..]);
        keyOffset = offset + NodeHeaderSize;
        isOverflow = flags == OverflowNode;
        if (flags is not (0 or OverflowNode))
        {
            throw file.Bad(leaf, $"node {path[level].Next - 1} is a database within the database (flags 0x{flags:x4}), which Caffe does not use");
        }
        if (keyOffset + keySize + (isOverflow ? sizeof(ulong) : valueSize) > file.PageSize)
        {
            throw file.Bad(leaf, $"node {path[level].Next - 1} with a key of {keySize} and a value of {valueSize} bytes leaves the page");
        }
    }
}
