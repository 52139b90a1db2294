using System.Buffers.Binary;
using PureHDF;

namespace Symbolic.Caffe.Hdf5;

/// <summary>An array of an HDF5 file, rounded to float32, row-major.</summary>
internal sealed record Hdf5Array(Seq<int> Shape, float[] Values);

/// <summary>
/// Reads HDF5 files of arrays of numbers. The library below is told to read nothing that the length of the file does not bear
/// out; whatever it throws over a damaged file becomes <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class Hdf5Reader : IDisposable
{
    // Deflate, the only compression that h5py and Caffe use, makes at most 1032 bytes of one.
    private const long MostExpansion = 1032;
    private const int MostAxes = 32, MostDepth = 16, MostObjects = 100_000;

    private readonly FileStream stream;
    private readonly IH5Group root;
    private readonly IDisposable file;

    private Hdf5Reader(FileStream stream, string name)
    {
        (this.stream, Name) = (stream, name);
        CheckEnd();
        PureHDF.VOL.Native.NativeFile opened = Guard(() => H5File.Open(stream, leaveOpen: true));
        (root, file) = (opened, opened);
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
        FileStream stream = files.Open(name);
        try
        {
            return new Hdf5Reader(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>Whether there is something under a path.</summary>
    public bool Has(string path) => Guard(() => root.LinkExists(path));

    /// <summary>
    /// The groups below a path that hold no groups themselves, each with the names of its arrays; a group's name is relative to the
    /// path, with slashes where it lies deeper.
    /// </summary>
    public IReadOnlyList<(string Group, Seq<string> Arrays)> Leaves(string path)
    {
        var found = new List<(string, Seq<string>)>();
        int objects = 0;
        Walk(Guard(() => root.Group(path)), "", 0);
        return found;

        void Walk(IH5Group group, string name, int depth)
        {
            var arrays = new List<string>();
            bool hasGroups = false;
            foreach (IH5Object child in Guard(() => group.Children().Take(MostObjects + 1).ToArray()))
            {
                // A hostile file can make a group its own child.
                if (++objects > MostObjects || depth > MostDepth)
                {
                    throw Bad($"more than {MostObjects} objects, or groups nested more than {MostDepth} deep");
                }
                if (child is IH5Group inner)
                {
                    hasGroups = true;
                    Walk(inner, name.Length == 0 ? inner.Name : $"{name}/{inner.Name}", depth + 1);
                }
                else if (child is IH5Dataset)
                {
                    arrays.Add(child.Name);
                }
            }
            if (depth > 0 && (!hasGroups || arrays.Count > 0))
            {
                found.Add((name, arrays.ToSeq()));
            }
        }
    }

    /// <summary>The names of the arrays in a group.</summary>
    public Seq<string> Arrays(string path) => Guard(() => root.Group(path).Children().Take(MostObjects).OfType<IH5Dataset>().Select(array => array.Name).ToSeq());

    /// <summary>The sizes of an array, which need not be read for it.</summary>
    /// <exception cref="InvalidDataException">It is not there, or claims more than the file holds.</exception>
    public Seq<int> Shape(string path) => Sizes(Dataset(path), path);

    /// <summary>An array of numbers.</summary>
    /// <exception cref="InvalidDataException">It is not there, holds no numbers, or is damaged.</exception>
    public Hdf5Array Read(string path)
    {
        IH5Dataset dataset = Dataset(path);
        Seq<int> sizes = Sizes(dataset, path);
        float[] values = Guard(() => Hdf5Numbers.Read(dataset)) ?? throw Bad($"'{path}' holds {dataset.Type.Class} of {dataset.Type.Size} bytes, not numbers");
        long count = sizes.Aggregate(1L, (product, size) => product * size);
        return values.LongLength == count ? new Hdf5Array(sizes, values) : throw Bad($"'{path}' has {values.Length} values, but its shape ({string.Join(", ", sizes)}) has {count}");
    }

    /// <summary>A single whole number.</summary>
    public long Integer(string path)
    {
        IH5Dataset dataset = Dataset(path);
        Sizes(dataset, path);
        return Guard(() => Hdf5Numbers.Integers(dataset)) is [var value] ? value : throw Bad($"'{path}' is no single whole number");
    }

    /// <summary>A single string.</summary>
    public string Text(string path)
    {
        IH5Dataset dataset = Dataset(path);
        Sizes(dataset, path);
        if (dataset.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
        {
            throw Bad($"'{path}' is no string");
        }
        return Guard(() => dataset.Read<string[]>()) is [{ } text] ? text.TrimEnd('\0') : throw Bad($"'{path}' is no single string");
    }

    public void Dispose()
    {
        file.Dispose();
        stream.Dispose();
    }

    private IH5Dataset Dataset(string path) => Guard(() => root.LinkExists(path)) && Guard(() => root.Get(path)) is IH5Dataset dataset
        ? dataset
        : throw Bad($"there is no array '{path}'");

    private Seq<int> Sizes(IH5Dataset dataset, string path)
    {
        (ulong[] dims, int size, H5DataLayoutClass layout, ulong[] chunks) = Guard(() => (dataset.Space.Dimensions, dataset.Type.Size, dataset.Layout.Class,
            dataset.Layout.Class == H5DataLayoutClass.Chunked ? [.. dataset.Layout.Chunks.Select(chunk => (ulong)chunk)] : Array.Empty<ulong>()));
        if (layout == H5DataLayoutClass.VirtualStorage)
        {
            throw Bad($"'{path}' is a view of arrays in other files, which are not opened");
        }
        UInt128 most = (UInt128)(layout == H5DataLayoutClass.Chunked ? stream.Length * MostExpansion : stream.Length);
        if (dims.Length > MostAxes || Bytes(dims, size) > most || Bytes(chunks, size) > most || Bytes(dims, size) > int.MaxValue)
        {
            throw Bad($"'{path}' claims sizes ({string.Join(", ", dims)}) of {size} bytes each, which a file of {stream.Length} bytes does not hold");
        }
        return dataset.Space.Type == H5DataspaceType.Scalar ? [] : [.. dims.Select(dim => (int)dim)];
    }

    // The superblock says where the file ends: its versions 0 and 1 at byte 40, 2 and 3 at byte 28.
    private void CheckEnd()
    {
        byte[] start = new byte[64];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        int sizeOfOffsets = start[8] < 2 ? start[13] : start[9];
        if (read < start.Length || sizeOfOffsets != sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(start.AsSpan(start[8] < 2 ? 40 : 28)) is var end && end > (ulong)stream.Length)
        {
            throw Bad($"damaged or cut off: {stream.Length} bytes");
        }
    }

    // At most 2^31 values of each axis count, so that a product of them stays in 128 bits for as long as it matters.
    private static UInt128 Bytes(ulong[] dims, int size)
    {
        UInt128 bytes = (UInt128)Math.Max(size, 1);
        foreach (ulong dim in dims)
        {
            bytes = dim == 0 ? 0 : UInt128.Min(bytes, ulong.MaxValue) * dim;
        }
        return dims.Contains(0UL) ? 0 : bytes;
    }

    private InvalidDataException Bad(string what) => new($"{Name}: {what}");

    // A library that meets damage throws what comes of it: index errors, null references, its own.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or InvalidDataException))
        {
            throw new InvalidDataException($"{Name}: damaged, or of a kind that is not read: {error.Message}", error);
        }
    }
}
