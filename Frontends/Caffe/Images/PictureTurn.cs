using System.Buffers.Binary;

namespace Symbolic.Caffe.Images;

/// <summary>How a camera was held, which Exif says (CIPA DC-008, tag 274): OpenCV turns pictures upright unless they are wanted unchanged.</summary>
internal static class PictureTurn
{
    private const int Orientation = 274;

    /// <summary>The orientation in an Exif segment, 1 (upright) if there is none that makes sense.</summary>
    public static int Read(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 14 || !segment.StartsWith("Exif\0\0"u8))
        {
            return 1;
        }
        ReadOnlySpan<byte> tiff = segment[6..];
        bool isBig = tiff[0] == 'M';
        uint directory = U32(tiff[4..], isBig);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }
        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        for (int count = U16(entries, isBig), at = 2; count > 0 && at + 12 <= entries.Length; count--, at += 12)
        {
            if (U16(entries[at..], isBig) == Orientation)
            {
                return U16(entries[(at + 8)..], isBig) is >= 1 and <= 8 and int orientation ? orientation : 1;
            }
        }
        return 1;
    }

    /// <summary>The picture upright.</summary>
    public static Picture Upright(Picture picture, int orientation)
    {
        if (orientation == 1)
        {
            return picture;
        }
        bool isTurned = orientation >= 5;
        (int height, int width) = isTurned ? (picture.Width, picture.Height) : (picture.Height, picture.Width);
        byte[] pixels = new byte[picture.Pixels.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = orientation switch
                {
                    2 => (picture.Width - 1 - x, y),
                    3 => (picture.Width - 1 - x, picture.Height - 1 - y),
                    4 => (x, picture.Height - 1 - y),
                    5 => (y, x),
                    6 => (y, picture.Height - 1 - x),
                    7 => (picture.Width - 1 - y, picture.Height - 1 - x),
                    _ => (picture.Width - 1 - y, x),
                };
                picture.Pixels.AsSpan(((fromY * picture.Width) + fromX) * picture.Channels, picture.Channels).CopyTo(pixels.AsSpan(((y * width) + x) * picture.Channels));
            }
        }
        return picture with { Height = height, Width = width, Pixels = pixels };
    }

    private static int U16(ReadOnlySpan<byte> bytes, bool isBig) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
