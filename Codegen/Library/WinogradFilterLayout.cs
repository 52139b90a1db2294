namespace Symbolic.Codegen.Library;

/// <summary>
/// How a Winograd convolution is cut by filters, by its extents and the vectors alone. Transformed images lie as [block of channels][point][tile][channel], the kernels that a chunk transforms as
/// [point][channel][filter], its products as [point][tile][filter].
/// </summary>
internal readonly struct WinogradFilterLayout
{
    /// <summary>Tiles of a chunk at most: its products then take a third of a second-level cache, and so do the kernels that it meets.</summary>
    private const long MostTiles = 64;

    /// <summary>Channels of a block.</summary>
    private const long MostChannels = 32;

    /// <summary>Fewest chunks, which threads share evenly.</summary>
    private const long FewestChunks = 8;

    /// <summary>Fewest bytes of transformed kernels.</summary>
    private const long FewestBytes = 1 << 20;

    /// <summary>Tiles times vectors of channels of a chunk of the first phase: some 10 µs.</summary>
    private const long TransformWork = 128;

    /// <param name="geometry">The convolution.</param>
    /// <param name="outputs">Results along an axis of a tile.</param>
    /// <param name="points">Products per tile, channel and filter.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    public WinogradFilterLayout(in ConvolutionGeometry geometry, long outputs, long points, int width, int size)
    {
        Strips = new WinogradLayout(geometry, outputs, points, width, size);
        Depth = points == 36 ? MostChannels / 2 : MostChannels;
        PanelWidth = 2 * width;
        Panels = WinogradLayout.Ceiling(geometry.Filters, PanelWidth);
        Blocks = WinogradLayout.Ceiling(geometry.Channels, MostChannels);
        long shares = Math.Max(1, geometry.Groups * Panels);
        TileBlocks = Math.Max(1, Math.Max(WinogradLayout.Ceiling(Tiles, MostTiles), Math.Min(WinogradLayout.Ceiling(FewestChunks, shares), WinogradLayout.Ceiling(Tiles, MostTiles / 4))));
        BlockTiles = WinogradLayout.Ceiling(Tiles, TileBlocks);
        long vectors = WinogradLayout.Ceiling(geometry.Channels, width);
        TransformVectors = Math.Clamp(Math.Min(TransformWork / Math.Max(1, Tiles), vectors * geometry.Groups / FewestChunks), 1, Math.Max(1, vectors));
        TransformChunks = WinogradLayout.Ceiling(vectors, TransformVectors);
    }

    /// <summary>
    /// Whether a convolution whose kernels are no constants is cut so: they would not stay in a second-level cache when they are transformed, and threads share few tiles best by filters. With more tiles images that are transformed
    /// leave the caches that are near before all filters have met them.
    /// </summary>
    public static bool Pays(in ConvolutionGeometry geometry, long outputs, long points)
    {
        var layout = new WinogradFilterLayout(geometry, outputs, points, width: 16, sizeof(float));
        return layout.Tiles <= MostTiles && geometry.Groups * layout.Panels * layout.TileBlocks >= FewestChunks && layout.Strips.KernelGroup * sizeof(float) > FewestBytes;
    }

    /// <summary>How strips are cut.</summary>
    public WinogradLayout Strips { get; }

    public ConvolutionGeometry Geometry => Strips.Geometry;

    public long Points => Strips.Points;

    public long Tiles => Strips.Tiles;

    /// <summary>Channels summed at a time, so that the errors of a sum do not grow with their number: fewer where transforms amplify them.</summary>
    public long Depth { get; }

    public long PanelWidth { get; }

    /// <summary>Panels of filters of one group.</summary>
    public long Panels { get; }

    /// <summary>Blocks of channels of one group.</summary>
    public long Blocks { get; }

    public long TileBlocks { get; }

    /// <summary>Tiles of a chunk.</summary>
    public long BlockTiles { get; }

    /// <summary>Vectors of channels that a chunk of the first phase transforms.</summary>
    public long TransformVectors { get; }

    /// <summary>Chunks of the first phase in a group.</summary>
    public long TransformChunks { get; }

    /// <summary>From tile to tile of the transformed images.</summary>
    public long ImagePitch => MostChannels;

    /// <summary>From point to point of the transformed images.</summary>
    public long ImagePoint => (Tiles * ImagePitch) + WinogradLayout.Skew;

    /// <summary>From block to block of the transformed images.</summary>
    public long ImageBlock => Points * ImagePoint;

    /// <summary>From point to point of a chunk's transformed kernels.</summary>
    public long KernelPoint => (MostChannels * PanelWidth) + WinogradLayout.Skew;

    /// <summary>From point to point of a chunk's products.</summary>
    public long ProductPoint => (BlockTiles * PanelWidth) + WinogradLayout.Skew;
}
