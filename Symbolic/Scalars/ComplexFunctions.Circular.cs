using System.Numerics;

namespace Symbolic;

/// <content>
/// Circular and hyperbolic functions. Those of one kind are those of the other on an argument turned by a right angle. The inverses are W. Kahan's,
/// "Branch cuts for complex elementary functions, or: much ado about nothing's sign bit", 1987.
/// </content>
public static partial class ComplexFunctions
{
    // Beyond it an inverse function is its first term alone, to all digits.
    private const double Far = 1e150;

    /// <summary>Sine, of radians.</summary>
    public static Complex Sin(Complex z) => TurnedBack(Sinh(Turned(z)));

    /// <summary>Cosine, of radians.</summary>
    public static Complex Cos(Complex z) => Cosh(Turned(z));

    /// <summary>Tangent, of radians.</summary>
    public static Complex Tan(Complex z) => TurnedBack(Tanh(Turned(z)));

    /// <summary>Hyperbolic sine.</summary>
    public static Complex Sinh(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (y == 0)
        {
            return new(Math.Sinh(x), y);
        }
        (double cosine, double sine) = (Math.Cos(y), Math.Sin(y));
        return double.IsInfinity(x) && !double.IsFinite(y) ? new(x, double.NaN)
            : Math.Abs(x) > Large ? Scaled(Math.Abs(x), Sign(x) * cosine / 2, sine / 2)
            : new(Math.Sinh(x) * cosine, Math.Cosh(x) * sine);
    }

    /// <summary>Hyperbolic cosine.</summary>
    public static Complex Cosh(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (y == 0)
        {
            return new(Math.Cosh(x), Sign(x) * y);
        }
        (double cosine, double sine) = (Math.Cos(y), Math.Sin(y));
        return double.IsInfinity(x) && !double.IsFinite(y) ? new(double.PositiveInfinity, double.NaN)
            : Math.Abs(x) > Large ? Scaled(Math.Abs(x), cosine / 2, Sign(x) * sine / 2)
            : new(Math.Cosh(x) * cosine, Math.Sinh(x) * sine);
    }

    /// <summary>Hyperbolic tangent.</summary>
    public static Complex Tanh(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (y == 0)
        {
            return new(Math.Tanh(x), y);
        }
        if (Math.Abs(x) > 22)
        {
            return new(Sign(x), double.IsFinite(y) ? 4 * Math.Sin(y) * Math.Cos(y) * Math.Exp(-2 * Math.Abs(x)) : double.IsInfinity(x) ? 0 : double.NaN);
        }
        double t = Math.Tan(y), beta = 1 + (t * t), s = Math.Sinh(x), size = 1 + (beta * s * s);
        return new(beta * Math.Sqrt(1 + (s * s)) * s / size, t / size);
    }

    /// <summary>Inverse sine, the real part in [−π/2, π/2]; cut along the real axis outside [−1, 1].</summary>
    public static Complex Asin(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (IsFar(z))
        {
            return new(Math.CopySign(Math.Atan2(Math.Abs(x), Math.Abs(y)), x), Math.CopySign(LogOfSize(x, y) + LogTwo, y));
        }
        Complex below = Sqrt(new(1 - x, -y)), above = Sqrt(new(1 + x, y));
        return new(Math.Atan2(x, Mul(below, above).Real), Math.Asinh(Mul(Conj(below), above).Imaginary));
    }

    /// <summary>Inverse cosine, the real part in [0, π]; cut along the real axis outside [−1, 1].</summary>
    public static Complex Acos(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (IsFar(z))
        {
            return new(Math.Atan2(Math.Abs(y), x), Math.CopySign(LogOfSize(x, y) + LogTwo, -y));
        }
        Complex below = Sqrt(new(1 - x, -y)), above = Sqrt(new(1 + x, y));
        return new(2 * Math.Atan2(below.Real, above.Real), Math.Asinh(Mul(Conj(above), below).Imaginary));
    }

    /// <summary>Inverse tangent, the real part in [−π/2, π/2]; cut along the imaginary axis outside [−i, i].</summary>
    public static Complex Atan(Complex z) => TurnedBack(Atanh(Turned(z)));

    /// <summary>Inverse hyperbolic sine; cut along the imaginary axis outside [−i, i].</summary>
    public static Complex Asinh(Complex z) => TurnedBack(Asin(Turned(z)));

    /// <summary>Inverse hyperbolic cosine with a real part of at least 0; cut along the real axis below 1.</summary>
    public static Complex Acosh(Complex z)
    {
        (double x, double y) = (z.Real, z.Imaginary);
        if (IsFar(z))
        {
            return new(LogOfSize(x, y) + LogTwo, Math.Atan2(y, x));
        }
        Complex below = Sqrt(new(x - 1, y)), above = Sqrt(new(x + 1, y));
        return new(Math.Asinh(Mul(Conj(below), above).Real), 2 * Math.Atan2(below.Imaginary, above.Real));
    }

    /// <summary>Inverse hyperbolic tangent, the imaginary part in [−π/2, π/2]; cut along the real axis outside [−1, 1], and infinite at ±1.</summary>
    public static Complex Atanh(Complex z)
    {
        // By symmetry in the first or fourth quadrant, on the side of the cut that the sign of y tells.
        double turn = Sign(z.Real), x = Math.Abs(z.Real), y = -turn * z.Imaginary;
        if (IsFar(z))
        {
            double size = double.IsInfinity(x) || double.IsInfinity(y) ? 0 : Div(Complex.One, new(x, y)).Real;
            return new(turn * size, -turn * Math.CopySign(Math.PI / 2, y));
        }
        if (x == 1)
        {
            return y == 0 ? new(turn * double.PositiveInfinity, z.Imaginary)
                : new(turn * Math.Log(Math.Sqrt(double.Hypot(2, y)) / Math.Sqrt(Math.Abs(y))), -turn * Math.CopySign((Math.PI / 2) + Math.Atan(Math.Abs(y) / 2), y) / 2);
        }
        double away = (1 - x) * (1 - x);
        return new(turn * ReferenceIntrinsics.Log1p(4 * x / (away + (y * y))) / 4, -turn * Math.Atan2(2 * y, ((1 - x) * (1 + x)) - (y * y)) / 2);
    }

    private static bool IsFar(Complex z) => Math.Abs(z.Real) > Far || Math.Abs(z.Imaginary) > Far;
}
