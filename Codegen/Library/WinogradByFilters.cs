using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The Winograd schedule of a convolution of many channels on few places whose kernels are no constants: <see cref="Winograd{TLanes, TVector, T, TProduct, TTile}"/> would write all transformed kernels, several times as much as the
/// kernels themselves, and read them again. Here a chunk has some filters and all tiles, and transforms kernels where it meets them, some channels at a time, so that they never leave a second-level cache.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
/// <typeparam name="TTile">The size of its tiles.</typeparam>
public static unsafe class WinogradByFilters<TLanes, TVector, T, TProduct, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
    where TTile : struct, IWinogradTile
{
    private const long Line = 64;

    /// <summary>Points whose products are summed between two fetches of kernels.</summary>
    private const long PointsTogether = 4;

    /// <summary>Bytes that each worker needs: strips, and a chunk's kernels and products.</summary>
    public static long Scratch(long* sizes)
    {
        WinogradFilterLayout layout = Layout(sizes);
        return ((WinogradTransforms<TLanes, TVector, T, TTile>.Scratch(layout.Strips) + (layout.Points * (layout.KernelPoint + layout.ProductPoint))) * sizeof(T)) + (2 * Line);
    }

    /// <summary>Bytes of all transformed images.</summary>
    public static long Shared(long* sizes)
    {
        WinogradFilterLayout layout = Layout(sizes);
        return (layout.Geometry.Groups * layout.Blocks * layout.ImageBlock * sizeof(T)) + Line;
    }

    /// <summary>No phase packs.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of a phase: none; images; everything else; none.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        WinogradFilterLayout layout = Layout(sizes);
        return layout.Strips.IsEmpty ? 0 : phase switch
        {
            1 => layout.Geometry.Groups * layout.TransformChunks,
            2 => layout.Geometry.Groups * layout.Panels * layout.TileBlocks,
            _ => 0,
        };
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        WinogradFilterLayout layout = Layout(sizes);
        if (phase == 1)
        {
            Images(layout, buffers, sizes, chunk, (T*)scratch);
        }
        else
        {
            Filters(layout, buffers, sizes, chunk, (T*)(((long)scratch + Line - 1) & -Line));
        }
    }

    private static WinogradFilterLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TTile.Outputs, TTile.Products, TLanes.Width, sizeof(T));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Images(in WinogradFilterLayout layout, byte** buffers, long* sizes, long chunk, T* strips)
    {
        ConvolutionGeometry g = layout.Geometry;
        long group = chunk / layout.TransformChunks, channel = chunk % layout.TransformChunks * layout.TransformVectors * TLanes.Width;
        T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup), target = (T*)buffers[TProduct.Shared] + (group * layout.Blocks * layout.ImageBlock);
        for (long end = Math.Min(g.Channels, channel + (layout.TransformVectors * TLanes.Width)); channel < end; channel += TLanes.Width)
        {
            T* to = target + (channel / layout.ImagePitch * layout.ImageBlock) + (channel % layout.ImagePitch);
            WinogradTransforms<TLanes, TVector, T, TTile>.Images(layout.Strips, image, channel, 0, layout.Tiles, to, layout.ImagePitch, layout.ImagePoint, TileStores.Fetched, strips);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filters(in WinogradFilterLayout layout, byte** buffers, long* sizes, long chunk, T* kernels)
    {
        ConvolutionGeometry g = layout.Geometry;
        long panel = chunk % layout.Panels, rest = chunk / layout.Panels, first = rest % layout.TileBlocks * layout.BlockTiles, group = rest / layout.TileBlocks;
        long filter = panel * layout.PanelWidth, tiles = Math.Min(layout.BlockTiles, layout.Tiles - first);
        T* products = kernels + (layout.Points * layout.KernelPoint), strips = products + (layout.Points * layout.ProductPoint);
        T* kernel = TProduct.Kernel(buffers, sizes) + (group * g.KernelGroup), images = (T*)buffers[TProduct.Shared] + (group * layout.Blocks * layout.ImageBlock) + (first * layout.ImagePitch);
        WinogradKernels<TLanes, TVector, T, TTile>.Fetch(g, kernel, filter, layout.PanelWidth, Math.Min(layout.ImagePitch, g.Channels), 0, 1, 1);
        for (long block = 0; block < layout.Blocks; block++, images += layout.ImageBlock)
        {
            long channel = block * layout.ImagePitch, channels = Math.Min(layout.ImagePitch, g.Channels - channel);
            WinogradKernels<TLanes, TVector, T, TTile>.Run(g, kernel + (channel * g.KernelChannel), filter, layout.PanelWidth, channels, kernels, layout.KernelPoint);
            // Meanwhile the kernels of the next block come near, or those of the next panel, which is likely the next chunk.
            bool isLast = block == layout.Blocks - 1;
            long next = isLast ? 0 : channel + layout.ImagePitch;
            for (long point = 0, points; point < layout.Points; point += points)
            {
                points = Math.Min(PointsTogether, layout.Points - point);
                WinogradKernels<TLanes, TVector, T, TTile>.Fetch(g, kernel + (next * g.KernelChannel), isLast ? filter + layout.PanelWidth : filter, layout.PanelWidth, Math.Min(layout.ImagePitch, g.Channels - next), point, point + points, layout.Points);
                LineTiles<TLanes, TVector, T>.Run(points, images + (point * layout.ImagePoint), layout.ImagePoint, layout.ImagePitch, 1, tiles, kernels + (point * layout.KernelPoint), layout.KernelPoint, layout.PanelWidth, channels, layout.Depth,
                    products + (point * layout.ProductPoint), layout.ProductPoint, layout.PanelWidth, adds: block > 0);
            }
        }
        Winograd<TLanes, TVector, T, TProduct, TTile>.Results(layout.Strips, buffers, sizes, group, filter, Math.Min(g.Filters, filter + layout.PanelWidth), first, tiles, products, layout.PanelWidth, layout.ProductPoint, strips);
    }
}
