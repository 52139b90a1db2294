namespace Symbolic.Cli.Demo.Digits;

/// <summary>
/// How a hand bends one digit: turned, slanted, stretched and moved as a whole, then displaced by a smooth random field
/// (elastic distortion: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks", ICDAR 2003).
/// </summary>
internal sealed class Distortion
{
    private const int Knots = 4;
    private readonly double xx, xy, yx, yy, dx, dy;
    private readonly double[] alongX = new double[Knots * Knots], alongY = new double[Knots * Knots];

    /// <summary>A random one; <paramref name="elastic"/> is how far, in pixels, the field moves a point (standard deviation).</summary>
    public Distortion(ref Draws draws, double elastic)
    {
        // Turned by an angle whose half has this tangent: no sine is needed, which could differ between machines.
        double half = 0.11 * draws.Bell(), slant = 0.16 * draws.Bell();
        double cos = (1 - (half * half)) / (1 + (half * half)), sin = 2 * half / (1 + (half * half));
        double width = draws.Between(0.10, 0.19), height = draws.Between(0.14, 0.215);
        (xx, xy, yx, yy) = (width * cos, height * ((slant * cos) - sin), width * sin, height * ((slant * sin) + cos));
        (dx, dy) = (14 + (1.3 * draws.Bell()), 14 + (1.1 * draws.Bell()));
        for (int i = 0; i < Knots * Knots; i++)
        {
            (alongX[i], alongY[i]) = (elastic * draws.Bell(), elastic * draws.Bell());
        }
    }

    /// <summary>From the box of 100 by 100 to pixels.</summary>
    public Point Apply(Point p)
    {
        double x = p.X - 50, y = p.Y - 50;
        return new(dx + (xx * x) + (xy * y) + Field(alongX, p), dy + (yx * x) + (yy * y) + Field(alongY, p));
    }

    private static double Field(double[] knots, Point p)
    {
        double x = Math.Clamp(p.X, 0, 99.99) * (Knots - 1) / 100, y = Math.Clamp(p.Y, 0, 99.99) * (Knots - 1) / 100;
        int column = (int)x, row = (int)y;
        double u = Smooth(x - column), v = Smooth(y - row);
        double top = Mix(knots[(row * Knots) + column], knots[(row * Knots) + column + 1], u);
        double bottom = Mix(knots[((row + 1) * Knots) + column], knots[((row + 1) * Knots) + column + 1], u);
        return Mix(top, bottom, v);
    }

    private static double Smooth(double t) => t * t * (3 - (2 * t));

    private static double Mix(double a, double b, double t) => a + ((b - a) * t);
}
