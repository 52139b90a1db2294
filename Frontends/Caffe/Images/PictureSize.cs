namespace Symbolic.Caffe.Images;

/// <summary>
/// Resizes pictures as OpenCV's resize with INTER_LINEAR does for bytes, to the bit: weights of 11 bits, rounded between the two
/// passes as there (imgproc's resize.cpp, HResizeLinear and VResizeLinear).
/// </summary>
internal static class PictureSize
{
    private const int WeightBits = 11, One = 1 << WeightBits;

    /// <summary>The picture in another size.</summary>
    public static Picture Resize(Picture picture, int height, int width)
    {
        if (height == picture.Height && width == picture.Width)
        {
            return picture;
        }
        if (picture.Height == 2L * height && picture.Width == 2L * width)
        {
            return Halved(picture, height, width);
        }
        int channels = picture.Channels;
        (int[] left, int[] right, int[] weights) = Places(picture.Width, width, keepsWeights: false);
        (int[] above, int[] below, int[] rowWeights) = Places(picture.Height, height, keepsWeights: true);
        byte[] pixels = new byte[checked(height * width * channels)];
        int[] upper = new int[width * channels], lower = new int[width * channels];
        (int upperRow, int lowerRow) = (-1, -1);
        for (int y = 0; y < height; y++)
        {
            if (above[y] == lowerRow)
            {
                (upper, lower, upperRow, lowerRow) = (lower, upper, lowerRow, upperRow);
            }
            Fill(upper, ref upperRow, above[y]);
            Fill(lower, ref lowerRow, below[y]);
            int weight = rowWeights[y];
            Span<byte> row = pixels.AsSpan(y * width * channels, width * channels);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = (byte)(((((One - weight) * (upper[x] >> 4)) >> 16) + ((weight * (lower[x] >> 4)) >> 16) + 2) >> 2);
            }
        }
        return picture with { Height = height, Width = width, Pixels = pixels };

        void Fill(int[] row, ref int held, int wanted)
        {
            if (held == wanted)
            {
                return;
            }
            held = wanted;
            ReadOnlySpan<byte> source = picture.Pixels.AsSpan(wanted * picture.Width * channels, picture.Width * channels);
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    row[(x * channels) + channel] = (source[(left[x] * channels) + channel] * (One - weights[x])) + (source[(right[x] * channels) + channel] * weights[x]);
                }
            }
        }
    }

    // Half the size is the mean of four, as OpenCV has it.
    private static Picture Halved(Picture picture, int height, int width)
    {
        int channels = picture.Channels, stride = picture.Width * channels;
        byte[] pixels = new byte[height * width * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x, int channel) = (i / channels / width, i / channels % width, i % channels);
            int from = (2 * y * stride) + (2 * x * channels) + channel;
            pixels[i] = (byte)((picture.Pixels[from] + picture.Pixels[from + channels] + picture.Pixels[from + stride] + picture.Pixels[from + stride + channels] + 2) >> 2);
        }
        return picture with { Height = height, Width = width, Pixels = pixels };
    }

    // For each place of the result the two of the source that it lies between, and the weight of the second. Outside, where both
    // are one, OpenCV sets the weight to 0 along a row but not along a column, which its rounding shows.
    private static (int[] First, int[] Second, int[] Weights) Places(int from, int to, bool keepsWeights)
    {
        int[] first = new int[to], second = new int[to], weights = new int[to];
        double scale = 1 / ((double)to / from);
        for (int i = 0; i < to; i++)
        {
            float place = (float)(((i + 0.5) * scale) - 0.5);
            int whole = (int)MathF.Floor(place);
            float rest = place - whole;
            if (!keepsWeights && (whole < 0 || whole >= from - 1))
            {
                (whole, rest) = (Math.Clamp(whole, 0, from - 1), 0);
            }
            first[i] = Math.Clamp(whole, 0, from - 1);
            second[i] = Math.Clamp(whole + 1, 0, from - 1);
            weights[i] = (int)MathF.Round(rest * One);
        }
        return (first, second, weights);
    }
}
