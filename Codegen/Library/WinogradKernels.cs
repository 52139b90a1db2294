using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>The transform of kernels, with filters as lanes. Not generic over the product.</summary>
internal static unsafe class WinogradKernels<TLanes, TVector, T, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IWinogradTile
{
    /// <summary>Channels whose taps are turned at once where they lie side by side: then nothing is left over of runs of eight.</summary>
    private const long Together = 8;

    private const long Line = 64;

    /// <summary>
    /// U = G g Gᵀ of some channels for a panel of filters: that of channel c and filter <paramref name="filter"/> + f at point p goes to target[p · point + c · width + f], zeros instead of filters beyond the last.
    /// </summary>
    /// <param name="g">The convolution.</param>
    /// <param name="kernel">Tap 0 of its first filter and of the first of these channels.</param>
    /// <param name="filter">The panel's first filter.</param>
    /// <param name="width">Filters of a panel, a multiple of the lanes.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="target">Where to.</param>
    /// <param name="point">From point to point.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvolutionGeometry g, T* kernel, long filter, long width, long channels, T* target, long point)
    {
        long w = TLanes.Width, taps = TTile.Taps, side = WinogradPoints<TLanes, TVector, T, TTile>.Side, all = taps * taps;
        bool isRun = Math.Abs(g.KernelX) == 1 && Math.Abs(g.KernelY) == taps, together = isRun && g.KernelChannel == all;
        // Taps that walk backwards begin at their other end.
        long first = isRun ? Math.Min(0, g.KernelY * (taps - 1)) + Math.Min(0, g.KernelX * (taps - 1)) : 0, down = isRun ? g.KernelY * w : taps * w, next = isRun ? g.KernelX * w : w;
        // Turned in eights.
        T* turned = stackalloc T[(int)(((all * Together) + 7) * w)], half = stackalloc T[(int)(side * taps * w)], rows = turned - (first * w);
        for (long f = 0; f < width; f += w)
        {
            long filters = Math.Clamp(g.Filters - filter - f, 0, w), count;
            T* source = kernel + ((filter + f) * g.KernelFilter) + first;
            for (long c = 0; c < channels; c += count)
            {
                count = Math.Min(Together, channels - c);
                if (together)
                {
                    LaneTranspose<TLanes, TVector, T>.ToLanes(source + (c * all), g.KernelFilter, filters, count * all, turned, w);
                }
                else
                {
                    for (long i = 0; i < count; i++)
                    {
                        Turn(g, source + ((c + i) * g.KernelChannel), filters, isRun, turned + (i * all * w));
                    }
                }
                Transform(rows, down, next, count, half, target + (c * width) + f, width, point);
            }
        }
    }

    /// <summary>Fetches some parts of what the transform of some channels will read: its rows are too far apart for a processor to expect the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fetch(in ConvolutionGeometry g, T* kernel, long filter, long width, long channels, long part, long end, long parts)
    {
        long all = TTile.Taps * TTile.Taps, filters = Math.Min(width, g.Filters - filter);
        bool byFilters = g.KernelChannel == all;
        if (!Sse.IsSupported || filters <= 0 || channels <= 0 || !(byFilters || g.KernelFilter == all))
        {
            return;
        }
        (long rows, long step, long length) = byFilters ? (filters, g.KernelFilter, channels * all) : (channels, g.KernelChannel, filters * all);
        long first = Math.Min(0, g.KernelY * (TTile.Taps - 1)) + Math.Min(0, g.KernelX * (TTile.Taps - 1));
        for (long row = rows * part / parts, last = rows * end / parts; row < last; row++)
        {
            T* source = kernel + (filter * g.KernelFilter) + first + (row * step);
            for (long x = 0; x < length; x += Line / sizeof(T))
            {
                Sse.Prefetch1(source + x);
            }
            Sse.Prefetch1(source + length - 1);
        }
    }

    /// <summary>U of some channels, whose taps lie one after the other. A method of its own, so that the compiler inlines all of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(T* rows, long down, long next, long channels, T* half, T* target, long width, long point)
    {
        long w = TLanes.Width, taps = TTile.Taps;
        for (long c = 0; c < channels; c++, rows += taps * taps * w, target += width)
        {
            if (typeof(TTile) == typeof(WinogradComplex4))
            {
                WinogradComplexPoints<TLanes, TVector, T>.Kernel(rows, down, next, target, point);
                continue;
            }
            if (typeof(TTile) == typeof(WinogradTile7))
            {
                WinogradNinePoints<TLanes, TVector, T>.Kernel(rows, down, next, target, point);
                continue;
            }
            if (typeof(TTile) == typeof(WinogradTile4))
            {
                WinogradSixPoints<TLanes, TVector, T>.Kernel(rows, down, next, target, point);
                continue;
            }
            for (long x = 0; x < taps; x++)
            {
                WinogradPoints<TLanes, TVector, T, TTile>.Kernel(rows + (x * next), down, half + (x * w), taps * w);
            }
            WinogradPoints<TLanes, TVector, T, TTile>.KernelTile(half, target, point);
        }
    }

    /// <summary>The taps of some filters of one channel, filters side by side: those that lie in one run as they lie, by transposes in registers.</summary>
    private static void Turn(in ConvolutionGeometry g, T* kernel, long filters, bool isRun, T* target)
    {
        long w = TLanes.Width, taps = TTile.Taps;
        if (isRun)
        {
            LaneTranspose<TLanes, TVector, T>.ToLanes(kernel, g.KernelFilter, filters, taps * taps, target, w);
            return;
        }
        for (long t = 0; t < taps * taps; t++)
        {
            T* tap = kernel + (t / taps * g.KernelY) + (t % taps * g.KernelX);
            for (long i = 0; i < w; i++)
            {
                target[(t * w) + i] = i < filters ? tap[i * g.KernelFilter] : T.Zero;
            }
        }
    }
}
