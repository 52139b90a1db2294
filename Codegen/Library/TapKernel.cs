using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile of up to 8 rows by 3 vectors: C[row, lane] = Σ k: a[rows[row] + pixels[2k]] · b[pixels[2k + 1], lane]. All places are any, so that
/// channels and taps of an image are read where they lie, whatever stride and dilation are, and pixels whose tap lies outside are left out.
/// </summary>
internal static unsafe class TapKernel<TLanes, TVector, T, TRows, TVectors>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>
    /// Computes one tile, added to what stands there where <paramref name="adds"/> holds. Meanwhile it fetches, with each pixel one, the <paramref name="lines"/> of memory, unless they are null, that lie so many bytes behind
    /// <paramref name="near"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long* rows, long* pixels, long depth, T* b, long step, T* c, long pitch, bool adds, byte* near, long* lines)
    {
        int w = TLanes.Width;
        if (adds && Sse.IsSupported)
        {
            // Added when the sums are there, which is long enough to fetch it meanwhile.
            for (int row = 0; row < sizeof(TRows); row++)
            {
                Sse.Prefetch0(c + (row * pitch));
                Sse.Prefetch0(c + (row * pitch) + ((sizeof(TVectors) - 1) * w));
            }
        }
        TVector none = TLanes.Create(T.Zero);
        TVector c00 = none, c01 = none, c02 = none;
        TVector c10 = none, c11 = none, c12 = none;
        TVector c20 = none, c21 = none, c22 = none;
        TVector c30 = none, c31 = none, c32 = none;
        TVector c40 = none, c41 = none, c42 = none;
        TVector c50 = none, c51 = none, c52 = none;
        TVector c60 = none, c61 = none, c62 = none;
        TVector c70 = none, c71 = none, c72 = none;
        T* a0 = a + rows[0], a1 = sizeof(TRows) > 1 ? a + rows[1] : a0, a2 = sizeof(TRows) > 2 ? a + rows[2] : a0, a3 = sizeof(TRows) > 3 ? a + rows[3] : a0;
        T* a4 = sizeof(TRows) > 4 ? a + rows[4] : a0, a5 = sizeof(TRows) > 5 ? a + rows[5] : a0, a6 = sizeof(TRows) > 6 ? a + rows[6] : a0, a7 = sizeof(TRows) > 7 ? a + rows[7] : a0;
        for (long k = 0; k < depth; k++)
        {
            long p = pixels[2 * k];
            T* at = b + (pixels[(2 * k) + 1] * step);
            TVector b0 = TLanes.Load(at), b1 = sizeof(TVectors) > 1 ? TLanes.Load(at + w) : none, b2 = sizeof(TVectors) > 2 ? TLanes.Load(at + (2 * w)) : none, x;
            if (lines is not null && Sse.IsSupported)
            {
                Sse.Prefetch1(near + lines[k]);
            }
            x = TLanes.Create(a0[p]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c01) : none;
            c02 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c02) : none;
            if (sizeof(TRows) > 1)
            {
                x = TLanes.Create(a1[p]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c11) : none;
                c12 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c12) : none;
            }
            if (sizeof(TRows) > 2)
            {
                x = TLanes.Create(a2[p]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c21) : none;
                c22 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c22) : none;
            }
            if (sizeof(TRows) > 3)
            {
                x = TLanes.Create(a3[p]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c31) : none;
                c32 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c32) : none;
            }
            if (sizeof(TRows) > 4)
            {
                x = TLanes.Create(a4[p]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c41) : none;
                c42 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c42) : none;
            }
            if (sizeof(TRows) > 5)
            {
                x = TLanes.Create(a5[p]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c51) : none;
                c52 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c52) : none;
            }
            if (sizeof(TRows) > 6)
            {
                x = TLanes.Create(a6[p]);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                c61 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c61) : none;
                c62 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c62) : none;
            }
            if (sizeof(TRows) > 7)
            {
                x = TLanes.Create(a7[p]);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                c71 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c71) : none;
                c72 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c72) : none;
            }
        }
        Store(c, c00, c01, c02, adds);
        if (sizeof(TRows) > 1)
        {
            Store(c + pitch, c10, c11, c12, adds);
        }
        if (sizeof(TRows) > 2)
        {
            Store(c + (2 * pitch), c20, c21, c22, adds);
        }
        if (sizeof(TRows) > 3)
        {
            Store(c + (3 * pitch), c30, c31, c32, adds);
        }
        if (sizeof(TRows) > 4)
        {
            Store(c + (4 * pitch), c40, c41, c42, adds);
        }
        if (sizeof(TRows) > 5)
        {
            Store(c + (5 * pitch), c50, c51, c52, adds);
        }
        if (sizeof(TRows) > 6)
        {
            Store(c + (6 * pitch), c60, c61, c62, adds);
        }
        if (sizeof(TRows) > 7)
        {
            Store(c + (7 * pitch), c70, c71, c72, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y, TVector z, bool adds)
    {
        int w = TLanes.Width;
        TLanes.Store(c, adds ? TLanes.Add(TLanes.Load(c), x) : x);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(c + w, adds ? TLanes.Add(TLanes.Load(c + w), y) : y);
        }
        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(c + (2 * w), adds ? TLanes.Add(TLanes.Load(c + (2 * w)), z) : z);
        }
    }
}

/// <summary>Rows of any number met with one panel of lanes, by tiles of even height.</summary>
internal static unsafe class TapTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile at most: as many sums as there are registers beside the operands.</summary>
    private static long MostRows(int vectors) => Vector512.IsHardwareAccelerated || vectors == 1 ? 8 : vectors == 2 ? 6 : 4;

    /// <summary>Computes a panel of lanes for some rows. Of each tile's rows, <paramref name="runs"/> runs of <paramref name="run"/> elements are fetched a tile ahead, and while it is summed <paramref name="lines"/> behind its row near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int vectors, T* a, long* rows, long count, long* pixels, long depth, T* b, long step, T* c, long pitch, bool adds, long runs, long runStep, long run, byte* near = null, long nearPitch = 0, long* lines = null)
    {
        long tiles = (count + MostRows(vectors) - 1) / MostRows(vectors);
        for (long tile = 0, row = 0; tile < tiles; tile++)
        {
            long next = count * (tile + 1) / tiles;
            for (long ahead = next; ahead < Math.Min(count, next + next - row); ahead++)
            {
                GradientOperands<TLanes, TVector, T>.Fetch(a + rows[ahead], runs, runStep, run);
            }
            Tile((int)(next - row), vectors, a, rows + row, pixels, depth, b, step, c + (row * pitch), pitch, adds, near + (row * nearPitch), lines);
            row = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int count, int vectors, T* a, long* rows, long* pixels, long depth, T* b, long step, T* c, long pitch, bool adds, byte* near, long* lines)
    {
        switch (count)
        {
            case 1:
                Across<Count1>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 2:
                Across<Count2>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 3:
                Across<Count3>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 4:
                Across<Count4>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 5:
                Across<Count5>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 6:
                Across<Count6>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 7:
                Across<Count7>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 8:
                Across<Count8>(vectors, a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            default:
                throw new UnreachableException($"a tile of {count} rows");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Across<TRows>(int vectors, T* a, long* rows, long* pixels, long depth, T* b, long step, T* c, long pitch, bool adds, byte* near, long* lines)
        where TRows : unmanaged, ICount
    {
        switch (vectors)
        {
            case 1:
                TapKernel<TLanes, TVector, T, TRows, Count1>.Run(a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 2:
                TapKernel<TLanes, TVector, T, TRows, Count2>.Run(a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            case 3:
                TapKernel<TLanes, TVector, T, TRows, Count3>.Run(a, rows, pixels, depth, b, step, c, pitch, adds, near, lines);
                break;
            default:
                throw new UnreachableException($"a tile of {vectors} vectors");
        }
    }
}
