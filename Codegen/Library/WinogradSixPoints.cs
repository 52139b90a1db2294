using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of F(m, 7 − m), for 2 to 4 results of 5 to 3 taps, at the points 0, ±q, ±r, ∞ with q = 1/√2, r = √2. With these points the error is that of a direct convolution in float32, where
/// 0, ±1, ±2 have some three times as much. Of a pair of points what is even and what is odd in them is computed once; Π (x − y) is 1 for 0, −3/2 for ±q, 6 for ±r.
/// </summary>
internal static unsafe class WinogradSixPoints<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Q = 0.70710678118654752440, R = 1.41421356237309504880, OfQ = -1 / 1.5, OfR = 1 / 6.0;

    /// <summary>Bᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        TVector d0 = TLanes.Load(source), d1 = TLanes.Load(source + step), d2 = TLanes.Load(source + (2 * step));
        TVector d3 = TLanes.Load(source + (3 * step)), d4 = TLanes.Load(source + (4 * step)), d5 = TLanes.Load(source + (5 * step));
        TVector outer = TLanes.Constant(-2.5), two = TLanes.Constant(-2), half = TLanes.Constant(-0.5);
        TVector evenQ = TLanes.MultiplyAdd(two, d2, d4), oddQ = TLanes.Multiply(TLanes.Constant(Q), TLanes.MultiplyAdd(two, d1, d3));
        TVector evenR = TLanes.MultiplyAdd(half, d2, d4), oddR = TLanes.Multiply(TLanes.Constant(R), TLanes.MultiplyAdd(half, d1, d3));
        TLanes.Store(target, TLanes.Add(TLanes.MultiplyAdd(outer, d2, d0), d4));
        Pairs(evenQ, oddQ, evenR, oddR, target, targetStep);
        TLanes.Store(target + (5 * targetStep), TLanes.Add(TLanes.MultiplyAdd(outer, d3, d1), d5));
    }

    /// <summary>G.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(long taps, T* source, long step, T* target, long targetStep)
    {
        TVector g0 = TLanes.Load(source), oddQ = TLanes.Load(source + step), evenQ = TLanes.Load(source + (2 * step)), oddR = oddQ, evenR = evenQ;
        if (taps > 3)
        {
            TVector g3 = TLanes.Load(source + (3 * step));
            (oddQ, oddR) = (TLanes.MultiplyAdd(TLanes.Constant(0.5), g3, oddQ), TLanes.MultiplyAdd(TLanes.Constant(2), g3, oddR));
        }
        if (taps > 4)
        {
            TVector g4 = TLanes.Load(source + (4 * step));
            (evenQ, evenR) = (TLanes.MultiplyAdd(TLanes.Constant(0.5), g4, evenQ), TLanes.MultiplyAdd(TLanes.Constant(2), g4, evenR));
        }
        evenQ = TLanes.Multiply(TLanes.Constant(OfQ), TLanes.MultiplyAdd(TLanes.Constant(0.5), evenQ, g0));
        evenR = TLanes.Multiply(TLanes.Constant(OfR), TLanes.MultiplyAdd(TLanes.Constant(2), evenR, g0));
        TLanes.Store(target, g0);
        Pairs(evenQ, TLanes.Multiply(TLanes.Constant(OfQ * Q), oddQ), evenR, TLanes.Multiply(TLanes.Constant(OfR * R), oddR), target, targetStep);
        TLanes.Store(target + (5 * targetStep), TLanes.Load(source + ((taps - 1) * step)));
    }

    /// <summary>G of both axes for 3 taps in registers, which 18 vectors between them still fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(T* source, long down, long next, T* target, long point)
    {
        Taps(TLanes.Load(source), TLanes.Load(source + down), TLanes.Load(source + (2 * down)), out TVector a0, out TVector b0, out TVector c0, out TVector d0, out TVector e0, out TVector f0);
        source += next;
        Taps(TLanes.Load(source), TLanes.Load(source + down), TLanes.Load(source + (2 * down)), out TVector a1, out TVector b1, out TVector c1, out TVector d1, out TVector e1, out TVector f1);
        source += next;
        Taps(TLanes.Load(source), TLanes.Load(source + down), TLanes.Load(source + (2 * down)), out TVector a2, out TVector b2, out TVector c2, out TVector d2, out TVector e2, out TVector f2);
        Row(a0, a1, a2, target, point);
        Row(b0, b1, b2, target + (6 * point), point);
        Row(c0, c1, c2, target + (12 * point), point);
        Row(d0, d1, d2, target + (18 * point), point);
        Row(e0, e1, e2, target + (24 * point), point);
        Row(f0, f1, f2, target + (30 * point), point);
    }

    /// <summary>Aᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(long outputs, T* source, long step, T* target, long targetStep)
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step));
        TVector m3 = TLanes.Load(source + (3 * step)), m4 = TLanes.Load(source + (4 * step)), m5 = TLanes.Load(source + (5 * step));
        TVector evenQ = TLanes.Add(m1, m2), oddQ = TLanes.Subtract(m1, m2), evenR = TLanes.Add(m3, m4), oddR = TLanes.Subtract(m3, m4);
        Powers(outputs, TLanes.Add(m0, evenQ), evenQ, TLanes.Multiply(TLanes.Constant(Q), oddQ), evenR, TLanes.Multiply(TLanes.Constant(R), oddR), m5, target, targetStep);
    }

    /// <summary>A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Result(long outputs, T* source, long step, T* target, long targetStep)
    {
        TVector y0 = TLanes.Load(source), oddQ = TLanes.Load(source + step), oddR = oddQ, evenQ = y0, evenR = y0;
        if (outputs > 2)
        {
            TVector y2 = TLanes.Load(source + (2 * step));
            (evenQ, evenR) = (TLanes.MultiplyAdd(TLanes.Constant(0.5), y2, y0), TLanes.MultiplyAdd(TLanes.Constant(2), y2, y0));
        }
        if (outputs > 3)
        {
            TVector y3 = TLanes.Load(source + (3 * step));
            (oddQ, oddR) = (TLanes.MultiplyAdd(TLanes.Constant(0.5), y3, oddQ), TLanes.MultiplyAdd(TLanes.Constant(2), y3, oddR));
        }
        TLanes.Store(target, y0);
        Pairs(evenQ, TLanes.Multiply(TLanes.Constant(Q), oddQ), evenR, TLanes.Multiply(TLanes.Constant(R), oddR), target, targetStep);
        TLanes.Store(target + (5 * targetStep), TLanes.Load(source + ((outputs - 1) * step)));
    }

    /// <summary>Gᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Taps(long taps, T* source, long step, T* target, long targetStep)
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step));
        TVector m3 = TLanes.Load(source + (3 * step)), m4 = TLanes.Load(source + (4 * step)), m5 = TLanes.Load(source + (5 * step));
        TVector evenQ = TLanes.Multiply(TLanes.Constant(OfQ), TLanes.Add(m1, m2)), oddQ = TLanes.Multiply(TLanes.Constant(OfQ * Q), TLanes.Subtract(m1, m2));
        TVector evenR = TLanes.Multiply(TLanes.Constant(OfR), TLanes.Add(m3, m4)), oddR = TLanes.Multiply(TLanes.Constant(OfR * R), TLanes.Subtract(m3, m4));
        Powers(taps, TLanes.Add(m0, evenQ), evenQ, oddQ, evenR, oddR, m5, target, targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(TVector g0, TVector g1, TVector g2, T* target, long point)
    {
        Taps(g0, g1, g2, out TVector zero, out TVector plusQ, out TVector lessQ, out TVector plusR, out TVector lessR, out TVector last);
        TLanes.Store(target, zero);
        TLanes.Store(target + point, plusQ);
        TLanes.Store(target + (2 * point), lessQ);
        TLanes.Store(target + (3 * point), plusR);
        TLanes.Store(target + (4 * point), lessR);
        TLanes.Store(target + (5 * point), last);
    }

    /// <summary>G of 3 taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps(TVector g0, TVector g1, TVector g2, out TVector zero, out TVector plusQ, out TVector lessQ, out TVector plusR, out TVector lessR, out TVector last)
    {
        TVector evenQ = TLanes.Multiply(TLanes.Constant(OfQ), TLanes.MultiplyAdd(TLanes.Constant(0.5), g2, g0)), oddQ = TLanes.Multiply(TLanes.Constant(OfQ * Q), g1);
        TVector evenR = TLanes.Multiply(TLanes.Constant(OfR), TLanes.MultiplyAdd(TLanes.Constant(2), g2, g0)), oddR = TLanes.Multiply(TLanes.Constant(OfR * R), g1);
        (zero, last) = (g0, g2);
        (plusQ, lessQ) = (TLanes.Add(evenQ, oddQ), TLanes.Subtract(evenQ, oddQ));
        (plusR, lessR) = (TLanes.Add(evenR, oddR), TLanes.Subtract(evenR, oddR));
    }

    /// <summary>What is even and odd in ±q and ±r, at each of the four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(TVector evenQ, TVector oddQ, TVector evenR, TVector oddR, T* target, long step)
    {
        TLanes.Store(target + step, TLanes.Add(evenQ, oddQ));
        TLanes.Store(target + (2 * step), TLanes.Subtract(evenQ, oddQ));
        TLanes.Store(target + (3 * step), TLanes.Add(evenR, oddR));
        TLanes.Store(target + (4 * step), TLanes.Subtract(evenR, oddR));
    }

    /// <summary>Sums over the points by the powers 0, 1, ..., of which ∞ has the last: the squares of ±q and ±r are 1/2 and 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Powers(long count, TVector first, TVector evenQ, TVector oddQ, TVector evenR, TVector oddR, TVector last, T* target, long step)
    {
        TVector half = TLanes.Constant(0.5), two = TLanes.Constant(2), odd = TLanes.Add(oddQ, oddR);
        TLanes.Store(target, TLanes.Add(first, evenR));
        TLanes.Store(target + step, count == 2 ? TLanes.Add(odd, last) : odd);
        if (count > 2)
        {
            TVector even = TLanes.MultiplyAdd(half, evenQ, TLanes.Multiply(two, evenR));
            TLanes.Store(target + (2 * step), count == 3 ? TLanes.Add(even, last) : even);
        }
        if (count > 3)
        {
            odd = TLanes.MultiplyAdd(half, oddQ, TLanes.Multiply(two, oddR));
            TLanes.Store(target + (3 * step), count == 4 ? TLanes.Add(odd, last) : odd);
        }
        if (count > 4)
        {
            TLanes.Store(target + (4 * step), TLanes.Add(TLanes.MultiplyAdd(TLanes.Constant(0.25), evenQ, TLanes.Multiply(TLanes.Constant(4), evenR)), last));
        }
    }
}
