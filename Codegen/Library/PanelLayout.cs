namespace Symbolic.Codegen.Library;

/// <summary>
/// How a contraction is cut, by its extents alone. One side, the smaller, is packed whole into panels that all chunks share; the other
/// is streamed: each chunk packs a few of its panels and meets them with every resident one.
/// </summary>
internal readonly struct PanelLayout
{
    /// <summary>Depth of a block: one panel of columns then takes half of a 32 KiB first-level cache.</summary>
    public const long BlockDepth = 256;

    /// <summary>Most ranges of depth in which a panel may have elements; more would not be worth their calls.</summary>
    public const int MostRanges = 32;

    /// <summary>Multiply-adds per chunk: some 20 µs, so that chunks balance and their number does not matter.</summary>
    private const long ChunkWork = 1 << 20;

    /// <summary>Elements of a packed block of the streamed side: it should stay in a second-level cache beside a resident panel.</summary>
    private const long BlockElements = 32 * 1024;

    /// <summary>Elements packed per chunk of the first phase.</summary>
    private const long PackWork = 1 << 15;

    public PanelLayout(long batches, long rows, long columns, long depth, int tileRows, int tileColumns)
    {
        Batches = batches;
        Rows = rows;
        Columns = columns;
        Depth = depth;
        StreamsColumns = columns >= rows;
        ResidentWidth = StreamsColumns ? tileRows : tileColumns;
        StreamedWidth = StreamsColumns ? tileColumns : tileRows;
        ResidentLines = StreamsColumns ? rows : columns;
        StreamedLines = StreamsColumns ? columns : rows;
        ResidentPanels = Ceiling(ResidentLines, ResidentWidth);
        StreamedPanels = Ceiling(StreamedLines, StreamedWidth);
        DepthBlocks = Math.Max(1, Ceiling(depth, BlockDepth));
        long perPanel = Math.Max(1, ResidentPanels * ResidentWidth * StreamedWidth * Math.Max(1, depth));
        long fitting = Math.Max(1, BlockElements / (StreamedWidth * Math.Min(BlockDepth, Math.Max(1, depth))));
        BlockPanels = Math.Max(1, Math.Min(Math.Min(ChunkWork / perPanel, fitting), StreamedPanels));
        PackPanels = Math.Max(1, Math.Min(ResidentPanels, PackWork / Math.Max(1, ResidentWidth * depth)));
    }

    public long Batches { get; }

    public long Rows { get; }

    public long Columns { get; }

    public long Depth { get; }

    public bool StreamsColumns { get; }

    public long ResidentWidth { get; }

    public long StreamedWidth { get; }

    public long ResidentLines { get; }

    public long StreamedLines { get; }

    public long ResidentPanels { get; }

    public long StreamedPanels { get; }

    public long DepthBlocks { get; }

    public long BlockPanels { get; }

    public long PackPanels { get; }

    public bool IsEmpty => Batches == 0 || Rows == 0 || Columns == 0;

    public long PackChunksPerBatch => Ceiling(ResidentPanels, PackPanels);

    public long ChunksPerBatch => Ceiling(StreamedPanels, BlockPanels);

    public long ResidentElements => Batches * ResidentPanels * ResidentWidth * Depth;

    public static long Ceiling(long a, long b) => (a + b - 1) / b;
}
