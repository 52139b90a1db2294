using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>What a register tile of <see cref="PooledKernel{TLanes, TVector, T, TRows, TVectors}"/> meets.</summary>
internal unsafe struct PooledRun<T>
    where T : unmanaged
{
    /// <summary>The image, from the tile's first row of taps and its first vector on.</summary>
    public T* Image;

    /// <summary>Elements from row to row of taps.</summary>
    public long TapRow;

    /// <summary>For each window and each of its elements where that lies in the image, or less than 0 where there is none.</summary>
    public int* Places;

    /// <summary>Elements of a window.</summary>
    public uint Window;

    /// <summary>Rows of windows, and windows of a row.</summary>
    public long Rows, Columns;

    /// <summary>The position of the first window's maximum, and the steps to the next column and row.</summary>
    public int* Positions;

    public long PositionColumn, PositionRow;

    /// <summary>The first window's value, and likewise.</summary>
    public T* Values;

    public long ValueColumn, ValueRow;

    /// <summary>The tile's sums, and elements from row to row of them.</summary>
    public T* Sums;

    public long Pitch;

    /// <summary>Whether what stands there is added.</summary>
    public bool Adds;
}

/// <summary>
/// A register tile of up to 6 rows of taps by 2 vectors of what lies side by side there: C[row, lane] = Σ windows: value · image[place + row · step + lane]. Windows whose position is none of theirs, or lies
/// beyond the image, have no place and are passed by.
/// </summary>
internal static unsafe class PooledKernel<TLanes, TVector, T, TRows, TVectors>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>Computes one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(PooledRun<T>* run)
    {
        int w = TLanes.Width;
        TVector none = TLanes.Create(T.Zero);
        TVector c00 = none, c01 = none, c10 = none, c11 = none, c20 = none, c21 = none, c30 = none, c31 = none, c40 = none, c41 = none, c50 = none, c51 = none;
        T* image = run->Image, rowValues = run->Values;
        int* places = run->Places, rowPositions = run->Positions;
        long step = run->TapRow, columns = run->Columns, positionColumn = run->PositionColumn, valueColumn = run->ValueColumn;
        uint window = run->Window;
        for (long row = run->Rows; row > 0; row--, rowPositions += run->PositionRow, rowValues += run->ValueRow)
        {
            int* positions = rowPositions;
            T* values = rowValues;
            for (long column = columns; column > 0; column--, positions += positionColumn, values += valueColumn, places += window)
            {
                uint position = (uint)*positions;
                if (position >= window)
                {
                    continue;
                }
                int place = places[position];
                if (place < 0)
                {
                    continue;
                }
                T* at = image + place;
                TVector x = TLanes.Create(*values);
                c00 = TLanes.MultiplyAdd(x, TLanes.Load(at), c00);
                c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c01) : none;
                if (sizeof(TRows) > 1)
                {
                    at += step;
                    c10 = TLanes.MultiplyAdd(x, TLanes.Load(at), c10);
                    c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c11) : none;
                }
                if (sizeof(TRows) > 2)
                {
                    at += step;
                    c20 = TLanes.MultiplyAdd(x, TLanes.Load(at), c20);
                    c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c21) : none;
                }
                if (sizeof(TRows) > 3)
                {
                    at += step;
                    c30 = TLanes.MultiplyAdd(x, TLanes.Load(at), c30);
                    c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c31) : none;
                }
                if (sizeof(TRows) > 4)
                {
                    at += step;
                    c40 = TLanes.MultiplyAdd(x, TLanes.Load(at), c40);
                    c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c41) : none;
                }
                if (sizeof(TRows) > 5)
                {
                    at += step;
                    c50 = TLanes.MultiplyAdd(x, TLanes.Load(at), c50);
                    c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, TLanes.Load(at + w), c51) : none;
                }
            }
        }
        T* c = run->Sums;
        long pitch = run->Pitch;
        bool adds = run->Adds;
        Store(c, c00, c01, adds);
        if (sizeof(TRows) > 1)
        {
            Store(c + pitch, c10, c11, adds);
        }
        if (sizeof(TRows) > 2)
        {
            Store(c + (2 * pitch), c20, c21, adds);
        }
        if (sizeof(TRows) > 3)
        {
            Store(c + (3 * pitch), c30, c31, adds);
        }
        if (sizeof(TRows) > 4)
        {
            Store(c + (4 * pitch), c40, c41, adds);
        }
        if (sizeof(TRows) > 5)
        {
            Store(c + (5 * pitch), c50, c51, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, bool adds)
    {
        TLanes.Store(c, adds ? TLanes.Add(TLanes.Load(c), x) : x);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(c + TLanes.Width, adds ? TLanes.Add(TLanes.Load(c + TLanes.Width), y) : y);
        }
    }
}

/// <summary>The largest tile: as many sums as there are registers beside a value, where there are 16.</summary>
internal static class PooledTiles
{
    public const long MostRows = 6, MostVectors = 2;
}

/// <summary>All rows of taps by all their vectors, in tiles of even height.</summary>
internal static unsafe class PooledTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the sums of a filter over some windows; the run's image and sums are those of the first row and vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(PooledRun<T>* run, long rows, long vectors)
    {
        T* image = run->Image, sums = run->Sums;
        long tiles = (rows + PooledTiles.MostRows - 1) / PooledTiles.MostRows;
        for (long tile = 0, row = 0; tile < tiles; tile++)
        {
            long next = rows * (tile + 1) / tiles;
            for (long v = 0; v < vectors; v += PooledTiles.MostVectors)
            {
                run->Image = image + (row * run->TapRow) + (v * TLanes.Width);
                run->Sums = sums + (row * run->Pitch) + (v * TLanes.Width);
                if (vectors - v > 1)
                {
                    Down<Count2>(run, next - row);
                }
                else
                {
                    Down<Count1>(run, next - row);
                }
            }
            row = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Down<TVectors>(PooledRun<T>* run, long rows)
        where TVectors : unmanaged, ICount
    {
        switch (rows)
        {
            case 1:
                PooledKernel<TLanes, TVector, T, Count1, TVectors>.Run(run);
                break;
            case 2:
                PooledKernel<TLanes, TVector, T, Count2, TVectors>.Run(run);
                break;
            case 3:
                PooledKernel<TLanes, TVector, T, Count3, TVectors>.Run(run);
                break;
            case 4:
                PooledKernel<TLanes, TVector, T, Count4, TVectors>.Run(run);
                break;
            case 5:
                PooledKernel<TLanes, TVector, T, Count5, TVectors>.Run(run);
                break;
            case 6:
                PooledKernel<TLanes, TVector, T, Count6, TVectors>.Run(run);
                break;
            default:
                throw new UnreachableException($"a tile of {rows} rows");
        }
    }
}
