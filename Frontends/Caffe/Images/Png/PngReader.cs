using System.Buffers.Binary;
using System.IO.Compression;

namespace Symbolic.Caffe.Images.Png;

/// <summary>
/// Reads PNG pictures (ISO/IEC 15948) of every colour type and depth, interlaced or not; checksums are checked. Of 16 bits the upper 8
/// are kept, as OpenCV keeps them.
/// </summary>
internal sealed class PngReader
{
    private const int Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, RgbAlpha = 6;

    // Where the seven passes of Adam7 begin, and the steps between their pixels (clause 8.2).
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly string where;
    private readonly int width, height, depth, kind;
    private readonly bool isInterlaced;
    private readonly MemoryStream packed = new();
    private byte[] palette = [], opacity = [];

    private PngReader(ReadOnlySpan<byte> header, string where)
    {
        this.where = where;
        (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        (depth, kind) = (header[8], header[9]);
        bool isKnown = kind switch
        {
            Gray => depth is 1 or 2 or 4 or 8 or 16,
            Palette => depth is 1 or 2 or 4 or 8,
            Rgb or GrayAlpha or RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || width <= 0 || height <= 0 || header[10] != 0 || header[11] != 0 || header[12] > 1)
        {
            throw Bad($"a header of colour type {kind}, {depth} bits, {width} x {height} pixels, methods {header[10]}, {header[11]} and {header[12]}");
        }
        isInterlaced = header[12] == 1;
    }

    private int Channels => kind switch { Gray or Palette => 1, GrayAlpha => 2, Rgb => 3, _ => 4 };

    /// <summary>Decodes a file, whose size was checked against its length.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="color">What channels are wanted.</param>
    /// <param name="where">What to call it in an error.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Picture Decode(byte[] file, PictureColor color, string where)
    {
        PngReader? reader = null;
        for (int at = 8; ;)
        {
            if (at + 12 > file.Length)
            {
                throw new InvalidDataException($"{where}: damaged: it is cut off");
            }
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                throw new InvalidDataException($"{where}: damaged at byte {at}: a chunk of {length} bytes");
            }
            ReadOnlySpan<byte> type = file.AsSpan(at + 4, 4), data = file.AsSpan(at + 8, (int)length);
            if (PngFile.Checksum(file.AsSpan(at + 4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)length)))
            {
                throw new InvalidDataException($"{where}: damaged at byte {at}: the checksum of a chunk is wrong");
            }
            at += 12 + (int)length;
            if (type.SequenceEqual("IEND"u8))
            {
                return reader?.Picture(color) ?? throw new InvalidDataException($"{where}: damaged: it has no header");
            }
            if (reader is null)
            {
                reader = type.SequenceEqual("IHDR"u8) && length == 13 ? new PngReader(data, where) : throw new InvalidDataException($"{where}: damaged: it does not begin with its header");
                continue;
            }
            reader.Chunk(type, data);
        }
    }

    private void Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("IDAT"u8))
        {
            packed.Write(data);
        }
        else if (type.SequenceEqual("PLTE"u8))
        {
            palette = data.Length is > 0 and <= 768 && data.Length % 3 == 0 ? data.ToArray() : throw Bad($"a palette of {data.Length} bytes");
        }
        else if (type.SequenceEqual("tRNS"u8) && kind == Palette)
        {
            opacity = data.ToArray();
        }
        else if ((type[0] & 0x20) == 0)
        {
            throw Bad("a chunk that must be understood and is not known");
        }
    }

    private Picture Picture(PictureColor color)
    {
        byte[] samples = Samples();
        // What imdecode makes of each colour type: opacity is kept where nothing is asked for, and dropped else.
        bool hasOpacity = color == PictureColor.Unchanged && (kind is GrayAlpha or RgbAlpha || opacity.Length > 0);
        bool isGray = color == PictureColor.Gray || (color == PictureColor.Unchanged && kind == Gray);
        int channels = isGray ? 1 : hasOpacity ? 4 : 3, own = Channels;
        byte[] pixels = new byte[checked(width * height * channels)];
        for (int i = 0; i < width * height; i++)
        {
            (byte red, byte green, byte blue, byte solid) = Color(samples.AsSpan(i * own, own));
            if (isGray)
            {
                // libpng's png_set_rgb_to_gray(0.299, 0.587): 15 bits behind the point, rounded down, gray left as it is.
                pixels[i] = red == green && red == blue ? red : (byte)(((9797 * red) + (19234 * green) + (3737 * blue)) >> 15);
                continue;
            }
            (pixels[i * channels], pixels[(i * channels) + 1], pixels[(i * channels) + 2]) = (blue, green, red);
            if (hasOpacity)
            {
                pixels[(i * channels) + 3] = solid;
            }
        }
        return new Picture(channels, height, width, pixels);
    }

    private (byte Red, byte Green, byte Blue, byte Solid) Color(ReadOnlySpan<byte> sample)
    {
        switch (kind)
        {
            case Palette:
                int entry = sample[0];
                // An entry that the palette lacks is black, as libpng has it.
                return 3 * entry < palette.Length
                    ? (palette[3 * entry], palette[(3 * entry) + 1], palette[(3 * entry) + 2], entry < opacity.Length ? opacity[entry] : (byte)255)
                    : ((byte)0, (byte)0, (byte)0, (byte)255);
            case Gray or GrayAlpha:
                return (sample[0], sample[0], sample[0], kind == GrayAlpha ? sample[1] : (byte)255);
            default:
                return (sample[0], sample[1], sample[2], kind == RgbAlpha ? sample[3] : (byte)255);
        }
    }

    // A byte for each channel of each pixel, in rows.
    private byte[] Samples()
    {
        int channels = Channels;
        byte[] samples = new byte[checked(width * height * channels)];
        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        foreach ((int x, int y, int stepX, int stepY) in isInterlaced ? Passes : [(0, 0, 1, 1)])
        {
            (int across, int down) = ((width - x + stepX - 1) / stepX, (height - y + stepY - 1) / stepY);
            if (across <= 0 || down <= 0)
            {
                continue;
            }
            int rowBytes = (int)((((long)across * channels * depth) + 7) / 8), pixelBytes = Math.Max(1, channels * depth / 8);
            byte[] above = new byte[rowBytes], row = new byte[rowBytes];
            for (int line = 0; line < down; line++)
            {
                Unfilter(unpacked, row, above, pixelBytes);
                int to = (((y + (line * stepY)) * width) + x) * channels;
                for (int i = 0; i < across; i++, to += stepX * channels)
                {
                    for (int channel = 0; channel < channels; channel++)
                    {
                        samples[to + channel] = Sample(row, (i * channels) + channel);
                    }
                }
                (above, row) = (row, above);
            }
        }
        return samples;
    }

    private byte Sample(byte[] row, int number)
    {
        if (depth >= 8)
        {
            return row[number * depth / 8];
        }
        int value = (row[number * depth / 8] >> (8 - depth - (number * depth % 8))) & ((1 << depth) - 1);
        return (byte)(kind == Palette ? value : value * 255 / ((1 << depth) - 1));
    }

    // Clause 9: each byte is given as a difference from its neighbours to the left and above.
    private void Unfilter(ZLibStream stream, byte[] row, byte[] above, int pixelBytes)
    {
        int filter;
        try
        {
            filter = stream.ReadByte();
            stream.ReadExactly(row);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw Bad($"its compressed data: {error.Message}");
        }
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= pixelBytes ? row[i - pixelBytes] : 0, up = above[i], corner = i >= pixelBytes ? above[i - pixelBytes] : 0;
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw Bad($"a row of filter {filter}"),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int guess = left + up - corner;
        (int toLeft, int toUp, int toCorner) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private InvalidDataException Bad(string what) => new($"{where}: damaged: {what}");
}
