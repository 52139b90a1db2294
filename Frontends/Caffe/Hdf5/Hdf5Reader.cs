using System.Buffers.Binary;

namespace Symbolic.Caffe.Hdf5;

/// <summary>An array of an HDF5 file, rounded to float32, row-major.</summary>
internal sealed record Hdf5Array(Seq<int> Shape, float[] Values);

/// <summary>
/// Reads arrays of HDF5 files as Caffe, h5py and MATLAB write them: HDF5 File Format Specification 3.0, superblocks 0 to 3, groups by
/// symbol tables or link messages, arrays compact, contiguous or in chunks, deflated or not. Nothing in the file is trusted and no other
/// file is opened.
/// </summary>
internal sealed class Hdf5Reader : IDisposable
{
    private const int MostDepth = 16, MostObjects = 100_000;

    private readonly Hdf5Source source;
    private readonly ulong root;
    private readonly Dictionary<ulong, Hdf5Header> headers = [];
    private readonly Dictionary<ulong, SortedDictionary<string, ulong>> links = [];

    private Hdf5Reader(Hdf5Source source)
    {
        this.source = source;
        root = Superblock();
    }

    /// <summary>Whether a file begins as HDF5 files do.</summary>
    public static bool IsHdf5(ReadOnlySpan<byte> start) => start is [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A, ..];

    /// <summary>Whether a file is HDF5 by its content.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static bool IsHdf5(string name, ModelFiles files)
    {
        using FileStream stream = files.Open(name);
        Span<byte> start = stackalloc byte[8];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && IsHdf5(start);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">It is no HDF5 file, or damaged.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static Hdf5Reader Open(string name, ModelFiles files)
    {
        if (!IsHdf5(name, files))
        {
            throw new InvalidDataException($"{name}: is no HDF5 file");
        }
        var source = new Hdf5Source(files.Open(name), name);
        try
        {
            return new Hdf5Reader(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public string Name => source.Name;

    /// <summary>Whether there is something under a path.</summary>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>
    /// The groups below a path that hold no groups themselves, each with the names of its arrays; a group's name is relative to the
    /// path, with slashes where it lies deeper.
    /// </summary>
    public IReadOnlyList<(string Group, Seq<string> Arrays)> Leaves(string path)
    {
        var found = new List<(string, Seq<string>)>();
        int objects = 0;
        Walk(Find(path) ?? throw source.Unread($"there is no group '{path}'"), "", 0);
        return found;

        void Walk(ulong address, string name, int depth)
        {
            var arrays = new List<string>();
            bool hasGroups = false;
            foreach ((string childName, ulong child) in Links(address))
            {
                // A hostile file can make a group its own child.
                if (++objects > MostObjects || depth > MostDepth)
                {
                    throw source.Bad($"more than {MostObjects} objects, or groups nested more than {MostDepth} deep");
                }
                if (Hdf5Group.Is(Header(child)))
                {
                    hasGroups = true;
                    Walk(child, name.Length == 0 ? childName : $"{name}/{childName}", depth + 1);
                }
                else if (Hdf5Dataset.Is(Header(child)))
                {
                    arrays.Add(childName);
                }
            }
            if (depth > 0 && (!hasGroups || arrays.Count > 0))
            {
                found.Add((name, arrays.ToSeq()));
            }
        }
    }

    /// <summary>The names of the arrays in a group.</summary>
    public Seq<string> Arrays(string path) =>
        Links(Find(path) ?? throw source.Unread($"there is no group '{path}'")).Where(link => Hdf5Dataset.Is(Header(link.Value))).Select(link => link.Key).ToSeq();

    /// <summary>The sizes of an array, which is not read for it.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public Seq<int> Shape(string path) => Dataset(path).Shape;

    /// <summary>An array of numbers.</summary>
    /// <exception cref="InvalidDataException">It is not there, holds no numbers, or is damaged.</exception>
    public Hdf5Array Read(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        // Bytes become numbers of four bytes each.
        source.Spend(dataset.Bytes / dataset.Type.Size * sizeof(float), $"'{path}' as float32");
        return dataset.Type.Kind == Hdf5Kind.Text ? throw source.Unread($"'{path}' holds strings, not numbers")
            : new Hdf5Array(dataset.Shape, dataset.Type.Floats(dataset.Read()));
    }

    /// <summary>A single whole number.</summary>
    public long Integer(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        return dataset.Type.Kind == Hdf5Kind.Integer && dataset.Bytes == dataset.Type.Size ? dataset.Type.Integer(dataset.Read())
            : throw source.Unread($"'{path}' is no single whole number");
    }

    /// <summary>A single string.</summary>
    public string Text(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        return dataset.Type.Kind == Hdf5Kind.Text && dataset.Bytes == dataset.Type.Size ? Hdf5Type.Text(dataset.Read())
            : throw source.Unread($"'{path}' is no single string");
    }

    public void Dispose() => source.Dispose();

    private Hdf5Dataset Dataset(string path) => Find(path) is { } address && Hdf5Dataset.Is(Header(address))
        ? new Hdf5Dataset(Header(address), source, path)
        : throw source.Unread($"there is no array '{path}'");

    private ulong? Find(string path)
    {
        ulong at = root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Hdf5Group.Is(Header(at)) || !Links(at).TryGetValue(name, out at))
            {
                return null;
            }
        }
        return at;
    }

    private Hdf5Header Header(ulong address)
    {
        if (!headers.TryGetValue(address, out Hdf5Header? header))
        {
            headers[address] = header = new Hdf5Header(source, address);
        }
        return header;
    }

    private SortedDictionary<string, ulong> Links(ulong address)
    {
        if (!links.TryGetValue(address, out SortedDictionary<string, ulong>? found))
        {
            links[address] = found = Hdf5Group.Links(Header(address), source);
        }
        return found;
    }

    // Where the root group's header is; versions 0 and 1 keep it in an entry of a symbol table.
    private ulong Superblock()
    {
        byte[] start = source.Read(0, Math.Min(96, (ulong)source.Length), "the superblock");
        var cursor = new Hdf5Cursor(start, source, "the superblock") { Position = 8 };
        int version = cursor.U8();
        if (version > 3)
        {
            throw source.Unread($"the superblock has version {version}; 0 to 3 are read");
        }
        cursor.Position = version < 2 ? 13 : 9;
        (int offsets, int lengths) = (cursor.U8(), cursor.U8());
        (int basePlace, int endPlace, int rootPlace) = version switch { 0 => (24, 40, 64), 1 => (28, 44, 68), _ => (12, 28, 36) };
        cursor.Position = basePlace;
        ulong first = cursor.U64();
        cursor.Position = endPlace;
        ulong end = cursor.U64();
        if (offsets != 8 || lengths != 8 || first != 0)
        {
            throw source.Unread($"addresses of {offsets} and lengths of {lengths} bytes from byte {first} on; 8 and 8 from 0 on are read");
        }
        cursor.Position = rootPlace;
        return end <= (ulong)source.Length ? cursor.U64() : throw source.Bad($"it is cut off: {source.Length} bytes of {end}");
    }
}
