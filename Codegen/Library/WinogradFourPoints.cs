using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>The transforms of F(2, 3) at the points 0, 1, −1, ∞; rows 0 and ∞ of Bᵀ have the other sign, which G and Aᵀ make up for.</summary>
internal static unsafe class WinogradFourPoints<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        TVector d0 = TLanes.Load(source), d1 = TLanes.Load(source + step), d2 = TLanes.Load(source + (2 * step)), d3 = TLanes.Load(source + (3 * step));
        TLanes.Store(target, TLanes.Subtract(d0, d2));
        TLanes.Store(target + targetStep, TLanes.Add(d1, d2));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(d2, d1));
        TLanes.Store(target + (3 * targetStep), TLanes.Subtract(d1, d3));
    }

    /// <summary>G.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(T* source, long step, T* target, long targetStep)
    {
        TVector g0 = TLanes.Load(source), g1 = TLanes.Load(source + step), g2 = TLanes.Load(source + (2 * step)), half = TLanes.Constant(0.5);
        TVector ends = TLanes.Multiply(TLanes.Add(g0, g2), half);
        TLanes.Store(target, g0);
        TLanes.Store(target + targetStep, TLanes.MultiplyAdd(g1, half, ends));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(ends, TLanes.Multiply(g1, half)));
        TLanes.Store(target + (3 * targetStep), g2);
    }

    /// <summary>Aᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(T* source, long step, T* target, long targetStep)
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step)), m3 = TLanes.Load(source + (3 * step));
        TLanes.Store(target, TLanes.Add(TLanes.Add(m0, m1), m2));
        TLanes.Store(target + targetStep, TLanes.Subtract(TLanes.Subtract(m1, m2), m3));
    }

    /// <summary>A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Result(T* source, long step, T* target, long targetStep)
    {
        TVector y0 = TLanes.Load(source), y1 = TLanes.Load(source + step);
        TLanes.Store(target, y0);
        TLanes.Store(target + targetStep, TLanes.Add(y0, y1));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(y0, y1));
        TLanes.Store(target + (3 * targetStep), TLanes.Subtract(TLanes.Create(T.Zero), y1));
    }

    /// <summary>Gᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Taps(T* source, long step, T* target, long targetStep)
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step)), m3 = TLanes.Load(source + (3 * step)), half = TLanes.Constant(0.5);
        TVector even = TLanes.Multiply(half, TLanes.Add(m1, m2));
        TLanes.Store(target, TLanes.Add(m0, even));
        TLanes.Store(target + targetStep, TLanes.Multiply(half, TLanes.Subtract(m1, m2)));
        TLanes.Store(target + (2 * targetStep), TLanes.Add(even, m3));
    }
}
