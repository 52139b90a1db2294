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
        return TLanes.Scale(TLanes.Add(rest, Number(1)), TLanes.Subtract(n, Number(1)));
    }

    /// <summary>Inverse hyperbolic sine, by log(1 + x + x²/(1 + √(1 + x²))); where squares could overflow, by log 2x.</summary>
    [MethodImpl(Inline)]
    public static TVector Asinh(TVector x)
    {
        TVector size = TLanes.Abs(x), isLarge = TLanes.Less(Number(IsFloat ? 1e9 : 1e18), size);
        TVector z = TLanes.Multiply(size, size), root = TLanes.Sqrt(TLanes.Add(z, Number(1)));
        TVector u = TLanes.Add(size, TLanes.Divide(z, TLanes.Add(root, Number(1))));
        TVector value = TLanes.Add(Log1p(TLanes.Select(isLarge, size, u)), TLanes.And(isLarge, Number(0.693147180559945309417)));
        return TLanes.Or(value, TLanes.And(x, Number(-0.0)));
    }

    /// <summary>Inverse hyperbolic cosine, by log(1 + t + √(2t + t²)) with t = x − 1; NaN below 1.</summary>
    [MethodImpl(Inline)]
    public static TVector Acosh(TVector x)
    {
        TVector isLarge = TLanes.Less(Number(IsFloat ? 1e9 : 1e18), x), t = TLanes.Subtract(x, Number(1));
        TVector u = TLanes.Add(t, TLanes.Sqrt(TLanes.MultiplyAdd(t, t, TLanes.Add(t, t))));
        TVector value = TLanes.Add(Log1p(TLanes.Select(isLarge, t, u)), TLanes.And(isLarge, Number(0.693147180559945309417)));
        return TLanes.Select(TLanes.Less(x, Number(1)), Number(double.NaN), value);
    }

    /// <summary>Inverse hyperbolic tangent, log(1 + 2x/(1 − x))/2 with the sign taken out; NaN outside [−1, 1].</summary>
    [MethodImpl(Inline)]
    public static TVector Atanh(TVector x)
    {
        TVector size = TLanes.Abs(x);
        TVector half = TLanes.Multiply(Number(0.5), Log1p(TLanes.Divide(TLanes.Add(size, size), TLanes.Subtract(Number(1), size))));
        // 2x must not be lost among denormals.
        half = TLanes.Select(TLanes.Less(size, Number(IsFloat ? 1e-30 : 1e-290)), size, half);
        return TLanes.Or(half, TLanes.And(x, Number(-0.0)));
    }
}
