using System.Buffers.Binary;

namespace Symbolic.Caffe.Images;

/// <summary>What a picture file is, by its first bytes.</summary>
internal enum PictureFormat
{
    Png,
    Jpeg,
    Bmp,
}

/// <summary>
/// Format and size of a picture file, found without decoding it, so that a small file that claims to be huge is refused before
/// anything is allocated. Sources: the PNG specification (IHDR), ITU-T T.81 annex B (frame headers), Microsoft's BITMAPINFOHEADER.
/// </summary>
internal readonly record struct PictureHeader(PictureFormat Format, long Width, long Height, int Bits)
{
    // Deflate makes at most 1032 bytes of one; a plain picture compresses that well.
    private const long MostPixelsPerByte = 1100, SmallPixels = 4 << 20;

    // A larger file may hold a larger picture, but above this a file must have a byte for 16 pixels.
    private const long LargePixels = 16 << 20, LargePixelsPerByte = 16;

    /// <summary>Reads the header, and refuses sizes that the file's length does not bear out.</summary>
    /// <exception cref="InvalidDataException">It is no PNG, JPEG or BMP file, is cut off, or claims too much.</exception>
    public static PictureHeader Read(ReadOnlySpan<byte> file, string where)
    {
        PictureHeader header = file switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(file, where),
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(file, where),
            [(byte)'B', (byte)'M', ..] => Bmp(file, where),
            _ => throw new InvalidDataException($"{where}: is no PNG, JPEG or BMP picture"),
        };
        long most = Math.Min((MostPixelsPerByte * file.Length) + SmallPixels, LargePixels + (LargePixelsPerByte * file.Length));
        return header.Width > 0 && header.Height > 0 && (Int128)header.Width * header.Height <= most ? header
            : throw new InvalidDataException($"{where}: claims to be a picture of {header.Width} x {header.Height} pixels in {file.Length} bytes");
    }

    private static PictureHeader Png(ReadOnlySpan<byte> file, string where)
    {
        if (file.Length < 33 || !file[12..16].SequenceEqual("IHDR"u8))
        {
            throw CutOff(where);
        }
        return new(PictureFormat.Png, BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]), file[24]);
    }

    private static PictureHeader Jpeg(ReadOnlySpan<byte> file, string where)
    {
        for (int at = 2; at + 4 <= file.Length;)
        {
            if (file[at] != 0xFF)
            {
                throw new InvalidDataException($"{where}: damaged at byte {at}: no JPEG marker");
            }
            byte marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            // SOF0 to SOF15, without the tables DHT, JPG and DAC that have numbers among them.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return at + 10 <= file.Length
                    ? new(PictureFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), file[at + 4])
                    : throw CutOff(where);
            }
            at += 2 + Math.Max(length, 2);
        }
        throw CutOff(where);
    }

    private static PictureHeader Bmp(ReadOnlySpan<byte> file, string where)
    {
        if (file.Length < 54)
        {
            throw CutOff(where);
        }
        return new(PictureFormat.Bmp, BinaryPrimitives.ReadInt32LittleEndian(file[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..])), 8);
    }

    private static InvalidDataException CutOff(string where) => new($"{where}: is a picture that is cut off");
}
