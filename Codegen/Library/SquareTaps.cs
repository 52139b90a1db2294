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

/// <summary>The tile: two or four rows of four results of 3x3 taps, channels as lanes.</summary>
internal static class SquareTaps
{
    /// <summary>Rows of a tile, and of a tall one, whose results share more of what they read.</summary>
    public const int Rows = 2, TallRows = 4;

    public const int Columns = 4;

    /// <summary>Image columns that a tile reads, with stride 2; the table has as many in a row.</summary>
    public const int MostColumns = 9;

    /// <summary>Image rows that a tall tile reads.</summary>
    public const int MostRows = 6;

    /// <summary>Whether such tiles compute a depthwise convolution with channels as lanes.</summary>
    public static bool Suit(in ConvolutionGeometry g, int lanes) =>
        g is { TapsY: 3, TapsX: 3, DilationY: 1, DilationX: 1, StrideY: 1 or 2 } && g.StrideY == g.StrideX && g.Groups % lanes == 0;

    /// <summary>Whether some may be tall: 16 sums, 9 taps and 6 elements of the image fill the registers that come with 512 bits.</summary>
    public static bool MayBeTall(in ConvolutionGeometry g, int vectorBytes) => vectorBytes == 64 && g.StrideY == 1 && g.OutHeight >= TallRows;
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

/// <summary>Tiles of some rows of results that follow each other along them, as their kernel reads it.</summary>
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

    /// <summary>From row to row of results; from pixel to pixel is the ending's pitch.</summary>
    public long ResultRow;

    /// <summary>Room for a vector of each sum of a tile, where an ending reads other arrays.</summary>
    public T* Sums;

    /// <summary>How results are ended, and where they are stored, at the first tile.</summary>
    public Ending<T> Ending;
}

/// <summary>What register tiles of a depthwise convolution have in common. Their methods are full to the brim of what the JIT inlines: nothing here takes sums by reference.</summary>
internal static unsafe class SquareSums<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A sum and three terms more, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add(TVector sum, TVector a, TVector b, TVector c, TVector ka, TVector kb, TVector kc) =>
        TLanes.MultiplyAdd(kc, c, TLanes.MultiplyAdd(kb, b, TLanes.MultiplyAdd(ka, a, sum)));

    /// <summary>Stores a row of sums to which a vector is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* to, long pitch, TVector added, TVector a, TVector b, TVector c, TVector d)
    {
        TLanes.Store(to, TLanes.Add(a, added));
        TLanes.Store(to + pitch, TLanes.Add(b, added));
        TLanes.Store(to + (2 * pitch), TLanes.Add(c, added));
        TLanes.Store(to + (3 * pitch), TLanes.Add(d, added));
    }

    /// <summary>Likewise, with what is not above 0 as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectified(T* to, long pitch, TVector added, TVector a, TVector b, TVector c, TVector d)
    {
        TLanes.Store(to, TLanes.Rectify(TLanes.Add(a, added)));
        TLanes.Store(to + pitch, TLanes.Rectify(TLanes.Add(b, added)));
        TLanes.Store(to + (2 * pitch), TLanes.Rectify(TLanes.Add(c, added)));
        TLanes.Store(to + (3 * pitch), TLanes.Rectify(TLanes.Add(d, added)));
    }

    /// <summary>Ends sums that stand in memory by whatever their ending reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void End(SquareRun<T>* run, int rows, long c)
    {
        for (int i = 0; i < rows * SquareTaps.Columns; i++)
        {
            long offset = (i / SquareTaps.Columns * run->ResultRow) + (i % SquareTaps.Columns * run->Ending.Pitch) + c;
            Ending<TLanes, TVector, T>.Store(&run->Ending, offset, c, TLanes.Load(run->Sums + (i * TLanes.Width)));
        }
    }
}
