namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>
/// From the coefficients of a component to its samples: the inverse cosine transform of C. Loeffler, A. Ligtenberg, G. Moschytz
/// ("Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989) in integers of 13 bits behind the point, rounded as libjpeg's
/// accurate integer transform rounds, so that the samples are those of OpenCV.
/// </summary>
internal static class JpegTransform
{
    private const int Point = 13, Kept = 2;

    /// <summary>The samples, a row of 8 for each block across.</summary>
    public static byte[] Samples(JpegComponent component)
    {
        ushort[] table = component.Quantisation ?? new ushort[64];
        int stride = component.BlocksAcross * 8;
        byte[] samples = new byte[stride * component.BlocksDown * 8];
        Span<int> work = stackalloc int[64];
        for (int block = 0; block < component.BlocksAcross * component.BlocksDown; block++)
        {
            ReadOnlySpan<short> coefficients = component.Coefficients.AsSpan(block * 64, 64);
            for (int i = 0; i < 64; i++)
            {
                work[i] = coefficients[i] * table[i];
            }
            for (int column = 0; column < 8; column++)
            {
                Line(work, column, 8, Point - Kept);
            }
            int to = (block / component.BlocksAcross * 8 * stride) + (block % component.BlocksAcross * 8);
            for (int row = 0; row < 8; row++)
            {
                Line(work, row * 8, 1, Point + Kept + 3);
                for (int x = 0; x < 8; x++)
                {
                    samples[to + (row * stride) + x] = (byte)Math.Clamp(work[(row * 8) + x] + 128, 0, 255);
                }
            }
        }
        return samples;
    }

    // One line of eight; arithmetic wraps, as a damaged file can make any number.
    private static void Line(Span<int> work, int from, int step, int shift)
    {
        unchecked
        {
            int c0 = work[from], c1 = work[from + step], c2 = work[from + (2 * step)], c3 = work[from + (3 * step)];
            int c4 = work[from + (4 * step)], c5 = work[from + (5 * step)], c6 = work[from + (6 * step)], c7 = work[from + (7 * step)];

            int turned = (c2 + c6) * 4433;
            int even2 = turned - (c6 * 15137), even3 = turned + (c2 * 6270);
            int even0 = (c0 + c4) << Point, even1 = (c0 - c4) << Point;
            (int a, int b, int c, int d) = (even0 + even3, even1 + even2, even1 - even2, even0 - even3);

            int all = (c7 + c3 + c5 + c1) * 9633;
            int z1 = (c7 + c1) * -7373, z2 = (c5 + c3) * -20995, z3 = ((c7 + c3) * -16069) + all, z4 = ((c5 + c1) * -3196) + all;
            int odd0 = (c7 * 2446) + z1 + z3, odd1 = (c5 * 16819) + z2 + z4, odd2 = (c3 * 25172) + z2 + z3, odd3 = (c1 * 12299) + z1 + z4;

            int half = 1 << (shift - 1);
            work[from] = (a + odd3 + half) >> shift;
            work[from + (7 * step)] = (a - odd3 + half) >> shift;
            work[from + step] = (b + odd2 + half) >> shift;
            work[from + (6 * step)] = (b - odd2 + half) >> shift;
            work[from + (2 * step)] = (c + odd1 + half) >> shift;
            work[from + (5 * step)] = (c - odd1 + half) >> shift;
            work[from + (3 * step)] = (d + odd0 + half) >> shift;
            work[from + (4 * step)] = (d - odd0 + half) >> shift;
        }
    }
}
