namespace Symbolic.Conformance.Theano.Truth;

/// <summary>The table of intrinsics in exact arithmetic.</summary>
internal static class TrueIntrinsics
{
    public static BigFloat Apply(Intrinsic function, DType dtype, BigFloat[] x) => (function, x) switch
    {
        (Intrinsic.Add, [var a, var b]) => a + b,
        (Intrinsic.Sub, [var a, var b]) => a - b,
        (Intrinsic.Mul, [var a, var b]) => a * b,
        (Intrinsic.Div, [var a, var b]) => a / b,
        (Intrinsic.FloorDiv, [var a, var b]) => dtype.IsFloat() ? Floored(a, b) : b.IsZero ? BigFloat.Zero : Floored(a, b),
        (Intrinsic.Mod, [var a, var b]) => Modulo(a, b, dtype),
        (Intrinsic.Neg, [var a]) => -a,
        (Intrinsic.Abs, [var a]) => a.Abs(),
        (Intrinsic.Sign, [var a]) => a.IsNaN ? a : a.Sign,
        (Intrinsic.Sqrt, [var a]) => a.Sqrt(),
        (Intrinsic.Exp, [var a]) => BigMath.Exp(a),
        (Intrinsic.Expm1, [var a]) => a.IsZero ? a : BigMath.Exp(a) - 1,
        (Intrinsic.Log, [var a]) => BigMath.Log(a),
        (Intrinsic.Log1p, [var a]) => a.IsZero ? a : BigMath.Log(1 + a),
        (Intrinsic.Tanh, [var a]) => BigMath.Tanh(a),
        (Intrinsic.Sigmoid, [var a]) => 1 / (1 + BigMath.Exp(-a)),
        // Written so that the term that can be tiny beside 1 is not lost.
        (Intrinsic.Softplus, [var a]) => a > BigFloat.Zero ? a + BigMath.Log(1 + BigMath.Exp(-a)) : Tiny(BigMath.Exp(a)),
        (Intrinsic.Sin, [var a]) => BigMath.Sin(a),
        (Intrinsic.Cos, [var a]) => BigMath.Cos(a),
        (Intrinsic.Pow, [var a, var b]) => BigMath.Pow(a, b),
        (Intrinsic.Max, [var a, var b]) => a.IsNaN || b.IsNaN ? BigFloat.NaN : a > b ? a : b,
        (Intrinsic.Min, [var a, var b]) => a.IsNaN || b.IsNaN ? BigFloat.NaN : a < b ? a : b,
        (Intrinsic.Floor, [var a]) => a.Floor(),
        (Intrinsic.Ceil, [var a]) => -(-a).Floor(),
        (Intrinsic.Round, [var a]) => Rounded(a),
        (Intrinsic.Trunc, [var a]) => a.IsNegative ? -(-a).Floor() : a.Floor(),
        (Intrinsic.Exp2, [var a]) => BigMath.Exp(a * BigMath.Ln2),
        (Intrinsic.Log2, [var a]) => BigMath.Log(a) / BigMath.Ln2,
        (Intrinsic.Log10, [var a]) => BigMath.Log(a) / BigMath.Log(10),
        (Intrinsic.Tan, [var a]) => BigMath.Sin(a) / BigMath.Cos(a),
        (Intrinsic.Asin, [var a]) => BigMath.Arcsin(a),
        (Intrinsic.Acos, [var a]) => BigMath.Arccos(a),
        (Intrinsic.Atan, [var a]) => BigMath.Arctan(a),
        (Intrinsic.Atan2, [var a, var b]) => BigMath.Arctan2(a, b),
        (Intrinsic.Sinh, [var a]) => BigMath.Sinh(a),
        (Intrinsic.Cosh, [var a]) => BigMath.Cosh(a),
        (Intrinsic.Asinh, [var a]) => BigMath.Arcsinh(a),
        (Intrinsic.Acosh, [var a]) => BigMath.Arccosh(a),
        (Intrinsic.Atanh, [var a]) => BigMath.Arctanh(a),
        (Intrinsic.Erf, [var a]) => BigSpecial.Erf(a),
        (Intrinsic.Erfc, [var a]) => BigSpecial.Erfc(a),
        (Intrinsic.Erfcx, [var a]) => BigSpecial.Erfcx(a),
        (Intrinsic.ErfcInv, [var a]) => BigSpecial.ErfcInv(a),
        (Intrinsic.ErfInv, [var a]) => a.IsZero ? a : BigSpecial.ErfcInv(1 - a),
        (Intrinsic.Gamma, [var a]) => BigSpecial.Gamma(a),
        (Intrinsic.GammaLn, [var a]) => BigSpecial.LogGamma(a),
        (Intrinsic.Polygamma, [var order, var a]) when order.IsZero => BigSpecial.Digamma(a),
        (Intrinsic.Polygamma, [var order, var a]) when (order - 1).IsZero => BigSpecial.Trigamma(a),
        (Intrinsic.BesselI, [var order, var a]) => BigSpecial.Bessel(order, a, sign: 1),
        (Intrinsic.BesselJ, [var order, var a]) => BigSpecial.Bessel(order, a, sign: -1),
        (Intrinsic.Equal, [var a, var b]) => Truth(!a.IsNaN && !b.IsNaN && a.CompareTo(b) == 0),
        (Intrinsic.NotEqual, [var a, var b]) => Truth(a.IsNaN || b.IsNaN || a.CompareTo(b) != 0),
        (Intrinsic.Less, [var a, var b]) => Truth(a < b),
        (Intrinsic.LessOrEqual, [var a, var b]) => Truth(a <= b),
        (Intrinsic.And, [var a, var b]) => Truth(!a.IsZero && !b.IsZero),
        (Intrinsic.Or, [var a, var b]) => Truth(!a.IsZero || !b.IsZero),
        (Intrinsic.Not, [var a]) => Truth(a.IsZero),
        (Intrinsic.Cast, [var a]) => dtype == DType.Bool ? Truth(!a.IsZero) : dtype.IsFloat() ? a : a.IsNegative ? -(-a).Floor() : a.Floor(),
        _ => throw new NoTruth($"{function} has no true value here"),
    };

    private static BigFloat Truth(bool holds) => holds ? BigFloat.One : BigFloat.Zero;

    /// <summary>log(1 + t), also where t is smaller than the precision shows beside 1.</summary>
    private static BigFloat Tiny(BigFloat t) => t.IsZero || t.IsNaN || t.Magnitude > -BigFloat.Precision / 2 ? BigMath.Log(1 + t) : t - (t * t).Scale(-1);

    private static BigFloat Floored(BigFloat a, BigFloat b)
    {
        BigFloat quotient = a / b;
        return quotient.IsFinite ? quotient.Floor() : quotient;
    }

    private static BigFloat Modulo(BigFloat a, BigFloat b, DType dtype) => !dtype.IsFloat() && b.IsZero ? BigFloat.Zero
        : !a.IsFinite || b.IsZero || b.IsNaN ? BigFloat.NaN
        : b.IsInfinite ? (a.IsZero || a.IsNegative == b.IsNegative ? a : b)
        : a - (Floored(a, b) * b);

    private static BigFloat Rounded(BigFloat a)
    {
        if (!a.IsFinite || a.IsInteger)
        {
            return a;
        }
        BigFloat below = a.Floor(), half = a - below - BigFloat.One.Scale(-1);
        bool up = half.Sign > 0 || (half.Sign == 0 && !below.ToInteger().IsEven);
        return up ? below + 1 : below;
    }
}
