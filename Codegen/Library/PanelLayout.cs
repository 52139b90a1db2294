namespace Symbolic.Codegen.Library;

/// <summary>How the tiles of a contraction reach one operand.</summary>
internal enum OperandMode : long
{
    /// <summary>Read in place.</summary>
    Direct,
    /// <summary>Packed whole, once, by all threads together.</summary>
    Resident,
    /// <summary>Packed block by block by whoever takes the chunk.</summary>
    Streamed,
}

/// <summary>
/// How a contraction is cut into chunks and tiles: by its extents alone. It lies behind the kernel's sizes, where it is decided once, when
/// the kernel is bound.
/// </summary>
internal unsafe struct PanelLayout
{
    /// <summary>Terms that are summed before they are added to the rest of the sum: a part of what the sum is defined to be.</summary>
    public const long BlockDepth = 256;

    /// <summary>Most ranges of depth in which a panel may have elements; more would not be worth their calls.</summary>
    public const int MostRanges = 32;

    /// <summary>1 once decided.</summary>
    public long IsDecided;

    /// <summary>0: what the model of costs prefers; else 1 + a choice of <see cref="PanelChoice"/>.</summary>
    public long Choice;

    /// <summary>The constants among the buffers.</summary>
    public long Constants;

    /// <summary>Number of independent products.</summary>
    public long Batches;

    /// <summary>Of how many of them the rows are packed: of one where all have the same.</summary>
    public long RowBatches;

    /// <summary>Rows of each.</summary>
    public long Rows;

    /// <summary>Columns of each.</summary>
    public long Columns;

    /// <summary>Columns of a run: those of an image, or all.</summary>
    public long RunColumns;

    /// <summary>Runs of columns.</summary>
    public long Runs;

    /// <summary>Terms of each sum.</summary>
    public long Depth;

    /// <summary>Rows of a tile.</summary>
    public long TileRows;

    /// <summary>Columns of a tile.</summary>
    public long TileColumns;

    /// <summary>How tiles reach the rows.</summary>
    public OperandMode RowMode;

    /// <summary>How tiles reach the columns.</summary>
    public OperandMode ColumnMode;

    /// <summary>Products per chunk.</summary>
    public long ChunkBatches;

    /// <summary>Chunks along the rows.</summary>
    public long RowChunks;

    /// <summary>Chunks along the columns.</summary>
    public long ColumnChunks;

    /// <summary>Whether neighbouring chunks, which a thread has, are below each other rather than side by side.</summary>
    public bool ChunksGoDown;

    /// <summary>Blocks of depth per chunk; where that is not all, their sums are joined in a phase of its own.</summary>
    public long ChunkBlocks;

    /// <summary>Panels packed per chunk of the first phase.</summary>
    public long PackPanels;

    /// <summary>Blocks of depth of these: all, or a part of a single panel.</summary>
    public long PackBlocks;

    /// <summary>What the next kernel reads of constants.</summary>
    public FollowingConstants Following;

    public readonly bool IsEmpty => Batches == 0 || Rows == 0 || Columns == 0;

    public readonly long DepthBlocks => Math.Max(1, Ceiling(Depth, BlockDepth));

    public readonly bool SplitsDepth => ChunkBlocks < DepthBlocks;

    public readonly long RowPanels => Ceiling(Rows, TileRows);

    public readonly long ColumnPanels => Ceiling(Columns, TileColumns);

    /// <summary>Columns of a run that fill tiles.</summary>
    public readonly long TiledRun => RunColumns / TileColumns * TileColumns;

    /// <summary>
    /// Where what fills no tile of its run begins. Tiles take columns in an order of their own: what fills tiles run by run, then what is left of all runs, so that this leaves few lanes
    /// idle. Of a single run both orders are the same.
    /// </summary>
    public readonly long FirstLeft => Runs == 1 ? Columns : Runs * TiledRun;

    /// <summary>Panels of what is left.</summary>
    public readonly long LeftPanels => ColumnPanels - Ceiling(FirstLeft, TileColumns);

    /// <summary>Whether of columns in place what is left is packed once, by all threads: where several chunks read it.</summary>
    public readonly bool PacksLeftOnce => ColumnMode == OperandMode.Direct && Runs > 1 && RowChunks > 1;

    /// <summary>The column at a place in the order of tiles, and how many from there on follow each other in both orders.</summary>
    public readonly (long Column, long Length) Piece(long place)
    {
        if (Runs == 1)
        {
            return (place, Columns - place);
        }
        long tiled = TiledRun, left = RunColumns - tiled, first = FirstLeft;
        if (place < first)
        {
            long run = place / tiled, at = place - (run * tiled);
            return ((run * RunColumns) + at, tiled - at);
        }
        else
        {
            long run = (place - first) / left, at = place - first - (run * left);
            return ((run * RunColumns) + tiled + at, left - at);
        }
    }

    /// <summary>The most rows of a chunk, whole tiles.</summary>
    public readonly long ChunkRows => Ceiling(RowPanels, RowChunks) * TileRows;

    /// <summary>The most columns of a chunk, whole tiles.</summary>
    public readonly long ChunkColumns => Ceiling(ColumnPanels, ColumnChunks) * TileColumns;

    public readonly long BatchChunks => Ceiling(Batches, ChunkBatches);

    /// <summary>The first row of a chunk, or behind the last one: chunks have as many tiles as each other, or one more. Rows in place are in no panels, so that chunks may have as many of them as each other, or one more.</summary>
    public readonly long FirstRow(long chunk) => RowMode == OperandMode.Direct && RowPanels % RowChunks != 0 ? Rows * chunk / RowChunks : Math.Min(Rows, RowPanels * chunk / RowChunks * TileRows);

    /// <summary>Rows of the tiles of so many rows of a chunk: those in place are shared out among as few tiles as hold them.</summary>
    public readonly long TileRowsOf(long rows) => RowMode == OperandMode.Direct ? Ceiling(rows, Math.Max(1, Ceiling(rows, TileRows))) : TileRows;

    /// <summary>The first column of a chunk, or behind the last one.</summary>
    public readonly long FirstColumn(long chunk) => Math.Min(Columns, ColumnPanels * chunk / ColumnChunks * TileColumns);

    public readonly long DepthChunks => Ceiling(DepthBlocks, ChunkBlocks);

    public readonly long Chunks => IsEmpty ? 0 : BatchChunks * DepthChunks * RowChunks * ColumnChunks;

    /// <summary>Whether rows are read along all depths at once rather than block by block: they lie so, meet one panel of columns, and nothing of that is packed by the chunk.</summary>
    public readonly bool ReadsRowsAlong => RowMode == OperandMode.Direct && ColumnMode == OperandMode.Resident && ColumnPanels == 1 && DepthBlocks > 1 && !SplitsDepth;

    /// <summary>Panels of both sides that the first phase packs, over all batches, those of the rows first.</summary>
    public readonly long ResidentRowPanels => RowMode == OperandMode.Resident ? RowBatches * RowPanels : 0;

    public readonly long ResidentColumnPanels => ColumnMode == OperandMode.Resident ? Batches * ColumnPanels : PacksLeftOnce ? Batches * LeftPanels : 0;

    /// <summary>Parts into which the depth of a panel is cut for packing.</summary>
    public readonly long PackParts => Ceiling(DepthBlocks, PackBlocks);

    public readonly long ResidentElements => ((ResidentRowPanels * TileRows) + (ResidentColumnPanels * TileColumns)) * Depth;

    /// <summary>Columns of a chunk, whole tiles: the pitch of its unfinished sums.</summary>
    public readonly long PaddedColumns => ColumnPanels * TileColumns;

    /// <summary>Sums of blocks of depth that chunks hand over to the last phase.</summary>
    public readonly long PartialElements => SplitsDepth ? Batches * DepthBlocks * Rows * PaddedColumns : 0;

    /// <summary>Whether another layout of the same product does the same.</summary>
    public readonly bool RunsLike(in PanelLayout other) =>
        (TileRows, TileColumns, RowMode, ColumnMode, ChunkBatches, RowChunks, ColumnChunks, ChunkBlocks)
        == (other.TileRows, other.TileColumns, other.RowMode, other.ColumnMode, other.ChunkBatches, other.RowChunks, other.ColumnChunks, other.ChunkBlocks);

    /// <summary>For profiles: tile, how operands are reached, chunks.</summary>
    public override readonly string ToString()
    {
        string depths = SplitsDepth ? $"x{ChunkBlocks * BlockDepth}" : "";
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"tile {TileRows}x{TileColumns}, rows {Text(RowMode)}, columns {Text(ColumnMode)}, {Chunks} chunks of {(ChunkBatches > 1 ? $"{ChunkBatches}x" : "")}{ChunkRows}x{ChunkColumns}{depths}");

        static string Text(OperandMode mode) => mode switch
        {
            OperandMode.Direct => "in place",
            OperandMode.Resident => "packed once",
            OperandMode.Streamed => "packed by chunk",
            _ => throw new System.Diagnostics.UnreachableException($"{mode}"),
        };
    }

    public static long Ceiling(long a, long b) => (a + b - 1) / b;
}
