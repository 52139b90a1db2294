using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Inverse trigonometric functions: the arc tangent of Cephes (atanf.c, atan.c), and the others by it.</summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Inverse tangent.</summary>
    [MethodImpl(Inline)]
    public static TVector Atan(TVector x)
    {
        TVector angle = AtanOfSize(TLanes.Abs(x));
        angle = TLanes.Select(TLanes.Less(x, Number(0)), TLanes.Negate(angle), angle);
        return TLanes.Select(TLanes.Less(TLanes.Abs(x), Number(IsFloat ? 1e-4 : 1e-8)), x, angle);
    }

    /// <summary>Inverse sine; NaN outside [−1, 1].</summary>
    [MethodImpl(Inline)]
    public static TVector Asin(TVector x) =>
        Atan(TLanes.Divide(x, TLanes.Sqrt(TLanes.Multiply(TLanes.Subtract(Number(1), x), TLanes.Add(Number(1), x)))));

    /// <summary>Inverse cosine, 2·atan √((1 − x)/(1 + x)); NaN outside [−1, 1].</summary>
    [MethodImpl(Inline)]
    public static TVector Acos(TVector x)
    {
        TVector half = AtanOfSize(TLanes.Sqrt(TLanes.Divide(TLanes.Subtract(Number(1), x), TLanes.Add(Number(1), x))));
        return TLanes.Add(half, half);
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
