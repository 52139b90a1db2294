namespace Symbolic.Codegen.Library;

/// <summary>
/// How the gradient with respect to kernels is cut where results are pooled. The sum runs over the windows of all images: a block is some rows of windows of one image, whose image rows lie in a copy
/// that a first-level cache holds; blocks are shared out among parts, whose sums are added in the end. Blocks and parts are by extents alone, never by the vector's width: they are the order of the sum.
/// </summary>
internal readonly struct PooledGradientLayout
{
    /// <summary>Windows of a block, unless a row has more: as many products are summed from 0 and then added.</summary>
    private const long BlockWindows = PanelLayout.BlockDepth;

    /// <summary>Bytes of a block's copy, unless a row of windows needs more.</summary>
    private const long CopyBytes = 20 * 1024;

    /// <summary>Most parts: chunks of threads that end together.</summary>
    private const long MostParts = 16;

    /// <summary>Fewest multiply-adds of a part: some 10 µs.</summary>
    private const long PartWork = 1 << 18;

    /// <summary>Filters whose sums are joined by one chunk.</summary>
    public const long JoinedFilters = 8;

    /// <summary>Cuts.</summary>
    /// <param name="geometry">Extents of the convolution.</param>
    /// <param name="window">Those of the windows.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="size">Bytes of an element.</param>
    public PooledGradientLayout(in ConvolutionGeometry geometry, in PooledWindow window, int width, int size)
    {
        (Geometry, Window, Width) = (geometry, window, width);
        Run = (((geometry.TapsX - 1) * geometry.DilationX) + 1) * geometry.Channels;
        Vectors = Ceiling(Run, width);
        CopyRow = geometry.Columns * geometry.Channels;
        long rows = 1, most = Math.Max(1, window.Rows);
        while (rows < most && (rows + 1) * window.Columns <= BlockWindows && Copied(rows + 1) * CopyRow * size <= CopyBytes)
        {
            rows++;
        }
        RowBlocks = Ceiling(most, rows);
        BlockRows = Ceiling(most, RowBlocks);
        RowBlocks = Ceiling(most, BlockRows);
        Blocks = window.Rows * window.Columns == 0 ? 0 : geometry.Images * RowBlocks;
        Parts = Math.Clamp(Math.Min(Blocks, Products / PartWork), 1, MostParts);
    }

    public ConvolutionGeometry Geometry { get; }

    public PooledWindow Window { get; }

    /// <summary>Elements of a vector.</summary>
    public long Width { get; }

    /// <summary>Elements of a row of taps: those of all channels, pixel by pixel.</summary>
    public long Run { get; }

    /// <summary>Vectors of a row of taps.</summary>
    public long Vectors { get; }

    /// <summary>Rows of windows of a block at most.</summary>
    public long BlockRows { get; }

    /// <summary>Blocks of an image.</summary>
    public long RowBlocks { get; }

    /// <summary>Blocks of all images.</summary>
    public long Blocks { get; }

    /// <summary>Parts among which blocks are shared out.</summary>
    public long Parts { get; }

    /// <summary>Elements from row to row of the copy, which has the channels of a pixel side by side.</summary>
    public long CopyRow { get; }

    /// <summary>Elements of the copy, with what the last row's last vector reads beyond it.</summary>
    public long CopyElements => (Copied(BlockRows) * CopyRow) + (Vectors * Width);

    /// <summary>Places of a block's windows: one for each of their elements.</summary>
    public long Places => BlockRows * Window.Columns * Window.Size;

    /// <summary>Elements from a filter's sums to the next's.</summary>
    public long SumPitch => Geometry.TapsY * Vectors * Width;

    /// <summary>Sums of all parts.</summary>
    public long SharedElements => Geometry.Groups * Parts * Geometry.Filters * SumPitch;

    /// <summary>Kernels' elements of a filter.</summary>
    public long Taps => Geometry.Channels * Geometry.TapsY * Geometry.TapsX;

    /// <summary>From filter to filter of what goes to the store, which may load whole vectors.</summary>
    public long StorePitch => ((Taps + 15) & ~15L) + 16;

    /// <summary>Chunks of filters whose sums are joined.</summary>
    public long JoinBlocks => Ceiling(Geometry.Filters, JoinedFilters);

    /// <summary>Multiply-adds of a group.</summary>
    private long Products => Geometry.Images * Geometry.Filters * Window.Rows * Window.Columns * Geometry.TapsY * Run;

    /// <summary>Image rows of some rows of windows.</summary>
    private long Copied(long rows) => Geometry.RowsFor(Math.Min(Geometry.OutHeight, ((rows - 1) * Window.StrideY) + ((Window.SizeY - 1) * Window.DilationY) + 1));

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
