using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Elementary functions of sixteen floats where the machine has AVX-512: a register or two hold a table of 16 or 32 numbers that one instruction looks up, so that short
/// polynomials do; exponents are taken apart and put together by instructions that know ±0, ∞, NaN and denormals. The ways are those of Tang (Table-driven
/// implementation of the exponential function in IEEE floating-point arithmetic, 1989; of the logarithm, 1990), with points whose function values are nearly floats
/// (Gal, An accurate elementary mathematical library, 1991). Operations of three operands are what limits them, and a look-up in two registers is one: so points are found by additions.
/// </summary>
internal static partial class WideMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>What <see cref="Avx512DQ.Range(Vector512{float}, Vector512{float}, byte)"/> is asked for: the lesser size of the two, with the sign of the first.</summary>
    private const byte LesserSize = 0b0010;

    /// <summary>e to the x: x = (n + j/16)·log 2 + r, and 2^(j/16) is looked up. At most 1.1 ulp off.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Exp(Vector512<float> x, ExpTables t)
    {
        // Adding 1.5·2^19 leaves n in the bits above the lowest four and j in these; the scale's power is rounded down to n.
        Vector512<float> shifted = Avx512F.FusedMultiplyAdd(x, t.Octaves, t.Shift), n = shifted - t.Shift;
        // Where x is too large for it r has a bound, also for NaN, and the power makes ∞, 0 or NaN of what comes out.
        Vector512<float> r = Avx512DQ.Range(Avx512F.FusedMultiplyAdd(n, t.Log2Rest, Avx512F.FusedMultiplyAdd(n, t.NegativeLog2, x)), t.Most, LesserSize);
        Vector512<float> p = Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAdd(r, t.Third, t.Second), r * r, r);
        Vector512<float> power = Avx512F.PermuteVar16x32(t.Powers, shifted.AsInt32());
        return Avx512F.Scale(Avx512F.FusedMultiplyAdd(power, p, power), n);
    }

    /// <summary>
    /// Natural logarithm: of the mantissa m, 1/c for a point c near it and log c are looked up; r = m/c − 1. Next to 1 on either side c is 1 or 2, so that r and
    /// the rest are exact. At most 1.6 ulp off.
    /// </summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Log(Vector512<float> x, LogTables t)
    {
        // The mantissa lies from 1 to 2 and is NaN where x is negative; the exponent of 0 is −∞.
        Vector512<float> m = Avx512F.GetMantissa(x, 0b1100), e = Avx512F.GetExponent(x);
        Vector512<int> index = Vector512.ShiftRightLogical(m.AsInt32(), 19);
        Vector512<float> r = Avx512F.FusedMultiplyAdd(m, Avx512F.PermuteVar16x32(t.Inverses, index), t.MinusOne);
        Vector512<float> whole = Avx512F.FusedMultiplyAdd(e, t.Log2, Avx512F.PermuteVar16x32(t.Logs, index));
        Vector512<float> q = Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAdd(r, t.Fifth, t.Fourth), r, t.Third), r, t.Second);
        return Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAdd(q, r, t.One), r, whole);
    }

    /// <summary>
    /// Hyperbolic tangent: polynomials of degree 4 about points an eighth apart up to 1 and a quarter apart beyond, an odd one about 0; the last goes on to where
    /// the result is 1. At most 1.6 ulp off.
    /// </summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Tanh(Vector512<float> x, TanhTables t)
    {
        Vector512<float> a = x & t.Size;
        // 2^21 − 1 is added: sums below 2^21 are rounded to eighths, those above to quarters, and their lowest five bits count the points.
        Vector512<float> index = Avx512F.Min(t.LastPoint, a) + t.Shift, r = Avx512F.Min(t.Most, a) - (index - t.Shift);
        Vector512<float> p = Avx512F.FusedMultiplyAdd(At(index, t.Low4, t.High4), r, At(index, t.Low3, t.High3));
        p = Avx512F.FusedMultiplyAdd(p, r, At(index, t.Low2, t.High2));
        p = Avx512F.FusedMultiplyAdd(p, r, At(index, t.Low1, t.High1));
        p = Avx512F.FusedMultiplyAdd(p, r, At(index, t.Low0, t.High0));
        // The sign is that of x.
        return Avx512DQ.Range(x, p, LesserSize);
    }

    /// <summary>The number at the index, of whose bits the lowest five count, of two registers one behind the other.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> At(Vector512<float> index, Vector512<float> low, Vector512<float> high) => Avx512F.PermuteVar16x32x2(low, index.AsInt32(), high);
}
