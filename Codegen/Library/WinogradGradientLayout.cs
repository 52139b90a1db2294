using System.Numerics;

namespace Symbolic.Codegen.Library;

/// <summary>
/// How a gradient with respect to kernels by Winograd's algorithm is cut: a chunk has some channels, some filters and a part of the tiles, block by block. Blocks and parts are
/// by extents alone, since they are the order of the sum.
/// </summary>
internal readonly struct WinogradGradientLayout
{
    /// <summary>Channels and filters in float32 of a chunk at most: its sums and both transformed operands then take most of a second-level cache.</summary>
    private const long MostLines = 64;

    /// <summary>What channels and filters of a chunk are a multiple of: the widest vector.</summary>
    private const long Unit = 16;

    private const long WantedChunks = 16;

    /// <summary>Fewest multiply-adds of a chunk: some 50 µs.</summary>
    private const long ChunkWork = 1 << 22;

    /// <summary>Vectors of sums that a chunk of the second phase joins: some 10 µs.</summary>
    private const long JoinWork = 1 << 13;

    /// <summary>Channels whose sums are joined together.</summary>
    public const long Together = 8;

    /// <param name="geometry">The gradient.</param>
    /// <param name="outputs">Results along an axis of a tile.</param>
    /// <param name="points">Products of a tile, channel and filter.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    public WinogradGradientLayout(in ConvolutionGeometry geometry, long outputs, long points, int width, int size)
    {
        long lines = MostLines * sizeof(float) / size;
        Geometry = geometry;
        Outputs = outputs;
        Width = width;
        Size = size;
        Points = points;
        BlockTiles = Points > 16 ? 32 : 64;
        TilesY = WinogradLayout.Ceiling(geometry.OutHeight, outputs);
        TilesX = WinogradLayout.Ceiling(geometry.OutWidth, outputs);
        Tiles = geometry.Images * TilesY * TilesX;
        Blocks = WinogradLayout.Ceiling(Tiles, BlockTiles);
        Channels = Share(geometry.Channels, points > 36 ? lines / 2 : lines);
        Filters = Share(geometry.Filters, lines);
        FilterStep = points > 36 ? Math.Min(Filters, lines / 2) : Filters;
        ChannelBlocks = WinogradLayout.Ceiling(geometry.Channels, Channels);
        FilterBlocks = WinogradLayout.Ceiling(geometry.Filters, Filters);
        long shares = Math.Max(1, geometry.Groups * ChannelBlocks * FilterBlocks), work = Math.Min(geometry.Channels, Channels) * Math.Min(geometry.Filters, Filters) * Points * Tiles;
        // A power of two, which two or four threads share evenly.
        Parts = 1L << BitOperations.Log2((ulong)Math.Clamp(Math.Min(WantedChunks / shares, work / ChunkWork), 1, Math.Max(1, Blocks)));
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>Results along an axis of a tile.</summary>
    public long Outputs { get; }

    public long Width { get; }

    /// <summary>Bytes of an element.</summary>
    public int Size { get; }

    /// <summary>Products of a tile, channel and filter.</summary>
    public long Points { get; }

    /// <summary>Tiles of a block: as many products are summed from 0 and then added.</summary>
    public long BlockTiles { get; }

    public long TilesY { get; }

    public long TilesX { get; }

    /// <summary>Tiles of all images.</summary>
    public long Tiles { get; }

    public long Blocks { get; }

    /// <summary>Parts among which blocks are shared out.</summary>
    public long Parts { get; }

    /// <summary>Channels of a chunk.</summary>
    public long Channels { get; }

    /// <summary>Filters of a chunk.</summary>
    public long Filters { get; }

    /// <summary>Filters of a chunk whose gradient is transformed at a time.</summary>
    public long FilterStep { get; }

    public long ChannelBlocks { get; }

    public long FilterBlocks { get; }

    public long Chunks => Geometry.Groups * ChannelBlocks * FilterBlocks * Parts;

    /// <summary>Vectors of filters.</summary>
    public long Vectors => WinogradLayout.Ceiling(Geometry.Filters, Width);

    /// <summary>From channel to channel of a chunk's sums.</summary>
    public long SumPitch => Math.Min(Filters, Vectors * Width);

    /// <summary>From point to point of a chunk's sums.</summary>
    public long SumPoint => (Math.Min(Channels, Geometry.Channels) * SumPitch) + WinogradLayout.Skew;

    /// <summary>Elements of a chunk's sums.</summary>
    public long ChunkSums => Points * SumPoint;

    /// <summary>From tile to tile of the transformed gradient.</summary>
    public long ResultPitch => FilterStep + WinogradLayout.Skew;

    /// <summary>From point to point of the transformed gradient.</summary>
    public long ResultPoint => (BlockTiles * ResultPitch) + WinogradLayout.Skew;

    /// <summary>From row to row of a strip of the gradient.</summary>
    public long ResultStrip => ((Outputs * TilesX) + 16) * Width;

    /// <summary>Channels of a chunk of the second phase.</summary>
    public long KernelChannels => Math.Min(Math.Max(1, Geometry.Channels), Math.Max(1, JoinWork / (Points * Parts * Together)) * Together);

    /// <summary>Chunks of the second phase for a vector of filters.</summary>
    public long KernelBlocks => WinogradLayout.Ceiling(Geometry.Channels, KernelChannels);

    /// <summary>Columns of the product of a chunk of the second phase.</summary>
    public long KernelColumns => Geometry.TapsY * Geometry.TapsX * KernelChannels;

    public long StorePitch => ((KernelColumns + 7) & ~7L) + 8;

    /// <summary>The convolution of some channels, as the transforms of images know it.</summary>
    public WinogradLayout Images(long channels) => new(
        new ConvolutionGeometry
        {
            Groups = 1, Images = Geometry.Images, Channels = channels, Filters = 1, Height = Geometry.Height, Width = Geometry.Width, OutHeight = Geometry.OutHeight, OutWidth = Geometry.OutWidth,
            TapsY = Geometry.TapsY, TapsX = Geometry.TapsX, StrideY = 1, StrideX = 1, UpY = 1, UpX = 1, DilationY = 1, DilationX = 1, Top = Geometry.Top, Left = Geometry.Left,
            ImageStep = Geometry.ImageStep, ImageChannel = Geometry.ImageChannel, ImageRow = Geometry.ImageRow, ImageColumn = Geometry.ImageColumn,
        },
        Outputs, Points, (int)Width, Size, BlockTiles);

    /// <summary>Lines in like shares, each a multiple of the widest vector.</summary>
    private static long Share(long lines, long most) => Math.Max(Unit, WinogradLayout.Ceiling(WinogradLayout.Ceiling(lines, Math.Max(1, WinogradLayout.Ceiling(lines, most))), Unit) * Unit);
}
