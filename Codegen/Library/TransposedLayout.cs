namespace Symbolic.Codegen.Library;

/// <summary>
/// How a transposed convolution is cut, by its extents alone. Results whose places have the same remainders modulo the strides make a phase: each is a
/// convolution with stride 1 and those taps alone that reach it, so that nothing is multiplied with the zeros between. Kernels lie as
/// [phase][panel of filters][depth][filter]; a chunk has some rows of results of one image and some panels.
/// </summary>
internal readonly struct TransposedLayout
{
    private const long ChunkWork = 1 << 20;

    private const long ChunkElements = 128 * 1024;

    /// <summary>Fewest pixels of a phase worth reading a panel of kernels for.</summary>
    private const long FewestPixels = 32;

    public TransposedLayout(in ConvolutionGeometry geometry, int width)
    {
        Geometry = geometry;
        Vectors = Ceiling(geometry.Filters, width);
        PanelWidth = 2 * width;
        Panels = Ceiling(geometry.Filters, PanelWidth);
        IsTurned = geometry.ImageColumn == 1 && geometry.Channels >= DirectLayout.FewestTurned;
        FirstRow = Floor(-geometry.Top, geometry.UpY);
        FirstColumn = Floor(-geometry.Left, geometry.UpX);
        RowsBehind = Floor(geometry.UpY - 1 - geometry.Top + ((geometry.TapsY - 1) * geometry.DilationY), geometry.UpY) - FirstRow;
        Columns = Math.Max(0, Floor(geometry.OutWidth - 1 - geometry.Left + ((geometry.TapsX - 1) * geometry.DilationX), geometry.UpX) - FirstColumn + 1);
        ColumnStep = IsPlanar ? 1 : IsTurned ? Ceiling(geometry.Channels, width) * width : geometry.Channels;
        RowStep = IsPlanar ? Math.Max(Columns, -FirstColumn) + (2 * width) : (Columns + (IsTurned ? 8 : 0)) * ColumnStep;
        long copied = IsPlanar ? geometry.Channels * RowStep : RowStep, columns = Ceiling(geometry.OutWidth, geometry.UpX), perRow = Math.Max(1, geometry.Channels * geometry.TapsY * geometry.TapsX * Panels * PanelWidth * columns);
        long halo = copied * RowsBehind, sums = geometry.UpY * geometry.OutWidth * Panels * PanelWidth;
        long fitting = (ChunkElements - halo) / Math.Max(1, copied + sums), all = Math.Max(1, Ceiling(geometry.OutHeight, geometry.UpY));
        long work = ConvolutionChoices.Work(geometry, ChunkWork);
        BaseRows = Math.Clamp(Math.Max(Math.Min(Ceiling(work, perRow), fitting), Ceiling(FewestPixels, Math.Max(1, columns))), 1, all);
        RowBlocks = geometry.OutHeight == 0 ? 0 : Ceiling(all, BaseRows);
        PanelsPerChunk = Math.Min(Panels, Math.Max(4, work / Math.Max(1, perRow / Math.Max(1, Panels) * BaseRows)));
        PanelBlocks = Panels == 0 ? 0 : Ceiling(Panels, PanelsPerChunk);
        ResultPitch = (PanelsPerChunk * PanelWidth) + width;
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>Vectors of filters.</summary>
    public long Vectors { get; }

    public long PanelWidth { get; }

    public long Panels { get; }

    /// <summary>The image row that the first result's first tap reads, rounded down.</summary>
    public long FirstRow { get; }

    public long FirstColumn { get; }

    /// <summary>Rows that a row of results reads beyond the first.</summary>
    public long RowsBehind { get; }

    /// <summary>Whether rows are turned into pixels when they are copied.</summary>
    public bool IsTurned { get; }

    /// <summary>From row to row of the copy.</summary>
    public long RowStep { get; }

    /// <summary>From column to column of the copy.</summary>
    public long ColumnStep { get; }

    /// <summary>Columns of the copy.</summary>
    public long Columns { get; }

    /// <summary>Rows of a chunk, of each phase.</summary>
    public long BaseRows { get; }

    public long RowBlocks { get; }

    public long PanelsPerChunk { get; }

    public long PanelBlocks { get; }

    /// <summary>From pixel to pixel of the sums.</summary>
    public long ResultPitch { get; }

    public long CopiedRows => BaseRows + RowsBehind;

    /// <summary>From channel to channel of the copy.</summary>
    public long ChannelStep => IsPlanar ? CopiedRows * RowStep : 1;

    /// <summary>What a chunk copies.</summary>
    public CopyShape Copy => new(CopiedRows, 1, RowStep, Columns, 1, ColumnStep, IsTurned);

    public long CopyElements => ((CopiedRows * (IsPlanar ? Geometry.Channels * RowStep : RowStep)) + 15) & ~15L;

    public long Pixels => BaseRows * Geometry.UpY * Geometry.OutWidth;

    /// <summary>Elements of the kernels of all phases of one group: each tap belongs to one.</summary>
    public long KernelGroup => KernelRow * Geometry.Channels * Geometry.TapsY * Geometry.TapsX;

    /// <summary>Elements of the kernels of one group for one depth.</summary>
    public long KernelRow => Vectors * PanelWidth / 2;

    public long Chunks => Geometry.Groups * Geometry.Images * RowBlocks * PanelBlocks;

    /// <summary>Whether all places within a chunk are numbers of 32 bits, as the tables have them.</summary>
    public bool Fits => Math.Max(CopyElements, Math.Max(Pixels * ResultPitch, 2 * Geometry.Channels * Geometry.TapsY * Geometry.TapsX)) < int.MaxValue;

    /// <summary>Whether results of one phase alone have a tap: all others are 0.</summary>
    public bool IsLone => Geometry.TapsY == 1 && Geometry.TapsX == 1;

    /// <summary>Pixels of one phase.</summary>
    public long PhasePixels => BaseRows * Ceiling(Geometry.OutWidth, Geometry.UpX);

    private bool IsPlanar => Geometry.ImageColumn == 1 && !IsTurned;

    public bool IsEmpty => Chunks == 0 || Geometry.OutWidth == 0;

    /// <summary>Vectors of a panel; the last one may have one.</summary>
    public int VectorsOf(long panel) => (int)Math.Min(2, Vectors - (2 * panel));

    /// <summary>The taps along y that reach results of a remainder: the first, how far from one to the next, and how many.</summary>
    public (long First, long Step, long Count) TapsY(long remainder) => Taps(remainder - Geometry.Top, Geometry.DilationY, Geometry.UpY, Geometry.TapsY);

    /// <summary>The taps along x that reach results of a remainder.</summary>
    public (long First, long Step, long Count) TapsX(long remainder) => Taps(remainder - Geometry.Left, Geometry.DilationX, Geometry.UpX, Geometry.TapsX);

    public static long Floor(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    private static (long First, long Step, long Count) Taps(long place, long dilation, long up, long taps)
    {
        long first = -1, second = -1, count = 0;
        for (long tap = 0; tap < taps; tap++)
        {
            if ((place + (tap * dilation)) % up == 0)
            {
                (first, second) = count == 0 ? (tap, second) : (first, count == 1 ? tap : second);
                count++;
            }
        }
        return (first, second - first, count);
    }

    public static long Ceiling(long a, long b) => (a + b - 1) / b;
}
