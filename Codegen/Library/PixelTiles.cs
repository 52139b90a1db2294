using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Pixels of any number met with one panel of filters, tile by tile; each tile's kernel is compiled when it is first called.</summary>
internal static unsafe class PixelTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes a panel of filters for some pixels; see <see cref="PixelKernel{TLanes, TVector, T, TPixels, TVectors}.Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int vectors, T* image, int* places, long pixels, int* taps, long depth, T* kernels, T* sums, bool adds)
    {
        // 16 registers hold 12 sums, 32 hold 24.
        long most = vectors == 1 || TLanes.Width * sizeof(T) == 64 ? 8 : vectors == 2 ? 6 : 4;
        while (pixels > 0)
        {
            // Small tiles leave the multiply-add units waiting, so what is left in the end is shared by two.
            long count = pixels <= most ? pixels : pixels >= 2 * most ? most : (pixels + 1) / 2;
            Tile((int)count, vectors, image, places, taps, depth, kernels, sums, adds);
            places += 2 * count;
            pixels -= count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int pixels, int vectors, T* image, int* places, int* taps, long depth, T* kernels, T* sums, bool adds)
    {
        switch ((pixels * 4) + vectors)
        {
            case (1 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count1, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (1 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count1, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (1 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count1, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (2 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count2, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (2 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count2, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (2 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count2, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (3 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count3, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (3 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count3, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (3 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count3, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (4 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count4, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (4 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count4, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (4 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count4, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (5 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count5, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (5 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count5, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (5 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count5, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (6 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count6, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (6 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count6, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (6 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count6, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (7 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count7, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (7 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count7, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (7 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count7, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (8 * 4) + 1:
                PixelKernel<TLanes, TVector, T, Count8, Count1>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (8 * 4) + 2:
                PixelKernel<TLanes, TVector, T, Count8, Count2>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            case (8 * 4) + 3:
                PixelKernel<TLanes, TVector, T, Count8, Count3>.Run(image, places, taps, depth, kernels, sums, adds);
                break;
            default:
                throw new UnreachableException($"a tile of {pixels} pixels and {vectors} vectors");
        }
    }
}
