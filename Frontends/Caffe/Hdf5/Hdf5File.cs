using System.Buffers.Binary;

namespace Symbolic.Caffe.Hdf5;

/// <summary>
/// The bytes of an HDF5 file by address, and where its root group is ("HDF5 File Format Specification", version 3.0, II.A). Nothing
/// is read or allocated that does not lie within the file; and all structure together may be read a few times over, but not without end,
/// which also ends whatever refers to itself.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    /// <summary>The address of what was never written.</summary>
    public const ulong Undefined = ulong.MaxValue;

    private const int StructureReadings = 16;
    private const long SmallStructure = 1 << 20;

    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly FileStream stream;
    private readonly ulong start;
    private long structure;

    public Hdf5File(FileStream stream, string name)
    {
        (this.stream, Name) = (stream, name);
        Hdf5Cursor superblock = Structure(0, (ulong)Math.Min(stream.Length, 96), "the superblock");
        superblock.Skip(Signature.Length);
        int version = superblock.Byte();
        superblock.Skip(version < 2 ? 4 : 0);
        (int sizeOfOffsets, int sizeOfLengths) = (superblock.Byte(), superblock.Byte());
        if (version > 3 || sizeOfOffsets != sizeof(ulong) || sizeOfLengths != sizeof(ulong))
        {
            throw Bad($"a superblock of version {version} with addresses of {sizeOfOffsets} and lengths of {sizeOfLengths} bytes; versions 0 to 3 with 8 bytes are read");
        }
        superblock.Skip(version switch { 0 => 9, 1 => 13, _ => 1 });
        ulong origin = superblock.Long();
        superblock.Skip(sizeof(ulong));
        ulong end = superblock.Long();
        superblock.Skip(version < 2 ? 2 * sizeof(ulong) : 0);
        RootHeader = superblock.Long();
        if (end > (ulong)stream.Length)
        {
            throw Bad($"it is cut off: {stream.Length} bytes of {end}");
        }
        start = origin;
    }

    /// <summary>Whether a file begins as HDF5 files do.</summary>
    public static bool IsHdf5(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    public string Name { get; }

    public long Length => stream.Length;

    /// <summary>The address of the root group's header.</summary>
    public ulong RootHeader { get; }

    /// <summary>Bytes of the file's structure.</summary>
    public Hdf5Cursor Structure(ulong address, ulong length, string what)
    {
        structure += (long)Math.Min(length, long.MaxValue / 4);
        if (structure > (StructureReadings * stream.Length) + SmallStructure)
        {
            throw Bad("its parts refer to each other again and again");
        }
        return new Hdf5Cursor(Bytes(address, length, what), Name, what);
    }

    /// <summary>Bytes at an address.</summary>
    /// <exception cref="InvalidDataException">They do not lie within the file.</exception>
    public byte[] Bytes(ulong address, ulong length, string what)
    {
        ulong size = (ulong)stream.Length;
        if (length > (ulong)Array.MaxLength || start > size || address > size - start || length > size - start - address)
        {
            throw Bad($"{what}: {length} bytes at {address} do not lie within the file's {size}");
        }
        byte[] bytes = new byte[length];
        stream.Position = (long)(start + address);
        stream.ReadExactly(bytes);
        return bytes;
    }

    public InvalidDataException Bad(string what) => new($"{Name}: damaged, or of a kind that is not read: {what}");

    public void Dispose() => stream.Dispose();
}

/// <summary>Walks little-endian numbers; nothing is read beyond the end.</summary>
internal sealed class Hdf5Cursor(byte[] bytes, string file, string what)
{
    private int position;

    public int Left => bytes.Length - position;

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Left)
        {
            throw new InvalidDataException($"{file}: damaged: {what} ends too early: {length} bytes are wanted where {Left} are left");
        }
        position += length;
        return bytes.AsSpan(position - length, length);
    }

    public void Skip(int length) => Take(length);

    public byte Byte() => Take(1)[0];

    public int Short() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint Int() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Long() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of 1, 2, 4 or 8 bytes, as two bits say.</summary>
    public ulong Sized(int bits) => (bits & 3) switch { 0 => Byte(), 1 => (ulong)Short(), 2 => Int(), _ => Long() };

    /// <summary>Expects four letters.</summary>
    public void Expect(string letters)
    {
        foreach (char letter in letters)
        {
            if (Byte() != letter)
            {
                throw new InvalidDataException($"{file}: damaged: {what} does not begin with {letters}");
            }
        }
    }
}
