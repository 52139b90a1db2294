namespace Symbolic.Cli.Demo.Digits;

/// <summary>A small grey picture on which a pen draws; 0 is paper, 1 is full ink.</summary>
internal sealed class Canvas
{
    /// <summary>Pixels along each side.</summary>
    public const int Side = 28;

    private double[] ink = new double[Side * Side];
    private double[] scratch = new double[Side * Side];

    /// <summary>Blank paper again.</summary>
    public void Clear() => Array.Clear(ink);

    /// <summary>Draws a chain of points with a pen whose radius goes evenly from one to another. Ink does not add up.</summary>
    public void Stroke(ReadOnlySpan<Point> points, double startRadius, double endRadius, double strength)
    {
        for (int i = 1; i < points.Length; i++)
        {
            double radius = startRadius + ((endRadius - startRadius) * i / points.Length);
            Segment(points[i - 1], points[i], radius, (old, fresh) => Math.Max(old, fresh * strength));
        }
    }

    /// <summary>Rubs out along a line.</summary>
    public void Erase(Point from, Point to, double radius, double strength) => Segment(from, to, radius, (old, fresh) => old * (1 - (fresh * strength)));

    /// <summary>Blurs with the weights 1 2 1 both ways.</summary>
    public void Blur()
    {
        Smooth(ink, scratch, 1, Side);
        Smooth(scratch, ink, Side, 1);
    }

    /// <summary>Writes the picture as bytes: ink scaled, on a paper that is unevenly grey, with noise in each pixel.</summary>
    public void Develop(ref Draws draws, double contrast, double paper, double noise, Span<byte> pixels)
    {
        double slopeX = paper * draws.Between(-1, 1), slopeY = paper * draws.Between(-1, 1), level = paper * draws.Unit();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double ground = Math.Max(0, level + (slopeX * ((x / 27.0) - 0.5)) + (slopeY * ((y / 27.0) - 0.5)));
                double grey = ground + ((1 - ground) * contrast * ink[(y * Side) + x]) + (noise * draws.Between(-1, 1));
                pixels[(y * Side) + x] = (byte)((255 * Math.Clamp(grey, 0, 1)) + 0.5);
            }
        }
    }

    private void Segment(Point from, Point to, double radius, Func<double, double, double> put)
    {
        int left = Math.Max(0, (int)(Math.Min(from.X, to.X) - radius)), right = Math.Min(Side - 1, (int)(Math.Max(from.X, to.X) + radius + 1));
        int top = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - radius)), bottom = Math.Min(Side - 1, (int)(Math.Max(from.Y, to.Y) + radius + 1));
        double dx = to.X - from.X, dy = to.Y - from.Y, length = (dx * dx) + (dy * dy);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double px = x + 0.5 - from.X, py = y + 0.5 - from.Y;
                double t = length == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1);
                double ex = px - (t * dx), ey = py - (t * dy);
                double cover = Math.Clamp(radius + 0.5 - Math.Sqrt((ex * ex) + (ey * ey)), 0, 1);
                if (cover > 0)
                {
                    ink[(y * Side) + x] = put(ink[(y * Side) + x], cover);
                }
            }
        }
    }

    private static void Smooth(double[] from, double[] to, int step, int line)
    {
        for (int l = 0; l < Side; l++)
        {
            for (int i = 0; i < Side; i++)
            {
                int at = (l * line) + (i * step);
                double before = i == 0 ? 0 : from[at - step], after = i == Side - 1 ? 0 : from[at + step];
                to[at] = (0.25 * before) + (0.5 * from[at]) + (0.25 * after);
            }
        }
    }
}
