using System.Buffers.Binary;

namespace Symbolic.Caffe.Hdf5;

/// <summary>
/// The bytes of an HDF5 file by address. Every read must lie within the file, and all reads together may take only so much: in a
/// sound file each byte is needed once or a few times, in a hostile one many names can lead to the same bytes.
/// </summary>
internal sealed class Hdf5Source(FileStream stream, string name) : IDisposable
{
    /// <summary>The address that means none.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    // A small file may unpack to much, a larger one to 64 times itself; deflate's best is 1032 times.
    private const long Small = 64 << 20, Expansion = 64;

    private long budget = Small + (Expansion * stream.Length);

    /// <summary>The file's name, for errors.</summary>
    public string Name => name;

    public long Length => stream.Length;

    /// <summary>So many bytes from an address.</summary>
    public byte[] Read(ulong address, ulong length, string what)
    {
        if (address > (ulong)Length || length > (ulong)Length - address || length > (ulong)Array.MaxLength)
        {
            throw Bad($"{what}: {length} bytes from byte {address} do not lie within the file's {Length}");
        }
        Spend((long)length, what);
        byte[] bytes = new byte[length];
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(stream.SafeFileHandle, bytes.AsSpan(read), (long)address + read);
            read += more > 0 ? more : throw Bad($"{what}: the file became shorter while it was read");
        }
        return bytes;
    }

    /// <summary>Counts bytes that are made of what was read.</summary>
    public void Spend(long bytes, string what) => budget = bytes <= budget ? budget - bytes
        : throw Bad($"{what}: the file says of itself that it holds much more than its {Length} bytes can");

    public InvalidDataException Bad(string what) => new($"{name}: damaged HDF5: {what}");

    /// <summary>For what is sound but not read.</summary>
    public InvalidDataException Unread(string what) => new($"{name}: {what}");

    public void Dispose() => stream.Dispose();
}

/// <summary>Walks bytes of an HDF5 file, all little-endian. Nothing is read beyond their end.</summary>
internal ref struct Hdf5Cursor(ReadOnlySpan<byte> bytes, Hdf5Source source, string what)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly Hdf5Source source = source;
    private readonly string what = what;

    /// <summary>The next byte's index.</summary>
    public int Position { get; set; }

    public readonly int Left => bytes.Length - Position;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
        {
            throw source.Bad($"{what} ends too early");
        }
        Position += count;
        return bytes.Slice(Position - count, count);
    }

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Number(int size)
    {
        ulong value = 0;
        ReadOnlySpan<byte> digits = Take(size);
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | digits[i];
        }
        return value;
    }
}
