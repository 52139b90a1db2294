namespace Symbolic.Caffe.Hdf5;

/// <summary>An array of a file: sizes and elements as its header says, checked against the file's length, and its bytes.</summary>
internal sealed class Hdf5Dataset
{
    private const int MostAxes = 32;

    // Compressed weights shrink to half, labels and zeros more; deflate could make 1032 bytes of one.
    private const long SmallArray = 16 << 20, MostExpansion = 64;

    private const int Compact = 0, Contiguous = 1, Chunked = 2;

    private readonly Hdf5File file;
    private readonly Hdf5Header header;
    private readonly string path;

    private Hdf5Dataset(Hdf5File file, Hdf5Header header, string path, Hdf5Cursor space)
    {
        (this.file, this.header, this.path) = (file, header, path);
        Type = Hdf5Type.Read(file, header.First(Hdf5Header.Datatype, $"the type of '{path}'") ?? throw file.Bad($"'{path}' has no type"));
        Shape = [.. Dimensions(space).Select(size => (int)size)];
    }

    /// <summary>The array of a header, or null if it is not that of an array.</summary>
    public static Hdf5Dataset? Of(Hdf5File file, Hdf5Header header, string path) =>
        header.First(Hdf5Header.Layout, "a layout") is not null && header.First(Hdf5Header.Dataspace, $"the shape of '{path}'") is { } space ? new Hdf5Dataset(file, header, path, space) : null;

    public Hdf5Type Type { get; }

    /// <summary>The sizes; a scalar has none.</summary>
    public Seq<int> Shape { get; }

    /// <summary>All elements, row-major, as they are stored.</summary>
    public byte[] Bytes()
    {
        Hdf5Cursor layout = header.First(Hdf5Header.Layout, $"the layout of '{path}'")!;
        (int version, int kind) = (layout.Byte(), layout.Byte());
        ulong size = (ulong)Shape.Aggregate((long)Type.Size, (bytes, length) => bytes * length);
        if (version is not (3 or 4) || (version == 4 && kind == Chunked))
        {
            throw file.Bad($"'{path}' has a layout of version {version} and kind {kind}; written by a library asked for its latest format it is not read");
        }
        switch (kind)
        {
            case Compact:
                int stored = layout.Short();
                return (ulong)stored == size ? layout.Take(stored).ToArray() : throw Claims($"{stored} bytes");
            case Contiguous:
                ulong address = layout.Long();
                return address == Hdf5File.Undefined || size == 0 ? new byte[size] : file.Bytes(address, size, $"the array '{path}'");
            case Chunked:
                int rank = layout.Byte() - 1;
                ulong tree = layout.Long();
                if (rank != Shape.Count || rank == 0)
                {
                    throw Claims($"chunks of {rank} axes");
                }
                uint[] chunk = [.. Enumerable.Range(0, rank).Select(_ => layout.Int())];
                uint element = layout.Int();
                UInt128 bytes = chunk.Aggregate((UInt128)(uint)Type.Size, (product, length) => UInt128.Min(product, ulong.MaxValue) * length);
                if (element != (uint)Type.Size || chunk.Contains(0u) || bytes > (UInt128)Most)
                {
                    throw Claims($"chunks of ({string.Join(", ", chunk)}) elements of {element} bytes");
                }
                return Hdf5Chunks.Read(file, [.. Shape], [.. chunk.Select(length => (int)length)], Type.Size, tree, header.First(Hdf5Header.Filters, $"the filters of '{path}'"));
            default:
                throw file.Bad($"'{path}' is a view of arrays in other files, which are not opened");
        }
    }

    private long Most => Math.Min(SmallArray + (MostExpansion * file.Length), Array.MaxLength);

    private IEnumerable<ulong> Dimensions(Hdf5Cursor space)
    {
        (int version, int rank, int flags) = (space.Byte(), space.Byte(), space.Byte());
        int kind = space.Byte();
        space.Skip(version == 1 ? 4 : 0);
        if (version is not (1 or 2) || rank > MostAxes || (version == 2 && kind > 1))
        {
            throw file.Bad($"'{path}' has a shape of version {version} with {rank} axes (flags {flags}, kind {kind})");
        }
        ulong[] dims = [.. Enumerable.Range(0, rank).Select(_ => space.Long())];
        // What is stored in one piece is no larger than the file, unless it was never written.
        UInt128 bytes = dims.Aggregate((UInt128)(uint)Type.Size, (product, size) => UInt128.Min(product, ulong.MaxValue) * size);
        return dims.All(size => size <= int.MaxValue) && bytes <= (UInt128)Most ? dims : throw Claims($"sizes ({string.Join(", ", dims)})");
    }

    private InvalidDataException Claims(string what) => file.Bad($"'{path}' claims {what} of {Type.Size} bytes each, which a file of {file.Length} bytes does not hold");
}
