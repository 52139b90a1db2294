using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Images;

/// <summary>What colours a picture is wanted in.</summary>
internal enum PictureColor
{
    /// <summary>As the file has them: one channel, three, or four with opacity.</summary>
    Unchanged,

    /// <summary>Three channels.</summary>
    Color,

    /// <summary>One channel.</summary>
    Gray,
}

/// <summary>A picture as OpenCV holds it: bytes, row by row, the channels of a pixel side by side in the order blue, green, red, opacity.</summary>
internal sealed record Picture(int Channels, int Height, int Width, byte[] Pixels)
{
    /// <summary>The picture, of one channel or three, as a PNG file.</summary>
    public byte[] ToPng()
    {
        byte[] pixels = [.. Pixels];
        for (int i = 0; Channels == 3 && i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }
        return PngFile.Encode(pixels, Width, Height, Channels);
    }

    /// <summary>The picture as an item of a database: channel by channel (Caffe's io.cpp, CVMatToDatum).</summary>
    public Datum ToDatum(int label)
    {
        byte[] planes = new byte[Pixels.Length];
        int plane = Height * Width;
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int pixel = 0, from = channel; pixel < plane; pixel++, from += Channels)
            {
                planes[(channel * plane) + pixel] = Pixels[from];
            }
        }
        return new Datum { Channels = Channels, Height = Height, Width = Width, Data = UnsafeByteOperations.UnsafeWrap(planes), Label = label };
    }
}
