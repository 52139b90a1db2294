using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>e to the x.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp(TVector x)
    {
        (TVector rest, TVector n) = ExpParts(x);
        return Scale(TLanes.Add(rest, Number(1)), n);
    }

    /// <summary>2 to the x.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp2(TVector x)
    {
        TVector a = TLanes.Minimum(TLanes.Maximum(x, Number(IsFloat ? -151 : -1076)), Number(IsFloat ? 129 : 1025)), n = TLanes.Round(a);
        TVector rest = Excess(TLanes.Multiply(TLanes.Subtract(a, n), Number(0.693147180559945309417)));
        return Scale(TLanes.Add(rest, Number(1)), n);
    }

    /// <summary>exp(x) − 1 without cancellation near 0.</summary>
    [MethodImpl(Inline)]
    public static TVector Expm1(TVector x)
    {
        // 2^n·(1 + rest) − 1 = 2^n·rest + (2^n − 1): the last is exact where it matters.
        (TVector rest, TVector n) = ExpParts(x);
        TVector capped = TLanes.Minimum(n, Number(IsFloat ? 126 : 1022));
        TVector power = TLanes.PowerOfTwo(TLanes.Maximum(capped, Number(IsFloat ? -126 : -1022)));
        TVector sum = TLanes.MultiplyAdd(power, rest, TLanes.Subtract(power, Number(1)));
        TVector large = Scale(TLanes.Add(rest, Number(1)), n);
        // exp keeps −0 and tiny x only through the rest itself.
        TVector value = TLanes.Select(TLanes.Less(Number(IsFloat ? 40 : 80), x), large, sum);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-7 : 1e-16)), x, value);
    }

    /// <summary>Natural logarithm; 0 gives −∞, negative NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Log(TVector x)
    {
        (TVector e, TVector f, TVector z, TVector y) = LogParts(x);
        y = TLanes.MultiplyAdd(e, Number(-2.121944400546905827679e-4), y);
        y = TLanes.MultiplyAdd(z, Number(-0.5), y);
        return LogEdges(x, TLanes.MultiplyAdd(e, Number(0.693359375), TLanes.Add(f, y)));
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
        TVector e = TLanes.Add(TLanes.Exponent(a), TLanes.Select(small, Number(IsFloat ? -24 : -54), Number(0)));
        TVector m = TLanes.Mantissa(a);
        // m in [√½, √2), so that the logarithm of m is small beside e·log 2 and symmetric about 0.
        TVector high = TLanes.Less(Number(1.41421356237309504880), m);
        m = TLanes.Select(high, TLanes.Multiply(m, Number(0.5)), m);
        e = TLanes.Select(high, TLanes.Add(e, Number(1)), e);
        TVector f = TLanes.Subtract(m, Number(1)), z = TLanes.Multiply(f, f), y;
        if (IsFloat)
        {
            y = Number(7.0376836292e-2);
            y = TLanes.MultiplyAdd(y, f, Number(-1.1514610310e-1));
            y = TLanes.MultiplyAdd(y, f, Number(1.1676998740e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-1.2420140846e-1));
            y = TLanes.MultiplyAdd(y, f, Number(1.4249322787e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-1.6668057665e-1));
            y = TLanes.MultiplyAdd(y, f, Number(2.0000714765e-1));
            y = TLanes.MultiplyAdd(y, f, Number(-2.4999993993e-1));
            y = TLanes.MultiplyAdd(y, f, Number(3.3333331174e-1));
            y = TLanes.Multiply(TLanes.Multiply(y, f), z);
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
            y = TLanes.Multiply(f, TLanes.Multiply(z, TLanes.Divide(p, q)));
        }
        return (e, f, z, y);
    }

    /// <summary>The logarithm where x is positive and finite; ∞ and NaN pass through, 0 gives −∞ and what is negative NaN.</summary>
    [MethodImpl(Inline)]
    private static TVector LogEdges(TVector x, TVector log)
    {
        log = TLanes.Select(TLanes.Less(x, Number(double.PositiveInfinity)), log, x);
        log = TLanes.Select(TLanes.Equal(x, Number(0)), Number(double.NegativeInfinity), log);
        return TLanes.Select(TLanes.Less(x, Number(0)), Number(double.NaN), log);
    }

    /// <summary>log(1 + x), with Kahan's correction by the rounding error of 1 + x (Higham, "Accuracy and Stability", 1.14.1).</summary>
    [MethodImpl(Inline)]
    public static TVector Log1p(TVector x)
    {
        TVector u = TLanes.Add(x, Number(1)), log = Log(u);
        TVector corrected = TLanes.Multiply(log, TLanes.Divide(x, TLanes.Subtract(u, Number(1))));
        corrected = TLanes.Select(TLanes.Less(TLanes.Abs(u), Number(double.PositiveInfinity)), corrected, log);
        return TLanes.Select(TLanes.Equal(u, Number(1)), x, corrected);
    }

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(Inline)]
    public static TVector Tanh(TVector x)
    {
        TVector size = TLanes.Abs(x), s = TLanes.Multiply(x, x), near;
        if (IsFloat)
        {
            TVector p = Number(-5.70498872745e-3);
            p = TLanes.MultiplyAdd(p, s, Number(2.06390887954e-2));
            p = TLanes.MultiplyAdd(p, s, Number(-5.37397155531e-2));
            p = TLanes.MultiplyAdd(p, s, Number(1.33314422036e-1));
            p = TLanes.MultiplyAdd(p, s, Number(-3.33332819422e-1));
            near = TLanes.MultiplyAdd(TLanes.Multiply(p, s), x, x);
        }
        else
        {
            TVector p = Number(-9.64399179425052238628e-1);
            p = TLanes.MultiplyAdd(p, s, Number(-9.92877231001918586564e1));
            p = TLanes.MultiplyAdd(p, s, Number(-1.61468768441708447952e3));
            TVector q = TLanes.Add(s, Number(1.12811678491632931402e2));
            q = TLanes.MultiplyAdd(q, s, Number(2.23548839060100448583e3));
            q = TLanes.MultiplyAdd(q, s, Number(4.84406305325125486048e3));
            near = TLanes.MultiplyAdd(TLanes.Multiply(x, s), TLanes.Divide(p, q), x);
        }
        TVector far = TLanes.Subtract(Number(1), TLanes.Divide(Number(2), TLanes.Add(Exp(TLanes.Add(size, size)), Number(1))));
        far = TLanes.Select(TLanes.Less(x, Number(0)), TLanes.Negate(far), far);
        // Where x² / 3 is below half a unit of the last place the result is x, with its sign of zero.
        near = TLanes.Select(TLanes.Less(size, Number(IsFloat ? 1e-4 : 1e-8)), x, near);
        return TLanes.Select(TLanes.Less(size, Number(0.625)), near, far);
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(Inline)]
    public static TVector Sigmoid(TVector x)
    {
        TVector e = Exp(TLanes.Negate(TLanes.Abs(x)));
        return TLanes.Divide(TLanes.Select(TLanes.Less(x, Number(0)), e, Number(1)), TLanes.Add(e, Number(1)));
    }

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    [MethodImpl(Inline)]
    public static TVector Softplus(TVector x) => TLanes.Add(TLanes.Maximum(x, Number(0)), Log1p(Exp(TLanes.Negate(TLanes.Abs(x)))));

    /// <summary>x to the y as C's pow, lane by lane.</summary>
    public static TVector Pow(TVector x, TVector y) => TLanes.Map(x, y, &PowOf);

    private static T PowOf(T x, T y) => T.Pow(x, y);

    [MethodImpl(Inline)]
    private static TVector Number(double value) => TLanes.Constant(value);

    /// <summary>exp(x) = (1 + rest)·2^n with |rest| below about 0.42.</summary>
    [MethodImpl(Inline)]
    private static (TVector Excess, TVector N) ExpParts(TVector x)
    {
        // Beyond these bounds the result, or half of it, is 0 or ∞ anyway; within them n stays in the range that Scale can do in two steps.
        TVector a = TLanes.Minimum(TLanes.Maximum(x, Number(IsFloat ? -104 : -746)), Number(IsFloat ? 90 : 711));
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
            TVector p = Number(1.9875691500e-4);
            p = TLanes.MultiplyAdd(p, r, Number(1.3981999507e-3));
            p = TLanes.MultiplyAdd(p, r, Number(8.3334519073e-3));
            p = TLanes.MultiplyAdd(p, r, Number(4.1665795894e-2));
            p = TLanes.MultiplyAdd(p, r, Number(1.6666665459e-1));
            p = TLanes.MultiplyAdd(p, r, Number(5.0000001201e-1));
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

    /// <summary>value·2^n in two steps, so that denormal results round once and ∞ is reached only where it is due.</summary>
    [MethodImpl(Inline)]
    private static TVector Scale(TVector value, TVector n)
    {
        TVector half = TLanes.Floor(TLanes.Multiply(n, Number(0.5)));
        return TLanes.Multiply(TLanes.Multiply(value, TLanes.PowerOfTwo(half)), TLanes.PowerOfTwo(TLanes.Subtract(n, half)));
    }
}
