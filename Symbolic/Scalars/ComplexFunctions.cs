using System.Numerics;

namespace Symbolic;

/// <summary>
/// Arithmetic and elementary functions of complex numbers in double precision, one definition for the interpreter and for emitted kernels;
/// numbers of two 32-bit parts are computed here and rounded once. Branch cuts, signs of zeros and infinities are those of C99, Annex G,
/// so far as NumPy keeps to them: products and quotients with infinities are what their formulas give. Where real parts are equal,
/// imaginary parts decide which number is less, as in NumPy.
/// </summary>
public static partial class ComplexFunctions
{
    /// <summary>a + b.</summary>
    public static Complex Add(Complex a, Complex b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    /// <summary>a − b.</summary>
    public static Complex Sub(Complex a, Complex b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    /// <summary>a · b.</summary>
    public static Complex Mul(Complex a, Complex b) => new((a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real));

    /// <summary>a / b, which does not overflow where only the square of b would (Smith, "Algorithm 116", Comm. ACM 5, 1962).</summary>
    public static Complex Div(Complex a, Complex b)
    {
        (double x, double y) = (b.Real, b.Imaginary);
        if (Math.Abs(x) >= Math.Abs(y))
        {
            if (x == 0)
            {
                return new(a.Real / Math.Abs(x), a.Imaginary / Math.Abs(x));
            }
            double ratio = y / x, size = x + (y * ratio);
            return new((a.Real + (a.Imaginary * ratio)) / size, (a.Imaginary - (a.Real * ratio)) / size);
        }
        else
        {
            double ratio = x / y, size = y + (x * ratio);
            return new(((a.Real * ratio) + a.Imaginary) / size, ((a.Imaginary * ratio) - a.Real) / size);
        }
    }

    /// <summary>−z.</summary>
    public static Complex Neg(Complex z) => new(-z.Real, -z.Imaginary);

    /// <summary>The number mirrored at the real axis.</summary>
    public static Complex Conj(Complex z) => new(z.Real, -z.Imaginary);

    /// <summary>|z|, which does not overflow on the way.</summary>
    public static double Abs(Complex z) => double.Hypot(z.Real, z.Imaginary);

    /// <summary>Whether a comes before b; a number with a NaN comes before none, and none before it.</summary>
    public static bool Less(Complex a, Complex b) => (a.Real < b.Real && !double.IsNaN(a.Imaginary) && !double.IsNaN(b.Imaginary)) || (a.Real == b.Real && a.Imaginary < b.Imaginary);

    /// <summary>Whether a comes before b or is equal to it.</summary>
    public static bool LessOrEqual(Complex a, Complex b) => (a.Real < b.Real && !double.IsNaN(a.Imaginary) && !double.IsNaN(b.Imaginary)) || (a.Real == b.Real && a.Imaginary <= b.Imaginary);

    /// <summary>The later of two; the first that has a NaN, if one has.</summary>
    public static Complex Max(Complex a, Complex b) => IsNaN(a) || LessOrEqual(b, a) ? a : b;

    /// <summary>The earlier of two; the first that has a NaN, if one has.</summary>
    public static Complex Min(Complex a, Complex b) => IsNaN(a) || LessOrEqual(a, b) ? a : b;

    /// <summary>Whether a later value takes the place of the champion of an arg-max: greater, or the first with a NaN.</summary>
    public static bool Beats(Complex value, Complex champion) => !IsNaN(champion) && !LessOrEqual(value, champion);

    private static bool IsNaN(Complex z) => double.IsNaN(z.Real) || double.IsNaN(z.Imaginary);

    /// <summary>i·z.</summary>
    private static Complex Turned(Complex z) => new(-z.Imaginary, z.Real);

    /// <summary>−i·z.</summary>
    private static Complex TurnedBack(Complex z) => new(z.Imaginary, -z.Real);

    private static double Sign(double x) => Math.CopySign(1, x);
}
