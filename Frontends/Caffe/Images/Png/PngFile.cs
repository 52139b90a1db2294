using System.Buffers.Binary;
using System.IO.Compression;

namespace Symbolic.Caffe;

/// <summary>Pictures as PNG files (ISO/IEC 15948): one byte a channel, one unfiltered zlib stream.</summary>
public static class PngFile
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    /// <summary>The file's bytes.</summary>
    /// <param name="pixels">Row by row, the channels of a pixel side by side; 0 is black.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="ArgumentException">The number of bytes is another, or there are other channels.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels = 1)
    {
        if (channels is not (1 or 3) || pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{pixels.Length} bytes for {width} x {height} pixels of {channels} channels", nameof(pixels));
        }
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * width * channels, width * channels));
            }
        }
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The checksum of a chunk's type and data (CRC-32).</summary>
    internal static uint Checksum(ReadOnlySpan<byte> typeAndData) => ~Sum(uint.MaxValue, typeAndData);

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Sum(Sum(uint.MaxValue, type), data));
        file.Write(word);
    }

    private static uint Sum(uint sum, ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
        {
            sum = Table[(byte)(sum ^ b)] ^ (sum >> 8);
        }
        return sum;
    }
}
