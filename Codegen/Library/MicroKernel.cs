using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A number as a type, so that a micro-kernel is compiled for it alone: the size of the type in bytes. Unlike a property of it, <c>sizeof</c> is a
/// number to the JIT before it reads on, so what a smaller tile lacks costs no time.
/// </summary>
internal interface ICount;

/// <summary>The register tile at the heart of every contraction. Not generic over the product: its machine code serves all of one width.</summary>
internal static unsafe class MicroKernel<TLanes, TVector, T, TRows, TVectors>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>
    /// Tiles one after the other, each of rows, at most 8, by vectors of columns, at most 3, in registers. Both numbers are constants to the JIT, which skips what a smaller tile does
    /// not have. The loop over tiles is in here because a call costs as much as a hundred multiply-adds of a whole tile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileRun<T>* run)
    {
        T* a = run->Rows, b = run->Columns, tile = run->Tile;
        for (long count = run->Count; count > 0; count--)
        {
            One(run, a, b, tile);
            a += run->NextRows;
            b += run->NextColumns;
            tile += run->NextTile;
            run->Near += run->NextNear;
            run->Far += run->NextFar;
            run->Beyond += run->NextBeyond;
            if (run->Ends)
            {
                run->Ending.Step(run->NextTarget, run->NextAdded, run->NextRowsAdded);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(TileRun<T>* run, T* a, T* b, T* tile)
    {
        int w = TLanes.Width;
        long rowStep = run->RowStep, depthStep = run->RowDepthStep, columnStep = run->ColumnDepthStep, depth = run->Depth, pitch = run->Pitch;
        if ((run->Adds || (sizeof(TVectors) == 1 && run->Fetches)) && Sse.IsSupported)
        {
            // Added when the sums are there, which is long enough to fetch it meanwhile.
            for (int row = 0; row < sizeof(TRows); row++)
            {
                Sse.Prefetch0(tile + (row * pitch));
            }
        }
        if (sizeof(TVectors) == 1 && run->Ends && run->Fetches && Sse.IsSupported)
        {
            Ending<TLanes, TVector, T>.Fetch(&run->Ending, sizeof(TRows));
        }
        if (sizeof(TVectors) > 1 && Sse.IsSupported)
        {
            for (long i = depth; i < run->NearLines; i++)
            {
                Sse.Prefetch1(run->Near + run->Lines[i]);
            }
        }
        TVector none = TLanes.Create(T.Zero), c00 = none, c01 = none, c02 = none;
        TVector c10 = none, c11 = none, c12 = none;
        TVector c20 = none, c21 = none, c22 = none;
        TVector c30 = none, c31 = none, c32 = none;
        TVector c40 = none, c41 = none, c42 = none;
        TVector c50 = none, c51 = none, c52 = none;
        TVector c60 = none, c61 = none, c62 = none;
        TVector c70 = none, c71 = none, c72 = none;
        if (run->GoesOn)
        {
            c00 = TLanes.Load(tile);
            c01 = sizeof(TVectors) > 1 ? TLanes.Load(tile + w) : none;
            c02 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (2 * w)) : none;
            if (sizeof(TRows) > 1)
            {
                c10 = TLanes.Load(tile + pitch);
                c11 = sizeof(TVectors) > 1 ? TLanes.Load(tile + pitch + w) : none;
                c12 = sizeof(TVectors) > 2 ? TLanes.Load(tile + pitch + (2 * w)) : none;
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TLanes.Load(tile + (2 * pitch));
                c21 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (2 * pitch) + w) : none;
                c22 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (2 * pitch) + (2 * w)) : none;
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TLanes.Load(tile + (3 * pitch));
                c31 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (3 * pitch) + w) : none;
                c32 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (3 * pitch) + (2 * w)) : none;
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TLanes.Load(tile + (4 * pitch));
                c41 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (4 * pitch) + w) : none;
                c42 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (4 * pitch) + (2 * w)) : none;
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TLanes.Load(tile + (5 * pitch));
                c51 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (5 * pitch) + w) : none;
                c52 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (5 * pitch) + (2 * w)) : none;
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TLanes.Load(tile + (6 * pitch));
                c61 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (6 * pitch) + w) : none;
                c62 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (6 * pitch) + (2 * w)) : none;
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TLanes.Load(tile + (7 * pitch));
                c71 = sizeof(TVectors) > 1 ? TLanes.Load(tile + (7 * pitch) + w) : none;
                c72 = sizeof(TVectors) > 2 ? TLanes.Load(tile + (7 * pitch) + (2 * w)) : none;
            }
        }
        // Three pointers and two steps reach all rows: there are not enough registers for a pointer each.
        T* p = a, q = a + (3 * rowStep), r = a + (6 * rowStep);
        long twice = 2 * rowStep;
        // A tile of one vector passes over rows at the speed at which they are read; several at a time, of a piece each, are no stream to the hardware.
        bool fetches = sizeof(TVectors) == 1 && depthStep == 1 && rowStep > w && Sse.IsSupported;
        T* along = a + (256 / sizeof(T));
        int left = sizeof(TRows);
        long* line = run->Lines;
        byte* from = run->Near;
        long beyond = depth - run->BeyondLines;
        for (long until = Math.Min(depth, run->NearLines), k = 0; ; from = until < beyond ? run->Far : run->Beyond, until = until < beyond ? beyond : depth)
        {
            for (; k < until; k++)
            {
                TVector b0 = TLanes.Load(b), b1 = sizeof(TVectors) > 1 ? TLanes.Load(b + w) : none, b2 = sizeof(TVectors) > 2 ? TLanes.Load(b + (2 * w)) : none, x;
                x = TLanes.Create(p[0]);
                c00 = TLanes.MultiplyAdd(x, b0, c00);
                c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c01) : none;
                c02 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c02) : none;
                if (sizeof(TRows) > 1)
                {
                    x = TLanes.Create(p[rowStep]);
                    c10 = TLanes.MultiplyAdd(x, b0, c10);
                    c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c11) : none;
                    c12 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c12) : none;
                }
                if (sizeof(TRows) > 2)
                {
                    x = TLanes.Create(p[twice]);
                    c20 = TLanes.MultiplyAdd(x, b0, c20);
                    c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c21) : none;
                    c22 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c22) : none;
                }
                if (sizeof(TRows) > 3)
                {
                    x = TLanes.Create(q[0]);
                    c30 = TLanes.MultiplyAdd(x, b0, c30);
                    c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c31) : none;
                    c32 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c32) : none;
                }
                if (sizeof(TRows) > 4)
                {
                    x = TLanes.Create(q[rowStep]);
                    c40 = TLanes.MultiplyAdd(x, b0, c40);
                    c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c41) : none;
                    c42 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c42) : none;
                }
                if (sizeof(TRows) > 5)
                {
                    x = TLanes.Create(q[twice]);
                    c50 = TLanes.MultiplyAdd(x, b0, c50);
                    c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c51) : none;
                    c52 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c52) : none;
                }
                if (sizeof(TRows) > 6)
                {
                    x = TLanes.Create(r[0]);
                    c60 = TLanes.MultiplyAdd(x, b0, c60);
                    c61 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c61) : none;
                    c62 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c62) : none;
                }
                if (sizeof(TRows) > 7)
                {
                    x = TLanes.Create(r[rowStep]);
                    c70 = TLanes.MultiplyAdd(x, b0, c70);
                    c71 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c71) : none;
                    c72 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c72) : none;
                }
                if (sizeof(TVectors) == 1 && fetches)
                {
                    Sse.Prefetch0(along);
                    along += rowStep;
                    if (--left == 0)
                    {
                        left = sizeof(TRows);
                        along += sizeof(TRows) - (sizeof(TRows) * rowStep);
                    }
                }
                if (sizeof(TVectors) > 1 && Sse.IsSupported)
                {
                    Sse.Prefetch1(from + *line++);
                }
                p += depthStep;
                q += depthStep;
                r += depthStep;
                b += columnStep;
            }
            if (until == depth)
            {
                break;
            }
        }
        if (run->Adds)
        {
            TVector one = TLanes.Create(T.One);
            c00 = TLanes.MultiplyAdd(one, TLanes.Load(tile), c00);
            c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + w), c01) : none;
            c02 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * w)), c02) : none;
            if (sizeof(TRows) > 1)
            {
                c10 = TLanes.MultiplyAdd(one, TLanes.Load(tile + pitch), c10);
                c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + pitch + w), c11) : none;
                c12 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + pitch + (2 * w)), c12) : none;
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * pitch)), c20);
                c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * pitch) + w), c21) : none;
                c22 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * pitch) + (2 * w)), c22) : none;
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (3 * pitch)), c30);
                c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (3 * pitch) + w), c31) : none;
                c32 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (3 * pitch) + (2 * w)), c32) : none;
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (4 * pitch)), c40);
                c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (4 * pitch) + w), c41) : none;
                c42 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (4 * pitch) + (2 * w)), c42) : none;
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (5 * pitch)), c50);
                c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (5 * pitch) + w), c51) : none;
                c52 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (5 * pitch) + (2 * w)), c52) : none;
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (6 * pitch)), c60);
                c61 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (6 * pitch) + w), c61) : none;
                c62 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (6 * pitch) + (2 * w)), c62) : none;
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (7 * pitch)), c70);
                c71 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (7 * pitch) + w), c71) : none;
                c72 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(one, TLanes.Load(tile + (7 * pitch) + (2 * w)), c72) : none;
            }
        }
        if (run->Ends)
        {
            Ending<T>* ending = &run->Ending;
            Ending<TLanes, TVector, T>.Store<TVectors>(ending, 0, 0, c00, c01, c02);
            if (sizeof(TRows) > 1)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 1, ending->Pitch, c10, c11, c12);
            }
            if (sizeof(TRows) > 2)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 2, 2 * ending->Pitch, c20, c21, c22);
            }
            if (sizeof(TRows) > 3)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 3, 3 * ending->Pitch, c30, c31, c32);
            }
            if (sizeof(TRows) > 4)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 4, 4 * ending->Pitch, c40, c41, c42);
            }
            if (sizeof(TRows) > 5)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 5, 5 * ending->Pitch, c50, c51, c52);
            }
            if (sizeof(TRows) > 6)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 6, 6 * ending->Pitch, c60, c61, c62);
            }
            if (sizeof(TRows) > 7)
            {
                Ending<TLanes, TVector, T>.Store<TVectors>(ending, 7, 7 * ending->Pitch, c70, c71, c72);
            }
            return;
        }
        Store(tile, c00, c01, c02);
        if (sizeof(TRows) > 1)
        {
            Store(tile + pitch, c10, c11, c12);
        }
        if (sizeof(TRows) > 2)
        {
            Store(tile + (2 * pitch), c20, c21, c22);
        }
        if (sizeof(TRows) > 3)
        {
            Store(tile + (3 * pitch), c30, c31, c32);
        }
        if (sizeof(TRows) > 4)
        {
            Store(tile + (4 * pitch), c40, c41, c42);
        }
        if (sizeof(TRows) > 5)
        {
            Store(tile + (5 * pitch), c50, c51, c52);
        }
        if (sizeof(TRows) > 6)
        {
            Store(tile + (6 * pitch), c60, c61, c62);
        }
        if (sizeof(TRows) > 7)
        {
            Store(tile + (7 * pitch), c70, c71, c72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* tile, TVector c0, TVector c1, TVector c2)
    {
        TLanes.Store(tile, c0);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(tile + TLanes.Width, c1);
        }
        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(tile + (2 * TLanes.Width), c2);
        }
    }
}
