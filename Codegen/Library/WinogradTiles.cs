using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The one-dimensional transforms of Winograd's convolution F(m, 3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016): m results
/// of a filter of 3 taps take m + 2 products. Each reads and writes vectors some step apart.
/// </summary>
public unsafe interface IWinogradTile
{
    /// <summary>Results along an axis: m.</summary>
    static abstract long Outputs { get; }

    /// <summary>Products along an axis: m + 2.</summary>
    static abstract long Points { get; }

    /// <summary>Bᵀ: of m + 2 image elements.</summary>
    static abstract void Input<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>G: of 3 taps.</summary>
    static abstract void Kernel<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Aᵀ: m results of m + 2 products.</summary>
    static abstract void Output<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>F(2, 3) at the points 0, 1, −1, ∞: 2.25 times fewer products than a direct convolution of two axes.</summary>
public readonly unsafe struct WinogradTile2 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 2;

    /// <inheritdoc/>
    public static long Points => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector d0 = TLanes.Load(source), d1 = TLanes.Load(source + step), d2 = TLanes.Load(source + (2 * step)), d3 = TLanes.Load(source + (3 * step));
        TLanes.Store(target, TLanes.Subtract(d0, d2));
        TLanes.Store(target + targetStep, TLanes.Add(d1, d2));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(d2, d1));
        TLanes.Store(target + (3 * targetStep), TLanes.Subtract(d1, d3));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector g0 = TLanes.Load(source), g1 = TLanes.Load(source + step), g2 = TLanes.Load(source + (2 * step)), half = TLanes.Create(T.CreateTruncating(0.5));
        TVector ends = TLanes.Multiply(TLanes.Add(g0, g2), half);
        TLanes.Store(target, g0);
        TLanes.Store(target + targetStep, TLanes.MultiplyAdd(g1, half, ends));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(ends, TLanes.Multiply(g1, half)));
        TLanes.Store(target + (3 * targetStep), g2);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step)), m3 = TLanes.Load(source + (3 * step));
        TLanes.Store(target, TLanes.Add(TLanes.Add(m0, m1), m2));
        TLanes.Store(target + targetStep, TLanes.Subtract(TLanes.Subtract(m1, m2), m3));
    }
}

/// <summary>
/// F(4, 3) at the points 0, ±q, ±r, ∞ with q = 1/√2, r = √2: 4 times fewer products than a direct convolution of two axes. With
/// these points its error is that of a direct convolution in float32, where 0, ±1, ±2 have four times as much; the matrices
/// follow from the points by Toom and Cook's construction.
/// </summary>
public readonly unsafe struct WinogradTile4 : IWinogradTile
{
    private const double Q = 0.70710678118654752440, R = 1.41421356237309504880;

    /// <inheritdoc/>
    public static long Outputs => 4;

    /// <inheritdoc/>
    public static long Points => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector d0 = TLanes.Load(source), d1 = TLanes.Load(source + step), d2 = TLanes.Load(source + (2 * step));
        TVector d3 = TLanes.Load(source + (3 * step)), d4 = TLanes.Load(source + (4 * step)), d5 = TLanes.Load(source + (5 * step));
        TVector outer = TLanes.Create(T.CreateTruncating(-2.5)), two = TLanes.Create(T.CreateTruncating(-2.0)), half = TLanes.Create(T.CreateTruncating(-0.5));
        TVector q = TLanes.Create(T.CreateTruncating(Q)), r = TLanes.Create(T.CreateTruncating(R));
        TVector evenQ = TLanes.MultiplyAdd(two, d2, d4), oddQ = TLanes.Multiply(q, TLanes.MultiplyAdd(two, d1, d3));
        TVector evenR = TLanes.MultiplyAdd(half, d2, d4), oddR = TLanes.Multiply(r, TLanes.MultiplyAdd(half, d1, d3));
        TLanes.Store(target, TLanes.Add(TLanes.MultiplyAdd(outer, d2, d0), d4));
        TLanes.Store(target + targetStep, TLanes.Add(evenQ, oddQ));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(evenQ, oddQ));
        TLanes.Store(target + (3 * targetStep), TLanes.Add(evenR, oddR));
        TLanes.Store(target + (4 * targetStep), TLanes.Subtract(evenR, oddR));
        TLanes.Store(target + (5 * targetStep), TLanes.Add(TLanes.MultiplyAdd(outer, d3, d1), d5));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector g0 = TLanes.Load(source), g1 = TLanes.Load(source + step), g2 = TLanes.Load(source + (2 * step));
        TVector ofQ = TLanes.Create(T.CreateTruncating(-1 / 1.5)), ofR = TLanes.Create(T.CreateTruncating(1 / 6.0));
        TVector evenQ = TLanes.Multiply(ofQ, TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(0.5)), g2, g0)), oddQ = TLanes.Multiply(TLanes.Create(T.CreateTruncating(-Q / 1.5)), g1);
        TVector evenR = TLanes.Multiply(ofR, TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(2.0)), g2, g0)), oddR = TLanes.Multiply(TLanes.Create(T.CreateTruncating(R / 6)), g1);
        TLanes.Store(target, g0);
        TLanes.Store(target + targetStep, TLanes.Add(evenQ, oddQ));
        TLanes.Store(target + (2 * targetStep), TLanes.Subtract(evenQ, oddQ));
        TLanes.Store(target + (3 * targetStep), TLanes.Add(evenR, oddR));
        TLanes.Store(target + (4 * targetStep), TLanes.Subtract(evenR, oddR));
        TLanes.Store(target + (5 * targetStep), g2);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes, TVector, T>(T* source, long step, T* target, long targetStep)
        where TLanes : struct, ITileLanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step));
        TVector m3 = TLanes.Load(source + (3 * step)), m4 = TLanes.Load(source + (4 * step)), m5 = TLanes.Load(source + (5 * step));
        TVector s1 = TLanes.Add(m1, m2), e1 = TLanes.Subtract(m1, m2), s2 = TLanes.Add(m3, m4), e2 = TLanes.Subtract(m3, m4);
        TLanes.Store(target, TLanes.Add(TLanes.Add(m0, s1), s2));
        TLanes.Store(target + targetStep, TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(Q)), e1, TLanes.Multiply(TLanes.Create(T.CreateTruncating(R)), e2)));
        TLanes.Store(target + (2 * targetStep), TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(0.5)), s1, TLanes.Add(s2, s2)));
        TLanes.Store(target + (3 * targetStep), TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(Q / 2)), e1, TLanes.MultiplyAdd(TLanes.Create(T.CreateTruncating(2 * R)), e2, m5)));
    }
}
