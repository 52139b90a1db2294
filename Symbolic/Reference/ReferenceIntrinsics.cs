using System.Diagnostics;
using System.Numerics;

namespace Symbolic;

/// <summary>The table that defines the intrinsics: what each is for values of each dtype. Writers spell the same functions in C#.</summary>
internal static class ReferenceIntrinsics
{
    /// <summary>The intrinsic applied to values; the result has the dtype given.</summary>
    public static ScalarValue Apply(Intrinsic function, DType dtype, ReadOnlySpan<ScalarValue> x) => function switch
    {
        Intrinsic.Cast => x[0].Cast(dtype),
        Intrinsic.Philox => ScalarValue.FromBits(DType.UInt32, Philox.Bits((ulong)x[0].Bits, (ulong)x[1].Bits, (ulong)x[2].Bits, (ulong)x[3].Bits)),
        Intrinsic.And => Truth(x[0].AsBool & x[1].AsBool),
        Intrinsic.Or => Truth(x[0].AsBool | x[1].AsBool),
        Intrinsic.Not => Truth(!x[0].AsBool),
        Intrinsic.Complex => ScalarValue.Of(dtype, new Complex(x[0].ToDouble(), x[1].ToDouble())),
        _ when x[0].DType.IsComplex() => Complexes(function, dtype, x[0].ToComplex(), x.Length > 1 ? x[1].ToComplex() : 0),
        _ when x[0].DType.IsFloat() => Floats(function, dtype, x[0].ToDouble(), x.Length > 1 ? x[1].ToDouble() : 0),
        _ => Integers(function, dtype, x[0].ToInteger(), x.Length > 1 ? x[1].ToInteger() : 0),
    };

    /// <summary>What a reduction over nothing yields.</summary>
    public static ScalarValue Identity(Reduction kind, DType dtype) => kind switch
    {
        Reduction.Sum or Reduction.ArgMax or Reduction.Any => ScalarValue.Of(dtype, 0L),
        Reduction.Product or Reduction.All => ScalarValue.Of(dtype, 1L),
        Reduction.Max => ScalarValue.Least(dtype),
        Reduction.Min => ScalarValue.Greatest(dtype),
        _ => throw new UnreachableException($"{kind}"),
    };

    /// <summary>Two values combined by a reduction.</summary>
    public static ScalarValue Combine(Reduction kind, ScalarValue a, ScalarValue b) => kind switch
    {
        Reduction.Sum => Apply(a.DType == DType.Bool ? Intrinsic.Or : Intrinsic.Add, a.DType, [a, b]),
        Reduction.Product => Apply(Intrinsic.Mul, a.DType, [a, b]),
        Reduction.Max => Apply(Intrinsic.Max, a.DType, [a, b]),
        Reduction.Min => Apply(Intrinsic.Min, a.DType, [a, b]),
        Reduction.All => Truth(a.AsBool & b.AsBool),
        Reduction.Any => Truth(a.AsBool | b.AsBool),
        _ => throw new UnreachableException($"{kind}"),
    };

    /// <summary>Whether a later value takes the place of the champion of an arg-max: greater, or the first NaN.</summary>
    public static bool Beats(ScalarValue value, ScalarValue champion) => value.DType.IsComplex() ? ComplexFunctions.Beats(value.ToComplex(), champion.ToComplex())
        : value.DType.IsFloat()
        ? !double.IsNaN(champion.ToDouble()) && !(value.ToDouble() <= champion.ToDouble())
        : value.ToInteger() > champion.ToInteger();

    // In double and rounded once: for + − × ÷ and √ of narrower floats that is the correctly rounded result.
    private static ScalarValue Floats(Intrinsic function, DType dtype, double a, double b) => function switch
    {
        Intrinsic.Equal => Truth(a == b),
        Intrinsic.NotEqual => Truth(a != b),
        Intrinsic.Less => Truth(a < b),
        Intrinsic.LessOrEqual => Truth(a <= b),
        _ => ScalarValue.Of(dtype, function switch
        {
            Intrinsic.Add => a + b,
            Intrinsic.Sub => a - b,
            Intrinsic.Mul => a * b,
            Intrinsic.Div => a / b,
            Intrinsic.FloorDiv => FloatDivision.FloorDiv(a, b),
            Intrinsic.Mod => FloatDivision.Mod(a, b),
            Intrinsic.Neg => -a,
            Intrinsic.Abs => Math.Abs(a),
            Intrinsic.Sign => a > 0 ? 1 : a < 0 ? -1 : a,
            Intrinsic.Sqrt => Math.Sqrt(a),
            Intrinsic.Exp => Math.Exp(a),
            Intrinsic.Expm1 => Expm1(a),
            Intrinsic.Log => Math.Log(a),
            Intrinsic.Log1p => Log1p(a),
            Intrinsic.Tanh => Math.Tanh(a),
            Intrinsic.Sigmoid => a >= 0 ? 1 / (1 + Math.Exp(-a)) : Math.Exp(a) / (1 + Math.Exp(a)),
            Intrinsic.Softplus => Math.Max(a, 0) + Log1p(Math.Exp(-Math.Abs(a))),
            Intrinsic.Sin => Math.Sin(a),
            Intrinsic.Cos => Math.Cos(a),
            Intrinsic.Pow => Math.Pow(a, b),
            Intrinsic.Max => Math.Max(a, b),
            Intrinsic.Min => Math.Min(a, b),
            Intrinsic.Floor => Math.Floor(a),
            Intrinsic.Ceil => Math.Ceiling(a),
            Intrinsic.Round => Math.Round(a, MidpointRounding.ToEven),
            Intrinsic.Trunc => Math.Truncate(a),
            Intrinsic.Exp2 => Math.Pow(2, a),
            Intrinsic.Log2 => Math.Log2(a),
            Intrinsic.Log10 => Math.Log10(a),
            Intrinsic.Tan => Math.Tan(a),
            Intrinsic.Asin => Math.Asin(a),
            Intrinsic.Acos => Math.Acos(a),
            Intrinsic.Atan => Math.Atan(a),
            Intrinsic.Atan2 => Math.Atan2(a, b),
            Intrinsic.Sinh => Math.Sinh(a),
            Intrinsic.Cosh => Math.Cosh(a),
            Intrinsic.Asinh => Math.Asinh(a),
            Intrinsic.Acosh => Math.Acosh(a),
            Intrinsic.Atanh => Math.Atanh(a),
            Intrinsic.Erf => SpecialFunctions.Erf(a),
            Intrinsic.Erfc => SpecialFunctions.Erfc(a),
            Intrinsic.Erfcx => SpecialFunctions.Erfcx(a),
            Intrinsic.ErfInv => SpecialFunctions.ErfInv(a),
            Intrinsic.ErfcInv => SpecialFunctions.ErfcInv(a),
            Intrinsic.Gamma => SpecialFunctions.Gamma(a),
            Intrinsic.GammaLn => SpecialFunctions.GammaLn(a),
            Intrinsic.Polygamma => SpecialFunctions.Polygamma(a, b),
            Intrinsic.GammaP => SpecialFunctions.GammaP(a, b),
            Intrinsic.GammaQ => SpecialFunctions.GammaQ(a, b),
            Intrinsic.BesselJ => SpecialFunctions.BesselJ(a, b),
            Intrinsic.BesselI => SpecialFunctions.BesselI(a, b),
            _ => throw new UnreachableException($"{function} of floats"),
        }),
    };

    private static ScalarValue Complexes(Intrinsic function, DType dtype, Complex a, Complex b) => function switch
    {
        Intrinsic.Equal => Truth(a == b),
        Intrinsic.NotEqual => Truth(a != b),
        Intrinsic.Less => Truth(ComplexFunctions.Less(a, b)),
        Intrinsic.LessOrEqual => Truth(ComplexFunctions.LessOrEqual(a, b)),
        Intrinsic.Real => ScalarValue.Of(dtype, a.Real),
        Intrinsic.Imag => ScalarValue.Of(dtype, a.Imaginary),
        Intrinsic.Abs => ScalarValue.Of(dtype, ComplexFunctions.Abs(a)),
        _ => ScalarValue.Of(dtype, function switch
        {
            Intrinsic.Add => ComplexFunctions.Add(a, b),
            Intrinsic.Sub => ComplexFunctions.Sub(a, b),
            Intrinsic.Mul => ComplexFunctions.Mul(a, b),
            Intrinsic.Div => ComplexFunctions.Div(a, b),
            Intrinsic.Neg => ComplexFunctions.Neg(a),
            Intrinsic.Conj => ComplexFunctions.Conj(a),
            Intrinsic.Sqrt => ComplexFunctions.Sqrt(a),
            Intrinsic.Exp => ComplexFunctions.Exp(a),
            Intrinsic.Expm1 => ComplexFunctions.Expm1(a),
            Intrinsic.Exp2 => ComplexFunctions.Exp2(a),
            Intrinsic.Log => ComplexFunctions.Log(a),
            Intrinsic.Log1p => ComplexFunctions.Log1p(a),
            Intrinsic.Log2 => ComplexFunctions.Log2(a),
            Intrinsic.Log10 => ComplexFunctions.Log10(a),
            Intrinsic.Pow => ComplexFunctions.Pow(a, b),
            Intrinsic.Sigmoid => ComplexFunctions.Sigmoid(a),
            Intrinsic.Softplus => ComplexFunctions.Softplus(a),
            Intrinsic.Sin => ComplexFunctions.Sin(a),
            Intrinsic.Cos => ComplexFunctions.Cos(a),
            Intrinsic.Tan => ComplexFunctions.Tan(a),
            Intrinsic.Sinh => ComplexFunctions.Sinh(a),
            Intrinsic.Cosh => ComplexFunctions.Cosh(a),
            Intrinsic.Tanh => ComplexFunctions.Tanh(a),
            Intrinsic.Asin => ComplexFunctions.Asin(a),
            Intrinsic.Acos => ComplexFunctions.Acos(a),
            Intrinsic.Atan => ComplexFunctions.Atan(a),
            Intrinsic.Asinh => ComplexFunctions.Asinh(a),
            Intrinsic.Acosh => ComplexFunctions.Acosh(a),
            Intrinsic.Atanh => ComplexFunctions.Atanh(a),
            Intrinsic.Max => ComplexFunctions.Max(a, b),
            Intrinsic.Min => ComplexFunctions.Min(a, b),
            _ => throw new UnreachableException($"{function} of complex numbers"),
        }),
    };

    private static ScalarValue Integers(Intrinsic function, DType dtype, Int128 a, Int128 b) => function switch
    {
        Intrinsic.Equal => Truth(a == b),
        Intrinsic.NotEqual => Truth(a != b),
        Intrinsic.Less => Truth(a < b),
        Intrinsic.LessOrEqual => Truth(a <= b),
        _ => ScalarValue.OfInteger(dtype, function switch
        {
            Intrinsic.Add => a + b,
            Intrinsic.Sub => a - b,
            Intrinsic.Mul => unchecked(a * b),
            Intrinsic.FloorDiv => b == 0 ? 0 : (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
            Intrinsic.Mod => b == 0 ? 0 : a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0),
            Intrinsic.Neg => -a,
            Intrinsic.Abs => Int128.Abs(a),
            Intrinsic.Sign => Int128.Sign(a),
            Intrinsic.Max => Int128.Max(a, b),
            Intrinsic.Min => Int128.Min(a, b),
            Intrinsic.Floor or Intrinsic.Ceil or Intrinsic.Round or Intrinsic.Trunc => a,
            Intrinsic.Pow => b < 0 ? a * a == 1 ? (b % 2 == 0 ? 1 : a) : 0 : Power(a, b),
            Intrinsic.BitAnd => a & b,
            Intrinsic.BitOr => a | b,
            Intrinsic.BitXor => a ^ b,
            Intrinsic.BitNot => ~a,
            Intrinsic.ShiftLeft => b < 0 || b >= dtype.Bits() ? 0 : a << (int)b,
            Intrinsic.ShiftRight => a >> (int)(b < 0 || b >= dtype.Bits() ? 64 : b),
            _ => throw new UnreachableException($"{function} of integers"),
        }),
    };

    /// <summary>The power modulo 2⁶⁴, by squaring.</summary>
    private static Int128 Power(Int128 a, Int128 b)
    {
        ulong power = 1, square = unchecked((ulong)a);
        for (; b > 0; b >>= 1)
        {
            power = (b & 1) == 1 ? unchecked(power * square) : power;
            square = unchecked(square * square);
        }
        return power;
    }

    private static ScalarValue Truth(bool value) => ScalarValue.Of(DType.Bool, value ? 1L : 0L);

    /// <summary>Kahan's correction of log(1 + x) by the rounding error of 1 + x (as told by Higham, "Accuracy and Stability", 1.14.1).</summary>
    internal static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsNaN(u) || double.IsPositiveInfinity(u) ? (u == 1 ? x : u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>Kahan's exp(x) − 1: (u − 1)·x / log u with u = exp(x) rounded.</summary>
    internal static double Expm1(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : double.IsPositiveInfinity(u) ? u : (u - 1) * x / Math.Log(u);
    }
}
