namespace Symbolic;

/// <summary>
/// The closed table of scalar functions over which meanings are written. Each writer owns one table from
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
    /// <summary>a to the b, as C's pow.</summary>
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
