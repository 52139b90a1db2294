using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Hyperbolic sine and cosine.</summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Hyperbolic cosine.</summary>
    [MethodImpl(Inline)]
    public static TVector Cosh(TVector x)
    {
        TVector half = HalfExp(TLanes.Abs(x));
        return TLanes.Add(half, TLanes.Divide(Number(0.25), half));
    }

    /// <summary>Hyperbolic sine: near 0 by Taylor's series.</summary>
    [MethodImpl(Inline)]
    public static TVector Sinh(TVector x)
    {
        TVector size = TLanes.Abs(x), z = TLanes.Multiply(x, x), half = HalfExp(size), far = TLanes.Subtract(half, TLanes.Divide(Number(0.25), half));
        TVector p;
        if (IsFloat)
        {
            p = Number(1.0 / 39916800);
        }
        else
        {
            p = Number(1.0 / 121645100408832000);
            p = TLanes.MultiplyAdd(p, z, Number(1.0 / 355687428096000));
            p = TLanes.MultiplyAdd(p, z, Number(1.0 / 1307674368000));
            p = TLanes.MultiplyAdd(p, z, Number(1.0 / 6227020800));
            p = TLanes.MultiplyAdd(p, z, Number(1.0 / 39916800));
        }
        p = TLanes.MultiplyAdd(p, z, Number(1.0 / 362880));
        p = TLanes.MultiplyAdd(p, z, Number(1.0 / 5040));
        p = TLanes.MultiplyAdd(p, z, Number(1.0 / 120));
        p = TLanes.MultiplyAdd(p, z, Number(1.0 / 6));
        TVector near = TLanes.MultiplyAdd(TLanes.Multiply(p, z), x, x);
        far = TLanes.Select(TLanes.Less(x, Number(0)), TLanes.Negate(far), far);
        near = TLanes.Select(TLanes.Less(size, Number(IsFloat ? 1e-4 : 1e-8)), x, near);
        return TLanes.Select(TLanes.Less(size, Number(1)), near, far);
    }

    /// <summary>exp(x)/2, which does not overflow before it must.</summary>
    [MethodImpl(Inline)]
    private static TVector HalfExp(TVector x)
    {
        (TVector rest, TVector n) = ExpParts(x);
        return Scale(TLanes.Add(rest, Number(1)), TLanes.Subtract(n, Number(1)));
    }
}
