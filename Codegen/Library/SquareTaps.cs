using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Where the image elements of a tile of a depthwise convolution lie.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface ISquarePlaces<T>
    where T : unmanaged
{
    /// <summary>The first channel of a row and column of the tile.</summary>
    static abstract T* At(T* image, long rowStep, long columnStep, T** table, int row, int column);
}

/// <summary>All inside the image: evenly apart.</summary>
internal readonly unsafe struct EvenPlaces<T> : ISquarePlaces<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* At(T* image, long rowStep, long columnStep, T** table, int row, int column) => image + (row * rowStep) + (column * columnStep);
}

/// <summary>Some outside: each as a table says.</summary>
internal readonly unsafe struct TablePlaces<T> : ISquarePlaces<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* At(T* image, long rowStep, long columnStep, T** table, int row, int column) => table[(row * SquareTaps.MostColumns) + column];
}

/// <summary>The tile: two rows of four results of 3x3 taps, channels as lanes.</summary>
internal static class SquareTaps
{
    public const int Rows = 2, Columns = 4;

    /// <summary>Image columns that a tile reads, with stride 2; the table has as many in a row.</summary>
    public const int MostColumns = 9;

    /// <summary>Image rows that a tile reads, with stride 2.</summary>
    public const int MostRows = 5;
}

/// <summary>
/// A register tile of a depthwise convolution with 3x3 taps and stride 1 or 2: taps stay in registers, and results share the elements that they
/// read. Not generic over the product; the stride is a constant to the JIT.
/// </summary>
internal static unsafe class SquareKernel<TLanes, TVector, T, TStride, TPlaces>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TStride : unmanaged, ICount
    where TPlaces : struct, ISquarePlaces<T>
{
    /// <summary>Computes all channels, whose number is a multiple of the width; result (row, column) goes to results[row · resultRow + column · pitch], each summed in the order of taps, or as an ending says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* image, long rowStep, long columnStep, T** table, T* kernels, long kernelPitch, long channels, T* results, long resultRow, long pitch, Ending<T>* ending)
    {
        for (long c = 0; c < channels; c += TLanes.Width)
        {
            T* k = kernels + c, to = results + c;
            TVector zero = TLanes.Create(T.Zero);
            TVector k0 = TLanes.Load(k);
            TVector k1 = TLanes.Load(k + kernelPitch);
            TVector k2 = TLanes.Load(k + (2 * kernelPitch));
            TVector k3 = TLanes.Load(k + (3 * kernelPitch));
            TVector k4 = TLanes.Load(k + (4 * kernelPitch));
            TVector k5 = TLanes.Load(k + (5 * kernelPitch));
            TVector k6 = TLanes.Load(k + (6 * kernelPitch));
            TVector k7 = TLanes.Load(k + (7 * kernelPitch));
            TVector k8 = TLanes.Load(k + (8 * kernelPitch));
            TVector s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero;
            TVector v0, v1, v2, v3, v4, v5, v6, v7, v8;
            if (sizeof(TStride) == 1)
            {
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 5) + c);
                s00 = Add(s00, v0, v1, v2, k0, k1, k2);
                s01 = Add(s01, v1, v2, v3, k0, k1, k2);
                s02 = Add(s02, v2, v3, v4, k0, k1, k2);
                s03 = Add(s03, v3, v4, v5, k0, k1, k2);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 5) + c);
                s00 = Add(s00, v0, v1, v2, k3, k4, k5);
                s01 = Add(s01, v1, v2, v3, k3, k4, k5);
                s02 = Add(s02, v2, v3, v4, k3, k4, k5);
                s03 = Add(s03, v3, v4, v5, k3, k4, k5);
                s10 = Add(s10, v0, v1, v2, k0, k1, k2);
                s11 = Add(s11, v1, v2, v3, k0, k1, k2);
                s12 = Add(s12, v2, v3, v4, k0, k1, k2);
                s13 = Add(s13, v3, v4, v5, k0, k1, k2);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 5) + c);
                s00 = Add(s00, v0, v1, v2, k6, k7, k8);
                s01 = Add(s01, v1, v2, v3, k6, k7, k8);
                s02 = Add(s02, v2, v3, v4, k6, k7, k8);
                s03 = Add(s03, v3, v4, v5, k6, k7, k8);
                s10 = Add(s10, v0, v1, v2, k3, k4, k5);
                s11 = Add(s11, v1, v2, v3, k3, k4, k5);
                s12 = Add(s12, v2, v3, v4, k3, k4, k5);
                s13 = Add(s13, v3, v4, v5, k3, k4, k5);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 5) + c);
                s10 = Add(s10, v0, v1, v2, k6, k7, k8);
                s11 = Add(s11, v1, v2, v3, k6, k7, k8);
                s12 = Add(s12, v2, v3, v4, k6, k7, k8);
                s13 = Add(s13, v3, v4, v5, k6, k7, k8);
            }
            else
            {
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 5) + c);
                v6 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 6) + c);
                v7 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 7) + c);
                v8 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 0, 8) + c);
                s00 = Add(s00, v0, v1, v2, k0, k1, k2);
                s01 = Add(s01, v2, v3, v4, k0, k1, k2);
                s02 = Add(s02, v4, v5, v6, k0, k1, k2);
                s03 = Add(s03, v6, v7, v8, k0, k1, k2);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 5) + c);
                v6 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 6) + c);
                v7 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 7) + c);
                v8 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 1, 8) + c);
                s00 = Add(s00, v0, v1, v2, k3, k4, k5);
                s01 = Add(s01, v2, v3, v4, k3, k4, k5);
                s02 = Add(s02, v4, v5, v6, k3, k4, k5);
                s03 = Add(s03, v6, v7, v8, k3, k4, k5);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 5) + c);
                v6 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 6) + c);
                v7 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 7) + c);
                v8 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 2, 8) + c);
                s00 = Add(s00, v0, v1, v2, k6, k7, k8);
                s01 = Add(s01, v2, v3, v4, k6, k7, k8);
                s02 = Add(s02, v4, v5, v6, k6, k7, k8);
                s03 = Add(s03, v6, v7, v8, k6, k7, k8);
                s10 = Add(s10, v0, v1, v2, k0, k1, k2);
                s11 = Add(s11, v2, v3, v4, k0, k1, k2);
                s12 = Add(s12, v4, v5, v6, k0, k1, k2);
                s13 = Add(s13, v6, v7, v8, k0, k1, k2);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 5) + c);
                v6 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 6) + c);
                v7 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 7) + c);
                v8 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 3, 8) + c);
                s10 = Add(s10, v0, v1, v2, k3, k4, k5);
                s11 = Add(s11, v2, v3, v4, k3, k4, k5);
                s12 = Add(s12, v4, v5, v6, k3, k4, k5);
                s13 = Add(s13, v6, v7, v8, k3, k4, k5);
                v0 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 0) + c);
                v1 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 1) + c);
                v2 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 2) + c);
                v3 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 3) + c);
                v4 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 4) + c);
                v5 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 5) + c);
                v6 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 6) + c);
                v7 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 7) + c);
                v8 = TLanes.Load(TPlaces.At(image, rowStep, columnStep, table, 4, 8) + c);
                s10 = Add(s10, v0, v1, v2, k6, k7, k8);
                s11 = Add(s11, v2, v3, v4, k6, k7, k8);
                s12 = Add(s12, v4, v5, v6, k6, k7, k8);
                s13 = Add(s13, v6, v7, v8, k6, k7, k8);
            }
            if (ending is not null)
            {
                Ending<TLanes, TVector, T>.Store(ending, c, c, s00);
                Ending<TLanes, TVector, T>.Store(ending, pitch + c, c, s01);
                Ending<TLanes, TVector, T>.Store(ending, (2 * pitch) + c, c, s02);
                Ending<TLanes, TVector, T>.Store(ending, (3 * pitch) + c, c, s03);
                Ending<TLanes, TVector, T>.Store(ending, resultRow + c, c, s10);
                Ending<TLanes, TVector, T>.Store(ending, resultRow + pitch + c, c, s11);
                Ending<TLanes, TVector, T>.Store(ending, resultRow + (2 * pitch) + c, c, s12);
                Ending<TLanes, TVector, T>.Store(ending, resultRow + (3 * pitch) + c, c, s13);
                continue;
            }
            TLanes.Store(to, s00);
            TLanes.Store(to + pitch, s01);
            TLanes.Store(to + (2 * pitch), s02);
            TLanes.Store(to + (3 * pitch), s03);
            TLanes.Store(to + resultRow, s10);
            TLanes.Store(to + resultRow + pitch, s11);
            TLanes.Store(to + resultRow + (2 * pitch), s12);
            TLanes.Store(to + resultRow + (3 * pitch), s13);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, TVector a, TVector b, TVector c, TVector ka, TVector kb, TVector kc) =>
        TLanes.MultiplyAdd(kc, c, TLanes.MultiplyAdd(kb, b, TLanes.MultiplyAdd(ka, a, sum)));
}
