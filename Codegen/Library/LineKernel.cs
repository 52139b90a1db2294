using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Register tiles, one below the other, whose operands are read where they lie: C[row, column] = Σ depth: A[row, depth] · B[depth, column], with two vectors
/// of columns. Up to 8 rows a tile.
/// </summary>
/// <remarks>
/// <see cref="MicroKernel{TLanes, TVector, T, TRows, TVectors}"/> could do the same by its steps. Winograd's sums are 32 terms long, where what it does
/// before and after them counts: 64 to 64 channels of 56x56 took 0.43 ms with it and 0.37 with such a kernel (bests of five runs in turn, two threads).
/// </remarks>
internal static unsafe class LineKernel<TLanes, TVector, T, TCount>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCount : unmanaged, ICount
{
    /// <summary>Computes some tiles, each so far from the one before it in A, B and C, added to what stands there where <paramref name="adds"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long aNext, long pitch, long step, long tiles, T* b, long bNext, long columnPitch, long depth, long ahead, T* c, long cNext, long resultPitch, bool adds)
    {
        int w = TLanes.Width;
        TVector zero = TLanes.Create(T.Zero);
        for (; tiles > 0; tiles--)
        {
            TVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero, c60 = zero, c61 = zero, c70 = zero, c71 = zero;
            // Three pointers and two steps reach all rows: with a pointer each, steps would be loaded and stored in every turn.
            T* p = a, q = a + (3 * pitch), r = a + (6 * pitch), at = b;
            long twice = 2 * pitch;
            for (long left = depth; left > 0; left--)
            {
                if (Sse.IsSupported)
                {
                    // Nothing ahead: what is about to be loaded, which takes a slot of a load that is to spare.
                    Sse.Prefetch0(at + ahead);
                    if (TLanes.Width * sizeof(T) == 64)
                    {
                        Sse.Prefetch0(at + ahead + w);
                    }
                }
                TVector b0 = TLanes.Load(at), b1 = TLanes.Load(at + w), x = TLanes.Create(p[0]);
                c00 = TLanes.MultiplyAdd(x, b0, c00);
                c01 = TLanes.MultiplyAdd(x, b1, c01);
                if (sizeof(TCount) > 1)
                {
                    x = TLanes.Create(p[pitch]);
                    c10 = TLanes.MultiplyAdd(x, b0, c10);
                    c11 = TLanes.MultiplyAdd(x, b1, c11);
                }
                if (sizeof(TCount) > 2)
                {
                    x = TLanes.Create(p[twice]);
                    c20 = TLanes.MultiplyAdd(x, b0, c20);
                    c21 = TLanes.MultiplyAdd(x, b1, c21);
                }
                if (sizeof(TCount) > 3)
                {
                    x = TLanes.Create(q[0]);
                    c30 = TLanes.MultiplyAdd(x, b0, c30);
                    c31 = TLanes.MultiplyAdd(x, b1, c31);
                }
                if (sizeof(TCount) > 4)
                {
                    x = TLanes.Create(q[pitch]);
                    c40 = TLanes.MultiplyAdd(x, b0, c40);
                    c41 = TLanes.MultiplyAdd(x, b1, c41);
                }
                if (sizeof(TCount) > 5)
                {
                    x = TLanes.Create(q[twice]);
                    c50 = TLanes.MultiplyAdd(x, b0, c50);
                    c51 = TLanes.MultiplyAdd(x, b1, c51);
                }
                if (sizeof(TCount) > 6)
                {
                    x = TLanes.Create(r[0]);
                    c60 = TLanes.MultiplyAdd(x, b0, c60);
                    c61 = TLanes.MultiplyAdd(x, b1, c61);
                }
                if (sizeof(TCount) > 7)
                {
                    x = TLanes.Create(r[pitch]);
                    c70 = TLanes.MultiplyAdd(x, b0, c70);
                    c71 = TLanes.MultiplyAdd(x, b1, c71);
                }
                p += step;
                q += step;
                r += step;
                at += columnPitch;
            }
            Store(c, c00, c01, adds);
            if (sizeof(TCount) > 1)
            {
                Store(c + resultPitch, c10, c11, adds);
            }
            if (sizeof(TCount) > 2)
            {
                Store(c + (2 * resultPitch), c20, c21, adds);
            }
            if (sizeof(TCount) > 3)
            {
                Store(c + (3 * resultPitch), c30, c31, adds);
            }
            if (sizeof(TCount) > 4)
            {
                Store(c + (4 * resultPitch), c40, c41, adds);
            }
            if (sizeof(TCount) > 5)
            {
                Store(c + (5 * resultPitch), c50, c51, adds);
            }
            if (sizeof(TCount) > 6)
            {
                Store(c + (6 * resultPitch), c60, c61, adds);
            }
            if (sizeof(TCount) > 7)
            {
                Store(c + (7 * resultPitch), c70, c71, adds);
            }
            a += aNext;
            b += bNext;
            c += cNext;
            // The tiles below meet the same.
            ahead = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, bool adds)
    {
        int w = TLanes.Width;
        TLanes.Store(c, adds ? TLanes.Add(TLanes.Load(c), x) : x);
        TLanes.Store(c + w, adds ? TLanes.Add(TLanes.Load(c + w), y) : y);
    }
}

/// <summary>Rows of any number met with two vectors of columns, by tiles of even height.</summary>
internal static unsafe class LineTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile at most: two sums each, and as many registers as they leave for the operands.</summary>
    private static long MostRows => Vector512.IsHardwareAccelerated ? 8 : 6;

    /// <summary>Rows of a tile of several blocks at most: four sums each.</summary>
    private const long MostBlockRows = 7;

    /// <summary>Rows so many that a smaller tile does not matter.</summary>
    private const long ManyRows = 28;

    /// <summary>Bytes of a panel of columns that stays in a first-level cache while the rows of all tiles pass by: several blocks of it are read for each tile, one for all tiles.</summary>
    private const long PanelBytes = 32 * 1024;

    /// <summary>Computes two vectors of columns of the result, by sums of as many terms as a block has, in their order, or 0 of none; all are added to what stands there where <paramref name="adds"/> holds.</summary>
    /// <param name="a">Element 0 of row 0.</param>
    /// <param name="pitch">From row to row.</param>
    /// <param name="step">From term to term of a row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="b">What the first term of all rows meets.</param>
    /// <param name="columnPitch">From there to what the next does.</param>
    /// <param name="depth">How many terms.</param>
    /// <param name="block">How many are summed at a time.</param>
    /// <param name="ahead">How far behind what is met something lies that is fetched; 0 for nothing.</param>
    /// <param name="c">Row 0 of the result.</param>
    /// <param name="resultPitch">From row to row of it.</param>
    /// <param name="adds">Whether it is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long pitch, long step, long rows, T* b, long columnPitch, long depth, long block, long ahead, T* c, long resultPitch, bool adds)
    {
        if (depth > block && !adds && Vector512.IsHardwareAccelerated && depth * columnPitch * sizeof(T) <= PanelBytes && (rows >= ManyRows || PanelLayout.Ceiling(rows, MostBlockRows) == PanelLayout.Ceiling(rows, MostRows)))
        {
            Blocks(a, pitch, step, rows, b, columnPitch, depth, block, ahead, c, resultPitch);
            return;
        }
        long tiles = (rows + MostRows - 1) / MostRows, height = rows / Math.Max(1, tiles), taller = rows - (tiles * height);
        for (long k = 0; k == 0 || k < depth; k += block, a += block * step, b += block * columnPitch, adds = true)
        {
            long terms = Math.Min(block, depth - k);
            long down = height * pitch, resultDown = height * resultPitch;
            Tiles(height + 1, a, down + pitch, pitch, step, taller, b, 0, columnPitch, terms, ahead, c, resultDown + resultPitch, resultPitch, adds);
            Tiles(height, a + (taller * (down + pitch)), down, pitch, step, tiles - taller, b, 0, columnPitch, terms, taller > 0 ? 0 : ahead, c + (taller * (resultDown + resultPitch)), resultDown, resultPitch, adds);
        }
    }

    /// <summary>Likewise for the same rows of several products, each so far from the one before it in A, B and C. Rows that fit a register tile, in sums of one block, take one call for all: of a few rows it took as long as half of their products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(long products, T* a, long aNext, long pitch, long step, long rows, T* b, long bNext, long columnPitch, long depth, long block, T* c, long cNext, long resultPitch, bool adds)
    {
        if (rows <= MostRows && depth <= block)
        {
            Tiles(rows, a, aNext, pitch, step, products, b, bNext, columnPitch, depth, 0, c, cNext, resultPitch, adds);
            return;
        }
        for (; products > 0; products--, a += aNext, b += bNext, c += cNext)
        {
            Run(a, pitch, step, rows, b, columnPitch, depth, block, 0, c, resultPitch, adds);
        }
    }

    /// <summary>Likewise where 32 registers hold the sums of blocks beside the block at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks(T* a, long pitch, long step, long rows, T* b, long columnPitch, long depth, long block, long ahead, T* c, long resultPitch)
    {
        long tiles = (rows + MostBlockRows - 1) / MostBlockRows, height = rows / Math.Max(1, tiles), taller = rows - (tiles * height);
        long down = height * pitch, resultDown = height * resultPitch;
        BlockTiles(height + 1, a, down + pitch, pitch, step, taller, b, columnPitch, depth, block, ahead, c, resultDown + resultPitch, resultPitch);
        BlockTiles(height, a + (taller * (down + pitch)), down, pitch, step, tiles - taller, b, columnPitch, depth, block, taller > 0 ? 0 : ahead, c + (taller * (resultDown + resultPitch)), resultDown, resultPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BlockTiles(long height, T* a, long aNext, long pitch, long step, long tiles, T* b, long columnPitch, long depth, long block, long ahead, T* c, long cNext, long resultPitch)
    {
        if (tiles == 0)
        {
            return;
        }
        switch (height)
        {
            case 1:
                BlockLineKernel<TLanes, TVector, T, Count1>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            case 2:
                BlockLineKernel<TLanes, TVector, T, Count2>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            case 3:
                BlockLineKernel<TLanes, TVector, T, Count3>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            case 4:
                BlockLineKernel<TLanes, TVector, T, Count4>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            case 5:
                BlockLineKernel<TLanes, TVector, T, Count5>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            case 6:
                BlockLineKernel<TLanes, TVector, T, Count6>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
            default:
                BlockLineKernel<TLanes, TVector, T, Count7>.Run(a, aNext, pitch, step, tiles, b, columnPitch, depth, block, ahead, c, cNext, resultPitch);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(long height, T* a, long aNext, long pitch, long step, long tiles, T* b, long bNext, long columnPitch, long depth, long ahead, T* c, long cNext, long resultPitch, bool adds)
    {
        if (tiles == 0)
        {
            return;
        }
        switch (height)
        {
            case 1:
                LineKernel<TLanes, TVector, T, Count1>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 2:
                LineKernel<TLanes, TVector, T, Count2>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 3:
                LineKernel<TLanes, TVector, T, Count3>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 4:
                LineKernel<TLanes, TVector, T, Count4>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 5:
                LineKernel<TLanes, TVector, T, Count5>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 6:
                LineKernel<TLanes, TVector, T, Count6>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            case 7:
                LineKernel<TLanes, TVector, T, Count7>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
            default:
                LineKernel<TLanes, TVector, T, Count8>.Run(a, aNext, pitch, step, tiles, b, bNext, columnPitch, depth, ahead, c, cNext, resultPitch, adds);
                break;
        }
    }
}
