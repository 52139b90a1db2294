namespace Symbolic.Codegen.Library;

/// <summary>
/// How a direct convolution is cut, by its extents alone. Kernels lie as [panel of filters][depth][filter], where depth counts channels, tap rows and
/// taps; a chunk has some rows of results of one image and some panels. It reads the image in place, or copies the rows that its results read, with a halo: as
/// [row][column][channel], or as [channel][row][column] where that is how they lie and channels are few.
/// </summary>
internal readonly struct DirectLayout
{
    /// <summary>Products summed at a time: a panel of kernels then takes half of a 32 KiB first-level cache. The same as by panels, so that bits are the same.</summary>
    public const long BlockDepth = PanelLayout.BlockDepth;

    /// <summary>Fewest multiply-adds of a chunk: some 10 µs.</summary>
    private const long ChunkWork = 1 << 19;

    /// <summary>Chunks that are enough for threads to balance, unless a choice wants chunks of another size.</summary>
    private const long MostChunks = 48;

    /// <summary>Elements that a chunk copies and sums: they should stay in a second-level cache beside the kernels.</summary>
    private const long ChunkElements = 96 * 1024;

    /// <summary>Bytes of sums that are stored together.</summary>
    private const long GroupBytes = 16 * 1024;

    /// <summary>Fewest pixels worth reading a panel of kernels for.</summary>
    private const long FewestPixels = 24;

    /// <summary>Fewest rows worth leaving out taps beyond the borders of single columns for: those make tiles of their own.</summary>
    private const long FewestRows = 4;

    /// <summary>Most rows or columns of results at a border whose taps beyond it are left out.</summary>
    private const long MostEdges = 4;

    /// <summary>From so many channels on rows are turned when they are copied: the pixels of a tile then lie in few lines of the cache, 98 GFLOP/s become 106.</summary>
    public const long FewestTurned = 16;

    /// <summary>Lines so far apart share one set of a first-level cache.</summary>
    private const long AliasedBytes = 4096;

    /// <summary>
    /// Copied pixels so far apart, or a multiple of it, share a few of these sets: those of a tile and their taps take more lines than fit there beside a panel of kernels. With a line between
    /// pixels 128 channels at stride 2 take 1.07 to 1.11 times less.
    /// </summary>
    private const long CrowdedBytes = 512;

    public DirectLayout(in ConvolutionGeometry geometry, int width, int elementBytes, bool ends = false)
    {
        Geometry = geometry;
        Width = width;
        Depth = geometry.Channels * geometry.TapsY * geometry.TapsX;
        long vectors = Ceiling(geometry.Filters, width);
        PanelVectors = vectors % 2 == 0 ? 2 : vectors % 3 == 0 ? 3 : Math.Min(2, vectors);
        Panels = PanelVectors == 0 ? 0 : Ceiling(vectors, PanelVectors);
        KernelGroup = vectors * width * Depth;

        IsTurned = geometry.ImageColumn == 1 && geometry.Channels >= FewestTurned;
        bool isPlanar = geometry.ImageColumn == 1 && !IsTurned, aliased = geometry.StrideX * geometry.ImageColumn * elementBytes % AliasedBytes == 0;
        (Top, Bottom) = Edges(geometry.OutHeight, geometry.StrideY, geometry.TapsY, geometry.DilationY, geometry.Top, geometry.Height);
        (Left, Right) = Edges(geometry.OutWidth, geometry.StrideX, geometry.TapsX, geometry.DilationX, geometry.Left, geometry.Width);
        InPlace = geometry.ImageColumn != 1 && !aliased && IsInside(geometry) && geometry.Height * geometry.ImageRow < int.MaxValue / 2;
        // Rows and columns that no result reads are not copied.
        RowsApart = geometry.TapsY == 1 && !InPlace ? geometry.StrideY : 1;
        ColumnsApart = geometry.TapsX == 1 && !InPlace && !IsTurned ? geometry.StrideX : 1;
        Columns = Math.Max(0, ((geometry.OutWidth - 1) * geometry.StrideX / ColumnsApart) + ((geometry.TapsX - 1) * geometry.DilationX) + 1);
        long channels = IsTurned ? Ceiling(geometry.Channels, width) * width : geometry.Channels;
        ColumnStep = InPlace ? geometry.ImageColumn : isPlanar ? 1 : geometry.StrideX / ColumnsApart * channels * elementBytes % CrowdedBytes == 0 ? channels + (64 / elementBytes) : channels;
        RowStep = InPlace ? geometry.ImageRow : isPlanar ? Math.Max(Columns, Math.Max(0, geometry.Left)) + (2 * width) : (Columns + (IsTurned ? 8 : 0)) * ColumnStep;

        (RowsPerChunk, PanelsPerChunk) = (Math.Max(1, geometry.OutHeight), Math.Max(1, Panels));
        double pixelWork = (double)vectors * width * Depth * geometry.OutWidth, all = pixelWork * geometry.OutHeight * geometry.Groups * geometry.Images, best = double.PositiveInfinity;
        long images = Math.Max(1, geometry.Groups * geometry.Images), work = ConvolutionChoices.Work(geometry, ChunkWork), wanted = Ceiling((long)Math.Clamp(all / work, 1, MostChunks * ChunkWork / work), images);
        for (long blocks = 1; blocks <= Math.Max(1, Panels) && blocks <= 2 * wanted; blocks *= 2)
        {
            long panels = Ceiling(Panels, blocks), copied = InPlace ? 0 : CopiedRow, halo = CopiedRow * (((geometry.TapsY - 1) * geometry.DilationY) + 1 - RowStride);
            long fitting = (ChunkElements - halo) / Math.Max(1, (copied * RowStride) + (geometry.OutWidth * panels * PanelVectors * width));
            long rows = Math.Clamp(Math.Max(Math.Min(Ceiling(geometry.OutHeight * blocks, wanted), fitting), Ceiling(FewestPixels, Math.Max(1, geometry.OutWidth))), 1, Math.Max(1, geometry.OutHeight));
            long cuts = Ceiling(geometry.OutHeight, rows), panelBlocks = panels == 0 ? 0 : Ceiling(Panels, panels);
            // What all chunks read and copy, and how far too few of them are to share the work.
            double traffic = images * ((cuts * (double)KernelGroup) + (panelBlocks * (IsTurned ? 5.0 : 2.0) * ((cuts * halo) + ((double)CopiedRow * RowStride * geometry.OutHeight))));
            double cost = traffic + (all / 32 * Math.Max(0, ((double)wanted / Math.Max(1, cuts * panelBlocks)) - 1));
            if (cost < best)
            {
                (best, RowsPerChunk, PanelsPerChunk) = (cost, Math.Max(1, Ceiling(geometry.OutHeight, Math.Max(1, cuts))), panels);
            }
        }
        RowBlocks = Ceiling(geometry.OutHeight, RowsPerChunk);
        PanelBlocks = Panels == 0 ? 0 : Ceiling(Panels, PanelsPerChunk);
        // A sum of few products should not leave the first-level cache before it is stored, unless it is ended in registers.
        GroupRows = Depth > BlockDepth || ends ? RowsPerChunk : Math.Clamp(GroupBytes / Math.Max(1, geometry.OutWidth * ResultPitch * elementBytes), 1, RowsPerChunk);
        // A choice changes no bits: taps beyond a border, which are left out or meet a zero, are what they are without one.
        if (geometry.Choice == 0 ? GroupRows < FewestRows : new DirectLayout(geometry with { Choice = 0 }, width, elementBytes, ends) is { Left: 0, Right: 0 })
        {
            (Left, Right) = (0, 0);
        }
    }

    public ConvolutionGeometry Geometry { get; }

    public long Depth { get; }

    /// <summary>Vectors of filters of a panel; the last one may have fewer.</summary>
    public long PanelVectors { get; }

    public long Panels { get; }

    /// <summary>Whether pixels are read where they lie.</summary>
    public bool InPlace { get; }

    /// <summary>Whether rows are turned into pixels when they are copied.</summary>
    public bool IsTurned { get; }

    /// <summary>From row to row, of the image or of the copy.</summary>
    public long RowStep { get; }

    /// <summary>From column to column.</summary>
    public long ColumnStep { get; }

    /// <summary>Columns that results read, with the halo.</summary>
    public long Columns { get; }

    /// <summary>Image rows per copied row.</summary>
    public long RowsApart { get; }

    /// <summary>Image columns per copied column.</summary>
    public long ColumnsApart { get; }

    /// <summary>Rows of results, from the first on, that have taps above the image, which are left out.</summary>
    public long Top { get; }

    /// <summary>Rows of results, up to the last, that have taps below it.</summary>
    public long Bottom { get; }

    /// <summary>Columns of results that have taps left of it.</summary>
    public long Left { get; }

    /// <summary>Columns of results that have taps right of it.</summary>
    public long Right { get; }

    public long RowsPerChunk { get; }

    /// <summary>Rows of a chunk that are summed and stored at a time.</summary>
    public long GroupRows { get; }

    public long RowBlocks { get; }

    public long PanelsPerChunk { get; }

    public long PanelBlocks { get; }

    /// <summary>Elements of the kernels of one group.</summary>
    public long KernelGroup { get; }

    private int Width { get; }

    public long PanelWidth => PanelVectors * Width;

    /// <summary>From pixel to pixel of the sums.</summary>
    public long ResultPitch => (PanelsPerChunk * PanelWidth) + Width;

    /// <summary>Copied rows per row of results.</summary>
    public long RowStride => Geometry.StrideY / RowsApart;

    /// <summary>Copied columns per column of results.</summary>
    public long ColumnStride => Geometry.StrideX / ColumnsApart;

    /// <summary>Rows that a chunk's results read.</summary>
    public long CopiedRows => ((RowsPerChunk - 1) * RowStride) + ((Geometry.TapsY - 1) * Geometry.DilationY) + 1;

    /// <summary>From channel to channel.</summary>
    public long ChannelStep => InPlace ? Geometry.ImageChannel : IsPlanar ? CopiedRows * RowStep : 1;

    /// <summary>What a chunk copies.</summary>
    public CopyShape Copy => new(CopiedRows, RowsApart, RowStep, Columns, ColumnsApart, ColumnStep, IsTurned);

    public long CopyElements => InPlace ? 0 : ((CopiedRows * CopiedRow) + 15) & ~15L;

    /// <summary>Pixels of a group of rows.</summary>
    public long Pixels => GroupRows * Geometry.OutWidth;

    public long Chunks => Geometry.Groups * Geometry.Images * RowBlocks * PanelBlocks;

    public bool IsEmpty => Chunks == 0 || Geometry.OutWidth == 0;

    /// <summary>Whether all places within a chunk are numbers of 32 bits, as the tables have them.</summary>
    public bool Fits => Math.Max(CopyElements, Math.Max(Pixels * ResultPitch, 2 * Depth)) < int.MaxValue;

    /// <summary>Tables of taps: of all, and of those that some rows and columns of results have.</summary>
    public long Tables => 1 + Top + Bottom + Left + Right;

    /// <summary>Blocks of depth.</summary>
    public long Blocks => Math.Max(1, Ceiling(Depth, BlockDepth));

    /// <summary>Numbers of a table: where each block begins and the last one ends, then place and number of each tap.</summary>
    public long TableLength => Blocks + 1 + (2 * Depth);

    /// <summary>Elements of one copied row of all channels.</summary>
    private long CopiedRow => IsPlanar ? Geometry.Channels * RowStep : RowStep;

    private bool IsPlanar => Geometry.ImageColumn == 1 && !IsTurned;

    /// <summary>Vectors of a panel.</summary>
    public int Vectors(long panel) => (int)Math.Min(PanelVectors, Ceiling(Geometry.Filters, Width) - (panel * PanelVectors));

    /// <summary>The taps along an axis that a result finds inside the image.</summary>
    public static (long First, long End) Inside(long result, long stride, long taps, long dilation, long before, long extent)
    {
        long place = (result * stride) - before, first = Math.Clamp(Ceiling(Math.Max(0, -place), dilation), 0, taps);
        return (first, Math.Clamp(place >= extent ? 0 : ((extent - 1 - place) / dilation) + 1, first, taps));
    }

    /// <summary>Whether all taps lie in the image.</summary>
    public static bool IsInside(in ConvolutionGeometry g) => g.Top <= 0 && g.Left <= 0
        && ((g.OutHeight - 1) * g.StrideY) + ((g.TapsY - 1) * g.DilationY) - g.Top < g.Height && ((g.OutWidth - 1) * g.StrideX) + ((g.TapsX - 1) * g.DilationX) - g.Left < g.Width;

    /// <summary>How many results from the first on, and up to the last, have taps outside; none where these are more than are worth it.</summary>
    private static (long Low, long High) Edges(long results, long stride, long taps, long dilation, long before, long extent)
    {
        long low = Math.Min(results, Ceiling(Math.Max(0, before), stride)), last = extent - 1 + before - ((taps - 1) * dilation);
        long high = Math.Min(results - low, last < 0 ? results : results - 1 - Math.Min(results - 1, last / stride));
        return low > MostEdges || high > MostEdges ? (0, 0) : (low, high);
    }

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
