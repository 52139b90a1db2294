using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The size of Winograd's convolution F(m, r) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016): m results of a filter of r taps take m + r − 1 products,
/// one for each of as many points. What the transforms are follows from the points, which are 4 or 6.
/// </summary>
public interface IWinogradTile
{
    /// <summary>Results along an axis: m.</summary>
    static abstract long Outputs { get; }

    /// <summary>Taps along an axis: r.</summary>
    static abstract long Taps { get; }
}

/// <summary>F(2, 3): 2.25 times fewer products than a direct convolution of two axes.</summary>
public readonly struct WinogradTile2 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 2;

    /// <inheritdoc/>
    public static long Taps => 3;
}

/// <summary>F(4, 3): 4 times fewer products.</summary>
public readonly struct WinogradTile4 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 4;

    /// <inheritdoc/>
    public static long Taps => 3;
}

/// <summary>F(2, 5): 2.78 times fewer products.</summary>
public readonly struct WinogradTile2Of5 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 2;

    /// <inheritdoc/>
    public static long Taps => 5;
}

/// <summary>
/// The one-dimensional transforms of F(m, r), by Toom and Cook's construction: results are Aᵀ (G g · Bᵀ d). With the finite points x and ∞, row x of Bᵀ has the coefficients of Π (z − y) over
/// the points y but x, row x of G the powers of x by Π (x − y), column x of Aᵀ the powers of x; ∞ has all points in Bᵀ, and the last power alone in the others. The gradient with respect to the taps
/// is that transposed: Gᵀ (A y · Bᵀ d). Each reads and writes vectors some step apart.
/// </summary>
internal static unsafe class WinogradPoints<TLanes, TVector, T, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IWinogradTile
{
    /// <summary>Products along an axis: m + r − 1.</summary>
    public static long Points
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTile.Outputs + TTile.Taps - 1;
    }

    private static bool AreFour
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTile.Outputs + TTile.Taps == 5;
    }

    /// <summary>Bᵀ: of as many image elements as there are points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        if (AreFour)
        {
            WinogradFourPoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
    }

    /// <summary>G: of the taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(T* source, long step, T* target, long targetStep)
    {
        if (AreFour)
        {
            WinogradFourPoints<TLanes, TVector, T>.Kernel(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Kernel(TTile.Taps, source, step, target, targetStep);
        }
    }

    /// <summary>Aᵀ: results of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(T* source, long step, T* target, long targetStep)
    {
        if (AreFour)
        {
            WinogradFourPoints<TLanes, TVector, T>.Output(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Output(TTile.Outputs, source, step, target, targetStep);
        }
    }

    /// <summary>A: of the gradient with respect to the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Result(T* source, long step, T* target, long targetStep)
    {
        if (AreFour)
        {
            WinogradFourPoints<TLanes, TVector, T>.Result(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Result(TTile.Outputs, source, step, target, targetStep);
        }
    }

    /// <summary>Gᵀ: the gradient with respect to the taps of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Taps(T* source, long step, T* target, long targetStep)
    {
        if (AreFour)
        {
            WinogradFourPoints<TLanes, TVector, T>.Taps(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Taps(TTile.Taps, source, step, target, targetStep);
        }
    }
}
