using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Elementary functions of vectors, one source for every width. Reduction, polynomials and rational functions are those of
/// Moshier's Cephes library (single and double precision, 1984-1995); what lies at the edges is IEEE's: ±0, ±∞, NaN, denormals.
/// </summary>
/// <typeparam name="TLanes">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
public static unsafe partial class VectorMath<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private static bool IsFloat
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>Whether a·b + c is rounded once, on which some of the functions build.</summary>
    private static bool IsFused
    {
        [MethodImpl(Inline)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    /// <summary>Whether vectors are those of <see cref="WideMath"/>, and the machine has what it is made of.</summary>
    private static bool IsWide
    {
        [MethodImpl(Inline)]
        get => Avx512DQ.IsSupported && typeof(TVector) == typeof(Vector512<float>);
    }

    [MethodImpl(Inline)]
    private static Vector512<float> Wide(TVector x) => Unsafe.BitCast<TVector, Vector512<float>>(x);

    [MethodImpl(Inline)]
    private static TVector Narrow(Vector512<float> x) => Unsafe.BitCast<Vector512<float>, TVector>(x);

    /// <summary>e to the x.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp(TVector x)
    {
        if (IsWide)
        {
            return Narrow(WideMath.Exp(Wide(x), ExpTables.Load()));
        }
        return ExpOfPolynomial(x);
    }

    /// <summary>e to the x without tables, 0.9 ulp off: for what adds errors of its own.</summary>
    [MethodImpl(Inline)]
    private static TVector ExpOfPolynomial(TVector x)
    {
        (TVector rest, TVector n) = ExpParts(x);
        return TLanes.Scale(TLanes.Add(rest, Number(1)), n);
    }

    /// <summary>2 to the x.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp2(TVector x)
    {
        TVector a = TLanes.AtMost(Number(IsFloat ? 129 : 1025), TLanes.AtLeast(Number(IsFloat ? -151 : -1076), x)), n = TLanes.Round(a);
        TVector rest = Excess(TLanes.Multiply(TLanes.Subtract(a, n), Number(0.693147180559945309417)));
        return TLanes.Scale(TLanes.Add(rest, Number(1)), n);
    }

    /// <summary>exp(x) − 1 without cancellation near 0.</summary>
    [MethodImpl(Inline)]
    public static TVector Expm1(TVector x)
    {
        // 2^n·(1 + rest) − 1 = 2^n·rest + (2^n − 1): the last is exact where it matters.
        (TVector rest, TVector n) = ExpParts(x);
        TVector power = TLanes.PowerOfTwo(TLanes.AtLeast(Number(IsFloat ? -126 : -1022), TLanes.AtMost(Number(IsFloat ? 126 : 1022), n)));
        TVector sum = TLanes.MultiplyAdd(power, rest, TLanes.Subtract(power, Number(1)));
        TVector large = TLanes.Scale(TLanes.Add(rest, Number(1)), n);
        // exp keeps −0 and tiny x only through the rest itself.
        TVector value = TLanes.Select(TLanes.Less(Number(IsFloat ? 40 : 80), x), large, sum);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-7 : 1e-16)), x, value);
    }

    /// <summary>Natural logarithm; 0 gives −∞, negative NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Log(TVector x)
    {
        if (IsWide)
        {
            return Narrow(WideMath.Log(Wide(x), LogTables.Load()));
        }
        (TVector e, TVector f, TVector z, TVector y) = LogParts(x);
        return LogEdges(x, LogSum(e, f, z, y));
    }

    /// <summary>Logarithm to base 2.</summary>
    [MethodImpl(Inline)]
    public static TVector Log2(TVector x)
    {
        (TVector e, TVector f, TVector z, TVector y) = LogParts(x);
        y = TLanes.MultiplyAdd(z, Number(-0.5), y);
        // log₂e = 1 + 0.4427: the 1 costs no rounding.
        TVector rest = TLanes.MultiplyAdd(f, Number(0.44269504088896340735992), TLanes.MultiplyAdd(y, Number(0.44269504088896340735992), y));
        return LogEdges(x, TLanes.Add(e, TLanes.Add(f, rest)));
    }

    /// <summary>Logarithm to base 10.</summary>
    [MethodImpl(Inline)]
    public static TVector Log10(TVector x)
    {
        (TVector e, TVector f, TVector z, TVector y) = LogParts(x);
        y = TLanes.MultiplyAdd(z, Number(-0.5), y);
        // log₁₀e and log₁₀2, each in two parts of which the first is short.
        TVector low = TLanes.MultiplyAdd(e, Number(2.48745663981195213739e-4), TLanes.Multiply(TLanes.Add(f, y), Number(7.00731903251827651129e-4)));
        TVector high = TLanes.MultiplyAdd(f, Number(4.3359375e-1), TLanes.MultiplyAdd(y, Number(4.3359375e-1), low));
        return LogEdges(x, TLanes.MultiplyAdd(e, Number(3.0078125e-1), high));
    }

    /// <summary>log x = e·log 2 + f − z/2 + y for positive x, with z = f² and y of the order of f³.</summary>
    [MethodImpl(Inline)]
    private static (TVector E, TVector F, TVector Z, TVector Y) LogParts(TVector x)
    {
        // Denormals are raised into the normal range first.
        TVector small = TLanes.Less(x, Number(IsFloat ? 1.17549435e-38 : 2.2250738585072014e-308));
        TVector a = TLanes.Select(small, TLanes.Multiply(x, Number(IsFloat ? 16777216.0 : 18014398509481984.0)), x);
        (TVector m, TVector e) = TLanes.Split(a);
        e = TLanes.Add(e, TLanes.And(small, Number(IsFloat ? -24 : -54)));
        TVector f = TLanes.Subtract(m, Number(1)), z = TLanes.Multiply(f, f);
        return (e, f, z, LogTail(f, z));
    }

    /// <summary>log(1 + f) − f + f²/2 for √½ ≤ 1 + f &lt; √2, with z = f².</summary>
    [MethodImpl(Inline)]
    private static TVector LogTail(TVector f, TVector z)
    {
        if (IsFloat)
        {
            TVector y = Number(7.0376836292e-2);
            y = TLanes.MultiplyAdd(y, f, Number(-1.1514610310e-1));
            y = TLanes.MultiplyAdd(y, f, Number(1.1676998740e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-1.2420140846e-1));
            y = TLanes.MultiplyAdd(y, f, Number(1.4249322787e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-1.6668057665e-1));
            y = TLanes.MultiplyAdd(y, f, Number(2.0000714765e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-2.4999993993e-1));
            y = TLanes.MultiplyAdd(y, f, Number(3.3333331174e-1));
            return TLanes.Multiply(TLanes.Multiply(y, f), z);
        }
        else
        {
            TVector p = Number(1.01875663804580931796e-4);
            p = TLanes.MultiplyAdd(p, f, Number(4.97494994976747001425e-1));
            p = TLanes.MultiplyAdd(p, f, Number(4.70579119878881725854e0));
            p = TLanes.MultiplyAdd(p, f, Number(1.44989225341610930846e1));
            p = TLanes.MultiplyAdd(p, f, Number(1.79368678507819816313e1));
            p = TLanes.MultiplyAdd(p, f, Number(7.70838733755885391666e0));
            TVector q = TLanes.Add(f, Number(1.12873587189167450590e1));
            q = TLanes.MultiplyAdd(q, f, Number(4.52279145837532221105e1));
            q = TLanes.MultiplyAdd(q, f, Number(8.29875266912776603211e1));
            q = TLanes.MultiplyAdd(q, f, Number(7.11544750618563894466e1));
            q = TLanes.MultiplyAdd(q, f, Number(2.31251620126765340583e1));
            return TLanes.Multiply(f, TLanes.Multiply(z, TLanes.Divide(p, q)));
        }
    }

    /// <summary>e·log 2 + f − z/2 + y.</summary>
    [MethodImpl(Inline)]
    private static TVector LogSum(TVector e, TVector f, TVector z, TVector y)
    {
        y = TLanes.MultiplyAdd(e, Number(-2.121944400546905827679e-4), y);
        y = TLanes.MultiplyAdd(z, Number(-0.5), y);
        return TLanes.MultiplyAdd(e, Number(0.693359375), TLanes.Add(f, y));
    }

    /// <summary>The logarithm where x is positive and finite; ∞ and NaN pass through, 0 gives −∞ and what is negative NaN.</summary>
    [MethodImpl(Inline)]
    private static TVector LogEdges(TVector x, TVector log)
    {
        log = TLanes.Select(TLanes.Less(x, Number(double.PositiveInfinity)), log, x);
        log = TLanes.Select(TLanes.Equal(x, Number(0)), Number(double.NegativeInfinity), log);
        return TLanes.Select(TLanes.Less(x, Number(0)), Number(double.NaN), log);
    }

    /// <summary>log(1 + x): the logarithm of u = 1 + x rounded, whose mantissa is given back what the rounding took (Knuth's two-sum).</summary>
    [MethodImpl(Inline)]
    public static TVector Log1p(TVector x)
    {
        TVector u = TLanes.Add(x, Number(1)), kept = TLanes.Subtract(u, Number(1));
        TVector lost = TLanes.Add(TLanes.Subtract(Number(1), TLanes.Subtract(u, kept)), TLanes.Subtract(x, kept));
        (TVector m, TVector e) = TLanes.Split(u);
        TVector f = TLanes.MultiplyAdd(lost, TLanes.PowerOfTwo(TLanes.Negate(TLanes.AtMost(Number(100), e))), TLanes.Subtract(m, Number(1))), z = TLanes.Multiply(f, f);
        // Where 1 + x is 1 the result is x, with its sign of zero.
        return TLanes.Select(TLanes.Equal(u, Number(1)), x, LogEdges(u, LogSum(e, f, z, LogTail(f, z))));
    }

    /// <summary>log(1 + t) for 0 ≤ t ≤ 1, where 1 + t or half of it is in reach of the polynomial without any rounding of t.</summary>
    [MethodImpl(Inline)]
    private static TVector Log1pOfFraction(TVector t)
    {
        TVector high = TLanes.Less(Number(0.41421356237309504880), t);
        TVector f = TLanes.Select(high, TLanes.MultiplyAdd(t, Number(0.5), Number(-0.5)), t), z = TLanes.Multiply(f, f);
        TVector sum = TLanes.Add(f, TLanes.MultiplyAdd(z, Number(-0.5), LogTail(f, z)));
        return TLanes.Add(TLanes.And(high, Number(0.693147180559945309417)), sum);
    }

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(Inline)]
    public static TVector Tanh(TVector x)
    {
        if (IsWide)
        {
            return Narrow(WideMath.Tanh(Wide(x), TanhTables.Load()));
        }
        TVector size = TLanes.Abs(x), s = TLanes.Multiply(x, x), near;
        if (IsFloat)
        {
            TVector p = Number(-5.70498872745e-3);
            p = TLanes.MultiplyAdd(p, s, Number(2.06390887954e-2));
            p = TLanes.MultiplyAdd(p, s, Number(-5.37397155531e-2));
            p = TLanes.MultiplyAdd(p, s, Number(1.33314422036e-1));
            p = TLanes.MultiplyAdd(p, s, Number(-3.33332819422e-1));
            near = TLanes.MultiplyAdd(TLanes.Multiply(p, size), s, size);
        }
        else
        {
            TVector p = Number(-9.64399179425052238628e-1);
            p = TLanes.MultiplyAdd(p, s, Number(-9.92877231001918586564e1));
            p = TLanes.MultiplyAdd(p, s, Number(-1.61468768441708447952e3));
            TVector q = TLanes.Add(s, Number(1.12811678491632931402e2));
            q = TLanes.MultiplyAdd(q, s, Number(2.23548839060100448583e3));
            q = TLanes.MultiplyAdd(q, s, Number(4.84406305325125486048e3));
            near = TLanes.MultiplyAdd(TLanes.Multiply(size, s), TLanes.Divide(p, q), size);
        }
        // Twice the size is capped where the result is long 1: there exp needs neither bounds nor two steps.
        (TVector rest, TVector n) = ExpParts(TLanes.Add(size, size), 0, IsFloat ? 30 : 60);
        TVector e = TLanes.MultiplyAdd(TLanes.PowerOfTwo(n), rest, TLanes.PowerOfTwo(n));
        TVector far = TLanes.Subtract(Number(1), TLanes.Divide(Number(2), TLanes.Add(e, Number(1))));
        return TLanes.Or(TLanes.Select(TLanes.Less(size, Number(0.625)), near, far), TLanes.And(x, Number(-0.0)));
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(Inline)]
    public static TVector Sigmoid(TVector x)
    {
        TVector e = ExpOfPolynomial(TLanes.Or(x, Number(-0.0))), sum = TLanes.Add(e, Number(1));
        // What the sum lost (Dekker's fast two-sum: e is at most 1) and what the first quotient leaves are made good, so that the error is little more than that of exp.
        TVector lost = TLanes.Subtract(e, TLanes.Subtract(sum, Number(1))), inverse = TLanes.Divide(Number(1), sum);
        TVector top = TLanes.Select(TLanes.Less(x, Number(0)), e, Number(1)), quotient = TLanes.Multiply(top, inverse), negative = TLanes.Negate(quotient);
        TVector rest = TLanes.MultiplyAdd(negative, lost, TLanes.MultiplyAdd(negative, sum, top));
        return TLanes.MultiplyAdd(rest, inverse, quotient);
    }

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    [MethodImpl(Inline)]
    public static TVector Softplus(TVector x) => TLanes.Add(TLanes.AtLeast(Number(0), x), Log1pOfFraction(ExpOfPolynomial(TLanes.Or(x, Number(-0.0)))));

    [MethodImpl(Inline)]
    private static TVector Number(double value) => TLanes.Constant(value);

    /// <summary>
    /// exp(x) = (1 + rest)·2^n with |rest| below about 0.42. Beyond the usual bounds the result, or half of it, is 0 or ∞ anyway; within them n stays
    /// in the range of Scale.
    /// </summary>
    [MethodImpl(Inline)]
    private static (TVector Excess, TVector N) ExpParts(TVector x) => ExpParts(x, IsFloat ? -104 : -746, IsFloat ? 90 : 711);

    [MethodImpl(Inline)]
    private static (TVector Excess, TVector N) ExpParts(TVector x, double low, double high)
    {
        TVector a = TLanes.AtMost(Number(high), x);
        a = low < 0 ? TLanes.AtLeast(Number(low), a) : a;
        TVector n = TLanes.Round(TLanes.Multiply(a, Number(1.44269504088896341)));
        TVector r = TLanes.MultiplyAdd(n, Number(IsFloat ? -0.693359375 : -6.93145751953125e-1), a);
        r = TLanes.MultiplyAdd(n, Number(IsFloat ? 2.12194440e-4 : -1.42860682030941723212e-6), r);
        return (Excess(r), n);
    }

    /// <summary>exp(r) − 1 for |r| below about 0.36; not relatively exact.</summary>
    [MethodImpl(Inline)]
    private static TVector Excess(TVector r)
    {
        if (IsFloat)
        {
            // The minimax polynomial of degree 4 for (exp(r) − 1 − r)/r² by Remez' exchange: exp is off by 2^−28.
            TVector p = Number(1.3814429225391738e-3);
            p = TLanes.MultiplyAdd(p, r, Number(8.3687966004134999e-3));
            p = TLanes.MultiplyAdd(p, r, Number(4.1668395849354727e-2));
            p = TLanes.MultiplyAdd(p, r, Number(1.666651997466552e-1));
            p = TLanes.MultiplyAdd(p, r, Number(4.9999993403368784e-1));
            return TLanes.MultiplyAdd(p, TLanes.Multiply(r, r), r);
        }
        else
        {
            TVector s = TLanes.Multiply(r, r);
            TVector p = Number(1.26177193074810590878e-4);
            p = TLanes.MultiplyAdd(p, s, Number(3.02994407707441961300e-2));
            p = TLanes.MultiplyAdd(p, s, Number(9.99999999999999999910e-1));
            p = TLanes.Multiply(p, r);
            TVector q = Number(3.00198505138664455042e-6);
            q = TLanes.MultiplyAdd(q, s, Number(2.52448340349684104192e-3));
            q = TLanes.MultiplyAdd(q, s, Number(2.27265548208155028766e-1));
            q = TLanes.MultiplyAdd(q, s, Number(2.00000000000000000009e0));
            return TLanes.Divide(TLanes.Add(p, p), TLanes.Subtract(q, p));
        }
    }
}
