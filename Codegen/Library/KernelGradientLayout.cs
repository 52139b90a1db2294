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
    private const long ChunkSums = 64 * 1024;

    /// <summary>Chunks wanted, so that threads end together.</summary>
    private const long WantedChunks = 16;

    /// <summary>Fewest multiply-adds of a chunk: some 20 µs.</summary>
    private const long ChunkWork = 1 << 20;

    /// <summary>Fewest lanes of a chunk, of nominal vectors of 16: two panels.</summary>
    private const long FewestLanes = 64;

    /// <summary>Multiply-adds in whose time an element is turned into a lane.</summary>
    private const double TurnWork = 8;

    /// <summary>Multiply-adds in whose time an element of the other operand comes from where it lies, or is copied.</summary>
    private const double ReadWork = 2, CopyWork = 6;

    /// <summary>Multiply-adds in whose time a sum of a part is written, and read again when parts are joined.</summary>
    private const double JoinWork = 16;

    /// <summary>Multiply-adds in whose time a run of results begins to be stored: memory sends what lies side by side.</summary>
    private const double RunWork = 2000;

    /// <summary>Multiply-adds in whose time a sum is turned for the store where lanes are filters.</summary>
    private const double StoreWork = 16;

    /// <summary>How much longer rows take class by class, which reads what was copied anew for each, than channel by channel.</summary>
    private const double ClassWork = 1.05;

    /// <summary>Decides how to cut, or reads what has been decided.</summary>
    /// <param name="geometry">Extents.</param>
    /// <param name="width">Elements of a vector.</param>
    /// <param name="decided">Room for <see cref="KernelRoom.DecidedLength"/> numbers, zero before it is decided, or none.</param>
    public KernelGradientLayout(in ConvolutionGeometry geometry, int width, Span<long> decided = default)
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
        Taps = taps;
        Span<long> cut = decided.IsEmpty ? stackalloc long[KernelRoom.DecidedLength] : decided;
        if (cut[0] == 0)
        {
            (double byFilters, (long, long, long) ofFilters) = Cut(geometry.Filters, geometry.Channels, turnsImage: false);
            (double byChannels, (long, long, long) ofChannels) = taps == 1 && !HasHalo ? Cut(geometry.Channels, geometry.Filters, turnsImage: true) : (double.PositiveInfinity, default);
            cut[1] = byChannels < byFilters ? 1 : 0;
            (cut[2], cut[3], cut[4]) = byChannels < byFilters ? ofChannels : ofFilters;
            cut[0] = 1;
        }
        TurnsImage = cut[1] != 0;
        (Lanes, Lines) = TurnsImage ? (geometry.Channels, geometry.Filters) : (geometry.Filters, geometry.Channels);
        (long laneBlocks, long lineBlocks) = (cut[2], cut[3]);
        Parts = cut[4];
        Vectors = Ceiling(Lanes, width);
        Panels = Vectors <= 1 ? Vectors : Vectors / 2;
        IsPlanar = geometry.ImageChannel != 1 || geometry.Channels == 1 || geometry.ImageColumn != geometry.Channels;
        PanelsPerChunk = Math.Max(1, Ceiling(Panels, laneBlocks));
        PanelBlocks = Ceiling(Panels, PanelsPerChunk);
        LinesPerChunk = Math.Max(1, Ceiling(Lines, lineBlocks));
        LineBlocks = Ceiling(Lines, LinesPerChunk);
        Leaves = HasHalo ? LeavingOut(geometry) : LeftOut.Nothing;
        // Vectors cannot be loaded of what lies apart, and it lies in more lines of the cache than it would fill.
        IsThinned = taps == 1 && !HasHalo && IsPlanar && geometry.ImageColumn == 1 && (geometry.StrideX > 1 || geometry.StrideY > 1);
        CopyRows = IsThinned ? BlockRows : geometry.RowsFor(BlockRows);
        CopyColumn = IsPlanar ? 1 : LinesPerChunk;
        CopyRow = (IsThinned ? geometry.OutWidth : geometry.Columns) * CopyColumn;
        CopyImage = CopyRows * CopyRow;
        // Channels that are a power of two apart would meet in few lines of the cache.
        CopyChannel = IsPlanar ? (((BlockImages * CopyImage) + 15) & ~31L) + 16 : 1;
    }

    public ConvolutionGeometry Geometry { get; }

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

    /// <summary>Whether of an image with strides, of which one tap reads a part only, that part is copied.</summary>
    public bool IsThinned { get; }

    /// <summary>Whether the image is copied block by block; else it is read in place.</summary>
    public bool IsCopied => HasHalo || IsThinned;

    /// <summary>Which products with zeros around the image are left out.</summary>
    public LeftOut Leaves { get; }

    /// <summary>The share of products that are met, with those left out that are.</summary>
    public double Met => Leaves == LeftOut.Nothing ? 1 : ValidY(Geometry) * (Leaves == LeftOut.Rows ? 1 : ValidX(Geometry));

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

    /// <summary>What is broadcast, tap by tap.</summary>
    public long Lines { get; }

    /// <summary>Rows of a line.</summary>
    public long Taps { get; }

    /// <summary>Lines of a chunk.</summary>
    public long LinesPerChunk { get; }

    public long LineBlocks { get; }

    /// <summary>Rows of sums of all lines.</summary>
    public long Rows => Lines * Taps;

    /// <summary>Rows of a chunk at most.</summary>
    public long ChunkRows => LinesPerChunk * Taps;

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
    public long CopyElements => IsCopied ? (IsPlanar ? (TurnsImage ? ChunkLanes : LinesPerChunk) * CopyChannel : BlockImages * CopyImage) + Width : 0;

    /// <summary>Pixels of a block.</summary>
    public long Pixels => BlockImages * BlockRows * Geometry.OutWidth;

    /// <summary>Lanes of a chunk at most.</summary>
    public long ChunkLanes => Math.Min(((PanelsPerChunk * 2) + 1) * Width, Vectors * Width);

    /// <summary>Elements of the turned operand, which is written up to the next eight pixels.</summary>
    public long TurnedElements => (Pixels + 8) * ChunkLanes;

    /// <summary>From the row of a line and tap to that of the next line, tap row and tap, of so many lines: rows of a class are neighbours.</summary>
    public (long Line, long TapY, long TapX) RowSteps(long lines) => Leaves switch
    {
        LeftOut.RowsAndColumns => (1, Geometry.TapsX * lines, lines),
        LeftOut.Rows => (Geometry.TapsX, lines * Geometry.TapsX, 1),
        _ => (Taps, Geometry.TapsX, 1),
    };

    /// <summary>Sums of all parts in memory that chunks share; none where a chunk has the whole of its sums.</summary>
    public long SharedElements => Parts == 1 ? 0 : Geometry.Groups * Parts * Rows * Vectors * Width;

    /// <summary>Elements of a vector of sums in the order of columns, and of these turned for the store.</summary>
    public long StoreElements => TurnsImage ? 0 : ((ChunkRows + 8) + StorePitch) * Width;

    public long StorePitch => ((ChunkRows + 7) & ~7L) + 8;

    public long Chunks => Geometry.Groups * PanelBlocks * LineBlocks * Parts;

    private static long Ceiling(long a, long b) => (a + b - 1) / b;

    /// <summary>The less zeros, the more classes of rows, whose last tiles are low.</summary>
    private static LeftOut LeavingOut(in ConvolutionGeometry g)
    {
        double valid = ValidY(g), across = ValidX(g);
        double all = Tiles(g.Channels * g.TapsY * g.TapsX) / ClassWork, rows = g.TapsY * valid * Tiles(g.Channels * g.TapsX), both = g.TapsY * g.TapsX * valid * across * Tiles(g.Channels);
        return both < rows && both < all ? LeftOut.RowsAndColumns : rows < all ? LeftOut.Rows : LeftOut.Nothing;
    }

    /// <summary>Time of so many rows in tiles of up to 8: fewer than 4 leave the multiply-add units waiting, and each tile fetches its sums.</summary>
    private static double Tiles(long rows)
    {
        long tiles = Ceiling(rows, 8);
        return tiles * (Math.Max(4, (double)rows / Math.Max(1, tiles)) + 0.3);
    }

    private static double ValidY(in ConvolutionGeometry g) => Valid(g.OutHeight, g.TapsY, g.StrideY, g.DilationY, g.Top, g.Height);

    private static double ValidX(in ConvolutionGeometry g) => Valid(g.OutWidth, g.TapsX, g.StrideX, g.DilationX, g.Left, g.Width);

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

    /// <summary>
    /// How many blocks of lanes, of lines and of pixels the work is cut into: the cut that costs least beside the products themselves. Each block of lines turns the lanes anew, each
    /// block of lanes reads the lines anew, and each part has sums of its own. Also what that costs, with idle lanes of nominal vectors of 16.
    /// </summary>
    private (double Cost, (long LaneBlocks, long LineBlocks, long Parts) Blocks) Cut(long allLanes, long allLines, bool turnsImage)
    {
        double pixels = (double)Geometry.OutHeight * Geometry.OutWidth * Geometry.Images, rows = (double)allLines * Taps, work = allLanes * rows * pixels, best = double.PositiveInfinity;
        (long, long, long) cut = (1, 1, 1);
        double read = allLines * pixels * (HasHalo ? CopyWork * Geometry.StrideY * Geometry.StrideX : ReadWork), wanted = Math.Clamp(work * Geometry.Groups / ChunkWork, 1, WantedChunks);
        for (long lanes = 1; lanes == 1 || Ceiling(allLanes, lanes) >= FewestLanes; lanes *= 2)
        {
            for (long lines = 1; lines == 1 || lines <= allLines; lines *= 2)
            {
                double sums = (double)Ceiling(allLanes, lanes) * Ceiling(allLines, lines) * Taps, chunks = (double)Geometry.Groups * lanes * lines;
                double blocks = (lines * allLanes * pixels * TurnWork) + (lanes * read) + (work / 16 * Math.Max(0, (sums / ChunkSums) - 1));
                for (long parts = 1; parts == 1 || (parts <= Blocks && chunks * parts < 2 * wanted); parts *= 2)
                {
                    // Sums of a single part whose lanes are channels are stored while others are summed.
                    double runs = turnsImage ? (parts == 1 ? RunWork / 4 : RunWork) * allLines * lanes : (RunWork * allLanes * lines) + (allLanes * rows * StoreWork);
                    double cost = blocks + runs + (parts == 1 ? 0 : parts * (double)allLanes * rows * JoinWork) + (work / 32 * Math.Max(0, (wanted / (chunks * parts)) - 1));
                    if (cost < best)
                    {
                        (best, cut) = (cost, (lanes, lines, parts));
                    }
                }
                if (chunks >= wanted && sums <= ChunkSums)
                {
                    break;
                }
            }
        }
        return (best + (((Ceiling(allLanes, 16) * 16) - allLanes) * rows * pixels), cut);
    }
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
