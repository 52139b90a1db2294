using System.Numerics;

namespace Symbolic;

/// <content>Exponentials, logarithms and powers.</content>
public static partial class ComplexFunctions
{
    private const double LogTwo = 0.69314718055994530942;

    // Beyond it, exp is taken in two steps, so that what it is multiplied by can keep the product from overflowing.
    private const double Large = 700;

    /// <summary>e to the z.</summary>
    public static Complex Exp(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        return y == 0 ? new(Math.Exp(x), y)
            : double.IsFinite(y) ? Scaled(x, Math.Cos(y), Math.Sin(y))
            : double.IsNegativeInfinity(x) ? new(0, Math.CopySign(0, y))
            : double.IsPositiveInfinity(x) ? new(x, double.NaN)
            : new(double.NaN, double.NaN);
    }

    /// <summary>exp(z) − 1 without cancellation near 0.</summary>
    public static Complex Expm1(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (y == 0)
        {
            return new(ReferenceIntrinsics.Expm1(x), y);
        }
        if (!double.IsFinite(y) || Math.Abs(x) > Large)
        {
            return Sub(Exp(z), Complex.One);
        }
        double half = Math.Sin(y / 2);
        return new((ReferenceIntrinsics.Expm1(x) * Math.Cos(y)) - (2 * half * half), Math.Exp(x) * Math.Sin(y));
    }

    /// <summary>2 to the z.</summary>
    public static Complex Exp2(Complex z)
    {
        (double x, double angle) = (z.Real, z.Imaginary * LogTwo);
        if (z.Imaginary == 0 || !double.IsFinite(angle) || Math.Abs(x) > Large)
        {
            return z.Imaginary == 0 ? new(Math.Pow(2, x), z.Imaginary) : Exp(new(x * LogTwo, angle));
        }
        double size = Math.Pow(2, x);
        return new(size * Math.Cos(angle), size * Math.Sin(angle));
    }

    /// <summary>Natural logarithm, the imaginary part in [−π, π]; of 0 it is −∞.</summary>
    public static Complex Log(Complex z) => new(LogOfSize(z.Real, z.Imaginary), Math.Atan2(z.Imaginary, z.Real));

    /// <summary>log(1 + z) without cancellation near 0.</summary>
    public static Complex Log1p(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (y == 0 && x >= -1)
        {
            return new(ReferenceIntrinsics.Log1p(x), y);
        }
        if (!(Math.Abs(x) < 0.5 && Math.Abs(y) < 1))
        {
            return Log(new(1 + x, y));
        }
        // |1 + z|² − 1 = 2x + x² + y², where the first and the last may cancel: with the rounding errors of each step.
        double xx = x * x, yy = y * y, sum = (2 * x) + yy, part = sum - (2 * x);
        double lost = (2 * x) - (sum - part) + (yy - part) + Math.FusedMultiplyAdd(x, x, -xx) + Math.FusedMultiplyAdd(y, y, -yy);
        return new(ReferenceIntrinsics.Log1p(sum + xx + lost) / 2, Math.Atan2(y, 1 + x));
    }

    /// <summary>Logarithm to base 2.</summary>
    public static Complex Log2(Complex z)
    {
        Complex natural = Log(z);
        return new(z.Imaginary == 0 ? Math.Log2(Math.Abs(z.Real)) : natural.Real / LogTwo, natural.Imaginary / LogTwo);
    }

    /// <summary>Logarithm to base 10.</summary>
    public static Complex Log10(Complex z)
    {
        const double LogTen = 2.3025850929940456840;
        Complex natural = Log(z);
        return new(z.Imaginary == 0 ? Math.Log10(Math.Abs(z.Real)) : natural.Real / LogTen, natural.Imaginary / LogTen);
    }

    /// <summary>Square root with a real part of at least 0; the sign of the imaginary part is that of z.</summary>
    public static Complex Sqrt(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (double.IsInfinity(y))
        {
            return new(double.PositiveInfinity, y);
        }
        if (double.IsInfinity(x))
        {
            return x > 0 ? new(x, double.IsNaN(y) ? y : Math.CopySign(0, y)) : new(double.IsNaN(y) ? y : 0, Math.CopySign(x, y));
        }
        if (x == 0 && y == 0)
        {
            return new(0, y);
        }
        // Out at the ends of the range the sum below would overflow or lose its digits; a power of 4 and its root of 2 are exact.
        double size = Math.Max(Math.Abs(x), Math.Abs(y));
        double by = size > 1e300 ? Math.ScaleB(1, -100) : size < 1e-290 ? Math.ScaleB(1, 200) : 1;
        (x, y) = (x * by, y * by);
        double root = Math.Sqrt((Math.Abs(x) + double.Hypot(x, y)) / 2), back = by == 1 ? 1 : by < 1 ? Math.ScaleB(1, 50) : Math.ScaleB(1, -100);
        double other = Math.Abs(y) / (2 * root);
        return x < 0 ? new(other * back, Math.CopySign(root, y) * back) : new(root * back, Math.CopySign(other, y) * back);
    }

    /// <summary>
    /// a to the b: exp(b·log a), but for small whole exponents a product, as in NumPy. Anything to the 0 is 1; 0 to the b is 0 where b has a positive
    /// real part, else NaN.
    /// </summary>
    public static Complex Pow(Complex a, Complex b)
    {
        if (b == Complex.Zero)
        {
            return Complex.One;
        }
        if (a == Complex.Zero)
        {
            return b.Real > 0 ? Complex.Zero : new(double.NaN, double.NaN);
        }
        if (b.Imaginary == 0 && Math.Abs(b.Real) < 100 && Math.Truncate(b.Real) == b.Real)
        {
            Complex power = Complex.One, square = a;
            for (int n = (int)Math.Abs(b.Real); n > 0; n >>= 1)
            {
                power = (n & 1) == 1 ? Mul(power, square) : power;
                square = Mul(square, square);
            }
            return b.Real > 0 ? power : Div(Complex.One, power);
        }
        return Exp(Mul(b, Log(a)));
    }

    /// <summary>1 / (1 + exp(−z)) without overflow.</summary>
    public static Complex Sigmoid(Complex z)
    {
        if (z.Real >= 0)
        {
            return Div(Complex.One, Add(Complex.One, Exp(Neg(z))));
        }
        Complex small = Exp(z);
        return Div(small, Add(Complex.One, small));
    }

    /// <summary>log(1 + exp(z)) without overflow, the imaginary part in [−π, π].</summary>
    public static Complex Softplus(Complex z)
    {
        Complex small = Exp(z.Real > 0 ? Neg(z) : z);
        Complex rest = Log1p(small);
        // The size of 1 + exp(z) is exp(x) times that of 1 + exp(−z); its angle is that of the sum of both, which is shorter to say.
        return z.Real > 0 ? new(z.Real + rest.Real, Math.Atan2(Math.Sin(z.Imaginary), Math.Exp(-z.Real) + Math.Cos(z.Imaginary))) : rest;
    }

    /// <summary>exp(x)·(c + i·s).</summary>
    private static Complex Scaled(double x, double c, double s)
    {
        if (Math.Abs(x) > Large)
        {
            double root = Math.Exp(x / 2);
            return new(root * c * root, root * s * root);
        }
        double size = Math.Exp(x);
        return new(size * c, size * s);
    }

    /// <summary>log|x + i·y|, also where the size is near 1 or beyond the range.</summary>
    private static double LogOfSize(double x, double y)
    {
        double large = Math.Max(Math.Abs(x), Math.Abs(y)), small = Math.Min(Math.Abs(x), Math.Abs(y));
        double a = large * large, b = small * small;
        if (a + b is > 0.5 and < 2)
        {
            // Of |z|² − 1 the subtraction is exact, and the rounding errors of the squares are added.
            double lost = Math.FusedMultiplyAdd(large, large, -a) + Math.FusedMultiplyAdd(small, small, -b);
            return ReferenceIntrinsics.Log1p(a - 1 + b + lost) / 2;
        }
        return large is > 1e300 and < double.PositiveInfinity ? Math.Log(double.Hypot(x / 4, y / 4)) + (2 * LogTwo)
            : large is > 0 and < 1e-290 ? Math.Log(double.Hypot(Math.ScaleB(x, 200), Math.ScaleB(y, 200))) - (200 * LogTwo)
            : Math.Log(double.Hypot(x, y));
    }
}
