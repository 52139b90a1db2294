namespace Symbolic.Caffe.Hdf5;

/// <summary>An array of an HDF5 file: its sizes and type, and where its bytes are.</summary>
internal sealed class Hdf5Dataset
{
    private const int MostAxes = 32;

    private readonly Hdf5Source source;
    private readonly Hdf5Header header;
    private readonly string path;

    public Hdf5Dataset(Hdf5Header header, Hdf5Source source, string path)
    {
        (this.header, this.source, this.path) = (header, source, path);
        Shape = Dataspace(header.First(Hdf5Message.Dataspace) ?? throw source.Bad($"'{path}' has no sizes"));
        Type = Hdf5Type.Read(header.First(Hdf5Message.Datatype) ?? throw source.Bad($"'{path}' has no type"), source);
        UInt128 bytes = (UInt128)Type.Size;
        foreach (int size in Shape)
        {
            bytes = size == 0 ? 0 : UInt128.Min(bytes, ulong.MaxValue) * (uint)size;
        }
        Bytes = Shape.Contains(0) ? 0 : bytes <= int.MaxValue ? (int)bytes
            : throw source.Unread($"'{path}' is of shape ({string.Join(", ", Shape)}); arrays of 2 GB and more are not read");
    }

    /// <summary>Whether a header is a dataset's.</summary>
    public static bool Is(Hdf5Header header) => header.First(Hdf5Message.Layout) is not null;

    public Seq<int> Shape { get; }

    public Hdf5Type Type { get; }

    /// <summary>The size of all elements.</summary>
    public int Bytes { get; }

    /// <summary>The elements' bytes, row-major.</summary>
    public byte[] Read()
    {
        if (header.First(Hdf5Message.ExternalFiles) is not null)
        {
            throw source.Unread($"'{path}' keeps its values in other files, which are not opened");
        }
        // A layout is not always there before it is written: then all elements are the fill value.
        var cursor = new Hdf5Cursor(header.First(Hdf5Message.Layout)!, source, "a layout");
        int version = cursor.U8();
        if (version is not (3 or 4))
        {
            throw source.Unread($"'{path}' has a layout of version {version}; 3 and 4 are read");
        }
        int kind = cursor.U8();
        switch (kind)
        {
            case 0:
                return Exactly(cursor.Take(cursor.U16()).ToArray());
            case 1:
                (ulong address, ulong size) = (cursor.U64(), cursor.U64());
                return address == Hdf5Source.Nowhere ? Empty() : size < (ulong)Bytes ? throw source.Bad($"'{path}' has {size} bytes of {Bytes}")
                    : source.Read(address, (ulong)Bytes, $"'{path}'");
            case 2:
                byte[] elements = Empty();
                new Hdf5Chunks(source, path, Shape, Type.Size, Hdf5Filters.Of(header, source)).Read(cursor, version, elements);
                return elements;
            default:
                throw source.Unread($"'{path}' is a view of arrays in other files, which are not opened");
        }
    }

    private byte[] Exactly(byte[] bytes) => bytes.Length == Bytes ? bytes : throw source.Bad($"'{path}' has {bytes.Length} bytes of {Bytes}");

    // What was never written has the fill value, mostly zero.
    private byte[] Empty()
    {
        source.Spend(Bytes, $"'{path}'");
        byte[] elements = new byte[Bytes];
        if (Fill() is { } fill)
        {
            for (int i = 0; i < elements.Length; i += fill.Length)
            {
                fill.CopyTo(elements, i);
            }
        }
        return elements;
    }

    private byte[]? Fill()
    {
        if (header.First(Hdf5Message.Fill) is not { } message)
        {
            return null;
        }
        var cursor = new Hdf5Cursor(message, source, "a fill value");
        int version = cursor.U8();
        bool isGiven;
        if (version == 3)
        {
            isGiven = (cursor.U8() & 0x20) != 0;
        }
        else
        {
            cursor.Take(2);
            isGiven = cursor.U8() != 0;
        }
        return isGiven && cursor.Left >= 4 && cursor.U32() == (uint)Type.Size ? cursor.Take(Type.Size).ToArray() : null;
    }

    private Seq<int> Dataspace(byte[] message)
    {
        var cursor = new Hdf5Cursor(message, source, "sizes");
        int version = cursor.U8(), rank = cursor.U8();
        cursor.U8();
        if (version is not (1 or 2) || rank > MostAxes)
        {
            throw source.Unread($"'{path}' has sizes of version {version} and {rank} axes; up to {MostAxes} are read");
        }
        int kind = cursor.U8();
        cursor.Take(version == 1 ? 4 : 0);
        if (version == 2 && kind == 2)
        {
            return [0];
        }
        int[] sizes = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            ulong size = cursor.U64();
            sizes[axis] = size <= int.MaxValue ? (int)size : throw source.Unread($"'{path}' has an axis of {size}; up to 2^31 - 1 are read");
        }
        return [.. sizes];
    }
}
