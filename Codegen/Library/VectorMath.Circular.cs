using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Sine, cosine and tangent: the polynomials of Cephes (sinf.c, sin.c) on [−π/4, π/4]. Multiples of π/2 are taken off in parts so short that
/// each product is exact (Cody and Waite); where any lane is too large for that, the lanes are computed one by one.
/// </summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Sine.</summary>
    [MethodImpl(Inline)]
    public static TVector Sin(TVector x)
    {
        if (AreSomeFar(x))
        {
            return TLanes.Map(x, &SinOf);
        }
        (TVector r, TVector quadrant) = Reduce(x);
        TVector value = TLanes.Select(TLanes.Bit(quadrant, 0), CosNear(r), SinNear(r));
        // Near 0 the sine is x, with its sign of zero.
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, TLanes.Xor(value, Minus(quadrant)));
    }

    /// <summary>Cosine.</summary>
    [MethodImpl(Inline)]
    public static TVector Cos(TVector x)
    {
        if (AreSomeFar(x))
        {
            return TLanes.Map(x, &CosOf);
        }
        (TVector r, TVector quadrant) = Reduce(x);
        return TLanes.Xor(TLanes.Select(TLanes.Bit(quadrant, 0), SinNear(r), CosNear(r)), Minus(TLanes.Add(quadrant, Number(1))));
    }

    /// <summary>Tangent.</summary>
    [MethodImpl(Inline)]
    public static TVector Tan(TVector x)
    {
        if (AreSomeFar(x))
        {
            return TLanes.Map(x, &TanOf);
        }
        (TVector r, TVector quadrant) = Reduce(x);
        if (IsFloat)
        {
            return TanOfRest(x, r, quadrant);
        }
        TVector sin = SinNear(r), cos = CosNear(r), isOdd = TLanes.Bit(quadrant, 0);
        TVector value = TLanes.Divide(TLanes.Select(isOdd, TLanes.Negate(cos), sin), TLanes.Select(isOdd, sin, cos));
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, value);
    }

    /// <summary>
    /// The tangent of x = n·π/2 + r: what r lost when it was rounded is made good by the derivative, about 1 + r². The polynomial interpolates at Chebyshev's points.
    /// </summary>
    [MethodImpl(Inline)]
    private static TVector TanOfRest(TVector x, TVector r, TVector n)
    {
        TVector lost;
        if (IsFused)
        {
            // The second part of n·π/2 as a product and its error, taken off with what the sum loses (Knuth's two-sum).
            TVector first = TLanes.MultiplyAdd(n, Number(-1.5707963705062866), x), second = TLanes.Multiply(n, Number(4.371138828673793e-8));
            r = TLanes.Add(first, second);
            TVector part = TLanes.Subtract(r, first);
            lost = TLanes.MultiplyAdd(n, Number(1.7151245100058819e-15), TLanes.MultiplyAdd(n, Number(4.371138828673793e-8), TLanes.Negate(second)));
            lost = TLanes.Add(TLanes.Add(TLanes.Subtract(first, TLanes.Subtract(r, part)), TLanes.Subtract(second, part)), lost);
        }
        else
        {
            // Where r is not small against what is left behind the first two parts, less r that is exact.
            TVector first = TLanes.Subtract(TLanes.Subtract(x, TLanes.Multiply(n, Number(1.5703125))), TLanes.Multiply(n, Number(0.0004837512969970703)));
            lost = TLanes.Subtract(TLanes.Subtract(TLanes.Subtract(first, r), TLanes.Multiply(n, Number(7.549533620476723e-08))), TLanes.Multiply(n, Number(2.5632829192545614e-12)));
            lost = TLanes.And(lost, TLanes.Less(Number(0.01), TLanes.Abs(r)));
        }
        TVector z = TLanes.Multiply(r, r), p = Number(3.84397223e-3);
        p = TLanes.MultiplyAdd(p, z, Number(1.18391856e-3));
        p = TLanes.MultiplyAdd(p, z, Number(9.96302534e-3));
        p = TLanes.MultiplyAdd(p, z, Number(2.16208771e-2));
        p = TLanes.MultiplyAdd(p, z, Number(5.39944954e-2));
        p = TLanes.MultiplyAdd(p, z, Number(1.33332312e-1));
        p = TLanes.MultiplyAdd(p, z, Number(3.33333343e-1));
        TVector tan = TLanes.Add(r, TLanes.MultiplyAdd(TLanes.Multiply(p, z), r, TLanes.MultiplyAdd(lost, z, lost)));
        TVector value = TLanes.Select(TLanes.Bit(n, 0), TLanes.Divide(Number(-1), tan), tan);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(1e-4)), x, value);
    }

    private static T SinOf(T x) => T.Sin(x);

    private static T CosOf(T x) => T.Cos(x);

    private static T TanOf(T x) => T.Tan(x);

    /// <summary>Whether any lane is beyond the reach of the reduction, or no number.</summary>
    [MethodImpl(Inline)]
    private static bool AreSomeFar(TVector x) => TLanes.Any(TLanes.Not(TLanes.Less(TLanes.Abs(x), Number(!IsFloat ? 1e6 : IsFused ? 65536 : 8192))));

    /// <summary>
    /// x less a multiple of π/2, and that multiple. Where a multiply-add is fused the first part is π/2 rounded: x less its multiple is exact.
    /// </summary>
    [MethodImpl(Inline)]
    private static (TVector Angle, TVector Quadrant) Reduce(TVector x)
    {
        TVector n = TLanes.Round(TLanes.Multiply(x, Number(0.636619772367581343076))), r = x;
        if (IsFloat && !IsFused)
        {
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(1.5703125)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(0.0004837512969970703)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(7.549533620476723e-08)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(2.5632829192545614e-12)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(6.120321263680673e-17)));
        }
        else if (IsFloat)
        {
            r = TLanes.MultiplyAdd(n, Number(-1.5707963705062866), r);
            r = TLanes.MultiplyAdd(n, Number(4.371138828673793e-8), r);
            r = TLanes.MultiplyAdd(n, Number(1.7151245100058819e-15), r);
        }
        else
        {
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(1.5707963267341256)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(6.077100506303966e-11)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(2.0222662487111665e-21)));
        }
        return (r, n);
    }

    /// <summary>The sign bit in the third and fourth quadrant.</summary>
    [MethodImpl(Inline)]
    private static TVector Minus(TVector quadrant) => TLanes.And(TLanes.Bit(quadrant, 1), Number(-0.0));

    [MethodImpl(Inline)]
    private static TVector SinNear(TVector r)
    {
        TVector z = TLanes.Multiply(r, r), p;
        if (IsFloat)
        {
            p = Number(-1.9515295891e-4);
            p = TLanes.MultiplyAdd(p, z, Number(8.3321608736e-3));
            p = TLanes.MultiplyAdd(p, z, Number(-1.6666654611e-1));
        }
        else
        {
            p = Number(1.58962301576546568060e-10);
            p = TLanes.MultiplyAdd(p, z, Number(-2.50507477628578072866e-8));
            p = TLanes.MultiplyAdd(p, z, Number(2.75573136213857245213e-6));
            p = TLanes.MultiplyAdd(p, z, Number(-1.98412698295895385996e-4));
            p = TLanes.MultiplyAdd(p, z, Number(8.33333333332211858878e-3));
            p = TLanes.MultiplyAdd(p, z, Number(-1.66666666666666307295e-1));
        }
        return TLanes.MultiplyAdd(TLanes.Multiply(p, z), r, r);
    }

    [MethodImpl(Inline)]
    private static TVector CosNear(TVector r)
    {
        TVector z = TLanes.Multiply(r, r), p;
        if (IsFloat)
        {
            p = Number(2.443315711809948e-5);
            p = TLanes.MultiplyAdd(p, z, Number(-1.388731625493765e-3));
            p = TLanes.MultiplyAdd(p, z, Number(4.166664568298827e-2));
        }
        else
        {
            p = Number(-1.13585365213876817300e-11);
            p = TLanes.MultiplyAdd(p, z, Number(2.08757008419747316778e-9));
            p = TLanes.MultiplyAdd(p, z, Number(-2.75573141792967388112e-7));
            p = TLanes.MultiplyAdd(p, z, Number(2.48015872888517045348e-5));
            p = TLanes.MultiplyAdd(p, z, Number(-1.38888888888730564116e-3));
            p = TLanes.MultiplyAdd(p, z, Number(4.16666666666665929218e-2));
        }
        return TLanes.Add(TLanes.MultiplyAdd(z, Number(-0.5), Number(1)), TLanes.Multiply(TLanes.Multiply(z, z), p));
    }
}
