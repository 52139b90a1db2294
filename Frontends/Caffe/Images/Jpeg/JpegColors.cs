namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>
/// From the samples of components to pixels: coarser components are stretched by triangles of weights 3 and 1, and colours turned by
/// the equations of JFIF in integers of 16 bits behind the point; both rounded as in libjpeg, so that pixels are those of OpenCV.
/// </summary>
internal sealed class JpegColors(JpegFrame frame)
{
    private readonly byte[][] planes = [.. frame.Components.Select(JpegTransform.Samples)];

    /// <summary>The luminance, one byte a pixel: the first component, or what red, green and blue make of it.</summary>
    public byte[] Gray(bool isRgb)
    {
        byte[] pixels = new byte[frame.Width * frame.Height];
        if (isRgb)
        {
            byte[] colors = Colors(isRgb);
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(((19595 * colors[(3 * i) + 2]) + (38470 * colors[(3 * i) + 1]) + (7471 * colors[3 * i]) + (1 << 15)) >> 16);
            }
            return pixels;
        }
        byte[] row = new byte[Room];
        for (int y = 0; y < frame.Height; y++)
        {
            Stretch(0, y, row);
            row.AsSpan(0, frame.Width).CopyTo(pixels.AsSpan(y * frame.Width));
        }
        return pixels;
    }

    /// <summary>Blue, green and red of each pixel.</summary>
    /// <param name="isRgb">Whether the components are red, green and blue already.</param>
    public byte[] Colors(bool isRgb)
    {
        byte[] pixels = new byte[frame.Width * frame.Height * 3];
        byte[] first = new byte[Room], second = new byte[Room], third = new byte[Room];
        bool isGray = frame.Components.Length == 1;
        for (int y = 0; y < frame.Height; y++)
        {
            Stretch(0, y, first);
            if (!isGray)
            {
                Stretch(1, y, second);
                Stretch(2, y, third);
            }
            Span<byte> row = pixels.AsSpan(y * frame.Width * 3, frame.Width * 3);
            for (int x = 0; x < frame.Width; x++)
            {
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = isGray ? (first[x], first[x], first[x]) : isRgb ? (third[x], second[x], first[x]) : Turned(first[x], second[x], third[x]);
            }
        }
        return pixels;
    }

    private int Room => frame.Components[0].BlocksAcross / frame.Components[0].Across * frame.Across * 8 * 2;

    // ITU-T T.871: 1.402, 0.34414, 0.71414 and 1.772 times 2^16.
    private static (byte Blue, byte Green, byte Red) Turned(int light, int blue, int red)
    {
        (blue, red) = (blue - 128, red - 128);
        const int half = 1 << 15;
        return (Byte(light + (((116130 * blue) + half) >> 16)), Byte(light + (((-22554 * blue) - (46802 * red) + half) >> 16)), Byte(light + (((91881 * red) + half) >> 16)));
    }

    private static byte Byte(int value) => (byte)Math.Clamp(value, 0, 255);

    // A row of the picture's width from a component, whatever its sampling.
    private void Stretch(int number, int y, byte[] row)
    {
        JpegComponent component = frame.Components[number];
        (int across, int down) = (frame.Across / component.Across, frame.Down / component.Down);
        bool isWide = component.Width > 2;
        int own = y / down;
        ReadOnlySpan<byte> near = Row(number, own), far = Row(number, Math.Clamp(y % 2 == 0 ? own - 1 : own + 1, 0, component.Height - 1));
        switch (across, down)
        {
            case (1, 1):
                near.CopyTo(row);
                break;
            case (2, 1) when isWide:
                Twice(near, row);
                break;
            case (1, 2):
                for (int x = 0; x < near.Length; x++)
                {
                    row[x] = (byte)(((near[x] * 3) + far[x] + 1 + (y % 2)) >> 2);
                }
                break;
            case (2, 2) when isWide:
                Twice(near, far, row);
                break;
            default:
                for (int x = 0; x < near.Length * across; x++)
                {
                    row[x] = near[x / across];
                }
                break;
        }
    }

    private ReadOnlySpan<byte> Row(int number, int y) => planes[number].AsSpan(y * frame.Components[number].BlocksAcross * 8, frame.Components[number].Width);

    private static void Twice(ReadOnlySpan<byte> near, byte[] row)
    {
        int last = near.Length - 1;
        for (int x = 0; x <= last; x++)
        {
            row[2 * x] = (byte)(x == 0 ? near[0] : ((near[x] * 3) + near[x - 1] + 1) >> 2);
            row[(2 * x) + 1] = (byte)(x == last ? near[last] : ((near[x] * 3) + near[x + 1] + 2) >> 2);
        }
    }

    private static void Twice(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, byte[] row)
    {
        int last = near.Length - 1;
        int before = 0, here = (near[0] * 3) + far[0];
        for (int x = 0; x <= last; x++)
        {
            int after = x < last ? (near[x + 1] * 3) + far[x + 1] : 0;
            row[2 * x] = (byte)(x == 0 ? ((here * 4) + 8) >> 4 : ((here * 3) + before + 8) >> 4);
            row[(2 * x) + 1] = (byte)(x == last ? ((here * 4) + 7) >> 4 : ((here * 3) + after + 7) >> 4);
            (before, here) = (here, after);
        }
    }
}
