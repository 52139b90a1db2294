namespace Symbolic.Codegen.Library;

/// <summary>
/// How a gradient with respect to kernels by Winograd's algorithm is cut by kernels, by extents alone. Transformed images lie as [block of channels][point][tile][channel], the transformed gradient with respect to results as
/// [block of filters][point][tile][filter], the sums of a chunk as [point][channel][filter].
/// </summary>
internal readonly struct WinogradKernelLayout
{
    /// <summary>Channels of a chunk at most.</summary>
    private const long MostChannels = 32;

    /// <summary>Bytes of a chunk's sums at most: half of a second-level cache.</summary>
    private const long MostSums = 512 * 1024;

    /// <summary>Fewest chunks, which threads share evenly.</summary>
    private const long FewestChunks = 8;

    /// <summary>Bytes of both operands of a group at most.</summary>
    private const long MostBytes = 24 << 20;

    /// <summary>Tiles times vectors of lines of a chunk of the first phase: some 10 µs.</summary>
    private const long TransformWork = 128;

    /// <param name="geometry">The gradient.</param>
    /// <param name="outputs">Results along an axis of a tile.</param>
    /// <param name="points">Products of a tile, channel and filter.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    public WinogradKernelLayout(in ConvolutionGeometry geometry, long outputs, long points, int width, int size)
    {
        Strips = new WinogradGradientLayout(geometry, outputs, points, width, size);
        long unit = 2 * width, most = MostSums / (points * MostChannels * size) / unit * unit;
        Filters = Math.Min(Math.Clamp(most, unit, 64), WinogradLayout.Ceiling(geometry.Filters, unit) * unit);
        // Half as many channels where chunks would be too few.
        Channels = geometry.Groups * WinogradLayout.Ceiling(geometry.Channels, MostChannels) * WinogradLayout.Ceiling(geometry.Filters, Filters) < FewestChunks ? MostChannels / 2 : MostChannels;
        ChannelBlocks = WinogradLayout.Ceiling(geometry.Channels, Channels);
        FilterBlocks = WinogradLayout.Ceiling(geometry.Filters, Filters);
        long channelVectors = WinogradLayout.Ceiling(geometry.Channels, width), filterVectors = WinogradLayout.Ceiling(geometry.Filters, width);
        TransformVectors = Math.Max(1, Math.Min(TransformWork / Math.Max(1, Tiles), (channelVectors + filterVectors) * geometry.Groups / FewestChunks));
        ImageChunks = WinogradLayout.Ceiling(channelVectors, TransformVectors);
        ResultChunks = WinogradLayout.Ceiling(filterVectors, TransformVectors);
    }

    /// <summary>How strips are cut.</summary>
    public WinogradGradientLayout Strips { get; }

    public ConvolutionGeometry Geometry => Strips.Geometry;

    public long Points => Strips.Points;

    public long Tiles => Strips.Tiles;

    /// <summary>Channels of a chunk.</summary>
    public long Channels { get; }

    /// <summary>Filters of a chunk, a multiple of two vectors.</summary>
    public long Filters { get; }

    public long ChannelBlocks { get; }

    public long FilterBlocks { get; }

    /// <summary>Vectors of channels or filters that a chunk of the first phase transforms.</summary>
    public long TransformVectors { get; }

    /// <summary>Chunks of the first phase that transform images of a group.</summary>
    public long ImageChunks { get; }

    /// <summary>Chunks of the first phase that transform the gradient with respect to results of a group.</summary>
    public long ResultChunks { get; }

    /// <summary>From point to point of the transformed images.</summary>
    public long ImagePoint => (Tiles * Channels) + WinogradLayout.Skew;

    /// <summary>From point to point of the transformed gradient.</summary>
    public long ResultPoint => (Tiles * Filters) + WinogradLayout.Skew;

    /// <summary>Elements of a group's transformed images; its transformed gradient lies behind them.</summary>
    public long ImageGroup => ChannelBlocks * Points * ImagePoint;

    /// <summary>Elements of both.</summary>
    public long Group => ImageGroup + (FilterBlocks * Points * ResultPoint);

    /// <summary>From point to point of a chunk's sums.</summary>
    public long SumPoint => (Channels * Filters) + WinogradLayout.Skew;

    /// <summary>Columns of the product that a chunk makes.</summary>
    public long Columns => Channels * Geometry.TapsY * Geometry.TapsX;

    /// <summary>From filter to filter of what a chunk stores.</summary>
    public long StorePitch => Columns + 8;

    /// <summary>Whether a gradient is cut so: threads share chunks evenly, and all tiles of both operands stay near until all have met.</summary>
    public static bool Pays(in ConvolutionGeometry geometry, long outputs, long points)
    {
        var layout = new WinogradKernelLayout(geometry, outputs, points, width: 16, sizeof(float));
        return layout.Group * sizeof(float) <= MostBytes && geometry.Groups * layout.ChannelBlocks * layout.FilterBlocks >= FewestChunks;
    }
}
