namespace Symbolic.Codegen.Library;

/// <summary>
/// How a Winograd convolution is cut, by its extents alone. Transformed images lie as [point][tile][channel], transformed kernels as
/// [point][panel of filters][channel][filter], products as [point][tile][filter].
/// </summary>
internal readonly struct WinogradLayout
{
    /// <summary>Products of a tile of 6x6 with complex points.</summary>
    public const long ComplexPoints = 46;

    /// <summary>Products of a tile of 8x8 at the eighth roots of unity.</summary>
    public const long RootPoints = 94;

    /// <summary>Products of a tile of 9x9 at the eighth roots of unity and ∞.</summary>
    public const long NinePoints = 117;

    /// <summary>Channels whose kernels one chunk transforms: some 20 µs.</summary>
    public const long KernelChannels = 16;

    /// <summary>Bytes of transformed tiles and products with one panel that a block keeps: most of a second-level cache.</summary>
    private const long BlockBytes = 840 * 1024;

    /// <summary>Fewest tiles worth reading all transformed kernels for; of so many points that more would not stay near, fewer.</summary>
    private const long FewestTiles = 12, FewestOfMany = 8;

    /// <summary>From so many bytes on transformed kernels come from memory, and each reading of them should serve more tiles.</summary>
    private const long CachedKernels = 12 << 20;

    /// <summary>Blocks below which threads would not balance; then the phases are run one after the other over all tiles.</summary>
    private const long FewestBlocks = 8;

    /// <summary>Blocks of which threads have nearly as much each, where tiles are few.</summary>
    private const long BalancedBlocks = 14;

    /// <summary>Elements between two points beyond what they hold, so that all points of a tile do not fall into one set of a cache.</summary>
    public const long Skew = 16;

    /// <param name="geometry">The convolution.</param>
    /// <param name="outputs">Results along an axis of a tile.</param>
    /// <param name="points">Products per tile, channel and filter.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="blockTiles">Tiles of a block where that is not for the layout to choose.</param>
    public WinogradLayout(in ConvolutionGeometry geometry, long outputs, long points, int width, int size, long blockTiles = 0)
    {
        Geometry = geometry;
        Points = points;
        long depth = Points == 36 ? 20 : 32;
        BlockDepth = Math.Max(1, Ceiling(geometry.Channels, Math.Max(1, Ceiling(geometry.Channels, depth))));
        TilesY = Ceiling(geometry.OutHeight, outputs);
        TilesX = Ceiling(geometry.OutWidth, outputs);
        Tiles = geometry.Images * TilesY * TilesX;
        PanelWidth = 2 * width;
        Panels = Ceiling(geometry.Filters, PanelWidth);
        ImagePitch = (Ceiling(geometry.Channels, width) * width) + Skew;
        ProductPitch = (Panels * PanelWidth) + Skew;
        KernelPoint = (Panels * geometry.Channels * PanelWidth) + Skew;

        long perTile = Points * (ImagePitch + PanelWidth) * size;
        long fewest = (Points > 64 ? FewestOfMany : FewestTiles) * (KernelPoint * Points * size > CachedKernels ? 2 : 1);
        long most = Math.Max(fewest, BlockBytes / perTile), balanced = Math.Max(fewest, Tiles / BalancedBlocks);
        long block = Math.Max(1, Math.Min(most, balanced));
        if (block > TilesX)
        {
            block = block / TilesX * TilesX;
        }
        Blocks = Ceiling(Tiles, block);
        IsPhased = Blocks * geometry.Groups < FewestBlocks;
        BlockTiles = blockTiles > 0 ? blockTiles : IsPhased ? Tiles : block;
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>Products per tile, channel and filter.</summary>
    public long Points { get; }

    /// <summary>Channels summed at a time, so that the errors of a sum do not grow with their number: fewer where transforms amplify them.</summary>
    public long BlockDepth { get; }

    public long TilesY { get; }

    public long TilesX { get; }

    /// <summary>Tiles of all images, of one group.</summary>
    public long Tiles { get; }

    public long PanelWidth { get; }

    /// <summary>Panels of filters of one group.</summary>
    public long Panels { get; }

    /// <summary>From tile to tile of the transformed images.</summary>
    public long ImagePitch { get; }

    /// <summary>From tile to tile of the products.</summary>
    public long ProductPitch { get; }

    /// <summary>From point to point of the transformed kernels.</summary>
    public long KernelPoint { get; }

    /// <summary>Whether images, products and results are made one after the other by all threads, rather than block by block by each.</summary>
    public bool IsPhased { get; }

    public long BlockTiles { get; }

    public long Blocks { get; }

    public bool IsEmpty => Geometry.Groups == 0 || Tiles == 0 || Geometry.Filters == 0;

    /// <summary>From point to point of a block's transformed images.</summary>
    public long ImagePoint => (BlockTiles * ImagePitch) + Skew;

    /// <summary>From point to point of a block's products.</summary>
    public long ProductPoint => (BlockTiles * ProductPitch) + Skew;

    /// <summary>From point to point of a block's products with one panel of filters.</summary>
    public long PanelPoint => (BlockTiles * PanelWidth) + Skew;

    /// <summary>Elements of one group's transformed kernels.</summary>
    public long KernelGroup => KernelPoint * Points;

    public long KernelChunksPerPanel => Math.Max(1, Ceiling(Geometry.Channels, KernelChannels));

    /// <summary>Blocks of channels, or of filters, that one chunk of a phase transforms: some 10 µs of work.</summary>
    public long TransformBlocks => Math.Max(1, 32 / Math.Max(1, Tiles));

    /// <summary>Panels of filters that one chunk of a phase multiplies: some 20 µs of work.</summary>
    public long ProductPanels => Math.Clamp((1 << 20) / Math.Max(1, Tiles * Geometry.Channels * PanelWidth), 1, Panels);

    public static long Ceiling(long a, long b) => (a + b - 1) / b;
}
