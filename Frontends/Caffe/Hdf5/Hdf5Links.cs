using System.Text;

namespace Symbolic.Caffe.Hdf5;

/// <summary>
/// The names in a group and the headers that they stand for: of a symbol table, which the HDF5 library writes unless asked for its
/// latest format (specification III.A.1, III.B, III.D), or of link messages (IV.A.2.g). Links to other names and files are left out.
/// </summary>
internal static class Hdf5Links
{
    private const int MostLevels = 16, NodeEntries = 24, NameAndHeader = 40;

    /// <summary>The names, or null if the header is not that of a group.</summary>
    public static List<(string Name, ulong Header)>? Of(Hdf5File file, Hdf5Header header)
    {
        if (header.First(Hdf5Header.SymbolTable, "a symbol table") is { } table)
        {
            return SymbolTable(file, table.Long(), table.Long());
        }
        byte[][] links = [.. header.All(Hdf5Header.Link)];
        Hdf5Cursor? info = header.First(Hdf5Header.LinkInfo, "a group's links");
        if (info is null && links.Length == 0)
        {
            return null;
        }
        if (info is not null)
        {
            info.Skip(1);
            info.Skip((info.Byte() & 1) != 0 ? 8 : 0);
            if (info.Long() != Hdf5File.Undefined)
            {
                throw file.Bad("a group whose links lie in a fractal heap, as the latest format stores many of them");
            }
        }
        return [.. links.Select(link => Link(file, new Hdf5Cursor(link, file.Name, "a link"))).OfType<(string, ulong)>()];
    }

    private static List<(string, ulong)> SymbolTable(Hdf5File file, ulong tree, ulong heap)
    {
        Hdf5Cursor header = file.Structure(heap, 32, "a heap of names");
        header.Expect("HEAP");
        header.Skip(4);
        ulong size = header.Long();
        header.Skip(8);
        byte[] names = file.Structure(header.Long(), size, "names").Take((int)size).ToArray();
        var found = new List<(string, ulong)>();
        Node(file, tree, names, found, MostLevels);
        return found;
    }

    private static void Node(Hdf5File file, ulong address, byte[] names, List<(string, ulong)> found, int levels)
    {
        Hdf5Cursor head = file.Structure(address, NodeEntries, "a tree of names");
        head.Expect("TREE");
        (int type, int level, int entries) = (head.Byte(), head.Byte(), head.Short());
        if (type != 0 || level >= levels)
        {
            throw file.Bad($"a tree of names of type {type} at level {level}");
        }
        Hdf5Cursor node = file.Structure(address + NodeEntries, (ulong)(8 + (16 * entries)), "a tree of names");
        for (int i = 0; i < entries; i++)
        {
            node.Skip(8);
            ulong child = node.Long();
            if (level > 0)
            {
                Node(file, child, names, found, level);
            }
            else
            {
                Leaf(file, child, names, found);
            }
        }
    }

    private static void Leaf(Hdf5File file, ulong address, byte[] names, List<(string, ulong)> found)
    {
        Hdf5Cursor head = file.Structure(address, 8, "a node of names");
        head.Expect("SNOD");
        head.Skip(2);
        int count = head.Short();
        Hdf5Cursor node = file.Structure(address + 8, (ulong)(NameAndHeader * count), "a node of names");
        for (int i = 0; i < count; i++)
        {
            ulong at = node.Long(), header = node.Long();
            // Kind 2 is a link to another name.
            bool isHard = node.Int() != 2;
            node.Skip(20);
            int end = at < (ulong)names.Length ? Array.IndexOf(names, (byte)0, (int)at) : -1;
            if (end < 0)
            {
                throw file.Bad($"a name at byte {at} of {names.Length}");
            }
            if (isHard)
            {
                found.Add((Encoding.UTF8.GetString(names, (int)at, end - (int)at), header));
            }
        }
    }

    private static (string, ulong)? Link(Hdf5File file, Hdf5Cursor link)
    {
        (int version, int flags) = (link.Byte(), link.Byte());
        int kind = (flags & 0x08) != 0 ? link.Byte() : 0;
        link.Skip(((flags & 0x04) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        ulong length = link.Sized(flags);
        if (version != 1 || length > (ulong)link.Left)
        {
            throw file.Bad($"a link of version {version} with a name of {length} bytes");
        }
        string name = Encoding.UTF8.GetString(link.Take((int)length));
        return kind == 0 ? (name, link.Long()) : null;
    }
}
