using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile of filters, at most 8, by vectors of neighbouring pixels, at most 3: C[filter, pixel] = Σ tap: kernels[tap, filter] · strip[pixel + offsets[tap]].
/// Both numbers are constants to the JIT.
/// </summary>
internal static unsafe class RowKernel<TLanes, TVector, T, TFilters, TVectors>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFilters : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>
    /// Computes one tile: vectors begin at <paramref name="from"/> in the strip and go to <paramref name="to"/> in the row of results of each filter, added to what <paramref name="earlier"/> has, vector by vector
    /// of each filter, unless it is null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* strip, long* from, long* to, long* offsets, long depth, T* kernels, T* earlier, T* results, long pitch)
    {
        TVector none = TLanes.Create(T.Zero);
        TVector c00 = none, c01 = none, c02 = none;
        TVector c10 = none, c11 = none, c12 = none;
        TVector c20 = none, c21 = none, c22 = none;
        TVector c30 = none, c31 = none, c32 = none;
        TVector c40 = none, c41 = none, c42 = none;
        TVector c50 = none, c51 = none, c52 = none;
        TVector c60 = none, c61 = none, c62 = none;
        TVector c70 = none, c71 = none, c72 = none;
        T* p0 = strip + from[0], p1 = sizeof(TVectors) > 1 ? strip + from[1] : p0, p2 = sizeof(TVectors) > 2 ? strip + from[2] : p0;
        for (long* end = offsets + depth; offsets < end; offsets++, kernels += sizeof(TFilters))
        {
            long o = offsets[0];
            TVector b0 = TLanes.Load(p0 + o), b1 = sizeof(TVectors) > 1 ? TLanes.Load(p1 + o) : none, b2 = sizeof(TVectors) > 2 ? TLanes.Load(p2 + o) : none, x;
            x = TLanes.Create(kernels[0]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c01) : none;
            c02 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c02) : none;
            if (sizeof(TFilters) > 1)
            {
                x = TLanes.Create(kernels[1]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c11) : none;
                c12 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c12) : none;
            }
            if (sizeof(TFilters) > 2)
            {
                x = TLanes.Create(kernels[2]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c21) : none;
                c22 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c22) : none;
            }
            if (sizeof(TFilters) > 3)
            {
                x = TLanes.Create(kernels[3]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c31) : none;
                c32 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c32) : none;
            }
            if (sizeof(TFilters) > 4)
            {
                x = TLanes.Create(kernels[4]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c41) : none;
                c42 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c42) : none;
            }
            if (sizeof(TFilters) > 5)
            {
                x = TLanes.Create(kernels[5]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c51) : none;
                c52 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c52) : none;
            }
            if (sizeof(TFilters) > 6)
            {
                x = TLanes.Create(kernels[6]);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                c61 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c61) : none;
                c62 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c62) : none;
            }
            if (sizeof(TFilters) > 7)
            {
                x = TLanes.Create(kernels[7]);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                c71 = sizeof(TVectors) > 1 ? TLanes.MultiplyAdd(x, b1, c71) : none;
                c72 = sizeof(TVectors) > 2 ? TLanes.MultiplyAdd(x, b2, c72) : none;
            }
        }
        Store(results, to, earlier, 0, c00, c01, c02);
        if (sizeof(TFilters) > 1)
        {
            Store(results + pitch, to, earlier, 1, c10, c11, c12);
        }
        if (sizeof(TFilters) > 2)
        {
            Store(results + (2 * pitch), to, earlier, 2, c20, c21, c22);
        }
        if (sizeof(TFilters) > 3)
        {
            Store(results + (3 * pitch), to, earlier, 3, c30, c31, c32);
        }
        if (sizeof(TFilters) > 4)
        {
            Store(results + (4 * pitch), to, earlier, 4, c40, c41, c42);
        }
        if (sizeof(TFilters) > 5)
        {
            Store(results + (5 * pitch), to, earlier, 5, c50, c51, c52);
        }
        if (sizeof(TFilters) > 6)
        {
            Store(results + (6 * pitch), to, earlier, 6, c60, c61, c62);
        }
        if (sizeof(TFilters) > 7)
        {
            Store(results + (7 * pitch), to, earlier, 7, c70, c71, c72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* row, long* to, T* earlier, long filter, TVector x, TVector y, TVector z)
    {
        if (earlier != null)
        {
            earlier += filter * sizeof(TVectors) * TLanes.Width;
            x = TLanes.Add(TLanes.Load(earlier), x);
            if (sizeof(TVectors) > 1)
            {
                y = TLanes.Add(TLanes.Load(earlier + TLanes.Width), y);
            }
            if (sizeof(TVectors) > 2)
            {
                z = TLanes.Add(TLanes.Load(earlier + (2 * TLanes.Width)), z);
            }
        }
        TLanes.Store(row + to[0], x);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(row + to[1], y);
        }
        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(row + to[2], z);
        }
    }
}

/// <summary>Vectors of pixels of any number met with some filters, tile by tile.</summary>
internal static unsafe class RowTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Computes some filters for all vectors; see <see cref="RowKernel{TLanes, TVector, T, TFilters, TVectors}.Run"/>. All vectors meet a block of the depth, whose kernels then stay in a first-level cache, before the
    /// next; until the last their sums lie side by side, tile by tile, since in a row vectors may overlap. Where the results of a tile will be stored is fetched before it is
    /// computed: few products a result take no longer than memory does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int filters, T* strip, long* from, long* to, long vectors, long* offsets, long depth, T* kernels, T* sums, T* results, long pitch, T* place, long placeStep)
    {
        switch (filters)
        {
            case 1:
                All<Count1>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 2:
                All<Count2>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 3:
                All<Count3>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 4:
                All<Count4>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 5:
                All<Count5>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 6:
                All<Count6>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 7:
                All<Count7>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            case 8:
                All<Count8>(strip, from, to, vectors, offsets, depth, kernels, sums, results, pitch, place, placeStep);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"a tile of {filters} filters");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void All<TFilters>(T* strip, long* from, long* to, long vectors, long* offsets, long depth, T* kernels, T* sums, T* results, long pitch, T* place, long placeStep)
        where TFilters : unmanaged, ICount
    {
        long* near = stackalloc long[] { 0, TLanes.Width, 2 * TLanes.Width };
        for (long first = 0; first == 0 || first < depth; first += DirectLayout.BlockDepth)
        {
            long count = Math.Min(DirectLayout.BlockDepth, depth - first);
            bool ends = first + count == depth;
            T* tile = sums;
            for (long v = 0; v < vectors; v += 3)
            {
                int width = (int)Math.Min(3, vectors - v);
                if (ends && place != null)
                {
                    Fetch(place, placeStep, sizeof(TFilters), to + v, width);
                }
                Tile<TFilters>(width, strip, from + v, ends ? to + v : near, offsets + first, count, kernels + (first * sizeof(TFilters)), first > 0 ? tile : null, ends ? results : tile, ends ? pitch : width * TLanes.Width);
                tile += sizeof(TFilters) * width * TLanes.Width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TFilters>(int width, T* strip, long* from, long* to, long* offsets, long depth, T* kernels, T* earlier, T* results, long pitch)
        where TFilters : unmanaged, ICount
    {
        if (width == 3)
        {
            RowKernel<TLanes, TVector, T, TFilters, Count3>.Run(strip, from, to, offsets, depth, kernels, earlier, results, pitch);
        }
        else if (width == 2)
        {
            RowKernel<TLanes, TVector, T, TFilters, Count2>.Run(strip, from, to, offsets, depth, kernels, earlier, results, pitch);
        }
        else
        {
            RowKernel<TLanes, TVector, T, TFilters, Count1>.Run(strip, from, to, offsets, depth, kernels, earlier, results, pitch);
        }
    }

    private static void Fetch(T* place, long placeStep, int filters, long* to, int width)
    {
        for (int filter = 0; filter < filters; filter++, place += placeStep)
        {
            for (int v = 0; v < width; v++)
            {
                Sse.Prefetch1(place + to[v]);
            }
        }
    }
}
