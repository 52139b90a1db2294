using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile of up to 6 pixels by two vectors of filters: C[pixel, filter] = Σ depth: image[pixel + offsets[depth]] · kernels[depth, filter], with pixels read
/// where they lie in an image.
/// </summary>
internal static unsafe class PixelKernel<TLanes, TVector, T, TCount>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCount : struct, ICount
{
    /// <summary>Computes one tile, added to what stands there where <paramref name="adds"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* image, long* pixels, long* offsets, T* kernels, long depth, T* c, long pitch, bool adds)
    {
        int w = TLanes.Width, rows = TCount.Count;
        TVector zero = TLanes.Create(T.Zero);
        TVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        T* a0 = image + pixels[0], a1 = rows > 1 ? image + pixels[1] : a0, a2 = rows > 2 ? image + pixels[2] : a0;
        T* a3 = rows > 3 ? image + pixels[3] : a0, a4 = rows > 4 ? image + pixels[4] : a0, a5 = rows > 5 ? image + pixels[5] : a0;
        for (long k = 0; k < depth; k++)
        {
            long o = offsets[k];
            TVector b0 = TLanes.Load(kernels), b1 = TLanes.Load(kernels + w), x = TLanes.Create(a0[o]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (rows > 1)
            {
                x = TLanes.Create(a1[o]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = TLanes.MultiplyAdd(x, b1, c11);
            }
            if (rows > 2)
            {
                x = TLanes.Create(a2[o]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = TLanes.MultiplyAdd(x, b1, c21);
            }
            if (rows > 3)
            {
                x = TLanes.Create(a3[o]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = TLanes.MultiplyAdd(x, b1, c31);
            }
            if (rows > 4)
            {
                x = TLanes.Create(a4[o]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = TLanes.MultiplyAdd(x, b1, c41);
            }
            if (rows > 5)
            {
                x = TLanes.Create(a5[o]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = TLanes.MultiplyAdd(x, b1, c51);
            }
            kernels += 2 * w;
        }
        Store(c, c00, c01, adds);
        if (rows > 1)
        {
            Store(c + pitch, c10, c11, adds);
        }
        if (rows > 2)
        {
            Store(c + (2 * pitch), c20, c21, adds);
        }
        if (rows > 3)
        {
            Store(c + (3 * pitch), c30, c31, adds);
        }
        if (rows > 4)
        {
            Store(c + (4 * pitch), c40, c41, adds);
        }
        if (rows > 5)
        {
            Store(c + (5 * pitch), c50, c51, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, bool adds)
    {
        if (adds)
        {
            x = TLanes.Add(x, TLanes.Load(c));
            y = TLanes.Add(y, TLanes.Load(c + TLanes.Width));
        }
        TLanes.Store(c, x);
        TLanes.Store(c + TLanes.Width, y);
    }
}

/// <summary>Pixels of any number met with one panel of filters, by tiles of at most 6.</summary>
internal static unsafe class PixelTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes a panel of filters for some pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* image, long* pixels, long rows, long* offsets, T* kernels, long depth, T* c, long pitch, bool adds)
    {
        while (rows > 0)
        {
            // Fewer than 4 rows leave the multiply-add units waiting, so what 6 does not divide ends in tiles of 4 and 5.
            long count = rows <= 6 ? rows : rows >= 12 ? 6 : (rows + 1) / 2;
            switch (count)
            {
                case 1:
                    PixelKernel<TLanes, TVector, T, Count1>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
                case 2:
                    PixelKernel<TLanes, TVector, T, Count2>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
                case 3:
                    PixelKernel<TLanes, TVector, T, Count3>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
                case 4:
                    PixelKernel<TLanes, TVector, T, Count4>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
                case 5:
                    PixelKernel<TLanes, TVector, T, Count5>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
                default:
                    PixelKernel<TLanes, TVector, T, Count6>.Run(image, pixels, offsets, kernels, depth, c, pitch, adds);
                    break;
            }
            pixels += count;
            c += count * pitch;
            rows -= count;
        }
    }
}
