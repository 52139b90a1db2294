using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A convolution of 5x5 taps whose result is larger than its image, as the gradient of an unpadded one with respect to its images: F(4, 5) transposed, "overlap-add" of signal processing. Tiles are of the image, 4x4
/// elements that overlap nowhere, and each adds to 8x8 results, which do; tiles of the results would be more and mostly meet zeros. The points are those of <see cref="WinogradEighthRoots{TLanes, TVector, T}"/>. A chunk
/// has whole images, so a result is the sum of its four tiles in their order.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class WinogradOverlap<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: strips, a block's tiles and products, and the results of an image.</summary>
    public static long Scratch(long* sizes)
    {
        OverlapLayout layout = Layout(sizes);
        long block = layout.Tiles.Points * (layout.Tiles.ImagePoint + layout.Tiles.ProductPoint);
        return ((OverlapTransforms<TLanes, TVector, T>.Scratch(layout) + block + (TLanes.Width * layout.ResultPitch)) * sizeof(T)) + (2 * Line);
    }

    /// <summary>Bytes of the transformed kernels.</summary>
    public static long Shared(long* sizes)
    {
        OverlapLayout layout = Layout(sizes);
        return (layout.Geometry.Groups * layout.Tiles.KernelGroup * sizeof(T)) + Line;
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are transformed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: kernels; none; blocks of images; none.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        OverlapLayout layout = Layout(sizes);
        return layout.Tiles.IsEmpty ? 0 : phase switch
        {
            0 => layout.Geometry.Groups * layout.Tiles.Panels * layout.Tiles.KernelChunksPerPanel,
            2 => layout.Geometry.Groups * layout.Blocks,
            _ => 0,
        };
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        OverlapLayout layout = Layout(sizes);
        ConvolutionGeometry g = layout.Geometry;
        WinogradLayout tiles = layout.Tiles;
        T* kernels = (T*)buffers[TProduct.Shared];
        if (phase == 0)
        {
            long perPanel = tiles.KernelChunksPerPanel, panel = chunk / perPanel % tiles.Panels, of = chunk / (perPanel * tiles.Panels);
            long channel = chunk % perPanel * WinogradLayout.KernelChannels, channels = Math.Min(WinogradLayout.KernelChannels, g.Channels - channel);
            T* kernel = TProduct.Kernel(buffers, sizes) + (of * g.KernelGroup) + (channel * g.KernelChannel), target = kernels + (of * tiles.KernelGroup) + (((panel * g.Channels) + channel) * tiles.PanelWidth);
            WinogradKernels<TLanes, TVector, T, WinogradRoots4Of5>.Run(g, kernel, panel * tiles.PanelWidth, tiles.PanelWidth, channels, target, tiles.KernelPoint);
            return;
        }
        long group = chunk / layout.Blocks, first = chunk % layout.Blocks * layout.BlockImages, images = Math.Min(layout.BlockImages, g.Images - first);
        T* strips = (T*)(((long)scratch + Line - 1) & -Line), block = strips + OverlapTransforms<TLanes, TVector, T>.Scratch(layout), products = block + (tiles.Points * tiles.ImagePoint);
        T* results = products + (tiles.Points * tiles.ProductPoint), image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (first * g.ImageStep);
        for (long channel = 0; channel < g.Channels; channel += TLanes.Width)
        {
            OverlapTransforms<TLanes, TVector, T>.Images(layout, image, channel, images, block, strips);
        }
        for (long point = 0; point < tiles.Points; point++)
        {
            for (long panel = 0; panel < tiles.Panels; panel++)
            {
                LineTiles<TLanes, TVector, T>.Run(
                    block + (point * tiles.ImagePoint), tiles.ImagePitch, 1, images * layout.ImageTiles, kernels + (group * tiles.KernelGroup) + (point * tiles.KernelPoint) + (panel * g.Channels * tiles.PanelWidth), tiles.PanelWidth,
                    g.Channels, tiles.BlockDepth, 0, products + (point * tiles.ProductPoint) + (panel * tiles.PanelWidth), tiles.ProductPitch, adds: false);
            }
        }
        long places = g.OutHeight * g.OutWidth;
        for (long filter = 0; filter < g.Filters; filter += TLanes.Width)
        {
            long filters = Math.Min(TLanes.Width, g.Filters - filter);
            for (long n = 0; n < images; n++)
            {
                T* plane = OverlapTransforms<TLanes, TVector, T>.Results(layout, products + (n * layout.ImageTiles * tiles.ProductPitch) + filter, strips);
                if (TProduct.FiltersAreLanes)
                {
                    TProduct.Store(buffers, sizes, plane, TLanes.Width, group, (first + n) * places, places, filter, filters);
                    continue;
                }
                LaneTranspose<TLanes, TVector, T>.FromLanes(plane, TLanes.Width, places, results, layout.ResultPitch);
                TProduct.Store(buffers, sizes, results, layout.ResultPitch, group, filter, filters, (first + n) * places, places);
            }
        }
    }

    private static OverlapLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width, sizeof(T));
}

/// <summary>How such a convolution is cut: by whole images, of which a block stays in a second-level cache.</summary>
internal readonly struct OverlapLayout
{
    /// <summary>Elements of a tile along an axis.</summary>
    public const long Step = 4;

    /// <summary>Results along an axis that a tile adds to.</summary>
    public const long Side = 8;

    /// <summary>Bytes of transformed tiles and products that a block keeps.</summary>
    private const long BlockBytes = 640 * 1024;

    /// <summary>Blocks below which threads would not balance.</summary>
    private const long WantedBlocks = 14;

    /// <summary>Tiles of an image at most.</summary>
    private const long MostTiles = 64;

    /// <param name="geometry">The convolution.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    public OverlapLayout(in ConvolutionGeometry geometry, int width, int size)
    {
        Geometry = geometry;
        // What the tiles know is a convolution whose result is as large as its image.
        ConvolutionGeometry ofImages = geometry with { OutHeight = geometry.Height, OutWidth = geometry.Width, Top = 0, Left = 0 };
        var one = new WinogradLayout(ofImages, Step, WinogradLayout.RootPoints, width, size, 1);
        ImageTiles = one.TilesY * one.TilesX;
        long bytes = Math.Max(1, ImageTiles * one.Points * (one.ImagePitch + one.ProductPitch) * size);
        BlockImages = Math.Max(1, Math.Min(BlockBytes / bytes, geometry.Images / WantedBlocks));
        Blocks = WinogradLayout.Ceiling(geometry.Images, BlockImages);
        Tiles = new WinogradLayout(ofImages, Step, WinogradLayout.RootPoints, width, size, Math.Max(1, BlockImages * ImageTiles));
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>Where the tiles of a block, their products and the transformed kernels lie.</summary>
    public WinogradLayout Tiles { get; }

    /// <summary>Tiles of one image.</summary>
    public long ImageTiles { get; }

    /// <summary>Images of a block.</summary>
    public long BlockImages { get; }

    public long Blocks { get; }

    /// <summary>From filter to filter of an image's results.</summary>
    public long ResultPitch => (((Geometry.OutHeight * Geometry.OutWidth) + 7) & ~7L) + 8;

    /// <summary>Whether tiles of the image are so much fewer than tiles of the result that adding where they overlap is worth it.</summary>
    public static bool Pays(in ConvolutionGeometry g)
    {
        long ofImage = WinogradLayout.Ceiling(g.Height, Step) * WinogradLayout.Ceiling(g.Width, Step), ofResult = WinogradLayout.Ceiling(g.OutHeight, Step) * WinogradLayout.Ceiling(g.OutWidth, Step);
        return g is { TapsY: 5, TapsX: 5 } && ofImage <= MostTiles && 3 * ofImage <= 2 * ofResult;
    }
}

/// <summary>The transforms of tiles of the image, and of what they add to. Not generic over the product.</summary>
internal static unsafe class OverlapTransforms<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long Step = OverlapLayout.Step, Side = OverlapLayout.Side;

    /// <summary>Elements of memory: the results of an image, which are read in eights, a strip, and a tile transformed along one axis and its last row.</summary>
    public static long Scratch(in OverlapLayout layout) =>
        ((layout.ResultPitch + (Side * (Side + 1))) * TLanes.Width) + (Step * WinogradTransforms<TLanes, TVector, T, WinogradRoots4Of5>.StripPitch(layout.Tiles));

    /// <summary>The values at all points of the tiles of some images, for as many channels as lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Images(in OverlapLayout layout, T* image, long channel, long images, T* block, T* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        WinogradLayout tiles = layout.Tiles;
        long w = TLanes.Width, strip = WinogradTransforms<TLanes, TVector, T, WinogradRoots4Of5>.StripPitch(tiles), lines = Math.Min(w, g.Channels - channel);
        T* half = scratch, rows = scratch + (Side * Side * w), target = block + channel;
        for (long n = 0; n < images; n++)
        {
            T* plane = image + (n * g.ImageStep) + (channel * g.ImageChannel);
            for (long y = 0; y < tiles.TilesY; y++)
            {
                WinogradTransforms<TLanes, TVector, T, WinogradRoots4Of5>.Strip(g, plane, Step, Step * y, 0, 0, g.Width, Step * tiles.TilesX, lines, rows, strip);
                for (long x = 0; x < tiles.TilesX; x++, target += tiles.ImagePitch)
                {
                    for (long i = 0; i < Step; i++)
                    {
                        WinogradEighthRoots<TLanes, TVector, T>.Values(true, Step, rows + (((Step * x) + i) * w), strip, half + (i * w), Step * w);
                    }
                    WinogradEighthRoots<TLanes, TVector, T>.ValuesTile(true, Step, half, target, tiles.ImagePoint);
                }
            }
        }
    }

    /// <summary>The results of an image for as many filters as lanes, pixel by pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T* Results(in OverlapLayout layout, T* products, T* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        WinogradLayout tiles = layout.Tiles;
        long w = TLanes.Width, point = tiles.ProductPoint;
        T* half = scratch, line = half + (Side * Side * w), plane = line + (Side * w);
        new Span<T>(plane, checked((int)(g.OutHeight * g.OutWidth * w))).Clear();
        for (long y = 0; y < tiles.TilesY; y++)
        {
            for (long x = 0; x < tiles.TilesX; x++, products += tiles.ProductPitch)
            {
                WinogradEighthRoots<TLanes, TVector, T>.InverseTile(Side, products, point, half);
                long top = (Step * (y - 1)) + g.Top, left = (Step * (x - 1)) + g.Left;
                for (long i = Math.Max(0, -top); i < Math.Min(Side, g.OutHeight - top); i++)
                {
                    // Place 4 is the first: results before their tile wrap around.
                    WinogradEighthRoots<TLanes, TVector, T>.Inverse(Side, half + (((i + Step) & (Side - 1)) * Side * w), w, line, w);
                    T* row = plane + ((((top + i) * g.OutWidth) + left) * w);
                    for (long j = Math.Max(0, -left); j < Math.Min(Side, g.OutWidth - left); j++)
                    {
                        TLanes.Store(row + (j * w), TLanes.Add(TLanes.Load(row + (j * w)), TLanes.Load(line + (((j + Step) & (Side - 1)) * w))));
                    }
                }
            }
        }
        return plane;
    }
}
