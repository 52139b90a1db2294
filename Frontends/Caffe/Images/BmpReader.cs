using System.Buffers.Binary;

namespace Symbolic.Caffe.Images;

/// <summary>Reads BMP pictures (Microsoft's BITMAPINFOHEADER and its successors) of 8 bits with a palette, of 24 and of 32 bits, not compressed.</summary>
internal static class BmpReader
{
    private const int PaletteEntry = 4;

    /// <summary>Decodes a file, whose size was checked against its length.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a kind that is not read.</exception>
    public static Picture Decode(byte[] file, PictureColor color, string where)
    {
        (uint start, uint head) = (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(10)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(14)));
        (int width, int signedHeight) = (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(18)), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(22)));
        (int bits, uint method) = (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(28)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(30)));
        if (head < 40 || bits is not (8 or 24 or 32) || method != 0)
        {
            throw new InvalidDataException($"{where}: a BMP with a header of {head} bytes, {bits} bits a pixel and compression {method}; 8, 24 and 32 bits without are read");
        }
        int height = Math.Abs(signedHeight);
        long stride = (((long)width * bits) + 31) / 32 * 4;
        if (start > file.Length || stride * height > file.Length - start || (bits == 8 && 14 + (long)head > start))
        {
            throw new InvalidDataException($"{where}: damaged: {width} x {height} pixels from byte {start} of {file.Length}");
        }
        ReadOnlySpan<byte> palette = bits == 8 ? file.AsSpan(14 + (int)head, (int)start - 14 - (int)head) : default;
        // imdecode gives 32 bits three channels too: the fourth byte means nothing in a BMP.
        bool isGray = color == PictureColor.Gray;
        byte[] pixels = new byte[checked(width * height * (isGray ? 1 : 3))];
        for (int y = 0, to = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = file.AsSpan((int)(start + (stride * (signedHeight > 0 ? height - 1 - y : y))));
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> pixel = bits != 8 ? row.Slice(x * bits / 8, 3)
                    : (row[x] * PaletteEntry) + 3 <= palette.Length ? palette.Slice(row[x] * PaletteEntry, 3)
                    : throw new InvalidDataException($"{where}: damaged: colour {row[x]} of a palette of {palette.Length / PaletteEntry}");
                if (isGray)
                {
                    // The weights of OpenCV's cvtColor: 14 bits behind the point.
                    pixels[to++] = (byte)(((pixel[0] * 1868) + (pixel[1] * 9617) + (pixel[2] * 4899) + (1 << 13)) >> 14);
                    continue;
                }
                pixel.CopyTo(pixels.AsSpan(to));
                to += 3;
            }
        }
        return new Picture(3 - (isGray ? 2 : 0), height, width, pixels);
    }
}
