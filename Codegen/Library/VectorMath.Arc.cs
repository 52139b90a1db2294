using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Inverse trigonometric functions: the arc tangent of Cephes (atanf.c, atan.c), and the others by it.</summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Inverse tangent.</summary>
    [MethodImpl(Inline)]
    public static TVector Atan(TVector x)
    {
        if (IsFloat)
        {
            return AtanOfFloats(x);
        }
        TVector angle = AtanOfSize(TLanes.Abs(x));
        angle = TLanes.Select(TLanes.Less(x, Number(0)), TLanes.Negate(angle), angle);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, angle);
    }

    /// <summary>Inverse sine; NaN outside [−1, 1].</summary>
    [MethodImpl(Inline)]
    public static TVector Asin(TVector x)
    {
        if (!IsFloat)
        {
            return Atan(TLanes.Divide(x, TLanes.Sqrt(TLanes.Multiply(TLanes.Subtract(Number(1), x), TLanes.Add(Number(1), x)))));
        }
        // π/2 − 2·asin √((1 − |x|)/2) where |x| is above a half.
        (TVector s, TVector rest, TVector isLarge) = AsinParts(TLanes.Abs(x));
        TVector about = TLanes.MultiplyAdd(s, Number(-2), Number(1.57079637)), lost = TLanes.MultiplyAdd(s, Number(-2), TLanes.Subtract(Number(1.57079637), about));
        TVector far = TLanes.Add(about, TLanes.Add(lost, TLanes.MultiplyAdd(rest, Number(-2), Number(-4.37113883e-8))));
        return TLanes.Or(TLanes.Select(isLarge, far, TLanes.Add(s, rest)), TLanes.And(x, Number(-0.0)));
    }

    /// <summary>Inverse cosine, 2·atan √((1 − x)/(1 + x)); NaN outside [−1, 1].</summary>
    [MethodImpl(Inline)]
    public static TVector Acos(TVector x)
    {
        if (IsFloat)
        {
            (TVector s, TVector rest, TVector isLarge) = AsinParts(TLanes.Abs(x));
            TVector isNegative = TLanes.Less(x, Number(0)), signed = TLanes.Xor(s, TLanes.And(x, Number(-0.0))), restSigned = TLanes.Xor(rest, TLanes.And(x, Number(-0.0)));
            TVector near = TLanes.Add(TLanes.Subtract(Number(1.57079637), signed), TLanes.Subtract(Number(-4.37113883e-8), restSigned));
            TVector above = TLanes.MultiplyAdd(s, Number(2), TLanes.Add(rest, rest));
            TVector below = TLanes.Add(TLanes.MultiplyAdd(s, Number(-2), Number(3.14159274)), TLanes.MultiplyAdd(rest, Number(-2), Number(-8.74227766e-8)));
            return TLanes.Select(isLarge, TLanes.Select(isNegative, below, above), near);
        }
        TVector half = AtanOfSize(TLanes.Sqrt(TLanes.Divide(TLanes.Subtract(Number(1), x), TLanes.Add(Number(1), x))));
        return TLanes.Add(half, half);
    }

    /// <summary>
    /// asin a = s + rest for a up to a half, and for what is above it of √((1 − a)/2), which is NaN above 1. The polynomials of floats in this file interpolate at
    /// Chebyshev's points.
    /// </summary>
    [MethodImpl(Inline)]
    private static (TVector Sine, TVector Tail, TVector IsLarge) AsinParts(TVector a)
    {
        TVector isLarge = TLanes.Not(TLanes.LessOrEqual(a, Number(0.5))), half = TLanes.MultiplyAdd(a, Number(-0.5), Number(0.5));
        TVector z = TLanes.Select(isLarge, half, TLanes.Multiply(a, a)), s = TLanes.Select(isLarge, TLanes.Sqrt(half), a);
        TVector p = Number(3.80850248e-2);
        p = TLanes.MultiplyAdd(p, z, Number(2.65545417e-2));
        p = TLanes.MultiplyAdd(p, z, Number(4.50013801e-2));
        p = TLanes.MultiplyAdd(p, z, Number(7.49885514e-2));
        p = TLanes.MultiplyAdd(p, z, Number(1.66666731e-1));
        return (s, TLanes.Multiply(TLanes.Multiply(p, z), s), isLarge);
    }

    /// <summary>The angle whose tangent is x: above 1 it is π/2 less that of 1/x.</summary>
    [MethodImpl(Inline)]
    private static TVector AtanOfFloats(TVector x)
    {
        TVector size = TLanes.Abs(x), isLarge = TLanes.Less(Number(1), size), t = TLanes.Select(isLarge, TLanes.Divide(Number(1), size), size);
        TVector z = TLanes.Multiply(t, t), p = Number(-2.38699722e-3);
        p = TLanes.MultiplyAdd(p, z, Number(1.35077713e-2));
        p = TLanes.MultiplyAdd(p, z, Number(-3.58715393e-2));
        p = TLanes.MultiplyAdd(p, z, Number(6.25016913e-2));
        p = TLanes.MultiplyAdd(p, z, Number(-8.65688026e-2));
        p = TLanes.MultiplyAdd(p, z, Number(1.10337645e-1));
        p = TLanes.MultiplyAdd(p, z, Number(-1.42785683e-1));
        p = TLanes.MultiplyAdd(p, z, Number(1.99997395e-1));
        p = TLanes.MultiplyAdd(p, z, Number(-3.33333313e-1));
        TVector rest = TLanes.Multiply(TLanes.Multiply(p, z), t);
        TVector far = TLanes.Subtract(TLanes.Subtract(Number(1.57079637), t), TLanes.Add(rest, Number(4.37113883e-8)));
        return TLanes.Or(TLanes.Select(isLarge, far, TLanes.Add(t, rest)), TLanes.And(x, Number(-0.0)));
    }

    /// <summary>The angle of what is not negative: at most π/4 around 0, π/4 or π/2.</summary>
    [MethodImpl(Inline)]
    private static TVector AtanOfSize(TVector size)
    {
        TVector isLarge = TLanes.Less(Number(2.41421356237309504880), size), isMiddle = TLanes.Less(Number(IsFloat ? 0.4142135623730950 : 0.66), size);
        TVector t = TLanes.Select(isLarge, TLanes.Divide(Number(-1), size),
            TLanes.Select(isMiddle, TLanes.Divide(TLanes.Subtract(size, Number(1)), TLanes.Add(size, Number(1))), size));
        TVector about = TLanes.Select(isLarge, Number(1.57079632679489661923), TLanes.Select(isMiddle, Number(0.785398163397448309616), Number(0)));
        TVector z = TLanes.Multiply(t, t), p;
        if (IsFloat)
        {
            p = Number(8.05374449538e-2);
            p = TLanes.MultiplyAdd(p, z, Number(-1.38776856032e-1));
            p = TLanes.MultiplyAdd(p, z, Number(1.99777106478e-1));
            p = TLanes.MultiplyAdd(p, z, Number(-3.33329491539e-1));
        }
        else
        {
            p = Number(-8.750608600031904122785e-1);
            p = TLanes.MultiplyAdd(p, z, Number(-1.615753718733365076637e1));
            p = TLanes.MultiplyAdd(p, z, Number(-7.500855792314704667340e1));
            p = TLanes.MultiplyAdd(p, z, Number(-1.228866684490136173410e2));
            p = TLanes.MultiplyAdd(p, z, Number(-6.485021904942025371773e1));
            TVector q = TLanes.Add(z, Number(2.485846490142306297962e1));
            q = TLanes.MultiplyAdd(q, z, Number(1.650270098316988542046e2));
            q = TLanes.MultiplyAdd(q, z, Number(4.328810604912902668951e2));
            q = TLanes.MultiplyAdd(q, z, Number(4.853903996359136964868e2));
            q = TLanes.MultiplyAdd(q, z, Number(1.945506571482613964425e2));
            p = TLanes.Divide(p, q);
        }
        return TLanes.Add(about, TLanes.MultiplyAdd(TLanes.Multiply(p, z), t, t));
    }
}
