using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Symbolic.Caffe.Hdf5;

/// <summary>What elements of an array are: whole numbers, floating-point numbers, or strings of one length (specification IV.A.2.d).</summary>
internal readonly record struct Hdf5Type(Hdf5Class Class, int Size, bool IsBigEndian, bool IsSigned)
{
    public static Hdf5Type Read(Hdf5File file, Hdf5Cursor message)
    {
        int kind = message.Byte() & 0x0F, bits = message.Byte(), more = message.Byte();
        message.Skip(1);
        uint size = message.Int();
        if (size is 0 or > int.MaxValue)
        {
            throw file.Bad($"elements of {size} bytes");
        }
        // Floating point has a second bit of byte order, for that of the VAX.
        return kind switch
        {
            0 => new(Hdf5Class.Integer, (int)size, (bits & 1) != 0, (bits & 8) != 0),
            1 when (bits & 0x40) == 0 => new(Hdf5Class.Float, (int)size, (bits & 1) != 0, true),
            3 => new(Hdf5Class.String, (int)size, false, false),
            _ => new(Hdf5Class.Other, (int)size, more > 0, false),
        };
    }

    /// <summary>Elements as float32, the conversion that Caffe leaves to the HDF5 library; null if they are no numbers.</summary>
    public float[]? Floats(byte[] bytes)
    {
        Hdf5Type type = this;
        return (Class, Size) switch
        {
            (Hdf5Class.Float, 4) when !IsBigEndian && BitConverter.IsLittleEndian => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            (Hdf5Class.Float, 4) => Each(bytes, b => type.IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b)),
            (Hdf5Class.Float, 8) => Each(bytes, b => (float)(type.IsBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b))),
            (Hdf5Class.Float, 2) => Each(bytes, b => (float)(type.IsBigEndian ? BinaryPrimitives.ReadHalfBigEndian(b) : BinaryPrimitives.ReadHalfLittleEndian(b))),
            (Hdf5Class.Integer, <= 8) => Each(bytes, b => (float)type.Integer(b)),
            _ => null,
        };
    }

    /// <summary>Elements as whole numbers; null if they are none.</summary>
    public Int128[]? Integers(byte[] bytes) => Class == Hdf5Class.Integer && Size <= 8 ? Each(bytes, Integer) : null;

    /// <summary>The first element as text without the zeros behind it; null if it is none.</summary>
    public string? Text(byte[] bytes) => Class == Hdf5Class.String && bytes.Length >= Size ? Encoding.UTF8.GetString(bytes, 0, Size).TrimEnd('\0') : null;

    private Int128 Integer(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value = (value << 8) | bytes[IsBigEndian ? i : bytes.Length - 1 - i];
        }
        int unused = 64 - (8 * bytes.Length);
        return IsSigned ? (long)(value << unused) >> unused : value;
    }

    private delegate T Element<T>(ReadOnlySpan<byte> bytes);

    private T[] Each<T>(byte[] bytes, Element<T> element)
    {
        var values = new T[bytes.Length / Size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = element(bytes.AsSpan(i * Size, Size));
        }
        return values;
    }
}

/// <summary>Kinds of elements.</summary>
internal enum Hdf5Class
{
    Integer,
    Float,
    String,
    Other,
}
