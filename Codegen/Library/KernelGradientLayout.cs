namespace Symbolic.Codegen.Library;

/// <summary>
/// How the gradient with respect to kernels is cut. The sum runs over pixels of all images: a block of them, some rows of an image or some small images, is turned and
/// met as a whole; blocks are shared out among parts, whose sums are added in the end. Blocks and parts are by extents alone, never by the vector's width:
/// they are the order of the sum.
/// </summary>
internal readonly struct KernelGradientLayout
{
    /// <summary>Pixels of a block, unless a row has more: as many products are summed from 0 and then added. A panel of lanes over them takes the first-level cache.</summary>
    public const long BlockPixels = PanelLayout.BlockDepth;

    /// <summary>Sums that a chunk holds: they should stay in a second-level cache beside its operands.</summary>
    private const long ChunkSums = 128 * 1024;

    /// <summary>Chunks wanted, so that threads end together.</summary>
    private const long WantedChunks = 16;

    /// <summary>Fewest multiply-adds of a chunk: some 20 µs.</summary>
    private const long ChunkWork = 1 << 20;

    /// <summary>Multiply-adds in whose time an element is turned into a lane.</summary>
    private const long TurnWork = 8;

    /// <summary>How much longer rows take class by class, which reads what was copied anew for each, than channel by channel.</summary>
    private const double ClassWork = 1.05;

    public KernelGradientLayout(in KernelGradientGeometry geometry, int width)
    {
        Geometry = geometry;
        Width = width;
        long plane = geometry.OutHeight * geometry.OutWidth, taps = geometry.TapsY * geometry.TapsX;
        (BlockImages, BlockRows) = (1, geometry.OutHeight);
        if (plane * geometry.Images == 0)
        {
            Blocks = 0;
        }
        else if (plane <= BlockPixels)
        {
            BlockImages = Math.Min(BlockPixels / plane, geometry.Images);
            Blocks = Ceiling(geometry.Images, BlockImages);
        }
        else
        {
            BlockRows = Ceiling(geometry.OutHeight, Ceiling(geometry.OutHeight, Math.Max(1, BlockPixels / geometry.OutWidth)));
            Blocks = geometry.Images * Ceiling(geometry.OutHeight, BlockRows);
        }
        RowBlocks = Ceiling(geometry.OutHeight, Math.Max(1, BlockRows));
        HasHalo = geometry.HasHalo;
        TurnsImage = taps == 1 && !HasHalo && Cost(geometry.Channels, geometry.Filters, width) < Cost(geometry.Filters, geometry.Channels, width);
        (Lanes, Rows) = TurnsImage ? (geometry.Channels, geometry.Filters) : (geometry.Filters, geometry.Channels * taps);
        Vectors = Ceiling(Lanes, width);
        Panels = Vectors <= 1 ? Vectors : Vectors / 2;
        long shares = Math.Max(1, Ceiling(Lanes * Rows, ChunkSums)), work = Lanes * Rows * plane * geometry.Images;
        PanelsPerChunk = Math.Max(1, Ceiling(Panels, shares));
        PanelBlocks = Ceiling(Panels, PanelsPerChunk);
        Parts = Math.Clamp(Math.Min(Ceiling(WantedChunks, Math.Max(1, geometry.Groups * shares)), work / shares / ChunkWork), 1, Math.Max(1, Blocks));
        IsPlanar = geometry.ImageChannel != 1 || geometry.Channels == 1 || geometry.ImageColumn != geometry.Channels;
        Leaves = HasHalo ? LeavingOut(geometry) : LeftOut.Nothing;
        CopyRows = geometry.RowsFor(BlockRows);
        CopyColumn = IsPlanar ? 1 : geometry.Channels;
        CopyRow = geometry.Columns * CopyColumn;
        CopyImage = CopyRows * CopyRow;
        // Channels that are a power of two apart would meet in few lines of the cache.
        CopyChannel = IsPlanar ? (((BlockImages * CopyImage) + 15) & ~31L) + 16 : 1;
    }

    public KernelGradientGeometry Geometry { get; }

    /// <summary>Elements of a vector.</summary>
    public long Width { get; }

    /// <summary>Images of a block.</summary>
    public long BlockImages { get; }

    /// <summary>Rows of the result that a block has of each of its images.</summary>
    public long BlockRows { get; }

    /// <summary>Blocks of an image that has more than one.</summary>
    public long RowBlocks { get; }

    /// <summary>Blocks of all images.</summary>
    public long Blocks { get; }

    /// <summary>Parts among which blocks are shared out.</summary>
    public long Parts { get; }

    /// <summary>Whether zeros around the image are read.</summary>
    public bool HasHalo { get; }

    /// <summary>Which products with zeros around the image are left out.</summary>
    public LeftOut Leaves { get; }

    /// <summary>Lists of pixels: one for each tap of a row where what lies beside the image is left out.</summary>
    public long Lists => Leaves == LeftOut.RowsAndColumns ? Geometry.TapsX : 1;

    /// <summary>Rows come in so many classes, each of which leaves out pixels of its own.</summary>
    public long Classes => Leaves switch
    {
        LeftOut.RowsAndColumns => Geometry.TapsY * Geometry.TapsX,
        LeftOut.Rows => Geometry.TapsY,
        _ => 1,
    };

    /// <summary>Whether channels of the image are lanes and filters rows; else filters are lanes and channels and taps rows.</summary>
    public bool TurnsImage { get; }

    /// <summary>What is lanes.</summary>
    public long Lanes { get; }

    /// <summary>What is broadcast.</summary>
    public long Rows { get; }

    /// <summary>Vectors of lanes.</summary>
    public long Vectors { get; }

    /// <summary>Panels of two vectors; the last may have one or three.</summary>
    public long Panels { get; }

    public long PanelsPerChunk { get; }

    public long PanelBlocks { get; }

    /// <summary>Whether the copy of an image has channel by channel; else pixel by pixel, as the image has.</summary>
    public bool IsPlanar { get; }

    /// <summary>Rows of an image that a block reads.</summary>
    public long CopyRows { get; }

    public long CopyColumn { get; }

    public long CopyRow { get; }

    public long CopyImage { get; }

    public long CopyChannel { get; }

    /// <summary>Elements of a copy of what a block reads of images.</summary>
    public long CopyElements => HasHalo ? (IsPlanar ? Geometry.Channels * CopyChannel : BlockImages * CopyImage) + Width : 0;

    /// <summary>Pixels of a block.</summary>
    public long Pixels => BlockImages * BlockRows * Geometry.OutWidth;

    /// <summary>Lanes of a chunk at most.</summary>
    public long ChunkLanes => Math.Min(((PanelsPerChunk * 2) + 1) * Width, Vectors * Width);

    /// <summary>Elements of the turned operand, which is written up to the next eight pixels.</summary>
    public long TurnedElements => (Pixels + 8) * ChunkLanes;

    /// <summary>The row that has the sums of a column (channel, tap row, tap) of the product: rows of a class are neighbours.</summary>
    public long RowOf(long column)
    {
        long taps = Geometry.TapsY * Geometry.TapsX, c = column / taps, tap = column - (c * taps), i = tap / Geometry.TapsX, j = tap - (i * Geometry.TapsX);
        return Leaves switch
        {
            LeftOut.RowsAndColumns => (tap * Geometry.Channels) + c,
            LeftOut.Rows => (((i * Geometry.Channels) + c) * Geometry.TapsX) + j,
            _ => column,
        };
    }

    /// <summary>Sums of all parts in memory that chunks share; none where a chunk has the whole of its sums.</summary>
    public long SharedElements => Parts == 1 ? 0 : Geometry.Groups * Parts * Rows * Vectors * Width;

    /// <summary>Elements of a vector of sums in the order of columns, and of these turned for the store.</summary>
    public long StoreElements => TurnsImage ? 0 : ((Rows + 8) + StorePitch) * Width;

    public long StorePitch => ((Rows + 7) & ~7L) + 8;

    public long Chunks => Geometry.Groups * PanelBlocks * Parts * Math.Min(1, Rows);

    private static long Ceiling(long a, long b) => (a + b - 1) / b;

    /// <summary>The less zeros, the more classes of rows, whose last tiles are low.</summary>
    private static LeftOut LeavingOut(in KernelGradientGeometry g)
    {
        double valid = Valid(g.OutHeight, g.TapsY, g.StrideY, g.DilationY, g.Top, g.Height), across = Valid(g.OutWidth, g.TapsX, g.StrideX, g.DilationX, g.Left, g.Width);
        double all = Tiles(g.Channels * g.TapsY * g.TapsX) / ClassWork, rows = g.TapsY * valid * Tiles(g.Channels * g.TapsX), both = g.TapsY * g.TapsX * valid * across * Tiles(g.Channels);
        return both < rows && both < all ? LeftOut.RowsAndColumns : rows < all ? LeftOut.Rows : LeftOut.Nothing;
    }

    /// <summary>Time of so many rows in tiles of up to 8: fewer than 4 leave the multiply-add units waiting, and each tile fetches its sums.</summary>
    private static double Tiles(long rows)
    {
        long tiles = Ceiling(rows, 8);
        return tiles * (Math.Max(4, (double)rows / Math.Max(1, tiles)) + 0.3);
    }

    private static double Valid(long results, long taps, long stride, long dilation, long before, long extent)
    {
        long valid = 0;
        for (long tap = 0; tap < taps; tap++)
        {
            (long from, long to) = ValidResults(results, (tap * dilation) - before, stride, extent);
            valid += to - from;
        }
        return (double)valid / Math.Max(1, results * taps);
    }

    /// <summary>The results, from the first to behind the last, whose place origin + stride · result lies inside an extent.</summary>
    public static (long From, long To) ValidResults(long results, long origin, long stride, long extent)
    {
        if (stride == 0)
        {
            return (0, origin >= 0 && origin < extent ? results : 0);
        }
        long from = Math.Clamp(Ceiling(-Math.Min(0, origin), stride), 0, results), to = origin >= extent ? 0 : Math.Clamp(((extent - 1 - origin) / stride) + 1, 0, results);
        return (from, Math.Max(from, to));
    }

    private static long Cost(long lanes, long rows, long width) => (Ceiling(lanes, width) * width * rows) + (lanes * TurnWork);
}

/// <summary>What is left out of a gradient's sums of products with zeros around the image.</summary>
internal enum LeftOut
{
    /// <summary>Nothing: all rows meet all pixels.</summary>
    Nothing,
    /// <summary>Taps above and below the image: rows of one tap row make a class.</summary>
    Rows,
    /// <summary>All taps outside: rows of one tap make a class.</summary>
    RowsAndColumns,
}
