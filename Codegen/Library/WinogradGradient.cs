using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The gradient of a convolution of 3x3 taps with respect to its kernels by Winograd's F(3x3, 2x2), which is F(2x2, 3x3) transposed: Gᵀ (Σ tiles: (A y Aᵀ) · (Bᵀ d B)) G takes 2.25 times fewer
/// products than the definition. Tiles are summed block by block, blocks part by part, and parts in their order: by the shape alone.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted gradient.</typeparam>
public static unsafe class WinogradGradient<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IKernelGradient<T>
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: where rows and tiles are, the transformed operands of a block, strips; or sums in the order of the store.</summary>
    public static long Scratch(long* sizes)
    {
        WinogradGradientLayout layout = Layout(sizes);
        WinogradLayout images = layout.Images(layout.Channels);
        long tables = (layout.Channels + (2 * WinogradGradientLayout.BlockTiles)) * sizeof(long);
        long operands = (WinogradGradientLayout.Points * (images.ImagePoint + layout.ResultPoint)) + WinogradTransforms<TLanes, TVector, T, WinogradTile2>.Scratch(images) + (2 * layout.ResultStrip);
        long stored = (layout.Columns + 8 + layout.StorePitch) * TLanes.Width;
        return tables + (Math.Max(operands, stored) * sizeof(T)) + (5 * Line);
    }

    /// <summary>Bytes of the sums of all parts.</summary>
    public static long Shared(long* sizes)
    {
        WinogradGradientLayout layout = Layout(sizes);
        return (layout.Chunks * layout.ChunkSums * sizeof(T)) + Line;
    }

    /// <summary>No phase packs.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of a phase: sums of products; kernels of them.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        WinogradGradientLayout layout = Layout(sizes);
        return layout.Geometry.Channels == 0 ? 0 : phase == 0 ? layout.Chunks : layout.Geometry.Groups * layout.Vectors;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        WinogradGradientLayout layout = Layout(sizes);
        if (phase == 0)
        {
            Sums(layout, buffers, sizes, chunk, scratch);
        }
        else
        {
            Kernels(layout, buffers, sizes, chunk, scratch);
        }
    }

    private static WinogradGradientLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width);

    private static T* Aligned(void* memory) => (T*)(((long)memory + Line - 1) & -Line);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums(in WinogradGradientLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        KernelGradientGeometry g = layout.Geometry;
        long part = chunk % layout.Parts, rest = chunk / layout.Parts, w = TLanes.Width;
        long channel = rest % layout.ChannelBlocks * layout.Channels, channels = Math.Min(layout.Channels, g.Channels - channel);
        rest /= layout.ChannelBlocks;
        long filter = rest % layout.FilterBlocks * layout.Filters, filters = Math.Min(layout.Filters, g.Filters - filter), group = rest / layout.FilterBlocks;
        WinogradLayout images = layout.Images(channels);
        long* rows = (long*)scratch, places = rows + layout.Channels;
        T* left = Aligned(places + (2 * WinogradGradientLayout.BlockTiles)), right = Aligned(left + (WinogradGradientLayout.Points * images.ImagePoint));
        T* strips = Aligned(right + (WinogradGradientLayout.Points * layout.ResultPoint));
        for (long c = 0; c < channels; c++)
        {
            rows[c] = c;
        }
        for (long tile = 0; tile < WinogradGradientLayout.BlockTiles; tile++)
        {
            (places[2 * tile], places[(2 * tile) + 1]) = (tile * images.ImagePitch, tile);
        }
        T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (channel * g.ImageChannel), result = TProduct.Result(buffers, sizes) + (group * g.ResultGroup);
        T* sums = (T*)buffers[TProduct.Shared] + (chunk * layout.ChunkSums);
        long first = layout.Blocks * part / layout.Parts, last = layout.Blocks * (part + 1) / layout.Parts, vectors = (filters + w - 1) / w;
        for (long block = first; block == first || block < last; block++)
        {
            long tile = block * WinogradGradientLayout.BlockTiles, tiles = Math.Clamp(layout.Tiles - tile, 0, WinogradGradientLayout.BlockTiles);
            for (long c = 0; c < channels; c += w)
            {
                WinogradTransforms<TLanes, TVector, T, WinogradTile2>.Images(images, image, c, tile, tiles, left, strips);
            }
            for (long v = 0; v < vectors; v++)
            {
                WinogradResults<TLanes, TVector, T>.Transform(layout, result, filter + (v * w), tile, tiles, right + (v * w), strips);
            }
            for (long point = 0; point < WinogradGradientLayout.Points; point++)
            {
                for (long v = 0, count; v < vectors; v += count)
                {
                    count = vectors - v == 3 ? 3 : Math.Min(2, vectors - v);
                    TapTiles<TLanes, TVector, T>.Run((int)count, left + (point * images.ImagePoint), rows, channels, places, tiles, right + (point * layout.ResultPoint) + (v * w), layout.ResultPitch,
                        sums + (point * layout.SumPoint) + (v * w), layout.SumPitch, adds: block > first, runs: 0, runStep: 0, run: 0);
                }
            }
        }
    }

    /// <summary>Gᵀ M G of the sums M of all parts, for a vector of filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Kernels(in WinogradGradientLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        long w = TLanes.Width, group = chunk / layout.Vectors, filter = (chunk - (group * layout.Vectors)) * w, points = WinogradGradientLayout.Points;
        long filterBlock = filter / layout.Filters;
        T* memory = Aligned(scratch), lines = memory + ((layout.Columns + 8) * w);
        T* all = stackalloc T[(int)(16 * w)], half = stackalloc T[(int)(12 * w)];
        for (long c = 0; c < layout.Geometry.Channels; c++)
        {
            long channelBlock = c / layout.Channels, of = ((((group * layout.FilterBlocks) + filterBlock) * layout.ChannelBlocks) + channelBlock) * layout.Parts;
            T* sums = (T*)buffers[TProduct.Shared] + (of * layout.ChunkSums) + ((c - (channelBlock * layout.Channels)) * layout.SumPitch) + filter - (filterBlock * layout.Filters);
            for (long point = 0; point < points; point++)
            {
                T* at = sums + (point * layout.SumPoint);
                TVector sum = TLanes.Load(at);
                for (long part = 1; part < layout.Parts; part++)
                {
                    sum = TLanes.Add(sum, TLanes.Load(at + (part * layout.ChunkSums)));
                }
                TLanes.Store(all + (point * w), sum);
            }
            for (long x = 0; x < 4; x++)
            {
                WinogradResults<TLanes, TVector, T>.Taps(all + (x * w), 4 * w, half + (x * w), 4 * w);
            }
            for (long y = 0; y < 3; y++)
            {
                WinogradResults<TLanes, TVector, T>.Taps(half + (y * 4 * w), w, memory + (((9 * c) + (3 * y)) * w), w);
            }
        }
        LaneTranspose<TLanes, TVector, T>.FromLanes(memory, w, layout.Columns, lines, layout.StorePitch);
        TProduct.Store(buffers, sizes, lines, layout.StorePitch, group, filter, Math.Min(w, layout.Geometry.Filters - filter), 0, layout.Columns);
    }
}

/// <summary>The transforms of F(3x3, 2x2) that F(2x2, 3x3) has not. Not generic over the product.</summary>
internal static unsafe class WinogradResults<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A y Aᵀ of a vector of filters, for some tiles; the first goes to <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(in WinogradGradientLayout layout, T* result, long filter, long firstTile, long tiles, T* target, T* strips)
    {
        KernelGradientGeometry g = layout.Geometry;
        var side = new GradientSide(g);
        long w = TLanes.Width, lines = Math.Min(w, g.Filters - filter), point = layout.ResultPoint;
        T* upper = strips, lower = strips + layout.ResultStrip;
        for (long tile = firstTile, end = firstTile + tiles; tile < end;)
        {
            long x = tile % layout.TilesX, y = tile / layout.TilesX % layout.TilesY, n = tile / (layout.TilesX * layout.TilesY);
            long count = Math.Min(layout.TilesX - x, end - tile), columns = Math.Min(2 * count, g.OutWidth - (2 * x));
            T* source = result + (n * g.ResultStep) + (filter * g.ResultFilter) + (2 * y * g.ResultRow) + (2 * x * g.ResultColumn);
            GradientOperands<TLanes, TVector, T>.Turn(side, source, lines, 1, 1, columns, upper, w);
            if ((2 * y) + 1 < g.OutHeight)
            {
                GradientOperands<TLanes, TVector, T>.Turn(side, source + g.ResultRow, lines, 1, 1, columns, lower, w);
            }
            else
            {
                new Span<T>(lower, checked((int)(2 * count * w))).Clear();
            }
            if (columns < 2 * count)
            {
                TLanes.Store(upper + (columns * w), TLanes.Create(T.Zero));
                TLanes.Store(lower + (columns * w), TLanes.Create(T.Zero));
            }
            for (long t = 0; t < count; t++, target += layout.ResultPitch)
            {
                T* a = upper + (2 * t * w), b = lower + (2 * t * w);
                TVector a0 = TLanes.Load(a), a1 = TLanes.Load(a + w), b0 = TLanes.Load(b), b1 = TLanes.Load(b + w), zero = TLanes.Create(T.Zero);
                Row(a0, a1, target, point);
                Row(TLanes.Add(a0, b0), TLanes.Add(a1, b1), target + (4 * point), point);
                Row(TLanes.Subtract(a0, b0), TLanes.Subtract(a1, b1), target + (8 * point), point);
                Row(TLanes.Subtract(zero, b0), TLanes.Subtract(zero, b1), target + (12 * point), point);
            }
            tile += count;
        }
    }

    /// <summary>Gᵀ: 3 taps of 4 products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Taps(T* source, long step, T* target, long targetStep)
    {
        TVector m0 = TLanes.Load(source), m1 = TLanes.Load(source + step), m2 = TLanes.Load(source + (2 * step)), m3 = TLanes.Load(source + (3 * step)), half = TLanes.Create(T.CreateTruncating(0.5));
        TVector even = TLanes.Multiply(half, TLanes.Add(m1, m2));
        TLanes.Store(target, TLanes.Add(m0, even));
        TLanes.Store(target + targetStep, TLanes.Multiply(half, TLanes.Subtract(m1, m2)));
        TLanes.Store(target + (2 * targetStep), TLanes.Add(even, m3));
    }

    /// <summary>A: 4 points of 2 elements of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(TVector e0, TVector e1, T* target, long step)
    {
        TLanes.Store(target, e0);
        TLanes.Store(target + step, TLanes.Add(e0, e1));
        TLanes.Store(target + (2 * step), TLanes.Subtract(e0, e1));
        TLanes.Store(target + (3 * step), TLanes.Subtract(TLanes.Create(T.Zero), e1));
    }
}
