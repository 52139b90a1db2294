using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile of a depthwise convolution with 3x3 taps and stride 1 or 2, two rows of four results: taps stay in registers, and results share the elements that they
/// read. Not generic over the product; the stride is a constant to the JIT.
/// </summary>
internal static unsafe class SquareKernel<TLanes, TVector, T, TStride, TPlaces>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TStride : unmanaged, ICount
    where TPlaces : struct, ISquarePlaces<T>
{
    /// <summary>Computes the channels, whose number is a multiple of the width, of one tile after the other, each result summed in the order of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(SquareRun<T>* run)
    {
        T* image = run->Image;
        for (long tile = 0; tile < run->Count; tile++)
        {
            One(run, image);
            image += SquareTaps.Columns * sizeof(TStride) * run->ColumnStep;
            run->Ending.Step(SquareTaps.Columns * run->Ending.Pitch, 0, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(SquareRun<T>* run, T* image)
    {
        long rowStep = run->RowStep, columnStep = run->ColumnStep, kernelPitch = run->KernelPitch, channels = run->Channels, row = run->ResultRow, pitch = run->Ending.Pitch;
        T** table = run->Table;
        T* kernels = run->Kernels, columns = run->Ending.Columns;
        bool rectifies = run->Ending.Rectifies, isOther = run->Ending.Others is not null || run->Ending.Gates is not null;
        for (long c = 0; c < channels; c += TLanes.Width)
        {
            T* k = kernels + c;
            TVector zero = TLanes.Create(T.Zero), k0 = TLanes.Load(k), k1 = TLanes.Load(k + kernelPitch), k2 = TLanes.Load(k + (2 * kernelPitch));
            TVector k3 = TLanes.Load(k + (3 * kernelPitch)), k4 = TLanes.Load(k + (4 * kernelPitch)), k5 = TLanes.Load(k + (5 * kernelPitch));
            TVector k6 = TLanes.Load(k + (6 * kernelPitch)), k7 = TLanes.Load(k + (7 * kernelPitch)), k8 = TLanes.Load(k + (8 * kernelPitch));
            TVector s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero;
            // Row r of the image meets tap row r of the first row of results, and tap row r − stride of the second.
            bool isOne = sizeof(TStride) == 1;
            Row(image, rowStep, columnStep, table, c, 0, true, k0, k1, k2, false, k0, k1, k2, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13);
            Row(image, rowStep, columnStep, table, c, 1, true, k3, k4, k5, isOne, k0, k1, k2, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13);
            Row(image, rowStep, columnStep, table, c, 2, true, k6, k7, k8, true, isOne ? k3 : k0, isOne ? k4 : k1, isOne ? k5 : k2, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13);
            Row(image, rowStep, columnStep, table, c, 3, false, k0, k1, k2, true, isOne ? k6 : k3, isOne ? k7 : k4, isOne ? k8 : k5, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13);
            if (!isOne)
            {
                Row(image, rowStep, columnStep, table, c, 4, false, k0, k1, k2, true, k6, k7, k8, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13);
            }
            // −0 changes no number that it is added to.
            TVector none = TLanes.Constant(-0.0);
            T* to;
            if (isOther)
            {
                to = run->Sums;
                SquareSums<TLanes, TVector, T>.Store(to, TLanes.Width, none, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Store(to + (4 * TLanes.Width), TLanes.Width, none, s10, s11, s12, s13);
                SquareSums<TLanes, TVector, T>.End(run, 2, c);
                continue;
            }
            TVector added = columns is null ? none : TLanes.Load(columns + c);
            to = run->Ending.Target + c;
            if (rectifies)
            {
                SquareSums<TLanes, TVector, T>.Rectified(to, pitch, added, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Rectified(to + row, pitch, added, s10, s11, s12, s13);
            }
            else
            {
                SquareSums<TLanes, TVector, T>.Store(to, pitch, added, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Store(to + row, pitch, added, s10, s11, s12, s13);
            }
        }
    }

    /// <summary>What a row of the image adds to the two rows of results, of each if it meets it, with the three taps of the row that it meets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        T* image, long rowStep, long columnStep, T** table, long c, int row, bool meetsFirst, TVector a0, TVector a1, TVector a2, bool meetsSecond, TVector b0, TVector b1, TVector b2,
        ref TVector s00, ref TVector s01, ref TVector s02, ref TVector s03, ref TVector s10, ref TVector s11, ref TVector s12, ref TVector s13)
    {
        bool isOne = sizeof(TStride) == 1;
        TVector v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 0) + c);
        TVector v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 1) + c);
        TVector v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 2) + c);
        TVector v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 3) + c);
        TVector v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 4) + c);
        TVector v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 5) + c);
        TVector v6 = isOne ? v5 : TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 6) + c);
        TVector v7 = isOne ? v5 : TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 7) + c);
        TVector v8 = isOne ? v5 : TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, row, 8) + c);
        if (meetsFirst)
        {
            s00 = SquareSums<TLanes, TVector, T>.Add(s00, v0, v1, v2, a0, a1, a2);
            s01 = isOne ? SquareSums<TLanes, TVector, T>.Add(s01, v1, v2, v3, a0, a1, a2) : SquareSums<TLanes, TVector, T>.Add(s01, v2, v3, v4, a0, a1, a2);
            s02 = isOne ? SquareSums<TLanes, TVector, T>.Add(s02, v2, v3, v4, a0, a1, a2) : SquareSums<TLanes, TVector, T>.Add(s02, v4, v5, v6, a0, a1, a2);
            s03 = isOne ? SquareSums<TLanes, TVector, T>.Add(s03, v3, v4, v5, a0, a1, a2) : SquareSums<TLanes, TVector, T>.Add(s03, v6, v7, v8, a0, a1, a2);
        }
        if (meetsSecond)
        {
            s10 = SquareSums<TLanes, TVector, T>.Add(s10, v0, v1, v2, b0, b1, b2);
            s11 = isOne ? SquareSums<TLanes, TVector, T>.Add(s11, v1, v2, v3, b0, b1, b2) : SquareSums<TLanes, TVector, T>.Add(s11, v2, v3, v4, b0, b1, b2);
            s12 = isOne ? SquareSums<TLanes, TVector, T>.Add(s12, v2, v3, v4, b0, b1, b2) : SquareSums<TLanes, TVector, T>.Add(s12, v4, v5, v6, b0, b1, b2);
            s13 = isOne ? SquareSums<TLanes, TVector, T>.Add(s13, v3, v4, v5, b0, b1, b2) : SquareSums<TLanes, TVector, T>.Add(s13, v6, v7, v8, b0, b1, b2);
        }
    }
}
