using System.Text;

namespace Symbolic.Caffe.Hdf5;

/// <summary>The names in a group and the headers they lead to, in either way of keeping them: a tree of symbol tables (the usual) or link messages.</summary>
internal static class Hdf5Group
{
    private const int MostNameBytes = 1024, EntrySize = 40, SoftLink = 2;

    /// <summary>Whether a header is a group's.</summary>
    public static bool Is(Hdf5Header header) => header.First(Hdf5Message.SymbolTable) is not null || header.First(Hdf5Message.LinkInfo) is not null || header.First(Hdf5Message.Link) is not null;

    /// <summary>The hard links of a group. Links by name, to other groups or other files, are left out: nothing that Caffe writes has them.</summary>
    public static SortedDictionary<string, ulong> Links(Hdf5Header header, Hdf5Source source)
    {
        var links = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        if (header.First(Hdf5Message.SymbolTable) is { } table)
        {
            var cursor = new Hdf5Cursor(table, source, "a symbol table");
            ulong tree = cursor.U64();
            byte[] names = Names(cursor.U64(), source);
            Walk(tree, level: null, names, links, [], source);
        }
        if (header.First(Hdf5Message.LinkInfo) is { } info)
        {
            var cursor = new Hdf5Cursor(info, source, "a link info") { Position = 1 };
            cursor.Take((cursor.U8() & 1) != 0 ? 8 : 0);
            if (cursor.U64() != Hdf5Source.Nowhere)
            {
                throw source.Unread("a group keeps its names in a fractal heap, as the newest format does for many names; write the file with libver='earliest'");
            }
        }
        foreach (byte[] link in header.All(Hdf5Message.Link))
        {
            Add(link, links, source);
        }
        return links;
    }

    private static void Add(byte[] link, SortedDictionary<string, ulong> links, Hdf5Source source)
    {
        var cursor = new Hdf5Cursor(link, source, "a link");
        int version = cursor.U8(), flags = cursor.U8();
        if (version != 1)
        {
            throw source.Unread($"a link has version {version}");
        }
        int type = (flags & 8) != 0 ? cursor.U8() : 0;
        cursor.Take(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        ulong length = cursor.Number(1 << (flags & 3));
        string name = Text(cursor.Take((int)Math.Min(length, int.MaxValue)), source);
        if (type == 0)
        {
            links[name] = cursor.U64();
        }
    }

    private static byte[] Names(ulong address, Hdf5Source source)
    {
        var heap = new Hdf5Cursor(source.Read(address, 32, "a heap of names"), source, "a heap of names");
        if (!heap.Take(4).SequenceEqual("HEAP"u8))
        {
            throw source.Bad($"at byte {address} is no heap of names");
        }
        heap.Position = 8;
        ulong size = heap.U64();
        heap.U64();
        return source.Read(heap.U64(), size, "a heap of names");
    }

    // Version 1 B-tree of groups (specification III.A.1): the leaves' children are tables of symbols (III.B).
    private static void Walk(ulong address, int? level, byte[] names, SortedDictionary<string, ulong> links, HashSet<ulong> seen, Hdf5Source source)
    {
        Hdf5Tree.Open(address, kind: 0, level, seen, source, out int ownLevel, out int count);
        byte[] bytes = source.Read(address + Hdf5Tree.HeadSize, (ulong)(count * 16) + 8, "a node of a group");
        var cursor = new Hdf5Cursor(bytes, source, "a node of a group");
        for (int i = 0; i < count; i++)
        {
            cursor.U64();
            ulong child = cursor.U64();
            if (ownLevel > 0)
            {
                Walk(child, ownLevel - 1, names, links, seen, source);
            }
            else
            {
                Symbols(child, names, links, seen, source);
            }
        }
    }

    private static void Symbols(ulong address, byte[] names, SortedDictionary<string, ulong> links, HashSet<ulong> seen, Hdf5Source source)
    {
        var head = new Hdf5Cursor(source.Read(address, 8, "a table of symbols"), source, "a table of symbols");
        if (!head.Take(4).SequenceEqual("SNOD"u8) || !seen.Add(address))
        {
            throw source.Bad($"at byte {address} is no table of symbols, or one that was met before");
        }
        head.Position = 6;
        int count = head.U16();
        var cursor = new Hdf5Cursor(source.Read(address + 8, (ulong)count * EntrySize, "a table of symbols"), source, "a table of symbols");
        for (int i = 0; i < count; i++)
        {
            ulong name = cursor.U64(), header = cursor.U64();
            uint cache = cursor.U32();
            cursor.Take(20);
            if (name > (ulong)names.Length)
            {
                throw source.Bad($"a name at {name} of a heap of {names.Length} bytes");
            }
            ReadOnlySpan<byte> rest = names.AsSpan((int)name);
            int end = rest.IndexOf((byte)0);
            if (cache != SoftLink)
            {
                links[Text(end < 0 ? rest : rest[..end], source)] = header;
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> name, Hdf5Source source) => name.Length <= MostNameBytes ? Encoding.UTF8.GetString(name)
        : throw source.Unread($"a name of {name.Length} bytes; more than {MostNameBytes} are refused");
}

/// <summary>The head that nodes of version 1 B-trees have in common.</summary>
internal static class Hdf5Tree
{
    public const ulong HeadSize = 24;

    /// <summary>Reads a node's head. Each node may be met once, and levels go down by one.</summary>
    public static void Open(ulong address, int kind, int? level, HashSet<ulong> seen, Hdf5Source source, out int ownLevel, out int count)
    {
        var cursor = new Hdf5Cursor(source.Read(address, HeadSize, "a node of a tree"), source, "a node of a tree");
        bool isNode = cursor.Take(4).SequenceEqual("TREE"u8) && cursor.U8() == kind;
        ownLevel = cursor.U8();
        count = cursor.U16();
        if (!isNode || (level is { } wanted && ownLevel != wanted) || !seen.Add(address))
        {
            throw source.Bad(isNode ? $"the node at byte {address} is on level {ownLevel}, or was met before" : $"at byte {address} is no node of a tree of kind {kind}");
        }
    }
}
