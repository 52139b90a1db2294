using Symbolic.Caffe.Images.Jpeg;
using Symbolic.Caffe.Images.Png;

namespace Symbolic.Caffe.Images;

/// <summary>
/// Decodes PNG, JPEG and BMP pictures to what OpenCV's imdecode makes of them. The decoders are ours: they give its very pixels, and a
/// hostile file can end only in an error.
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
        return header.Format switch
        {
            PictureFormat.Png => PngReader.Decode(file, color, where),
            PictureFormat.Bmp => BmpReader.Decode(file, color, where),
            _ => JpegFile.Decode(file, color, where),
        };
    }
}
