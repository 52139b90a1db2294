namespace Symbolic;

/// <content>Complex numbers and their parts. Real numbers count as complex ones without imaginary part, and keep their dtype.</content>
public static partial class Functions
{
    /// <summary>The complex number of a real and an imaginary part: c64 of floats of at most 32 bits, else c128.</summary>
    /// <exception cref="TypeMismatch">A part is complex itself, or the shapes do not agree.</exception>
    public static Expr ComplexFromParts(Expr real, Expr imaginary) => Expr.Apply(new Ops.Complex(), real, imaginary);

    /// <summary>The complex number of a distance from 0 and an angle in radians.</summary>
    /// <exception cref="TypeMismatch">One is complex itself, or the shapes do not agree.</exception>
    public static Expr ComplexFromPolar(Expr size, Expr angle) => ComplexFromParts(size * Cos<Expr>(angle), size * Sin<Expr>(angle));

    /// <summary>The real part; of a real number itself.</summary>
    public static Expr Real(Expr x) => x.DType.IsComplex() ? Expr.Of(new Ops.Real(), x) : x;

    /// <summary>The imaginary part; of a real number 0.</summary>
    public static Expr Imag(Expr x) => x.DType.IsComplex() ? Expr.Of(new Ops.Imag(), x) : FullLike(x, 0);

    /// <summary>The number mirrored at the real axis; of a real number itself.</summary>
    public static Expr Conj(Expr x) => x.DType.IsComplex() ? Expr.Of(new Ops.Conj(), x) : x;

    /// <summary>The angle from the positive real axis, in [−π, π]: of a positive real number 0, of a negative one π.</summary>
    public static Expr Angle(Expr x) => Atan2<Expr>(Imag(x), Real(x));

    /// <summary>A scalar constant of complex128.</summary>
    public static Expr Constant(System.Numerics.Complex value) => Constant(ScalarValue.Of(DType.Complex128, value));
}
