using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of F(m, r), by Toom and Cook's construction: results are Aᵀ (G g · Bᵀ d). With the finite points x and ∞, row x of Bᵀ has the coefficients of Π (z − y) over
/// the points y but x, row x of G the powers of x by Π (x − y), column x of Aᵀ the powers of x; ∞ has all points in Bᵀ, and the last power alone in the others. The gradient with respect to the taps
/// is that transposed: Gᵀ (A y · Bᵀ d). Those of one axis read and write vectors some step apart; those of a tile do the other axis and what lies between it and the products.
/// </summary>
internal static unsafe class WinogradPoints<TLanes, TVector, T, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IWinogradTile
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Points along an axis: m + r − 1.</summary>
    public static long Side
    {
        [MethodImpl(Inline)]
        get => TTile.Outputs + TTile.Taps - 1;
    }

    /// <summary>Bᵀ: of as many image elements as there are points.</summary>
    [MethodImpl(Inline)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradTile2))
        {
            WinogradFourPoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Input(source, step, target, targetStep);
        }
    }

    /// <summary>Bᵀ of the rows of a tile, some elements apart, that are transformed along the other axis.</summary>
    [MethodImpl(Inline)]
    public static void InputTile(T* source, long down, T* target, long point)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.InputTile(source, down, target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.InputTile(source, down, target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.InputTile(source, down, target, point);
            return;
        }
        for (long i = 0; i < Side; i++)
        {
            Input(source + (i * down), TLanes.Width, target + (i * Side * point), point);
        }
    }

    /// <summary>G: of the taps.</summary>
    [MethodImpl(Inline)]
    public static void Kernel(T* source, long step, T* target, long targetStep)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.Values(TTile.Taps, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Values(false, TTile.Taps, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradTile2))
        {
            WinogradFourPoints<TLanes, TVector, T>.Kernel(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.Kernel(TTile.Taps, source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Kernel(TTile.Taps, source, step, target, targetStep);
        }
    }

    /// <summary>G of the rows of a kernel, of as many elements as taps.</summary>
    [MethodImpl(Inline)]
    public static void KernelTile(T* source, T* target, long point)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.ValuesTile<Count3>(source, target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.ValuesTile(false, TTile.Taps, source, target, point);
            WinogradEighthRoots<TLanes, TVector, T>.Divide(target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.KernelTile(TTile.Taps, source, target, point);
            return;
        }
        for (long i = 0; i < Side; i++)
        {
            Kernel(source + (i * TTile.Taps * TLanes.Width), TLanes.Width, target + (i * Side * point), point);
        }
    }

    /// <summary>A: of the gradient with respect to the results.</summary>
    [MethodImpl(Inline)]
    public static void Result(T* source, long step, T* target, long targetStep)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.Values(TTile.Outputs, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Values(false, TTile.Outputs, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradTile2))
        {
            WinogradFourPoints<TLanes, TVector, T>.Result(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.Result(TTile.Outputs, source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Result(TTile.Outputs, source, step, target, targetStep);
        }
    }

    /// <summary>A of the rows of a tile, of as many elements as results.</summary>
    [MethodImpl(Inline)]
    public static void ResultTile(T* source, T* target, long point)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.ValuesTile<Count7>(source, target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.ValuesTile(false, TTile.Outputs, source, target, point);
            return;
        }
        if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.ResultTile(TTile.Outputs, source, target, point);
            return;
        }
        for (long i = 0; i < Side; i++)
        {
            Result(source + (i * TTile.Outputs * TLanes.Width), TLanes.Width, target + (i * Side * point), point);
        }
    }

    /// <summary>Aᵀ: results of the products.</summary>
    [MethodImpl(Inline)]
    public static void Output(T* source, long step, T* target, long targetStep)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.Inverse(TTile.Outputs, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Inverse(TTile.Outputs, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradTile2))
        {
            WinogradFourPoints<TLanes, TVector, T>.Output(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.Output(TTile.Outputs, source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Output(TTile.Outputs, source, step, target, targetStep);
        }
    }

    /// <summary>Aᵀ of the columns of a tile's products, whose rows then have as many elements as points.</summary>
    [MethodImpl(Inline)]
    public static void OutputTile(T* source, long point, T* target)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.InverseTile<Count7>(source, point, target);
            return;
        }
        if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.InverseTile(TTile.Outputs, source, point, target);
            return;
        }
        if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.OutputTile(TTile.Outputs, source, point, target);
            return;
        }
        for (long i = 0; i < Side; i++)
        {
            Output(source + (i * point), Side * point, target + (i * TLanes.Width), Side * TLanes.Width);
        }
    }

    /// <summary>Gᵀ: the gradient with respect to the taps of the products.</summary>
    [MethodImpl(Inline)]
    public static void Taps(T* source, long step, T* target, long targetStep)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.Inverse(TTile.Taps, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Inverse(TTile.Taps, source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradTile2))
        {
            WinogradFourPoints<TLanes, TVector, T>.Taps(source, step, target, targetStep);
        }
        else if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.Taps(TTile.Taps, source, step, target, targetStep);
        }
        else
        {
            WinogradSixPoints<TLanes, TVector, T>.Taps(TTile.Taps, source, step, target, targetStep);
        }
    }

    /// <summary>Gᵀ of the columns of a kernel's products, whose rows then have as many elements as points.</summary>
    [MethodImpl(Inline)]
    public static void TapsTile(T* source, long point, T* target)
    {
        if (typeof(TTile) == typeof(WinogradTile7))
        {
            WinogradNinePoints<TLanes, TVector, T>.InverseTile<Count3>(source, point, target);
            return;
        }
        if (typeof(TTile) == typeof(WinogradRoots4Of5))
        {
            WinogradEighthRoots<TLanes, TVector, T>.Divide(source, point);
            WinogradEighthRoots<TLanes, TVector, T>.InverseTile(TTile.Taps, source, point, target);
            return;
        }
        if (typeof(TTile) == typeof(WinogradComplex4))
        {
            WinogradComplexPoints<TLanes, TVector, T>.TapsTile(TTile.Taps, source, point, target);
            return;
        }
        for (long i = 0; i < Side; i++)
        {
            Taps(source + (i * point), Side * point, target + (i * TLanes.Width), Side * TLanes.Width);
        }
    }
}
