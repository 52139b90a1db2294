namespace Symbolic.Codegen.Library;

/// <summary>
/// The model of costs behind a <see cref="PanelLayout"/>: which tile wastes least, which operands are worth packing, and how chunks share the
/// work. It knows extents and steps, never the number of threads.
/// </summary>
internal static unsafe class PanelChoice
{
    /// <summary>Multiply-adds below which a second thread costs more than it gains.</summary>
    private const long LeastChunkWork = 1 << 16;

    /// <summary>Chunks to aim at where there is work for all: many enough to balance, and a number that 2, 4 or 8 threads share evenly.</summary>
    private const long MostChunks = 16;

    /// <summary>Bytes of an operand's block that should stay in the second-level cache.</summary>
    private const long BlockBytes = 256 * 1024;

    private const long PageBytes = 4096;

    private const long FewUses = 8;

    /// <summary>What of a run of columns must fill tiles, or it is packed with the others.</summary>
    private const double LeastTiled = 0.7;

    private const double MultiplyAddsPerCycle = 16;

    private const double BytesPerCycle = 8;

    /// <summary>What of a panel stays in the first-level cache beside the other operand.</summary>
    private const long FirstLevelBytes = 16 * 1024;

    /// <summary>Halves of the widest vectors that a last tile takes at most, rather than whole ones: two of them are loaded and multiplied in the time of one.</summary>
    private const int MostHalves = 3;

    /// <summary>Terms of a sum up to which two halves are better than a vector.</summary>
    private const long ShortDepth = 64;

    private const double PanelBytesPerCycle = 16;

    /// <summary>Elements packed per chunk of the first phase.</summary>
    private const long PackWork = 1 << 12;

    /// <summary>What an operand allows.</summary>
    /// <param name="IsMatrix">Whether lines and depths step evenly.</param>
    /// <param name="LineStep">From a line to the next.</param>
    /// <param name="DepthStep">From a depth to the next.</param>
    /// <param name="IsConstant">Whether it is the same in every call.</param>
    public readonly record struct Steps(bool IsMatrix, long LineStep, long DepthStep, bool IsConstant);

    /// <summary>Pairs of modes.</summary>
    private const long Modes = 9;

    /// <summary>Ways to cut: the model's, columns alone, rows alone, half as many chunks.</summary>
    private const long Cuts = 4, ColumnsAlone = 1, RowsAlone = 2, HalfAsMany = 3;

    /// <summary>Choices other than the model's own: modes, then cuts, then tiles of at most three or two vectors.</summary>
    private const long Choices = 2 * Cuts * Modes;

    /// <summary>
    /// Lists choices that are worth a trial, the model's own first, each with a layout that none before it has; all give the same bits. Returns how many. How operands are reached that are
    /// packed once for good, or have borders, is no choice; how they are cut is.
    /// </summary>
    public static int Candidates(in PanelLayout undecided, int width, int elementBytes, Steps rows, Steps columns, long alike, bool updates, Span<long> choices)
    {
        choices[0] = 0;
        int count = 1;
        if (undecided.IsEmpty)
        {
            return count;
        }
        Span<PanelLayout> layouts = stackalloc PanelLayout[choices.Length];
        layouts[0] = undecided;
        Decide(ref layouts[0], width, elementBytes, rows, columns, alike, updates);
        long own = (3 * (long)layouts[0].RowMode) + (long)layouts[0].ColumnMode, streamed = (3 * (long)Streamed(layouts[0].RowMode)) + (long)Streamed(layouts[0].ColumnMode);
        bool isFixed = rows.IsConstant || columns.IsConstant || alike > 0;
        for (long choice = 1; choice <= Choices && count < choices.Length; choice++)
        {
            long modes = (choice - 1) % Modes;
            // The model's cut and tile meet all modes, the others those that may suit them.
            if (modes != own && (isFixed || (choice > Modes && modes != streamed)))
            {
                continue;
            }
            PanelLayout tried = undecided;
            tried.Choice = choice;
            Decide(ref tried, width, elementBytes, rows, columns, alike, updates);
            bool isNew = true;
            for (int i = 0; i < count; i++)
            {
                isNew &= !tried.RunsLike(layouts[i]);
            }
            if (isNew)
            {
                layouts[count] = tried;
                choices[count++] = choice;
            }
        }
        return count;

        static OperandMode Streamed(OperandMode mode) => mode == OperandMode.Resident ? OperandMode.Streamed : mode;
    }

    /// <summary>Decides a layout whose extents and choice are set; a choice that is none is the model's.</summary>
    public static void Decide(ref PanelLayout layout, int width, int elementBytes, Steps rows, Steps columns, long alike, bool updates)
    {
        long depth = Math.Max(1, layout.Depth), choice = layout.Choice is > 0 and <= Choices ? layout.Choice - 1 : -1;
        bool hasBorders = alike > 0;
        (layout.TileRows, long vectors, _) = Tile(layout.Rows, layout.Columns, depth, width, width * elementBytes, alike, choice < Cuts * Modes ? 3 : 2);
        layout.TileColumns = vectors * width;
        bool rowsInPlace = rows.IsMatrix && !hasBorders, columnsInPlace = columns.IsMatrix && columns.LineStep == 1 && !hasBorders && (layout.Runs == 1 || layout.TiledRun >= LeastTiled * layout.RunColumns);
        Cut(ref layout, depth, elementBytes, choice < 0 ? 0 : choice / Modes % Cuts, updates);
        // So each thread reads its part of the larger operand, rather than each all of it; of constants, which nobody writes, both may read all, and keep their rows of what others write.
        layout.ChunksGoDown = !columns.IsConstant && layout.Columns > 2 * layout.Rows;
        if (choice >= 0)
        {
            var (ofRows, ofColumns) = ((OperandMode)(choice % Modes / 3), (OperandMode)(choice % 3));
            layout.RowMode = ofRows == OperandMode.Direct && !rowsInPlace ? OperandMode.Resident : ofRows;
            layout.ColumnMode = hasBorders || (ofColumns == OperandMode.Direct && !columnsInPlace) ? OperandMode.Streamed : ofColumns;
        }
        else
        {
            layout.ColumnMode = columnsInPlace && !columns.IsConstant && !PacksTooOften(layout, width) && InPlaceIsBest(columns.DepthStep * elementBytes, layout.RowPanels, PageBytes) ? OperandMode.Direct : Packed(layout.RowChunks, columns, rows);
            layout.RowMode = rowsInPlace && !rows.IsConstant && InPlaceIsBest(Math.Max(Math.Abs(rows.LineStep), Math.Abs(rows.DepthStep)) * elementBytes, layout.ColumnPanels, 2 * PageBytes) ? OperandMode.Direct : Packed(layout.ColumnChunks * (layout.IsEmpty ? 1 : layout.Batches / layout.RowBatches), rows, columns);
        }
        long wide = Math.Max(layout.TileRows, layout.TileColumns);
        layout.PackPanels = Math.Max(1, PackWork / (wide * depth));
        layout.PackBlocks = layout.PackPanels > 1 ? layout.DepthBlocks : Math.Clamp(PackWork / (wide * PanelLayout.BlockDepth), 1, layout.DepthBlocks);

        // What only one chunk reads is packed by that chunk, what several read is packed once for all. Streamed panels of a constant are packed ahead.
        OperandMode Packed(long readers, Steps own, Steps other) =>
            hasBorders ? (own == columns ? OperandMode.Streamed : OperandMode.Resident)
            : own.IsConstant ? OperandMode.Streamed
            : readers > 1 || other.IsConstant ? OperandMode.Resident : OperandMode.Streamed;
    }

    /// <summary>
    /// Lines whose distance is a multiple of a page share a few sets of the caches, and each takes an entry of the translation buffer; so those that are read more
    /// than a few times are packed. Otherwise packing costs more than it gains. A tile reads a few rows but many depths of the columns: rows bear twice the distance.
    /// </summary>
    private static bool InPlaceIsBest(long pitch, long uses, long worst) => uses <= FewUses || pitch % worst != 0;

    /// <summary>Whether chunks of rows would each pack all columns, of a single ragged panel, for a few tiles.</summary>
    private static bool PacksTooOften(in PanelLayout layout, int width) => layout.RowChunks > 1 && layout.ColumnPanels == 1 && layout.Columns % width != 0 && layout.ChunkRows <= 2 * FewUses * layout.TileRows;

    /// <summary>
    /// Whether a last tile that fills so many halves takes halves: an even number of them is whole vectors. A lone whole vector is two halves where sums are short: spreading a number
    /// over a whole one takes as long as multiplying it, and rows that lie close together are no streams that a tile of one vector would fetch ahead.
    /// </summary>
    public static bool IsHalved(long halves, long depth) => halves is > 0 and <= MostHalves && (halves % 2 == 1 || depth <= ShortDepth);

    /// <summary>What the best tile of a width takes for each block of depth.</summary>
    public static double Cycles(long rows, long columns, long depth, int width, int vectorBytes, long alike) => Tile(rows, columns, depth, width, vectorBytes, alike, 3).Cycles;

    /// <summary>The tile that takes the fewest cycles in all; at a tie the larger reads less.</summary>
    private static (long Rows, long Vectors, double Cycles) Tile(long rows, long columns, long depth, int width, int vectorBytes, long alike, int mostVectors)
    {
        (long Rows, long Vectors, double Cycles) best = (1, 1, double.PositiveInfinity);
        // 16 registers hold 12 sums, 32 hold 24.
        int sums = vectorBytes == 64 ? 24 : 12;
        double block = Math.Min(depth, PanelLayout.BlockDepth);
        for (int vectors = mostVectors; vectors >= 1; vectors--)
        {
            for (int count = 8; count >= 1; count--)
            {
                // A tile larger than the result would only space panels out.
                if (count * vectors > sums || alike % (vectors * width) != 0 || (vectors > 1 && (vectors - 1) * width >= columns) || (count > 1 && count > rows))
                {
                    continue;
                }
                long across = vectors * width, fullRows = rows / count, fullColumns = columns / across;
                int lastRows = (int)(rows % count), lastVectors = (int)PanelLayout.Ceiling(columns % across, width), lastHalves = (int)PanelLayout.Ceiling(2 * (columns % across), width);
                // The widest vectors may be halved, see Panels.VectorWidth.
                bool halved = vectorBytes == 64 && alike == 0 && IsHalved(lastHalves, depth);
                double cycles = (fullRows * fullColumns * Cycles(count, vectors, vectorBytes)) + (fullColumns * Cycles(lastRows, vectors, vectorBytes))
                    + (fullRows * Last(count)) + Last(lastRows);
                if (cycles < best.Cycles * 0.98)
                {
                    best = (count, vectors, cycles);
                }

                double Last(int count) => halved ? Cycles(count, lastHalves, vectorBytes / 2) : Cycles(count, lastVectors, vectorBytes);
            }
        }
        return best;

        double Cycles(int count, int vectors, int vectorBytes)
        {
            if (count == 0 || vectors == 0)
            {
                return 0;
            }
            // Multiply-adds, the latency of one sum, loads, a panel of columns that comes from the second-level cache; then what begins and ends a tile.
            double half = vectorBytes == 64 ? 1 : 0.5;
            double term = Math.Max(Math.Max(count * vectors * half, 4), Math.Max((vectors + count) * half, vectors * vectorBytes * block > FirstLevelBytes ? vectors * vectorBytes / PanelBytesPerCycle : 0));
            return (block * term) + 12 + (2 * count * vectors * half);
        }
    }

    /// <summary>Cuts the result, and where that is too small the depth, into chunks of like size.</summary>
    private static void Cut(ref PanelLayout layout, long depth, int elementBytes, long way, bool updates)
    {
        layout.ChunkBatches = 1;
        layout.RowChunks = layout.ColumnChunks = 1;
        layout.ChunkBlocks = layout.DepthBlocks;
        if (layout.IsEmpty)
        {
            return;
        }
        double work = (double)layout.Rows * layout.Columns * depth, all = work * layout.Batches;
        long wanted = 1;
        while (wanted < MostChunks && all / (2 * wanted) >= LeastChunkWork)
        {
            wanted *= 2;
        }
        if (layout.Batches >= wanted && work < 1 << 22)
        {
            layout.ChunkBatches = Math.Max(1, layout.Batches / wanted);
            return;
        }
        wanted = PanelLayout.Ceiling(wanted, layout.Batches * (way == HalfAsMany ? 2 : 1));
        // Two threads at neighbouring pieces of the same rows fetch ahead of themselves what the other is about to write; what only stores asks for nothing ahead.
        if (way == 0 && updates && layout.RowPanels >= wanted)
        {
            way = RowsAlone;
        }
        (long Rows, long Columns, double Cycles) best = (1, 1, double.PositiveInfinity);
        for (long r = 1; r <= (way == ColumnsAlone ? 1 : Math.Min(wanted, layout.RowPanels)); r++)
        {
            long c = way == RowsAlone ? 1 : Math.Min(Math.Max(1, wanted / r), layout.ColumnPanels);
            double chunkRows = PanelLayout.Ceiling(layout.RowPanels, r) * layout.TileRows, chunkColumns = PanelLayout.Ceiling(layout.ColumnPanels, c) * layout.TileColumns;
            // Chunks beyond a multiple of what was wanted are a share of the work that somebody waits for.
            double waves = Math.Max(1, (double)wanted / (r * c)), sums = chunkRows * chunkColumns * depth / MultiplyAddsPerCycle;
            // Whichever block is smaller stays in the cache while the other passes by; what several chunks share is packed through memory.
            double block = Math.Min(chunkRows, chunkColumns) * Math.Min(depth, PanelLayout.BlockDepth) * elementBytes;
            double traffic = ((chunkRows * (c > 1 ? 2 : 1)) + (chunkColumns * (r > 1 ? 2 : 1))) * depth * elementBytes / BytesPerCycle;
            double cycles = waves * ((block > BlockBytes ? 1.1 : 1) * sums + traffic);
            if (cycles < best.Cycles * 0.999)
            {
                best = (r, c, cycles);
            }
        }
        layout.RowChunks = best.Rows;
        layout.ColumnChunks = best.Columns;
        long parts = wanted / Math.Max(1, layout.RowChunks * layout.ColumnChunks);
        if (parts >= 2 && layout.DepthBlocks >= 4)
        {
            layout.ChunkBlocks = PanelLayout.Ceiling(layout.DepthBlocks, Math.Min(parts, layout.DepthBlocks));
        }
    }
}
