using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile of pixels, at most 8, by vectors of filters, at most 3: C[pixel, filter] = Σ tap: image[pixel + tap] · kernels[tap, filter], with pixels
/// read wherever they lie, by the places of pixels and taps. Both numbers are constants to the JIT, which drops what a smaller tile does not have.
/// </summary>
/// <remarks>
/// <see cref="MicroKernel{TLanes, TVector, T, TRows, TVectors}"/> walks evenly through both operands; here nothing is even: rows end within a tile, and taps beyond a
/// border are left out.
/// </remarks>
internal static unsafe class PixelKernel<TLanes, TVector, T, TPixels, TVectors>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPixels : struct, ICount
    where TVectors : struct, ICount
{
    /// <summary>Computes one tile, added to what stands there where <paramref name="adds"/> holds.</summary>
    /// <param name="image">Where the places of pixels are counted from.</param>
    /// <param name="places">For each pixel where it lies in the image, and in the sums.</param>
    /// <param name="taps">For each tap where it lies relative to a pixel, and its number among the rows of kernels.</param>
    /// <param name="depth">How many taps.</param>
    /// <param name="kernels">A row of filters per tap, as long as the tile is wide.</param>
    /// <param name="sums">Where the sums of pixels are counted from.</param>
    /// <param name="adds">Whether to add.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* image, int* places, int* taps, long depth, T* kernels, T* sums, bool adds)
    {
        int pixels = TPixels.Count, vectors = TVectors.Count, w = TLanes.Width;
        TVector none = TLanes.Create(T.Zero);
        TVector c00 = none, c01 = none, c02 = none;
        TVector c10 = none, c11 = none, c12 = none;
        TVector c20 = none, c21 = none, c22 = none;
        TVector c30 = none, c31 = none, c32 = none;
        TVector c40 = none, c41 = none, c42 = none;
        TVector c50 = none, c51 = none, c52 = none;
        TVector c60 = none, c61 = none, c62 = none;
        TVector c70 = none, c71 = none, c72 = none;
        T* a0 = image + places[0];
        T* a1 = pixels > 1 ? image + places[2] : a0;
        T* a2 = pixels > 2 ? image + places[4] : a0;
        T* a3 = pixels > 3 ? image + places[6] : a0;
        T* a4 = pixels > 4 ? image + places[8] : a0;
        T* a5 = pixels > 5 ? image + places[10] : a0;
        T* a6 = pixels > 6 ? image + places[12] : a0;
        T* a7 = pixels > 7 ? image + places[14] : a0;
        for (int* end = taps + (2 * depth); taps < end; taps += 2)
        {
            long o = taps[0];
            T* b = kernels + ((long)taps[1] * (vectors * w));
            TVector b0 = TLanes.Load(b), b1 = vectors > 1 ? TLanes.Load(b + w) : none, b2 = vectors > 2 ? TLanes.Load(b + (2 * w)) : none, x;
            x = TLanes.Create(a0[o]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c01) : none;
            c02 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c02) : none;
            if (pixels > 1)
            {
                x = TLanes.Create(a1[o]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c11) : none;
                c12 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c12) : none;
            }
            if (pixels > 2)
            {
                x = TLanes.Create(a2[o]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c21) : none;
                c22 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c22) : none;
            }
            if (pixels > 3)
            {
                x = TLanes.Create(a3[o]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c31) : none;
                c32 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c32) : none;
            }
            if (pixels > 4)
            {
                x = TLanes.Create(a4[o]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c41) : none;
                c42 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c42) : none;
            }
            if (pixels > 5)
            {
                x = TLanes.Create(a5[o]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c51) : none;
                c52 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c52) : none;
            }
            if (pixels > 6)
            {
                x = TLanes.Create(a6[o]);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                c61 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c61) : none;
                c62 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c62) : none;
            }
            if (pixels > 7)
            {
                x = TLanes.Create(a7[o]);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                c71 = vectors > 1 ? TLanes.MultiplyAdd(x, b1, c71) : none;
                c72 = vectors > 2 ? TLanes.MultiplyAdd(x, b2, c72) : none;
            }
        }
        Store(sums + places[1], c00, c01, c02, adds);
        if (pixels > 1)
        {
            Store(sums + places[3], c10, c11, c12, adds);
        }
        if (pixels > 2)
        {
            Store(sums + places[5], c20, c21, c22, adds);
        }
        if (pixels > 3)
        {
            Store(sums + places[7], c30, c31, c32, adds);
        }
        if (pixels > 4)
        {
            Store(sums + places[9], c40, c41, c42, adds);
        }
        if (pixels > 5)
        {
            Store(sums + places[11], c50, c51, c52, adds);
        }
        if (pixels > 6)
        {
            Store(sums + places[13], c60, c61, c62, adds);
        }
        if (pixels > 7)
        {
            Store(sums + places[15], c70, c71, c72, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, TVector z, bool adds)
    {
        int w = TLanes.Width, vectors = TVectors.Count;
        if (adds)
        {
            x = TLanes.Add(x, TLanes.Load(c));
            y = vectors > 1 ? TLanes.Add(y, TLanes.Load(c + w)) : y;
            z = vectors > 2 ? TLanes.Add(z, TLanes.Load(c + (2 * w))) : z;
        }
        TLanes.Store(c, x);
        if (vectors > 1)
        {
            TLanes.Store(c + w, y);
        }
        if (vectors > 2)
        {
            TLanes.Store(c + (2 * w), z);
        }
    }
}
