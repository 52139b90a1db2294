using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Winograd's gradient with respect to kernels, as in <see cref="WinogradGradient{TLanes, TVector, T, TProduct, TTile}"/>, for many channels and filters and few tiles: both operands are transformed once, and a chunk has some channels,
/// some filters and all tiles, so that it makes kernels of its sums while they are in its second-level cache. Tiles are summed block by block.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted gradient.</typeparam>
/// <typeparam name="TTile">The size of its tiles.</typeparam>
public static unsafe class WinogradGradientByKernels<TLanes, TVector, T, TProduct, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IKernelGradient<T>
    where TTile : struct, IWinogradTile
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: strips, or a chunk's sums and kernels.</summary>
    public static long Scratch(long* sizes)
    {
        WinogradKernelLayout layout = Layout(sizes);
        long strips = Math.Max(WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(Images(layout)), WinogradResults<TLanes, TVector, T, TTile>.Scratch(layout.Strips));
        long sums = (layout.Points * layout.SumPoint) + ((layout.Columns + 8 + layout.StorePitch) * TLanes.Width);
        return (Math.Max(strips, sums) * sizeof(T)) + (2 * Line);
    }

    /// <summary>Bytes of both operands, transformed.</summary>
    public static long Shared(long* sizes)
    {
        WinogradKernelLayout layout = Layout(sizes);
        return (layout.Geometry.Groups * layout.Group * sizeof(T)) + Line;
    }

    /// <summary>No phase packs.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of a phase: both operands; kernels.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        WinogradKernelLayout layout = Layout(sizes);
        long groups = layout.Geometry.Channels == 0 ? 0 : layout.Geometry.Groups;
        return groups * (phase == 0 ? layout.ImageChunks + layout.ResultChunks : layout.ChannelBlocks * layout.FilterBlocks);
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        WinogradKernelLayout layout = Layout(sizes);
        T* memory = (T*)(((long)scratch + Line - 1) & -Line);
        if (phase == 0)
        {
            Operands(layout, buffers, sizes, chunk, memory);
            Chunking.Finish();
        }
        else
        {
            Kernels(layout, buffers, sizes, chunk, memory);
        }
    }

    private static WinogradKernelLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TTile.Outputs, TTile.Products, TLanes.Width, sizeof(T));

    private static WinogradLayout Images(in WinogradKernelLayout layout) => layout.Strips.Images(layout.Geometry.Channels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Operands(in WinogradKernelLayout layout, byte** buffers, long* sizes, long chunk, T* strips)
    {
        ConvolutionGeometry g = layout.Geometry;
        long chunks = layout.ImageChunks + layout.ResultChunks, group = chunk / chunks, w = TLanes.Width;
        T* images = (T*)buffers[TProduct.Shared] + (group * layout.Group), results = images + layout.ImageGroup;
        // Spread evenly among each other, so that a thread, whose chunks are neighbours, transforms the filters whose kernels it makes next: these it reads alone, and images everybody.
        long part = chunk % chunks, before = part * layout.ImageChunks / chunks;
        if ((part + 1) * layout.ImageChunks / chunks > before)
        {
            part = before;
            WinogradLayout ofImages = Images(layout);
            T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup);
            for (long channel = part * layout.TransformVectors * w, end = Math.Min(g.Channels, channel + (layout.TransformVectors * w)); channel < end; channel += w)
            {
                T* to = images + (channel / layout.Channels * layout.Points * layout.ImagePoint) + (channel % layout.Channels);
                WinogradTransforms<TLanes, TVector, T, TTile>.Images(ofImages, image, channel, 0, layout.Tiles, to, layout.Channels, layout.ImagePoint, TileStores.Past, strips);
            }
            return;
        }
        T* result = TProduct.Result(buffers, sizes) + (group * g.ResultGroup);
        for (long filter = (part - before) * layout.TransformVectors * w, end = Math.Min(g.Filters, filter + (layout.TransformVectors * w)); filter < end; filter += w)
        {
            T* to = results + (filter / layout.Filters * layout.Points * layout.ResultPoint) + (filter % layout.Filters);
            WinogradResults<TLanes, TVector, T, TTile>.Transform(layout.Strips, result, filter, 0, layout.Tiles, to, layout.Filters, layout.ResultPoint, isFar: true, strips);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Kernels(in WinogradKernelLayout layout, byte** buffers, long* sizes, long chunk, T* sums)
    {
        ConvolutionGeometry g = layout.Geometry;
        long channelBlock = chunk % layout.ChannelBlocks, rest = chunk / layout.ChannelBlocks, filterBlock = rest % layout.FilterBlocks, group = rest / layout.FilterBlocks, w = TLanes.Width;
        long channel = channelBlock * layout.Channels, channels = Math.Min(layout.Channels, g.Channels - channel), filter = filterBlock * layout.Filters, filters = Math.Min(layout.Filters, g.Filters - filter);
        T* images = (T*)buffers[TProduct.Shared] + (group * layout.Group), results = images + layout.ImageGroup + (filterBlock * layout.Points * layout.ResultPoint);
        images += channelBlock * layout.Points * layout.ImagePoint;
        long taps = TTile.Taps, all = taps * taps, columns = channels * all, pitch = 0;
        T** updated = stackalloc T*[PanelFetch.MostUpdated];
        int updates = TProduct.Updated(buffers, sizes, group, updated, &pitch);
        for (long point = 0; point < layout.Points; point++)
        {
            // What the epilogue reads of weights and the like comes near meanwhile: its rows are too far apart for a processor to expect the next.
            long next = filters * point / layout.Points, rows = (filters * (point + 1) / layout.Points) - next;
            for (int array = 0; array < updates; array++)
            {
                PanelFetch.Block((byte*)(updated[array] + ((filter + next) * pitch) + (channel * all)), pitch * sizeof(T), rows, columns * sizeof(T));
            }
            for (long f = 0; f < filters; f += 2 * w)
            {
                LineTiles<TLanes, TVector, T>.Run(images + (point * layout.ImagePoint), 1, layout.Channels, channels, results + (point * layout.ResultPoint) + f, layout.Filters, layout.Tiles, layout.Strips.BlockTiles, 0,
                    sums + (point * layout.SumPoint) + f, layout.Filters, adds: false);
            }
        }
        T* half = stackalloc T[(int)(WinogradPoints<TLanes, TVector, T, TTile>.Side * taps * w)];
        T* kernels = sums + (layout.Points * layout.SumPoint), lines = kernels + ((layout.Columns + 8) * w);
        for (long f = 0; f < filters; f += w)
        {
            for (long c = 0; c < channels; c++)
            {
                WinogradResults<TLanes, TVector, T, TTile>.Taps(sums + (c * layout.Filters) + f, layout.SumPoint, half, kernels + (all * c * w));
            }
            LaneTranspose<TLanes, TVector, T>.FromLanes(kernels, w, columns, lines, layout.StorePitch);
            TProduct.Store(buffers, sizes, lines, layout.StorePitch, group, filter + f, Math.Min(w, filters - f), channel * all, columns);
        }
    }
}
