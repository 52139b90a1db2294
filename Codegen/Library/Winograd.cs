using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The Winograd schedule of a convolution with 3x3 or 5x5 taps, stride 1 and dilation 1: kernels and image tiles are transformed, met point by point in
/// products over the channels, and transformed back. Where there are enough tiles each chunk does all of it for a block that stays in a second-level
/// cache; else the phases run one after the other over all tiles. Each element is the same sum either way.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
/// <typeparam name="TTile">The size of its tiles.</typeparam>
public static unsafe class Winograd<TLanes, TVector, T, TProduct, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
    where TTile : struct, IWinogradTile
{
    private const long Line = 64;

    /// <summary>Elements of transformed kernels that are asked for ahead of what is met, in panels of many times as many; of shorter ones the next panel is.</summary>
    private const long Ahead = 1024;

    /// <summary>Bytes that each worker needs: strips, and a block's tiles and products where chunks do everything.</summary>
    public static long Scratch(long* sizes)
    {
        WinogradLayout layout = Layout(sizes);
        long block = layout.IsPhased ? 0 : layout.Points * (layout.ImagePoint + layout.PanelPoint);
        return ((WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(layout) + block) * sizeof(T)) + Line;
    }

    /// <summary>Bytes that all chunks share: the transformed kernels, and all tiles and products where the phases run one after the other.</summary>
    public static long Shared(long* sizes)
    {
        WinogradLayout layout = Layout(sizes);
        long block = layout.IsPhased ? layout.Points * (layout.ImagePoint + layout.ProductPoint) : 0;
        return (layout.Geometry.Groups * (layout.KernelGroup + block) * sizeof(T)) + Line;
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are transformed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: kernels; images; products, or everything block by block; results.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        WinogradLayout layout = Layout(sizes);
        long width = TLanes.Width, groups = layout.Geometry.Groups;
        return layout.IsEmpty ? 0 : phase switch
        {
            0 => groups * layout.Panels * layout.KernelChunksPerPanel,
            1 => layout.IsPhased ? groups * TransformChunks(layout, layout.Geometry.Channels) : 0,
            2 => layout.IsPhased ? groups * layout.Points * WinogradLayout.Ceiling(layout.Panels, layout.ProductPanels) : groups * layout.Blocks,
            _ => layout.IsPhased ? groups * TransformChunks(layout, layout.Geometry.Filters) : 0,
        };
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        WinogradLayout layout = Layout(sizes);
        T* shared = (T*)buffers[TProduct.Shared], strips = (T*)scratch;
        switch (phase)
        {
            case 0:
                Kernels(layout, buffers, sizes, chunk, shared);
                break;
            case 1:
                {
                    long perGroup = TransformChunks(layout, layout.Geometry.Channels), group = chunk / perGroup, first = chunk % perGroup * layout.TransformBlocks * TLanes.Width;
                    Images(layout, buffers, sizes, group, first, Math.Min(layout.Geometry.Channels, first + (layout.TransformBlocks * TLanes.Width)), 0, layout.Tiles, Block(layout, shared, group), strips);
                    break;
                }
            case 2 when layout.IsPhased:
                {
                    long perPoint = WinogradLayout.Ceiling(layout.Panels, layout.ProductPanels), group = chunk / (perPoint * layout.Points), point = chunk / perPoint % layout.Points;
                    long first = chunk % perPoint * layout.ProductPanels;
                    T* block = Block(layout, shared, group);
                    Products(layout, shared + (group * layout.KernelGroup), point, first, Math.Min(layout.Panels, first + layout.ProductPanels), layout.Tiles, block, layout.Geometry.Channels * layout.PanelWidth, block + (layout.Points * layout.ImagePoint) + (point * layout.ProductPoint) + (first * layout.PanelWidth), layout.ProductPitch);
                    break;
                }
            case 2:
                {
                    long group = chunk / layout.Blocks, first = chunk % layout.Blocks * layout.BlockTiles, tiles = Math.Min(layout.BlockTiles, layout.Tiles - first);
                    T* block = strips + WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(layout), products = block + (layout.Points * layout.ImagePoint);
                    Images(layout, buffers, sizes, group, 0, layout.Geometry.Channels, first, tiles, block, strips);
                    long panelStep = layout.Geometry.Channels * layout.PanelWidth;
                    // Panel by panel, so that products are few and the tiles that stay near may be more.
                    for (long panel = 0; panel < layout.Panels; panel++)
                    {
                        for (long point = 0; point < layout.Points; point++)
                        {
                            Products(layout, shared + (group * layout.KernelGroup), point, panel, panel + 1, tiles, block, point + 1 < layout.Points ? layout.KernelPoint : panelStep - (point * layout.KernelPoint), products + (point * layout.PanelPoint), layout.PanelWidth);
                        }
                        long filter = panel * layout.PanelWidth;
                        Results(layout, buffers, sizes, group, filter, Math.Min(layout.Geometry.Filters, filter + layout.PanelWidth), first, tiles, products, layout.PanelWidth, layout.PanelPoint, strips);
                    }
                    break;
                }
            default:
                {
                    long perGroup = TransformChunks(layout, layout.Geometry.Filters), group = chunk / perGroup, first = chunk % perGroup * layout.TransformBlocks * TLanes.Width;
                    Results(layout, buffers, sizes, group, first, Math.Min(layout.Geometry.Filters, first + (layout.TransformBlocks * TLanes.Width)), 0, layout.Tiles,
                        Block(layout, shared, group) + (layout.Points * layout.ImagePoint) + first, layout.ProductPitch, layout.ProductPoint, strips);
                    break;
                }
        }
    }

    private static WinogradLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TTile.Outputs, TTile.Products, TLanes.Width, sizeof(T));

    private static long TransformChunks(in WinogradLayout layout, long channels) =>
        WinogradLayout.Ceiling(WinogradLayout.Ceiling(channels, TLanes.Width), layout.TransformBlocks);

    private static T* Block(in WinogradLayout layout, T* shared, long group) =>
        shared + (layout.Geometry.Groups * layout.KernelGroup) + (group * layout.Points * (layout.ImagePoint + layout.ProductPoint));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Kernels(in WinogradLayout layout, byte** buffers, long* sizes, long chunk, T* shared)
    {
        long perPanel = layout.KernelChunksPerPanel, panel = chunk / perPanel % layout.Panels, group = chunk / (perPanel * layout.Panels);
        long channel = chunk % perPanel * WinogradLayout.KernelChannels, channels = Math.Min(WinogradLayout.KernelChannels, layout.Geometry.Channels - channel);
        ConvolutionGeometry g = layout.Geometry;
        T* kernel = TProduct.Kernel(buffers, sizes) + (group * g.KernelGroup) + (channel * g.KernelChannel), target = shared + (group * layout.KernelGroup) + (((panel * g.Channels) + channel) * layout.PanelWidth);
        WinogradKernels<TLanes, TVector, T, TTile>.Run(g, kernel, panel * layout.PanelWidth, layout.PanelWidth, channels, target, layout.KernelPoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images(in WinogradLayout layout, byte** buffers, long* sizes, long group, long channel, long end, long firstTile, long tiles, T* block, T* strips)
    {
        for (; channel < end; channel += TLanes.Width)
        {
            WinogradTransforms<TLanes, TVector, T, TTile>.Images(layout, TProduct.Image(buffers, sizes) + (group * layout.Geometry.ImageGroup), channel, firstTile, tiles, block + channel, layout.ImagePitch, layout.ImagePoint, TileStores.Near, strips);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(in WinogradLayout layout, T* kernels, long point, long panel, long end, long tiles, T* images, long ahead, T* products, long pitch)
    {
        long channels = layout.Geometry.Channels;
        ahead = channels * layout.PanelWidth >= 8 * Ahead ? Ahead : ahead;
        images += point * layout.ImagePoint;
        kernels += point * layout.KernelPoint;
        for (long p = panel; p < end; p++, products += layout.PanelWidth)
        {
            LineTiles<TLanes, TVector, T>.Run(images, layout.ImagePitch, 1, tiles, kernels + (p * channels * layout.PanelWidth), layout.PanelWidth, channels, layout.BlockDepth, ahead, products, pitch, adds: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Results(in WinogradLayout layout, byte** buffers, long* sizes, long group, long filter, long end, long firstTile, long tiles, T* products, long pitch, long point, T* strips)
    {
        long step = WinogradTransforms<TLanes, TVector, T, TTile>.ResultPitch(layout), outputs = TTile.Outputs;
        long strip = WinogradTransforms<TLanes, TVector, T, TTile>.StripPitch(layout);
        T* pixels = strips + (WinogradPoints<TLanes, TVector, T, TTile>.Side * strip), results = strips + WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(layout) - (TLanes.Width * step);
        ConvolutionGeometry g = layout.Geometry;
        for (; filter < end; filter += TLanes.Width, products += TLanes.Width)
        {
            long filters = Math.Min(TLanes.Width, g.Filters - filter);
            for (long done = 0; done < tiles;)
            {
                long tile = firstTile + done, x = tile % layout.TilesX, y = tile / layout.TilesX % layout.TilesY, n = tile / (layout.TilesX * layout.TilesY);
                long count = Math.Min(layout.TilesX - x, tiles - done);
                long rows = Math.Min(outputs, g.OutHeight - (y * outputs)), columns = Math.Min(count * outputs, g.OutWidth - (x * outputs));
                WinogradTransforms<TLanes, TVector, T, TTile>.Results(layout, products + (done * pitch), pitch, point, count, pixels, strips);
                long pixel = (((n * g.OutHeight) + (y * outputs)) * g.OutWidth) + (x * outputs);
                done += count;
                if (TProduct.FiltersAreLanes)
                {
                    for (long i = 0; i < rows; i++)
                    {
                        TProduct.Store(buffers, sizes, pixels + (i * strip), TLanes.Width, group, pixel + (i * g.OutWidth), columns, filter, filters);
                    }
                    continue;
                }
                WinogradTransforms<TLanes, TVector, T, TTile>.Turn(layout, pixels, rows, columns, results);
                if (columns == g.OutWidth)
                {
                    TProduct.Store(buffers, sizes, results, step, group, filter, filters, pixel, rows * columns);
                    continue;
                }
                for (long i = 0; i < rows; i++)
                {
                    TProduct.Store(buffers, sizes, results + (i * columns), step, group, filter, filters, pixel + (i * g.OutWidth), columns);
                }
            }
        }
    }
}
