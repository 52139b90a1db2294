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
        TVector value = InQuadrant(quadrant, SinNear(r), CosNear(r));
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, value);
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
        TVector next = TLanes.Add(quadrant, Number(1));
        return InQuadrant(TLanes.Select(TLanes.Equal(next, Number(4)), Number(0), next), SinNear(r), CosNear(r));
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
        TVector sin = SinNear(r), cos = CosNear(r), isOdd = IsOdd(quadrant);
        TVector value = TLanes.Divide(TLanes.Select(isOdd, TLanes.Negate(cos), sin), TLanes.Select(isOdd, sin, cos));
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, value);
    }

    private static T SinOf(T x) => T.Sin(x);

    private static T CosOf(T x) => T.Cos(x);

    private static T TanOf(T x) => T.Tan(x);

    /// <summary>Whether any lane is beyond the reach of the reduction, or no number.</summary>
    [MethodImpl(Inline)]
    private static bool AreSomeFar(TVector x) =>
        TLanes.ReduceMax(TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 8192 : 1e6)), Number(0), Number(1))) != T.Zero;

    /// <summary>x less a multiple of π/2, and that multiple modulo 4.</summary>
    [MethodImpl(Inline)]
    private static (TVector Angle, TVector Quadrant) Reduce(TVector x)
    {
        TVector n = TLanes.Round(TLanes.Multiply(x, Number(0.636619772367581343076))), r = x;
        if (IsFloat)
        {
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(1.5703125)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(0.0004837512969970703)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(7.549533620476723e-08)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(2.5632829192545614e-12)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(6.120321263680673e-17)));
        }
        else
        {
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(1.5707963267341256)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(6.077100506303966e-11)));
            r = TLanes.Subtract(r, TLanes.Multiply(n, Number(2.0222662487111665e-21)));
        }
        return (r, TLanes.MultiplyAdd(TLanes.Floor(TLanes.Multiply(n, Number(0.25))), Number(-4), n));
    }

    [MethodImpl(Inline)]
    private static TVector IsOdd(TVector quadrant) => TLanes.Or(TLanes.Equal(quadrant, Number(1)), TLanes.Equal(quadrant, Number(3)));

    /// <summary>The sine of r + quadrant·π/2.</summary>
    [MethodImpl(Inline)]
    private static TVector InQuadrant(TVector quadrant, TVector sin, TVector cos)
    {
        TVector value = TLanes.Select(IsOdd(quadrant), cos, sin);
        return TLanes.Select(TLanes.Less(Number(1), quadrant), TLanes.Negate(value), value);
    }

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
