using StbImageSharp;

namespace Symbolic.Caffe.Images;

/// <summary>
/// Decodes PNG, JPEG and BMP pictures to what OpenCV's imdecode makes of them: PNG and BMP exactly, JPEG to within one level,
/// since its decoders differ in their rounding.
/// </summary>
internal static class PictureFile
{
    /// <summary>Decodes a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="color">What channels are wanted.</param>
    /// <param name="where">What to call it in an error.</param>
    /// <exception cref="InvalidDataException">It is no such picture, or damaged.</exception>
    public static Picture Decode(byte[] file, PictureColor color, string where)
    {
        PictureHeader header = PictureHeader.Read(file, where);
        if (color == PictureColor.Unchanged && header.Bits > 8)
        {
            throw new InvalidDataException($"{where}: Image data type must be unsigned byte; this picture has {header.Bits} bits a channel");
        }
        bool isGray = color == PictureColor.Gray || (color == PictureColor.Unchanged && header.Channels == 1);
        // Of a JPEG the gray is its own luminance; of the others it is made from the colours.
        ColorComponents components = isGray && (header.Format == PictureFormat.Jpeg || header.Channels == 1) ? ColorComponents.Grey
            : color == PictureColor.Unchanged && header.Channels == 4 ? ColorComponents.RedGreenBlueAlpha
            : ColorComponents.RedGreenBlue;
        ImageResult decoded = Decode(file, components, where);
        if (decoded.Width != header.Width || decoded.Height != header.Height || decoded.Data.LongLength != (long)decoded.Width * decoded.Height * (int)components)
        {
            throw new InvalidDataException($"{where}: damaged: {decoded.Data.LongLength} bytes of {decoded.Width} x {decoded.Height} pixels, but the header says {header.Width} x {header.Height}");
        }
        if (components == ColorComponents.Grey)
        {
            return new(1, decoded.Height, decoded.Width, decoded.Data);
        }
        return isGray
            ? new(1, decoded.Height, decoded.Width, Luminance(decoded.Data, header.Format))
            : new((int)components, decoded.Height, decoded.Width, BlueFirst(decoded.Data, (int)components));
    }

    private static ImageResult Decode(byte[] file, ColorComponents components, string where)
    {
        try
        {
            return ImageResult.FromMemory(file, components);
        }
        // What the library throws over a damaged picture is whatever comes of it.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidDataException($"{where}: damaged: {error.Message}", error);
        }
    }

    private static byte[] BlueFirst(byte[] pixels, int channels)
    {
        for (int i = 0; i < pixels.Length; i += channels)
        {
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }
        return pixels;
    }

    // The weights of red, green and blue as OpenCV has them: for PNG those of libpng's png_set_rgb_to_gray(0.299, 0.587), in 15
    // bits and rounded down; for BMP those of cvtColor, in 14 bits and rounded.
    private static byte[] Luminance(byte[] pixels, PictureFormat format)
    {
        byte[] gray = new byte[pixels.Length / 3];
        (int red, int green, int blue, int half, int shift) = format == PictureFormat.Png ? (9797, 19234, 3737, 0, 15) : (4899, 9617, 1868, 1 << 13, 14);
        for (int i = 0; i < gray.Length; i++)
        {
            (int r, int g, int b) = (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            gray[i] = (byte)(((r * red) + (g * green) + (b * blue) + half) >> shift);
        }
        return gray;
    }
}
