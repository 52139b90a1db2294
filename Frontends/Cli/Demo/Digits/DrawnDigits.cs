namespace Symbolic.Cli.Demo.Digits;

/// <summary>
/// Digits that the program draws itself, so that the demonstration needs no data: several styles of writing, each bent, slanted,
/// thick or thin, with clutter from neighbouring digits, scratches, rubbed-out places, blur and noise. Hard enough to tell models apart.
/// </summary>
internal static class DrawnDigits
{
    /// <summary>Draws pictures number <paramref name="first"/> and on of the endless series that the seed names.</summary>
    public static DigitSet Draw(ulong seed, int first, int count)
    {
        const int size = Canvas.Side * Canvas.Side;
        byte[] pixels = new byte[count * size], labels = new byte[count];
        Parallel.For(0, (count + 255) / 256, () => new Canvas(), (block, _, canvas) =>
        {
            for (int i = block * 256; i < Math.Min(count, (block + 1) * 256); i++)
            {
                labels[i] = DrawOne(seed, (ulong)(first + i), canvas, pixels.AsSpan(i * size, size));
            }
            return canvas;
        }, _ => { });
        return new(pixels, labels, Canvas.Side, Canvas.Side);
    }

    private static byte DrawOne(ulong seed, ulong picture, Canvas canvas, Span<byte> pixels)
    {
        var draws = new Draws(seed, picture);
        canvas.Clear();
        int digit = draws.Below(10);
        double radius = draws.Between(0.4, 1.35);
        Write(canvas, ref draws, digit, radius, draws.Between(0.8, 1), default);
        if (draws.Happens(0.35))
        {
            double side = draws.Happens(0.5) ? 1 : -1;
            Write(canvas, ref draws, draws.Below(10), radius, draws.Between(0.5, 1), new(side * draws.Between(15, 19), draws.Between(-4, 4)));
        }
        if (draws.Happens(0.25))
        {
            canvas.Stroke([Somewhere(ref draws), Somewhere(ref draws)], 0.2, 0.5, draws.Between(0.3, 0.8));
        }
        if (draws.Happens(0.25))
        {
            canvas.Erase(Somewhere(ref draws), Somewhere(ref draws), draws.Between(0.5, 1.2), draws.Between(0.6, 1));
        }
        for (int i = draws.Below(3); i > 0; i--)
        {
            canvas.Blur();
        }
        canvas.Develop(ref draws, draws.Between(0.6, 1), draws.Between(0, 0.25), draws.Between(0, 0.16), pixels);
        return (byte)digit;
    }

    private static void Write(Canvas canvas, ref Draws draws, int digit, double radius, double strength, Point moved)
    {
        IReadOnlyList<Point[][]> styles = Skeletons.Digits[digit];
        Point[][] strokes = styles[draws.Below(styles.Count)];
        var distortion = new Distortion(ref draws, 0.75);
        foreach (Point[] stroke in strokes)
        {
            Point[] bent = Array.ConvertAll(stroke, distortion.Apply);
            canvas.Stroke(Array.ConvertAll(bent, p => new Point(p.X + moved.X, p.Y + moved.Y)), radius * draws.Between(0.75, 1.25), radius * draws.Between(0.75, 1.25), strength);
        }
    }

    private static Point Somewhere(ref Draws draws) => new(draws.Between(0, Canvas.Side), draws.Between(0, Canvas.Side));
}
