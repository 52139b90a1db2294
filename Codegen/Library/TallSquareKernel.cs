using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A tall register tile of a depthwise convolution with 3x3 taps and stride 1: four rows of four results, which with 9 taps and 6 elements of the image fill 32 registers. They load 36 elements where
/// two tiles of <see cref="SquareKernel{TLanes, TVector, T, TStride, TPlaces}"/> load 48, and each row of the image comes from the second-level cache 1.5 times instead of twice.
/// </summary>
internal static unsafe class TallSquareKernel<TLanes, TVector, T, TPlaces>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
            image += SquareTaps.Columns * run->ColumnStep;
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
            TVector s20 = zero, s21 = zero, s22 = zero, s23 = zero, s30 = zero, s31 = zero, s32 = zero, s33 = zero;
            // Row r of the image meets tap row r − i of row i of the results.
            TVector v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 0) + c);
            TVector v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 1) + c);
            TVector v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 2) + c);
            TVector v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 3) + c);
            TVector v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 4) + c);
            TVector v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 5) + c);
            s00 = SquareSums<TLanes, TVector, T>.Add(s00, v0, v1, v2, k0, k1, k2);
            s01 = SquareSums<TLanes, TVector, T>.Add(s01, v1, v2, v3, k0, k1, k2);
            s02 = SquareSums<TLanes, TVector, T>.Add(s02, v2, v3, v4, k0, k1, k2);
            s03 = SquareSums<TLanes, TVector, T>.Add(s03, v3, v4, v5, k0, k1, k2);
            v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 0) + c);
            v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 1) + c);
            v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 2) + c);
            v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 3) + c);
            v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 4) + c);
            v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 5) + c);
            s00 = SquareSums<TLanes, TVector, T>.Add(s00, v0, v1, v2, k3, k4, k5);
            s01 = SquareSums<TLanes, TVector, T>.Add(s01, v1, v2, v3, k3, k4, k5);
            s02 = SquareSums<TLanes, TVector, T>.Add(s02, v2, v3, v4, k3, k4, k5);
            s03 = SquareSums<TLanes, TVector, T>.Add(s03, v3, v4, v5, k3, k4, k5);
            s10 = SquareSums<TLanes, TVector, T>.Add(s10, v0, v1, v2, k0, k1, k2);
            s11 = SquareSums<TLanes, TVector, T>.Add(s11, v1, v2, v3, k0, k1, k2);
            s12 = SquareSums<TLanes, TVector, T>.Add(s12, v2, v3, v4, k0, k1, k2);
            s13 = SquareSums<TLanes, TVector, T>.Add(s13, v3, v4, v5, k0, k1, k2);
            v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 0) + c);
            v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 1) + c);
            v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 2) + c);
            v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 3) + c);
            v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 4) + c);
            v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 5) + c);
            s00 = SquareSums<TLanes, TVector, T>.Add(s00, v0, v1, v2, k6, k7, k8);
            s01 = SquareSums<TLanes, TVector, T>.Add(s01, v1, v2, v3, k6, k7, k8);
            s02 = SquareSums<TLanes, TVector, T>.Add(s02, v2, v3, v4, k6, k7, k8);
            s03 = SquareSums<TLanes, TVector, T>.Add(s03, v3, v4, v5, k6, k7, k8);
            s10 = SquareSums<TLanes, TVector, T>.Add(s10, v0, v1, v2, k3, k4, k5);
            s11 = SquareSums<TLanes, TVector, T>.Add(s11, v1, v2, v3, k3, k4, k5);
            s12 = SquareSums<TLanes, TVector, T>.Add(s12, v2, v3, v4, k3, k4, k5);
            s13 = SquareSums<TLanes, TVector, T>.Add(s13, v3, v4, v5, k3, k4, k5);
            s20 = SquareSums<TLanes, TVector, T>.Add(s20, v0, v1, v2, k0, k1, k2);
            s21 = SquareSums<TLanes, TVector, T>.Add(s21, v1, v2, v3, k0, k1, k2);
            s22 = SquareSums<TLanes, TVector, T>.Add(s22, v2, v3, v4, k0, k1, k2);
            s23 = SquareSums<TLanes, TVector, T>.Add(s23, v3, v4, v5, k0, k1, k2);
            v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 0) + c);
            v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 1) + c);
            v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 2) + c);
            v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 3) + c);
            v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 4) + c);
            v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 5) + c);
            s10 = SquareSums<TLanes, TVector, T>.Add(s10, v0, v1, v2, k6, k7, k8);
            s11 = SquareSums<TLanes, TVector, T>.Add(s11, v1, v2, v3, k6, k7, k8);
            s12 = SquareSums<TLanes, TVector, T>.Add(s12, v2, v3, v4, k6, k7, k8);
            s13 = SquareSums<TLanes, TVector, T>.Add(s13, v3, v4, v5, k6, k7, k8);
            s20 = SquareSums<TLanes, TVector, T>.Add(s20, v0, v1, v2, k3, k4, k5);
            s21 = SquareSums<TLanes, TVector, T>.Add(s21, v1, v2, v3, k3, k4, k5);
            s22 = SquareSums<TLanes, TVector, T>.Add(s22, v2, v3, v4, k3, k4, k5);
            s23 = SquareSums<TLanes, TVector, T>.Add(s23, v3, v4, v5, k3, k4, k5);
            s30 = SquareSums<TLanes, TVector, T>.Add(s30, v0, v1, v2, k0, k1, k2);
            s31 = SquareSums<TLanes, TVector, T>.Add(s31, v1, v2, v3, k0, k1, k2);
            s32 = SquareSums<TLanes, TVector, T>.Add(s32, v2, v3, v4, k0, k1, k2);
            s33 = SquareSums<TLanes, TVector, T>.Add(s33, v3, v4, v5, k0, k1, k2);
            v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 0) + c);
            v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 1) + c);
            v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 2) + c);
            v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 3) + c);
            v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 4) + c);
            v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 5) + c);
            s20 = SquareSums<TLanes, TVector, T>.Add(s20, v0, v1, v2, k6, k7, k8);
            s21 = SquareSums<TLanes, TVector, T>.Add(s21, v1, v2, v3, k6, k7, k8);
            s22 = SquareSums<TLanes, TVector, T>.Add(s22, v2, v3, v4, k6, k7, k8);
            s23 = SquareSums<TLanes, TVector, T>.Add(s23, v3, v4, v5, k6, k7, k8);
            s30 = SquareSums<TLanes, TVector, T>.Add(s30, v0, v1, v2, k3, k4, k5);
            s31 = SquareSums<TLanes, TVector, T>.Add(s31, v1, v2, v3, k3, k4, k5);
            s32 = SquareSums<TLanes, TVector, T>.Add(s32, v2, v3, v4, k3, k4, k5);
            s33 = SquareSums<TLanes, TVector, T>.Add(s33, v3, v4, v5, k3, k4, k5);
            v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 0) + c);
            v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 1) + c);
            v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 2) + c);
            v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 3) + c);
            v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 4) + c);
            v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 5, 5) + c);
            s30 = SquareSums<TLanes, TVector, T>.Add(s30, v0, v1, v2, k6, k7, k8);
            s31 = SquareSums<TLanes, TVector, T>.Add(s31, v1, v2, v3, k6, k7, k8);
            s32 = SquareSums<TLanes, TVector, T>.Add(s32, v2, v3, v4, k6, k7, k8);
            s33 = SquareSums<TLanes, TVector, T>.Add(s33, v3, v4, v5, k6, k7, k8);
            // −0 changes no number that it is added to.
            TVector none = TLanes.Constant(-0.0);
            T* to;
            if (isOther)
            {
                to = run->Sums;
                SquareSums<TLanes, TVector, T>.Store(to, TLanes.Width, none, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Store(to + (4 * TLanes.Width), TLanes.Width, none, s10, s11, s12, s13);
                SquareSums<TLanes, TVector, T>.Store(to + (8 * TLanes.Width), TLanes.Width, none, s20, s21, s22, s23);
                SquareSums<TLanes, TVector, T>.Store(to + (12 * TLanes.Width), TLanes.Width, none, s30, s31, s32, s33);
                SquareSums<TLanes, TVector, T>.End(run, 4, c);
                continue;
            }
            TVector added = columns is null ? none : TLanes.Load(columns + c);
            to = run->Ending.Target + c;
            if (rectifies)
            {
                SquareSums<TLanes, TVector, T>.Rectified(to, pitch, added, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Rectified(to + row, pitch, added, s10, s11, s12, s13);
                SquareSums<TLanes, TVector, T>.Rectified(to + (2 * row), pitch, added, s20, s21, s22, s23);
                SquareSums<TLanes, TVector, T>.Rectified(to + (3 * row), pitch, added, s30, s31, s32, s33);
            }
            else
            {
                SquareSums<TLanes, TVector, T>.Store(to, pitch, added, s00, s01, s02, s03);
                SquareSums<TLanes, TVector, T>.Store(to + row, pitch, added, s10, s11, s12, s13);
                SquareSums<TLanes, TVector, T>.Store(to + (2 * row), pitch, added, s20, s21, s22, s23);
                SquareSums<TLanes, TVector, T>.Store(to + (3 * row), pitch, added, s30, s31, s32, s33);
            }
        }
    }
}
