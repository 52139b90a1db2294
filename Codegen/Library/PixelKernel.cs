using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Register tiles of a direct convolution that follow each other, as their kernel reads it.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe struct PixelRun<T>
    where T : unmanaged
{
    /// <summary>How many tiles.</summary>
    public long Count;

    /// <summary>Where the places of pixels are counted from.</summary>
    public T* Image;

    /// <summary>For each pixel where it lies in the image, and in the sums or where it is stored.</summary>
    public int* Places;

    /// <summary>For each tap where it lies relative to a pixel, and its number among the rows of kernels.</summary>
    public int* Taps;

    /// <summary>How many taps.</summary>
    public long Depth;

    /// <summary>A row of filters per tap, as long as the tile is wide.</summary>
    public T* Kernels;

    /// <summary>Where the sums of pixels are counted from, unless they are ended.</summary>
    public T* Sums;

    /// <summary>Whether to add to what stands there.</summary>
    public bool Adds;

    /// <summary>Whether sums are ended and stored.</summary>
    public bool Ends;

    /// <summary>How: its target is where the places of pixels are counted from.</summary>
    public Ending<T> Ending;
}

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
    where TPixels : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>Computes tiles one after the other: a call costs as much as a hundred multiply-adds of a whole one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(PixelRun<T>* run)
    {
        int* places = run->Places;
        for (long count = run->Count; count > 0; count--, places += 2 * sizeof(TPixels))
        {
            One(run, run->Image, places, run->Taps, run->Depth, run->Kernels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(PixelRun<T>* run, T* image, int* places, int* taps, long depth, T* kernels)
    {
        int w = TLanes.Width;
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
        T* a1 = sizeof(TPixels) > 1 ? image + places[2] : a0;
        T* a2 = sizeof(TPixels) > 2 ? image + places[4] : a0;
        T* a3 = sizeof(TPixels) > 3 ? image + places[6] : a0;
        T* a4 = sizeof(TPixels) > 4 ? image + places[8] : a0;
        T* a5 = sizeof(TPixels) > 5 ? image + places[10] : a0;
        T* a6 = sizeof(TPixels) > 6 ? image + places[12] : a0;
        T* a7 = sizeof(TPixels) > 7 ? image + places[14] : a0;
        for (int* end = taps + (2 * depth); taps < end; taps += 2)
        {
            long o = taps[0];
            T* b = kernels + ((long)taps[1] * (sizeof(TVectors) * w));
            TVector b0 = TLanes.Load(b), b1 = sizeof(TVectors) > 1 ? TLanes.Load(b + w) : none, b2 = sizeof(TVectors) > 2 ? TLanes.Load(b + (2 * w)) : none, x;
            x = TLanes.Create(a0[o]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c01) : none;
            c02 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c02) : none;
            if (sizeof(TPixels) > 1)
            {
                x = TLanes.Create(a1[o]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c11) : none;
                c12 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c12) : none;
            }
            if (sizeof(TPixels) > 2)
            {
                x = TLanes.Create(a2[o]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c21) : none;
                c22 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c22) : none;
            }
            if (sizeof(TPixels) > 3)
            {
                x = TLanes.Create(a3[o]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c31) : none;
                c32 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c32) : none;
            }
            if (sizeof(TPixels) > 4)
            {
                x = TLanes.Create(a4[o]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c41) : none;
                c42 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c42) : none;
            }
            if (sizeof(TPixels) > 5)
            {
                x = TLanes.Create(a5[o]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c51) : none;
                c52 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c52) : none;
            }
            if (sizeof(TPixels) > 6)
            {
                x = TLanes.Create(a6[o]);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                c61 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c61) : none;
                c62 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c62) : none;
            }
            if (sizeof(TPixels) > 7)
            {
                x = TLanes.Create(a7[o]);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                c71 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c71) : none;
                c72 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c72) : none;
            }
        }
        if (run->Ends)
        {
            Ending<T>* ending = &run->Ending;
            if (sizeof(TVectors) < 3 && ending->IsOfColumns)
            {
                // What most are, looked at once; three vectors leave no registers for it.
                T* added = ending->Columns, to = ending->Target;
                bool rectifies = ending->Rectifies;
                TVector d0 = TLanes.Load(added), d1 = sizeof(TVectors) > 1 ? TLanes.Load(added + w) : none;
                Ending<TLanes, TVector, T>.Store<TVectors>(to + places[1], c00, c01, d0, d1, rectifies);
                if (sizeof(TPixels) > 1)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[3], c10, c11, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 2)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[5], c20, c21, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 3)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[7], c30, c31, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 4)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[9], c40, c41, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 5)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[11], c50, c51, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 6)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[13], c60, c61, d0, d1, rectifies);
                }
                if (sizeof(TPixels) > 7)
                {
                    Ending<TLanes, TVector, T>.Store<TVectors>(to + places[15], c70, c71, d0, d1, rectifies);
                }
                return;
            }
            Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[1], c00, c01, c02);
            if (sizeof(TPixels) > 1)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[3], c10, c11, c12);
            }
            if (sizeof(TPixels) > 2)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[5], c20, c21, c22);
            }
            if (sizeof(TPixels) > 3)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[7], c30, c31, c32);
            }
            if (sizeof(TPixels) > 4)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[9], c40, c41, c42);
            }
            if (sizeof(TPixels) > 5)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[11], c50, c51, c52);
            }
            if (sizeof(TPixels) > 6)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[13], c60, c61, c62);
            }
            if (sizeof(TPixels) > 7)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, places[15], c70, c71, c72);
            }
            return;
        }
        T* sums = run->Sums;
        bool adds = run->Adds;
        Store(sums + places[1], c00, c01, c02, adds);
        if (sizeof(TPixels) > 1)
        {
            Store(sums + places[3], c10, c11, c12, adds);
        }
        if (sizeof(TPixels) > 2)
        {
            Store(sums + places[5], c20, c21, c22, adds);
        }
        if (sizeof(TPixels) > 3)
        {
            Store(sums + places[7], c30, c31, c32, adds);
        }
        if (sizeof(TPixels) > 4)
        {
            Store(sums + places[9], c40, c41, c42, adds);
        }
        if (sizeof(TPixels) > 5)
        {
            Store(sums + places[11], c50, c51, c52, adds);
        }
        if (sizeof(TPixels) > 6)
        {
            Store(sums + places[13], c60, c61, c62, adds);
        }
        if (sizeof(TPixels) > 7)
        {
            Store(sums + places[15], c70, c71, c72, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, TVector z, bool adds)
    {
        int w = TLanes.Width;
        if (adds)
        {
            x = TLanes.Add(x, TLanes.Load(c));
            y = sizeof(TVectors) > 1 ? TLanes.Add(y, TLanes.Load(c + w)) : y;
            z = sizeof(TVectors) > 2 ? TLanes.Add(z, TLanes.Load(c + (2 * w))) : z;
        }
        TLanes.Store(c, x);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(c + w, y);
        }
        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(c + (2 * w), z);
        }
    }
}
