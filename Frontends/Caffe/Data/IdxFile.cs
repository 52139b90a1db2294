using System.Buffers.Binary;
using System.IO.Compression;

namespace Symbolic.Caffe;

/// <summary>
/// An array of bytes in the idx format of the MNIST digits (yann.lecun.com/exdb/mnist): two zero bytes, the type 8, the number
/// of axes, each size as 32 bits big-endian, the bytes. May be compressed by gzip.
/// </summary>
internal sealed class IdxFile
{
    // Four times the largest that MNIST's relatives come in; a small gzip file can claim any size.
    private const long MostBytes = 1 << 28;

    private IdxFile(int[] sizes, byte[] bytes) => (Sizes, Bytes) = (sizes, bytes);

    /// <summary>The size of each axis.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>The elements, row-major.</summary>
    public byte[] Bytes { get; }

    /// <summary>Reads a file that must have so many axes.</summary>
    public static IdxFile Read(string name, int axes, ModelFiles files)
    {
        byte[] raw = files.ReadAll(name, most: MostBytes);
        bool isCompressed = raw is [0x1F, 0x8B, ..];
        using Stream stream = isCompressed ? new GZipStream(new MemoryStream(raw), CompressionMode.Decompress) : new MemoryStream(raw);
        try
        {
            return Read(stream, name, axes);
        }
        catch (EndOfStreamException)
        {
            throw Bad(name, "it is cut off");
        }
        catch (InvalidDataException error) when (isCompressed && !error.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw Bad(name, $"its compression is damaged ({error.Message})");
        }
    }

    private static IdxFile Read(Stream stream, string name, int axes)
    {
        byte[] header = new byte[4 + (4 * axes)];
        stream.ReadExactly(header.AsSpan(0, 4));
        if (header is not [0, 0, 8, _, ..] || header[3] != axes)
        {
            throw Bad(name, $"it begins with 0x{Convert.ToHexString(header.AsSpan(0, 4))}, not with 0x000008{axes:X2} as idx files of bytes with {axes} axes do");
        }
        stream.ReadExactly(header.AsSpan(4));
        int[] sizes = new int[axes];
        long count = 1;
        for (int axis = 0; axis < axes; axis++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * axis)));
            count = size <= MostBytes && count * size <= MostBytes ? count * size
                : throw Bad(name, $"it claims more than {MostBytes} elements");
            sizes[axis] = (int)size;
        }
        // Allocate what is there, not what is claimed.
        using var bytes = new MemoryStream();
        byte[] chunk = new byte[1 << 16];
        for (int read; bytes.Length <= count && (read = stream.Read(chunk)) > 0;)
        {
            bytes.Write(chunk, 0, read);
        }
        return bytes.Length == count ? new IdxFile(sizes, bytes.ToArray())
            : throw Bad(name, bytes.Length < count ? $"it is cut off: {bytes.Length} elements of {count}" : $"it has more than its {count} elements");
    }

    private static InvalidDataException Bad(string name, string what) => new($"{name}: no idx file: {what}");
}
