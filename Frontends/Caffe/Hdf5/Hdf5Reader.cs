namespace Symbolic.Caffe.Hdf5;

/// <summary>An array of an HDF5 file, rounded to float32, row-major.</summary>
internal sealed record Hdf5Array(Seq<int> Shape, float[] Values);

/// <summary>
/// Reads HDF5 files of arrays of numbers, as Caffe, h5py and our own writer make them. It is ours because a library asks for whatever memory a
/// damaged length names; docs/security.md has the story.
/// </summary>
internal sealed class Hdf5Reader : IDisposable
{
    private const int MostDepth = 16, MostObjects = 100_000;

    private readonly Hdf5File file;
    private readonly Dictionary<ulong, Hdf5Header> headers = [];
    private readonly Dictionary<ulong, List<(string Name, ulong Header)>?> groups = [];

    private Hdf5Reader(Hdf5File file) => this.file = file;

    /// <summary>Whether a file begins as HDF5 files do.</summary>
    public static bool IsHdf5(ReadOnlySpan<byte> start) => Hdf5File.IsHdf5(start);

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
        FileStream stream = files.Open(name);
        try
        {
            return new Hdf5Reader(new Hdf5File(stream, name));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public string Name => file.Name;

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
        Walk(Group(path), "", 0);
        return found;

        void Walk(List<(string Name, ulong Header)> group, string name, int depth)
        {
            var arrays = new List<string>();
            bool hasGroups = false;
            foreach ((string child, ulong address) in group)
            {
                // A hostile file can make a group its own child.
                if (++objects > MostObjects || depth > MostDepth)
                {
                    throw Bad($"more than {MostObjects} objects, or groups nested more than {MostDepth} deep");
                }
                if (Links(address) is { } inner)
                {
                    hasGroups = true;
                    Walk(inner, name.Length == 0 ? child : $"{name}/{child}", depth + 1);
                }
                else if (IsArray(address))
                {
                    arrays.Add(child);
                }
            }
            if (depth > 0 && (!hasGroups || arrays.Count > 0))
            {
                found.Add((name, arrays.ToSeq()));
            }
        }
    }

    /// <summary>The names of the arrays in a group.</summary>
    public Seq<string> Arrays(string path) => Group(path).Where(child => IsArray(child.Header)).Select(child => child.Name).ToSeq();

    /// <summary>The sizes of an array, which need not be read for it.</summary>
    /// <exception cref="InvalidDataException">It is not there, or claims more than the file holds.</exception>
    public Seq<int> Shape(string path) => Dataset(path).Shape;

    /// <summary>An array of numbers.</summary>
    /// <exception cref="InvalidDataException">It is not there, holds no numbers, or is damaged.</exception>
    public Hdf5Array Read(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        return new Hdf5Array(dataset.Shape, dataset.Type.Floats(dataset.Bytes()) ?? throw Bad($"'{path}' holds {dataset.Type.Class} of {dataset.Type.Size} bytes, not numbers"));
    }

    /// <summary>A single whole number.</summary>
    public long Integer(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        return dataset.Shape.All(size => size == 1) && dataset.Type.Integers(dataset.Bytes()) is [var value] && value <= long.MaxValue ? (long)value : throw Bad($"'{path}' is no single whole number");
    }

    /// <summary>A single string.</summary>
    public string Text(string path)
    {
        Hdf5Dataset dataset = Dataset(path);
        return dataset.Shape.All(size => size == 1) && dataset.Type.Text(dataset.Bytes()) is { } text ? text : throw Bad($"'{path}' is no single string");
    }

    public void Dispose() => file.Dispose();

    private Hdf5Dataset Dataset(string path) => Find(path) is { } address && Hdf5Dataset.Of(file, Header(address), path) is { } dataset ? dataset : throw Bad($"there is no array '{path}'");

    private List<(string Name, ulong Header)> Group(string path) => Find(path) is { } address && Links(address) is { } links ? links : throw Bad($"there is no group '{path}'");

    private bool IsArray(ulong address) => Header(address).First(Hdf5Header.Layout, "a layout") is not null;

    private ulong? Find(string path)
    {
        ulong at = file.RootHeader;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Links(at) is not { } links || links.FindIndex(link => link.Name == part) is not (>= 0 and var index))
            {
                return null;
            }
            at = links[index].Header;
        }
        return at;
    }

    private Hdf5Header Header(ulong address)
    {
        if (!headers.TryGetValue(address, out Hdf5Header? header))
        {
            headers[address] = header = new Hdf5Header(file, address);
        }
        return header;
    }

    private List<(string Name, ulong Header)>? Links(ulong address)
    {
        if (!groups.TryGetValue(address, out List<(string, ulong)>? links))
        {
            groups[address] = links = Hdf5Links.Of(file, Header(address));
        }
        return links;
    }

    private InvalidDataException Bad(string what) => new($"{Name}: {what}");
}
