using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Pixels of any number met with panels of filters, tile by tile; each tile's kernel is compiled when it is first called.</summary>
internal static unsafe class PixelTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of a panel of kernels that stays in a first-level cache while pixels pass by.</summary>
    private const long PanelBytes = 20 * 1024;

    /// <summary>Computes some panels of filters for some pixels; see <see cref="PixelKernel{TLanes, TVector, T, TPixels, TVectors}.Run"/>.</summary>
    /// <param name="panels">How many panels.</param>
    /// <param name="vectors">Vectors of a panel.</param>
    /// <param name="lastVectors">Vectors of the last one.</param>
    /// <param name="image">Where the places of pixels are counted from.</param>
    /// <param name="places">For each pixel where it lies in the image, and in the sums.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="taps">For each tap where it lies relative to a pixel, and its number.</param>
    /// <param name="depth">How many taps.</param>
    /// <param name="kernels">The panels.</param>
    /// <param name="kernelStep">From panel to panel.</param>
    /// <param name="sums">Where the sums of pixels are counted from.</param>
    /// <param name="adds">Whether to add to them.</param>
    /// <param name="ending">How sums are ended and stored instead, or null.</param>
    /// <param name="ahead">What is fetched meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(long panels, int vectors, int lastVectors, T* image, int* places, long pixels, int* taps, long depth, T* kernels, long kernelStep, T* sums, bool adds, Ending<T>* ending, ref LinesAhead ahead)
    {
        // Whichever stays in the first-level cache, a panel or a tile's pixels, meets all of the other.
        long together = depth * vectors * TLanes.Width * sizeof(T) <= PanelBytes ? 1 : panels, width = vectors * TLanes.Width;
        var run = new PixelRun<T> { Image = image, Taps = taps, Depth = depth, Kernels = kernels, Sums = sums, Adds = adds, Ends = ending is not null, Ending = ending is null ? default : *ending };
        for (; panels > 0; panels -= together)
        {
            run.Places = places;
            Met(together, vectors, together == panels ? lastVectors : vectors, &run, pixels, kernelStep, ref ahead);
            Across(&run, together * kernelStep, together * width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Met(long panels, int vectors, int lastVectors, PixelRun<T>* run, long pixels, long kernelStep, ref LinesAhead ahead)
    {
        // 16 registers hold 12 sums, 32 hold 24.
        long most = vectors == 1 || TLanes.Width * sizeof(T) == 64 ? 8 : vectors == 2 ? 6 : 4, width = vectors * TLanes.Width;
        while (pixels > 0)
        {
            // Small tiles leave the multiply-add units waiting for the panel: all are as large as each other, or smaller by one.
            long tiles = (pixels + most - 1) / most, count = (pixels + tiles - 1) / tiles;
            run->Count = panels == 1 && ahead.IsDone ? tiles - ((count * tiles) - pixels) : 1;
            for (long p = 0; p < panels; p++)
            {
                ahead.Tile();
                Tile((int)count, p == panels - 1 ? lastVectors : vectors, run);
                Across(run, kernelStep, width);
            }
            Across(run, -panels * kernelStep, -panels * width);
            run->Places += 2 * count * run->Count;
            pixels -= count * run->Count;
        }
    }

    /// <summary>Goes on to other panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(PixelRun<T>* run, long kernels, long filters)
    {
        run->Kernels += kernels;
        if (run->Ends)
        {
            run->Ending.Step(filters, filters, 0);
        }
        else
        {
            run->Sums += filters;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int pixels, int vectors, PixelRun<T>* run)
    {
        switch ((pixels * 4) + vectors)
        {
            case (1 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count1, Count1>.Run(run);
                break;
            case (1 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count1, Count2>.Run(run);
                break;
            case (1 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count1, Count3>.Run(run);
                break;
            case (2 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count2, Count1>.Run(run);
                break;
            case (2 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count2, Count2>.Run(run);
                break;
            case (2 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count2, Count3>.Run(run);
                break;
            case (3 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count3, Count1>.Run(run);
                break;
            case (3 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count3, Count2>.Run(run);
                break;
            case (3 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count3, Count3>.Run(run);
                break;
            case (4 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count4, Count1>.Run(run);
                break;
            case (4 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count4, Count2>.Run(run);
                break;
            case (4 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count4, Count3>.Run(run);
                break;
            case (5 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count5, Count1>.Run(run);
                break;
            case (5 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count5, Count2>.Run(run);
                break;
            case (5 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count5, Count3>.Run(run);
                break;
            case (6 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count6, Count1>.Run(run);
                break;
            case (6 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count6, Count2>.Run(run);
                break;
            case (6 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count6, Count3>.Run(run);
                break;
            case (7 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count7, Count1>.Run(run);
                break;
            case (7 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count7, Count2>.Run(run);
                break;
            case (7 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count7, Count3>.Run(run);
                break;
            case (8 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count8, Count1>.Run(run);
                break;
            case (8 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count8, Count2>.Run(run);
                break;
            case (8 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count8, Count3>.Run(run);
                break;
            default:
                throw new UnreachableException($"a tile of {pixels} pixels and {vectors} vectors");
        }
    }
}
