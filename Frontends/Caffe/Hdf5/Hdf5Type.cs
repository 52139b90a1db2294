using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Symbolic.Caffe.Hdf5;

/// <summary>What the elements of an array are.</summary>
internal enum Hdf5Kind
{
    Integer,
    Float,
    Text,
}

/// <summary>The type of an array's elements (specification IV.A.2.d): whole numbers, IEEE floats, strings of a fixed length.</summary>
internal readonly record struct Hdf5Type(Hdf5Kind Kind, int Size, bool IsBigEndian, bool IsSigned)
{
    public static Hdf5Type Read(byte[] message, Hdf5Source source)
    {
        var cursor = new Hdf5Cursor(message, source, "a type");
        int kind = cursor.U8() & 0x0F;
        ReadOnlySpan<byte> bits = cursor.Take(3);
        (byte first, byte second) = (bits[0], bits[1]);
        uint size = cursor.U32();
        Hdf5Type? type = kind switch
        {
            0 when size is 1 or 2 or 4 or 8 && cursor.U16() == 0 && cursor.U16() == 8 * size => new(Hdf5Kind.Integer, (int)size, (first & 1) != 0, (first & 8) != 0),
            // Offset 0, all bits used, no VAX order, and the fields of IEEE 754: sign, exponent and fraction as in binary16, 32 and 64.
            1 when (first & 0x40) == 0 && IsIeee(ref cursor, size, second) => new(Hdf5Kind.Float, (int)size, (first & 1) != 0, true),
            3 when size is > 0 and <= int.MaxValue => new(Hdf5Kind.Text, (int)size, false, false),
            _ => null,
        };
        return type ?? throw source.Unread($"a type of class {kind} and {size} bytes is not read; whole numbers of 8 to 64 bits, IEEE floats of 16 to 64 and strings of a fixed length are");
    }

    /// <summary>The numbers of raw bytes, rounded to float32.</summary>
    public float[] Floats(byte[] raw)
    {
        Orient(raw);
        return (Kind, Size, IsSigned) switch
        {
            (Hdf5Kind.Float, 4, _) => MemoryMarshal.Cast<byte, float>(raw).ToArray(),
            (Hdf5Kind.Float, 8, _) => Map<double>(raw, value => (float)value),
            (Hdf5Kind.Float, _, _) => Map<Half>(raw, value => (float)value),
            (_, 8, false) => Map<ulong>(raw, value => (float)value),
            (_, 8, true) => Map<long>(raw, value => (float)value),
            (_, 4, false) => Map<uint>(raw, value => (float)value),
            (_, 4, true) => Map<int>(raw, value => (float)value),
            (_, 2, false) => Map<ushort>(raw, value => value),
            (_, 2, true) => Map<short>(raw, value => value),
            (_, 1, false) => Map<byte>(raw, value => value),
            _ => Map<sbyte>(raw, value => value),
        };
    }

    /// <summary>The one whole number of raw bytes.</summary>
    public long Integer(byte[] raw)
    {
        Orient(raw);
        byte[] wide = new byte[8];
        wide.AsSpan().Fill(IsSigned && (raw[^1] & 0x80) != 0 ? (byte)0xFF : (byte)0);
        raw.CopyTo(wide, 0);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    /// <summary>The one string of raw bytes, up to its zero byte.</summary>
    public static string Text(byte[] raw) => Encoding.UTF8.GetString(raw.AsSpan() is var bytes && bytes.IndexOf((byte)0) is >= 0 and int end ? bytes[..end] : bytes);

    private static bool IsIeee(ref Hdf5Cursor cursor, uint size, byte signBit)
    {
        (int offset, int precision, int exponentAt, int exponentSize, int fractionAt, int fractionSize) = (cursor.U16(), cursor.U16(), cursor.U8(), cursor.U8(), cursor.U8(), cursor.U8());
        uint bias = cursor.U32();
        (int wantedExponent, uint wantedBias) = size switch { 2 => (5, 15u), 4 => (8, 127u), 8 => (11, 1023u), _ => (0, 0u) };
        int wantedFraction = (8 * (int)size) - 1 - wantedExponent;
        return wantedExponent > 0 && offset == 0 && precision == 8 * size && exponentSize == wantedExponent && exponentAt == wantedFraction
            && fractionAt == 0 && fractionSize == wantedFraction && bias == wantedBias && signBit == (8 * size) - 1;
    }

    // Numbers as this machine has them.
    private void Orient(byte[] raw)
    {
        if (IsBigEndian != !BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < raw.Length; i += Size)
            {
                raw.AsSpan(i, Size).Reverse();
            }
        }
    }

    private static float[] Map<T>(byte[] raw, Func<T, float> convert) where T : struct
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(raw);
        float[] numbers = new float[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = convert(values[i]);
        }
        return numbers;
    }
}
