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

    /// <summary>Whether such tiles compute a depthwise convolution with channels as lanes.</summary>
    public static bool Suit(in ConvolutionGeometry g, int lanes) =>
        g is { TapsY: 3, TapsX: 3, DilationY: 1, DilationX: 1, StrideY: 1 or 2 } && g.StrideY == g.StrideX && g.Groups % lanes == 0;
}

/// <summary>An image with channels side by side, wherever its rows and columns lie.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe struct SquareImage<T>
    where T : unmanaged
{
    /// <summary>The first channel of row and column 0, which need not be in memory if nothing is read there.</summary>
    public T* First;

    /// <summary>From row to row.</summary>
    public long RowStep;

    /// <summary>From column to column.</summary>
    public long ColumnStep;
}

/// <summary>Tiles of two rows of results that follow each other along them, as their kernel reads it.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe struct SquareRun<T>
    where T : unmanaged
{
    /// <summary>How many tiles; one if some elements lie outside.</summary>
    public long Count;

    /// <summary>The first channel of the first tile's first row and column.</summary>
    public T* Image;

    /// <summary>From row to row.</summary>
    public long RowStep;

    /// <summary>From column to column.</summary>
    public long ColumnStep;

    /// <summary>Where elements are, if some lie outside.</summary>
    public T** Table;

    /// <summary>The taps of the first channel.</summary>
    public T* Kernels;

    /// <summary>From tap to tap.</summary>
    public long KernelPitch;

    /// <summary>How many channels.</summary>
    public long Channels;

    /// <summary>Where results go, unless they are ended.</summary>
    public T* Results;

    /// <summary>From row to row of results.</summary>
    public long ResultRow;

    /// <summary>From pixel to pixel.</summary>
    public long Pitch;

    /// <summary>Whether results are ended and stored elsewhere.</summary>
    public bool Ends;

    /// <summary>How, at the first tile.</summary>
    public Ending<T> Ending;
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
    /// <summary>Computes the channels, whose number is a multiple of the width, of one tile after the other, each result summed in the order of taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(SquareRun<T>* run)
    {
        T* image = run->Image, results = run->Results;
        for (long tile = 0; tile < run->Count; tile++)
        {
            One(run, image, results);
            image += SquareTaps.Columns * sizeof(TStride) * run->ColumnStep;
            results += SquareTaps.Columns * run->Pitch;
            if (run->Ends)
            {
                run->Ending.Step(SquareTaps.Columns * run->Pitch, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(SquareRun<T>* run, T* image, T* results)
    {
        long rowStep = run->RowStep, columnStep = run->ColumnStep, kernelPitch = run->KernelPitch, channels = run->Channels, resultRow = run->ResultRow, pitch = run->Pitch;
        T** table = run->Table;
        T* kernels = run->Kernels;
        Ending<T>* ending = run->Ends ? &run->Ending : null;
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
            s00 = Add(s00, v0, v1, v2, a0, a1, a2);
            s01 = isOne ? Add(s01, v1, v2, v3, a0, a1, a2) : Add(s01, v2, v3, v4, a0, a1, a2);
            s02 = isOne ? Add(s02, v2, v3, v4, a0, a1, a2) : Add(s02, v4, v5, v6, a0, a1, a2);
            s03 = isOne ? Add(s03, v3, v4, v5, a0, a1, a2) : Add(s03, v6, v7, v8, a0, a1, a2);
        }
        if (meetsSecond)
        {
            s10 = Add(s10, v0, v1, v2, b0, b1, b2);
            s11 = isOne ? Add(s11, v1, v2, v3, b0, b1, b2) : Add(s11, v2, v3, v4, b0, b1, b2);
            s12 = isOne ? Add(s12, v2, v3, v4, b0, b1, b2) : Add(s12, v4, v5, v6, b0, b1, b2);
            s13 = isOne ? Add(s13, v3, v4, v5, b0, b1, b2) : Add(s13, v6, v7, v8, b0, b1, b2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, TVector a, TVector b, TVector c, TVector ka, TVector kb, TVector kc) =>
        TLanes.MultiplyAdd(kc, c, TLanes.MultiplyAdd(kb, b, TLanes.MultiplyAdd(ka, a, sum)));
}
