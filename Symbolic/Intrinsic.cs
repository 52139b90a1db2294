namespace Symbolic;

/// <summary>
/// The closed table of scalar functions over which meanings are written; of complex numbers they are those of <see cref="ComplexFunctions"/>. Each writer owns one table from
/// intrinsic and dtype to text; the interpreter owns the one that defines them.
/// </summary>
public enum Intrinsic
{
    /// <summary>a + b; integers wrap.</summary>
    Add,
    /// <summary>a − b; integers wrap.</summary>
    Sub,
    /// <summary>a · b; integers wrap.</summary>
    Mul,
    /// <summary>a / b of floats.</summary>
    Div,
    /// <summary>Floor of the quotient, so that its sign is that of Python's //; an integer divided by 0 is 0.</summary>
    FloorDiv,
    /// <summary>Remainder with the divisor's sign, as Python's %; an integer modulo 0 is 0.</summary>
    Mod,
    /// <summary>−a.</summary>
    Neg,
    /// <summary>|a|.</summary>
    Abs,
    /// <summary>−1, 0 or 1; NaN stays NaN.</summary>
    Sign,
    /// <summary>Square root; negative gives NaN.</summary>
    Sqrt,
    /// <summary>e to the a.</summary>
    Exp,
    /// <summary>exp(a) − 1 without cancellation near 0.</summary>
    Expm1,
    /// <summary>Natural logarithm; 0 gives −∞, negative NaN.</summary>
    Log,
    /// <summary>log(1 + a) without cancellation near 0.</summary>
    Log1p,
    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
    /// <summary>1 / (1 + exp(−a)).</summary>
    Sigmoid,
    /// <summary>log(1 + exp(a)) without overflow.</summary>
    Softplus,
    /// <summary>Sine.</summary>
    Sin,
    /// <summary>Cosine.</summary>
    Cos,
    /// <summary>a to the b: of floats as C's pow; of integers it wraps, and a negative exponent rounds toward 0 (of 0 it gives 0).</summary>
    Pow,
    /// <summary>The greater; NaN if either is.</summary>
    Max,
    /// <summary>The smaller; NaN if either is.</summary>
    Min,
    /// <summary>Largest integer not above.</summary>
    Floor,
    /// <summary>Smallest integer not below.</summary>
    Ceil,
    /// <summary>Nearest integer, halves to even.</summary>
    Round,
    /// <summary>The integer part: rounds toward 0.</summary>
    Trunc,
    /// <summary>2 to the a.</summary>
    Exp2,
    /// <summary>Logarithm to base 2.</summary>
    Log2,
    /// <summary>Logarithm to base 10.</summary>
    Log10,
    /// <summary>Tangent.</summary>
    Tan,
    /// <summary>Inverse sine, in [−π/2, π/2]; NaN outside [−1, 1].</summary>
    Asin,
    /// <summary>Inverse cosine, in [0, π]; NaN outside [−1, 1].</summary>
    Acos,
    /// <summary>Inverse tangent, in [−π/2, π/2].</summary>
    Atan,
    /// <summary>(y, x): the angle of the point (x, y), in [−π, π], as C's atan2.</summary>
    Atan2,
    /// <summary>Hyperbolic sine.</summary>
    Sinh,
    /// <summary>Hyperbolic cosine.</summary>
    Cosh,
    /// <summary>Inverse hyperbolic sine.</summary>
    Asinh,
    /// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
    Acosh,
    /// <summary>Inverse hyperbolic tangent; ±∞ at ±1.</summary>
    Atanh,
    /// <summary>The error function; see <see cref="SpecialFunctions.Erf"/>.</summary>
    Erf,
    /// <summary>Its complement; see <see cref="SpecialFunctions.Erfc"/>.</summary>
    Erfc,
    /// <summary>The scaled complement; see <see cref="SpecialFunctions.Erfcx"/>.</summary>
    Erfcx,
    /// <summary>Inverse of erf; see <see cref="SpecialFunctions.ErfInv"/>.</summary>
    ErfInv,
    /// <summary>Inverse of erfc; see <see cref="SpecialFunctions.ErfcInv"/>.</summary>
    ErfcInv,
    /// <summary>The gamma function; see <see cref="SpecialFunctions.Gamma"/>.</summary>
    Gamma,
    /// <summary>Logarithm of its size; see <see cref="SpecialFunctions.GammaLn"/>.</summary>
    GammaLn,
    /// <summary>(order, x): derivatives of the digamma function; see <see cref="SpecialFunctions.Polygamma"/>.</summary>
    Polygamma,
    /// <summary>(a, x): the lower incomplete gamma function; see <see cref="SpecialFunctions.GammaP"/>.</summary>
    GammaP,
    /// <summary>(a, x): the upper incomplete gamma function; see <see cref="SpecialFunctions.GammaQ"/>.</summary>
    GammaQ,
    /// <summary>(order, x): the Bessel function J; see <see cref="SpecialFunctions.BesselJ"/>.</summary>
    BesselJ,
    /// <summary>(order, x): the modified Bessel function I; see <see cref="SpecialFunctions.BesselI"/>.</summary>
    BesselI,
    /// <summary>Bits of both integers.</summary>
    BitAnd,
    /// <summary>Bits of either integer.</summary>
    BitOr,
    /// <summary>Bits in which two integers differ.</summary>
    BitXor,
    /// <summary>All bits of an integer turned over.</summary>
    BitNot,
    /// <summary>a·2^b, without the bits that leave the integer; a shift by a negative count or by the width or more gives 0.</summary>
    ShiftLeft,
    /// <summary>Floor of a/2^b; a negative count counts as the width or more, which leaves the sign: 0 or −1.</summary>
    ShiftRight,
    /// <summary>a = b; NaN equals nothing.</summary>
    Equal,
    /// <summary>a ≠ b.</summary>
    NotEqual,
    /// <summary>a &lt; b.</summary>
    Less,
    /// <summary>a ≤ b.</summary>
    LessOrEqual,
    /// <summary>Both, of booleans.</summary>
    And,
    /// <summary>Either, of booleans.</summary>
    Or,
    /// <summary>Not, of a boolean.</summary>
    Not,
    /// <summary>(condition, then, otherwise): only the branch taken is evaluated.</summary>
    Select,
    /// <summary>Conversion to the call's dtype.</summary>
    Cast,
    /// <summary>The complex number of a real and an imaginary part.</summary>
    Complex,
    /// <summary>The real part of a complex number.</summary>
    Real,
    /// <summary>The imaginary part of a complex number.</summary>
    Imag,
    /// <summary>A complex number mirrored at the real axis.</summary>
    Conj,
    /// <summary>(key, call, draw, element) of uint64: 32 random bits by Philox4x32-10, as a uint32.</summary>
    Philox,
}

/// <summary>Facts about intrinsics.</summary>
public static class Intrinsics
{
    /// <summary>True if the result is a boolean whatever the arguments' dtype.</summary>
    public static bool IsPredicate(this Intrinsic function) => function is
        Intrinsic.Equal or Intrinsic.NotEqual or Intrinsic.Less or Intrinsic.LessOrEqual or
        Intrinsic.And or Intrinsic.Or or Intrinsic.Not;
}
