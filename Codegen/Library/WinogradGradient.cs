using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The gradient of a convolution with respect to its kernels by Winograd's F(r x r, m x m), which is F(m x m, r x r) transposed: Gᵀ (Σ tiles: (A y Aᵀ) · (Bᵀ d B)) G takes as many times fewer
/// products than the definition. Tiles are summed block by block, blocks part by part, and parts in their order: by the shape alone.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted gradient.</typeparam>
/// <typeparam name="TTile">The size of its tiles.</typeparam>
public static unsafe class WinogradGradient<TLanes, TVector, T, TProduct, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IKernelGradient<T>
    where TTile : struct, IWinogradTile
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: where rows and tiles are, the transformed operands of a block, strips; or sums in the order of the store.</summary>
    public static long Scratch(long* sizes)
    {
        WinogradGradientLayout layout = Layout(sizes);
        WinogradLayout images = layout.Images(layout.Channels);
        long tables = (layout.Channels + (2 * layout.BlockTiles)) * sizeof(long);
        long operands = (layout.Points * (images.ImagePoint + layout.ResultPoint)) + WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(images) + WinogradResults<TLanes, TVector, T, TTile>.Scratch(layout);
        long stored = ((layout.Points * WinogradGradientLayout.Together) + layout.KernelColumns + 8 + layout.StorePitch) * TLanes.Width;
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
        return layout.Geometry.Channels == 0 ? 0 : phase == 0 ? layout.Chunks : layout.Geometry.Groups * layout.Vectors * layout.KernelBlocks;
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

    private static WinogradGradientLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TTile.Outputs, TTile.Products, TLanes.Width, sizeof(T));

    private static T* Aligned(void* memory) => (T*)(((long)memory + Line - 1) & -Line);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums(in WinogradGradientLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        // Chunks of one part are neighbours: threads then have images of their own, which stay in their caches from chunk to chunk.
        long ofPart = layout.Chunks / layout.Parts, part = chunk / ofPart, rest = chunk - (part * ofPart), w = TLanes.Width;
        long channel = rest % layout.ChannelBlocks * layout.Channels, channels = Math.Min(layout.Channels, g.Channels - channel);
        rest /= layout.ChannelBlocks;
        long filter = rest % layout.FilterBlocks * layout.Filters, filters = Math.Min(layout.Filters, g.Filters - filter), group = rest / layout.FilterBlocks;
        WinogradLayout images = layout.Images(channels);
        long* rows = (long*)scratch, places = rows + layout.Channels;
        T* left = Aligned(places + (2 * layout.BlockTiles)), right = Aligned(left + (layout.Points * images.ImagePoint));
        T* strips = Aligned(right + (layout.Points * layout.ResultPoint));
        for (long c = 0; c < channels; c++)
        {
            rows[c] = c;
        }
        for (long tile = 0; tile < layout.BlockTiles; tile++)
        {
            (places[2 * tile], places[(2 * tile) + 1]) = (tile * images.ImagePitch, tile);
        }
        T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (channel * g.ImageChannel), result = TProduct.Result(buffers, sizes) + (group * g.ResultGroup);
        T* sums = (T*)buffers[TProduct.Shared] + (((chunk - (part * ofPart)) * layout.Parts) + part) * layout.ChunkSums;
        long first = layout.Blocks * part / layout.Parts, last = layout.Blocks * (part + 1) / layout.Parts, vectors = (filters + w - 1) / w;
        for (long block = first; block == first || block < last; block++)
        {
            long tile = block * layout.BlockTiles, tiles = Math.Clamp(layout.Tiles - tile, 0, layout.BlockTiles);
            for (long c = 0; c < channels; c += w)
            {
                WinogradTransforms<TLanes, TVector, T, TTile>.Images(images, image, c, tile, tiles, left + c, images.ImagePitch, images.ImagePoint, TileStores.Near, strips);
            }
            for (long begin = 0, end; begin < vectors; begin = end)
            {
                end = Math.Min(vectors, begin + (layout.FilterStep / w));
                for (long v = begin; v < end; v++)
                {
                    WinogradResults<TLanes, TVector, T, TTile>.Transform(layout, result, filter + (v * w), tile, tiles, right + ((v - begin) * w), layout.ResultPitch, layout.ResultPoint, isFar: false, strips);
                }
                for (long point = 0; point < layout.Points; point++)
                {
                    for (long v = begin, count; v < end; v += count)
                    {
                        count = end - v == 3 ? 3 : Math.Min(2, end - v);
                        TapTiles<TLanes, TVector, T>.Run((int)count, left + (point * images.ImagePoint), rows, channels, places, tiles, right + (point * layout.ResultPoint) + ((v - begin) * w), layout.ResultPitch,
                            sums + (point * layout.SumPoint) + (v * w), layout.SumPitch, adds: block > first, runs: 0, runStep: 0, run: 0);
                    }
                }
            }
        }
    }

    /// <summary>Gᵀ M G of the sums M of all parts, for a vector of filters and some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Kernels(in WinogradGradientLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        // Vectors of the same channels are neighbours, as in the sums.
        long w = TLanes.Width, rest = chunk / layout.Vectors, group = rest / layout.KernelBlocks, filter = (chunk - (rest * layout.Vectors)) * w;
        long filterBlock = filter / layout.Filters, channel = (rest - (group * layout.KernelBlocks)) * layout.KernelChannels, last = Math.Min(layout.Geometry.Channels, channel + layout.KernelChannels);
        long side = WinogradPoints<TLanes, TVector, T, TTile>.Side, taps = TTile.Taps, all = taps * taps, columns = (last - channel) * all;
        T* joined = Aligned(scratch), memory = joined + (layout.Points * WinogradGradientLayout.Together * w), lines = memory + ((layout.KernelColumns + 8) * w);
        T* half = stackalloc T[(int)(side * taps * w)];
        for (long c = channel, count; c < last; c += count)
        {
            // Of one block of channels, which sums have side by side.
            long channelBlock = c / layout.Channels, of = ((((group * layout.FilterBlocks) + filterBlock) * layout.ChannelBlocks) + channelBlock) * layout.Parts;
            count = Math.Min(Math.Min(WinogradGradientLayout.Together, last - c), ((channelBlock + 1) * layout.Channels) - c);
            Join(layout, (T*)buffers[TProduct.Shared] + (of * layout.ChunkSums) + ((c - (channelBlock * layout.Channels)) * layout.SumPitch) + filter - (filterBlock * layout.Filters), count, joined);
            for (long i = 0; i < count; i++)
            {
                WinogradResults<TLanes, TVector, T, TTile>.Taps(joined + (i * w), WinogradGradientLayout.Together * w, half, memory + (all * (c + i - channel) * w));
            }
        }
        LaneTranspose<TLanes, TVector, T>.FromLanes(memory, w, columns, lines, layout.StorePitch);
        TProduct.Store(buffers, sizes, lines, layout.StorePitch, group, filter, Math.Min(w, layout.Geometry.Filters - filter), channel * all, columns);
    }

    /// <summary>The sums of all parts, in their order. Neighbouring channels together: those of a point lie side by side, while points and parts are pages apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(in WinogradGradientLayout layout, T* sums, long channels, T* target)
    {
        long w = TLanes.Width, parts = layout.Parts, part = layout.ChunkSums, pitch = layout.SumPitch;
        for (long point = 0; point < layout.Points; point++, sums += layout.SumPoint, target += WinogradGradientLayout.Together * w)
        {
            T* at = sums;
            for (long c = 0; c < channels; c++, at += pitch)
            {
                TVector sum = TLanes.Load(at);
                for (long p = 1; p < parts; p++)
                {
                    sum = TLanes.Add(sum, TLanes.Load(at + (p * part)));
                }
                TLanes.Store(target + (c * w), sum);
            }
        }
    }
}

/// <summary>The transform of the gradient with respect to the results. Not generic over the product.</summary>
internal static unsafe class WinogradResults<TLanes, TVector, T, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IWinogradTile
{
    /// <summary>Elements of memory that it needs: strips of some rows, and a tile transformed along y.</summary>
    public static long Scratch(in WinogradGradientLayout layout) => (TTile.Outputs * layout.ResultStrip) + (WinogradPoints<TLanes, TVector, T, TTile>.Side * TTile.Outputs * TLanes.Width);

    /// <summary>A y Aᵀ of a vector of filters, for some tiles; the first goes to <paramref name="target"/>, memory of all threads where <paramref name="isFar"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(in WinogradGradientLayout layout, T* result, long filter, long firstTile, long tiles, T* target, long pitch, long point, bool isFar, T* strips)
    {
        ConvolutionGeometry g = layout.Geometry;
        var side = new GradientSide(g);
        long w = TLanes.Width, outputs = TTile.Outputs, lines = Math.Min(w, g.Filters - filter), strip = layout.ResultStrip;
        T* half = strips + (outputs * strip);
        for (long tile = firstTile, end = firstTile + tiles; tile < end;)
        {
            long x = tile % layout.TilesX, y = tile / layout.TilesX % layout.TilesY, n = tile / (layout.TilesX * layout.TilesY);
            long count = Math.Min(layout.TilesX - x, end - tile), columns = Math.Min(outputs * count, g.OutWidth - (outputs * x));
            T* source = result + (n * g.ResultStep) + (filter * g.ResultFilter) + (outputs * y * g.ResultRow) + (outputs * x * g.ResultColumn);
            for (long i = 0; i < outputs; i++)
            {
                T* row = strips + (i * strip);
                long filled = (outputs * y) + i < g.OutHeight ? columns : 0;
                if (filled > 0)
                {
                    GradientOperands<TLanes, TVector, T>.Turn(side, source + (i * g.ResultRow), lines, 1, 1, columns, row, w);
                }
                new Span<T>(row + (filled * w), checked((int)(((outputs * count) - filled) * w))).Clear();
            }
            Tiles(strips, strip, count, half, target, pitch, point, isFar);
            target += count * pitch;
            tile += count;
        }
    }

    /// <summary>A y Aᵀ of some neighbouring tiles. A method of its own, like the next, so that the compiler inlines all of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(T* rows, long strip, long tiles, T* half, T* target, long pitch, long point, bool isFar)
    {
        long w = TLanes.Width, outputs = TTile.Outputs;
        for (long t = 0; t < tiles; t++, target += pitch)
        {
            if (isFar)
            {
                WinogradTransforms<TLanes, TVector, T, TTile>.Ahead(target, pitch, point);
            }
            for (long i = 0; i < outputs; i++, rows += w)
            {
                WinogradPoints<TLanes, TVector, T, TTile>.Result(rows, strip, half + (i * w), outputs * w);
            }
            WinogradPoints<TLanes, TVector, T, TTile>.ResultTile(half, target, point);
        }
    }

    /// <summary>Gᵀ M G of sums: taps side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps(T* sums, long point, T* half, T* target)
    {
        long w = TLanes.Width, side = WinogradPoints<TLanes, TVector, T, TTile>.Side, taps = TTile.Taps;
        WinogradPoints<TLanes, TVector, T, TTile>.TapsTile(sums, point, half);
        for (long y = 0; y < taps; y++)
        {
            WinogradPoints<TLanes, TVector, T, TTile>.Taps(half + (y * side * w), w, target + (y * taps * w), w);
        }
    }
}
