using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The panel schedule of a contraction C[row, column] = Σ depth: A·B (after Goto and van de Geijn, "Anatomy of high-performance matrix
/// multiplication", 2008): operands, packed into panels or in place, meet in register tiles. Each element is summed in the order of depth by blocks of
/// a length that is a part of its definition; so packing, tile, chunks and threads never show in a result.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted product.</typeparam>
/// <typeparam name="TRows">The emitted operand that has the rows.</typeparam>
/// <typeparam name="TColumns">The emitted operand that has the columns.</typeparam>
/// <remarks>
/// What runs per chunk is compiled at full optimisation from its first call on, here and in what it calls: a training step may be over
/// before the runtime would have noticed that it is hot.
/// </remarks>
public static unsafe partial class Panels<TLanes, TVector, T, TProduct, TRows, TColumns>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IProduct<T>
    where TRows : struct, IOperand<T>
    where TColumns : struct, IOperand<T>
{
    private const long Line = 64;
    private const long ShortDepth = 32;

    // Operands, and results with what is read beside them, of more bytes are fetched ahead: they leave the second-level cache.
    private const long NearBytes = 1 << 20;

    // Columns that an epilogue gets at a time where the results are what takes long: enough of each row for the machine to see that memory is read along it.
    private const long StoredColumns = 512;
    // Rows of a turned product that are stored together, for the same reason.
    private const long TurnedRows = 128;
    private const long RangeStride = 1 + (2 * PanelLayout.MostRanges);

    /// <summary>Bytes that each worker needs: packed blocks, a finished tile, and unfinished ones where the depth is cut.</summary>
    public static long Scratch(long* sizes) => ChunkMemory.Bytes(*Layout(sizes)) + Line;

    /// <summary>Bytes that all chunks share: resident panels, and the sums of parts where the depth is shared out.</summary>
    public static long Shared(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        return ((Aligned(layout->ResidentElements) + layout->PartialElements) * sizeof(T)) + Line;
    }

    /// <summary>Position of the only buffer that the first phase reads: where it is a constant, its panels need packing only once. −1 for none.</summary>
    public static long Packs(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        bool rows = layout->RowMode == OperandMode.Resident, columns = layout->ResidentColumnPanels > 0;
        return rows == columns ? -1 : rows ? TRows.Buffer : TColumns.Buffer;
    }

    /// <summary>
    /// Position of the only buffer that chunks of the second phase pack: where it is a constant, its panels may be packed once too and handed over behind
    /// the shared memory. −1 where they hold a part of the depth only.
    /// </summary>
    public static long Streams(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        bool rows = layout->RowMode == OperandMode.Streamed, columns = layout->ColumnMode == OperandMode.Streamed;
        return rows == columns || TColumns.HasBorders ? -1 : rows ? TRows.Buffer : TColumns.Buffer;
    }

    /// <summary>Bytes of all panels of the side that chunks pack.</summary>
    public static long StreamedBytes(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        return (layout->RowMode == OperandMode.Streamed ? layout->RowBatches * layout->RowPanels * layout->TileRows : layout->Batches * layout->ColumnPanels * layout->TileColumns) * layout->Depth * sizeof(T);
    }

    /// <summary>
    /// Writes <see cref="KernelRoom.DescriptionLength"/> numbers that tell this product from others, then the choices that are worth a trial, and returns how many these are.
    /// </summary>
    public static long Choices(long* sizes, long* numbers)
    {
        PanelLayout layout = Undecided(sizes);
        PanelChoice.Steps rows = RowSteps(sizes), columns = ColumnSteps(sizes);
        ReadOnlySpan<long> description =
        [
            layout.Batches, layout.Rows, layout.Columns, layout.Depth, TRows.IsMatrix ? 1 : 0, rows.LineStep, rows.DepthStep, TColumns.IsMatrix ? layout.RunColumns : 0, columns.LineStep, columns.DepthStep,
            layout.Constants, TColumns.Alike, (TProduct.IsPlain ? 1 : 0) + (TProduct.IsTurned ? 2 : 0) + (TProduct.Updates ? 4 : 0), TLanes.Width, sizeof(T), TColumns.IsSeparable && TRows.IsSeparable ? 1 : 0,
        ];
        description.CopyTo(new Span<long>(numbers, KernelRoom.DescriptionLength));
        return PanelChoice.Candidates(layout, TLanes.Width, sizeof(T), rows, columns, TColumns.Alike, TProduct.Updates, new Span<long>(numbers + KernelRoom.DescriptionLength, KernelRoom.MostChoices));
    }

    /// <summary>Packs an even share of the panels of the side that chunks would pack, for good; there are as many shares as chunks of the second phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackAhead(byte** buffers, long* sizes, long chunk)
    {
        PanelLayout* layout = Layout(sizes);
        bool rows = layout->RowMode == OperandMode.Streamed;
        long panels = rows ? layout->RowBatches * layout->RowPanels : layout->Batches * layout->ColumnPanels;
        PackPanels(rows, buffers, sizes, *layout, panels * chunk / layout->Chunks, panels * (chunk + 1) / layout->Chunks, 0, layout->Depth, (T*)buffers[TProduct.Shared + 1]);
    }

    /// <summary>Chunks of the first phase.</summary>
    public static long PackChunks(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        return layout->IsEmpty ? 0 : (PanelLayout.Ceiling(layout->ResidentRowPanels, layout->PackPanels) + PanelLayout.Ceiling(layout->ResidentColumnPanels, layout->PackPanels)) * layout->PackParts;
    }

    /// <summary>Chunks of the second phase.</summary>
    public static long Chunks(long* sizes) => Layout(sizes)->Chunks;

    /// <summary>Chunks of the third phase, which joins sums of parts of the depth.</summary>
    public static long JoinChunks(long* sizes)
    {
        PanelLayout* layout = Layout(sizes);
        return layout->IsEmpty || !layout->SplitsDepth ? 0 : layout->Batches * layout->RowPanels;
    }

    /// <summary>The first phase: packs some resident panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte** buffers, long* sizes, long chunk)
    {
        PanelLayout* layout = Layout(sizes);
        var target = (T*)buffers[TProduct.Shared];
        long ofRows = PanelLayout.Ceiling(layout->ResidentRowPanels, layout->PackPanels), part = chunk % layout->PackParts, panels = chunk / layout->PackParts;
        bool rows = panels < ofRows;
        long first = (rows ? panels : panels - ofRows) * layout->PackPanels, k = part * layout->PackBlocks * PanelLayout.BlockDepth;
        PackPanels(rows, buffers, sizes, *layout, first, Math.Min(first + layout->PackPanels, rows ? layout->ResidentRowPanels : layout->ResidentColumnPanels), k, Math.Min(layout->Depth, k + (layout->PackBlocks * PanelLayout.BlockDepth)),
            rows ? target : ResidentColumns(*layout, target));
    }

    /// <summary>The second phase: meets a block of rows with a block of columns, and stores what is finished.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        PanelLayout* layout = Layout(sizes);
        long pieces = layout->RowChunks * layout->ColumnChunks, rest = chunk / pieces, piece = chunk - (rest * pieces);
        long down = layout->ChunksGoDown ? piece % layout->RowChunks : piece / layout->ColumnChunks, across = layout->ChunksGoDown ? piece / layout->RowChunks : piece % layout->ColumnChunks;
        long row = layout->FirstRow(down), column = layout->FirstColumn(across), columns = layout->FirstColumn(across + 1) - column, part = rest % layout->DepthChunks, batch = rest / layout->DepthChunks * layout->ChunkBatches;
        // Rows that meet one panel of columns are read once: then along their whole depth.
        long end = layout->FirstRow(down + 1), rows = layout->ReadsRowsAlong ? layout->TileRows : layout->ChunkRows;
        var following = layout->ChunkBatches == 1 && !layout->ReadsRowsAlong ? layout->Following.Share(chunk, layout->Chunks) : default;
        for (long last = Math.Min(batch + layout->ChunkBatches, layout->Batches); batch < last; batch++)
        {
            for (long first = row; first < end; first += rows)
            {
                Block(buffers, sizes, *layout, batch, part, first, Math.Min(rows, end - first), column, columns, following, scratch);
            }
        }
    }

    /// <summary>The third phase: adds the sums of the blocks of depth of one panel of rows in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        PanelLayout* layout = Layout(sizes);
        long batch = chunk / layout->RowPanels, row = chunk % layout->RowPanels * layout->TileRows, rows = Math.Min(layout->TileRows, layout->Rows - row), pitch = layout->PaddedColumns;
        T* sums = Partial(*layout, buffers, batch, 0) + (row * pitch);
        TVector one = TLanes.Create(T.One);
        long count = rows * pitch, step = layout->Rows * pitch;
        for (long i = 0; i < count; i += TLanes.Width)
        {
            TVector sum = TLanes.Load(sums + i);
            for (long block = 1; block < layout->DepthBlocks; block++)
            {
                sum = TLanes.MultiplyAdd(one, sum, TLanes.Load(sums + (block * step) + i));
            }
            TLanes.Store(sums + i, sum);
        }
        if (!TProduct.IsTurned)
        {
            Store(buffers, sizes, *layout, sums, pitch, batch, row, rows, 0, layout->Columns);
            return;
        }
        T* turned = new ChunkMemory(*layout, scratch).Turned;
        for (long column = 0; column < layout->Columns; column += layout->TileColumns)
        {
            long across = Math.Min(layout->TileColumns, layout->Columns - column);
            TileTranspose<T>.Run(sums + column, pitch, across, rows, turned, TurnedRows, past: false);
            TProduct.Store(buffers, sizes, turned, TurnedRows, batch, column, across, row, rows);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(byte** buffers, long* sizes, in PanelLayout layout, long batch, long part, long row, long rows, long column, long columns, in FollowingConstants constants, byte* scratch)
    {
        var memory = new ChunkMemory(layout, scratch);
        long tileRows = layout.TileRowsOf(rows), tileColumns = layout.TileColumns;
        long rowPanels = PanelLayout.Ceiling(rows, tileRows), columnPanels = PanelLayout.Ceiling(columns, tileColumns), last = Math.Min((part + 1) * layout.ChunkBlocks, layout.DepthBlocks);
        bool isPlain = TProduct.IsPlain && !layout.SplitsDepth;
        T* target = isPlain ? TProduct.Target(buffers, sizes, batch) : null;
        long targetPitch = isPlain ? TProduct.Pitch(sizes) : 0;
        bool isLinear = TProduct.IsLinear && !TColumns.HasBorders && !layout.SplitsDepth;
        Ending<T> ending = isLinear ? TProduct.Ending(buffers, sizes, batch) : default;
        // Results that leave the second-level cache are fetched while they are summed, with what is read beside them.
        bool fetchesResults = (isPlain || isLinear) && layout.Batches * layout.Rows * layout.Columns * sizeof(T) * (isLinear ? ending.Arrays : 1) > NearBytes;
        T** updated = stackalloc T*[PanelFetch.MostUpdated];
        long updatedPitch = 0;
        int updates = TProduct.Updates && !layout.SplitsDepth && !TProduct.IsTurned ? TProduct.Updated(buffers, sizes, batch, updated, &updatedPitch) : 0;
        if (layout.Runs > 1 || layout.Rows * layout.Columns * updates * sizeof(T) < PanelFetch.LeastFetched)
        {
            updates = 0;
        }
        // The smaller block stays in the cache while the panels of the other pass by.
        bool rowsInside = rowPanels * tileRows <= columnPanels * tileColumns || rowPanels * tileRows * PanelLayout.BlockDepth * sizeof(T) <= ChunkMemory.InnerBytes;
        if (layout.Depth <= ShortDepth || (!TProduct.IsPlain && !isLinear && columnPanels * tileColumns * Math.Min(layout.Depth, PanelLayout.BlockDepth) * sizeof(T) <= ChunkMemory.InnerBytes))
        {
            // What an epilogue reads and writes is passed along rows; so is all that passes through memory where the depth is short.
            rowsInside = false;
        }
        // A turned tile's rows are columns where it is stored; and with one panel of columns both orders are the same, but rows can run together.
        rowsInside |= TProduct.IsTurned || (columnPanels == 1 && (isPlain || isLinear));
        bool alongRows = !rowsInside && !isPlain && !isLinear && layout.DepthBlocks == 1;
        long run = Math.Max(1, TProduct.IsTurned ? TurnedRows / tileRows : StoredColumns / tileColumns);
        long outer = rowsInside ? columnPanels : rowPanels, inner = rowsInside ? rowPanels : columnPanels;
        bool isOneRun = layout.Runs == 1;
        long firstLeft = layout.FirstLeft, operandRun = isOneRun ? 0 : TColumns.RunStep(sizes), resultRun = isOneRun ? 0 : TProduct.RunStep(sizes), firstAt = isOneRun ? column : InResult(layout, layout.Piece(column).Column, resultRun);
        long lastColumns = columns - ((columnPanels - 1) * tileColumns), lastWidth = VectorWidth(layout, lastColumns);
        bool isFar = ((layout.Rows * layout.Depth) + (layout.Batches * layout.Columns * layout.Depth)) * sizeof(T) > NearBytes;
        // While the rows of a chunk meet a panel of columns, the next one is fetched, a share with each tile; and in the end what the kernel behind this one reads of constants.
        bool fetchesNext = rowsInside && isFar && !TColumns.HasBorders;
        byte* beyond = constants.First;
        long* fetched = stackalloc long[PanelFetch.MostLines];
        new Span<long>(fetched, (int)Math.Min(layout.Depth, PanelLayout.BlockDepth)).Clear();
        int tileVectors = (int)(tileColumns / TLanes.Width), lastVectors = (int)PanelLayout.Ceiling(lastColumns, lastWidth);
        for (long block = part * layout.ChunkBlocks; block < last; block++)
        {
            long k = block * PanelLayout.BlockDepth, count = Math.Min(PanelLayout.BlockDepth, layout.Depth - k);
            bool isFirst = block == 0, isFinished = block == layout.DepthBlocks - 1 && !layout.SplitsDepth;
            Operand a = Rows(buffers, sizes, layout, memory, batch, row, rows, k, count), b = Columns(buffers, sizes, layout, memory, batch, column, columns, k, count);
            bool fetchesTarget = fetchesResults && (isPlain ? isFirst : isFinished);
            long resultPitch = isPlain ? targetPitch : ending.Pitch, near = 0, nextFar = 0, used = 0, beyondLines = 0;
            if (fetchesResults || fetchesNext || beyond is not null)
            {
                (near, nextFar, used) = Fetched(isPlain ? new Ending<T> { Target = target, Pitch = targetPitch } : ending, fetchesTarget, row, firstAt, resultRun, rows, fetchesNext ? b : default, operandRun, inner, tileRows, tileColumns, count, fetched);
            }
            if (beyond is not null)
            {
                beyondLines = PanelFetch.Behind(constants.Bytes * count / Math.Min(layout.Depth, (last - (part * layout.ChunkBlocks)) * PanelLayout.BlockDepth), outer * inner, used, count, fetched);
            }
            for (long o = 0; o < outer; o++)
            {
                for (long n = 0, together; n < inner; n += together)
                {
                    long i = rowsInside ? n : o, j = rowsInside ? o : n;
                    long lines = Math.Min(tileRows, rows - (i * tileRows)), across = j < columnPanels - 1 ? tileColumns : lastColumns, width = j < columnPanels - 1 ? TLanes.Width : lastWidth;
                    int vectors = j < columnPanels - 1 ? tileVectors : lastVectors;
                    long place = column + (j * tileColumns), at = place, following = columnPanels - 1 - j;
                    if (!isOneRun)
                    {
                        (at, long length) = layout.Piece(place);
                        (at, following) = (InResult(layout, at, resultRun), Math.Min(following, length / tileColumns));
                    }
                    // What is left of several runs lies nowhere side by side.
                    bool isLeft = place >= firstLeft, isWhole = across == vectors * width && !isLeft, straight = isPlain && isWhole, ends = isLinear && isFinished && isWhole;
                    T* tile;
                    long pitch;
                    if (straight)
                    {
                        pitch = targetPitch;
                        tile = target + ((row + (i * tileRows)) * pitch) + at;
                    }
                    else if (layout.SplitsDepth)
                    {
                        pitch = layout.PaddedColumns;
                        tile = Partial(layout, buffers, batch, block) + ((row + (i * tileRows)) * pitch) + place;
                    }
                    else
                    {
                        pitch = memory.Pitch;
                        tile = memory.Sums + (i * memory.PanelStep) + (pitch == tileColumns ? 0 : j * tileColumns);
                    }
                    // Whole tiles that nothing is left to do for when they are summed, and meanwhile, run together.
                    together = !TColumns.HasBorders && (!isFinished || ((straight || ends) && updates == 0)) ? Math.Max(1, rowsInside ? (rows / tileRows) - n : following) : 1;
                    if (updates > 0 && isFinished)
                    {
                        // What the next tile's epilogue reads is on its way while this tile is summed.
                        long next = n < inner - 1 ? n + 1 : 0, over = n < inner - 1 ? o : o + 1, nextRow = (rowsInside ? next : over) * tileRows, nextColumn = (rowsInside ? over : next) * tileColumns;
                        if (over < outer)
                        {
                            for (int array = 0; array < updates; array++)
                            {
                                PanelFetch.Block((byte*)(updated[array] + ((row + nextRow) * updatedPitch) + column + nextColumn), updatedPitch * sizeof(T), Math.Min(tileRows, rows - nextRow), Math.Min(tileColumns, columns - nextColumn) * sizeof(T));
                            }
                        }
                    }
                    T* left = a.Panel(i), right = ColumnPanel(layout, b, column, j, operandRun), inPlace = right;
                    long rightStep = b.DepthStep;
                    if (layout.ColumnMode == OperandMode.Direct && (isLeft || across != vectors * width))
                    {
                        rightStep = vectors * width;
                        right = !isLeft ? memory.Columns : layout.PacksLeftOnce ? LeftPanel(layout, buffers, batch, place) + (k * rightStep) : memory.Columns + ((place - Math.Max(column, firstLeft)) * count);
                    }
                    if (TColumns.HasBorders)
                    {
                        Ranges(memory.Ranges + (j * RangeStride), (int)lines, vectors, a, left, right, rightStep, tile, pitch, isFirst, fetched);
                    }
                    else
                    {
                        var tiles = new TileRun<T>
                        {
                            Count = together,
                            Rows = left,
                            RowStep = a.LineStep,
                            RowDepthStep = a.DepthStep,
                            NextRows = rowsInside ? a.PanelStep : 0,
                            Columns = right,
                            ColumnDepthStep = rightStep,
                            NextColumns = rowsInside ? 0 : b.PanelStep,
                            Depth = count,
                            Tile = tile,
                            Pitch = pitch,
                            NextTile = rowsInside ? (straight || layout.SplitsDepth ? tileRows * pitch : memory.PanelStep) : isPlain && !straight ? 0 : tileColumns,
                            Adds = !isFirst && !layout.SplitsDepth,
                            Ends = ends,
                            Ending = ends ? ending.From(row + (i * tileRows), at) : default,
                            NextTarget = rowsInside ? tileRows * ending.Pitch : tileColumns,
                            NextAdded = rowsInside ? 0 : tileColumns,
                            NextRowsAdded = rowsInside ? tileRows : 0,
                            Fetches = fetchesTarget,
                            Lines = fetched,
                            NearLines = near,
                            Near = (byte*)(ends ? ending.Target + ((row + (i * tileRows)) * ending.Pitch) + at : tile),
                            NextNear = sizeof(T) * (rowsInside ? tileRows * resultPitch : tileColumns),
                            Far = (byte*)(!fetchesNext ? right : o < outer - 1 && !(layout.ColumnMode == OperandMode.Direct && place + tileColumns >= firstLeft && !isOneRun) ? ColumnPanel(layout, b, column, o + 1, operandRun)
                                : block < last - 1 ? ColumnPanel(layout, b, column, 0, operandRun) + (count * b.DepthStep)
                                : inPlace) + (n * nextFar),
                            NextFar = nextFar,
                            BeyondLines = beyondLines,
                            Beyond = beyond,
                            NextBeyond = beyondLines * Line,
                        };
                        if (width < TLanes.Width)
                        {
                            Tiles<Lanes256<T>, Vector256<T>, T>.Run((int)lines, vectors, &tiles);
                        }
                        else
                        {
                            Tiles<TLanes, TVector, T>.Run((int)lines, vectors, &tiles);
                        }
                        // What rounding up makes too much is fetched twice.
                        beyond = beyond is null ? null : beyond + Math.Min(together * beyondLines * Line, constants.First + constants.Bytes - beyond - (beyondLines * Line));
                    }
                    if (isFinished && TProduct.IsTurned)
                    {
                        TileTranspose<T>.Run(tile, pitch, across, lines, memory.Turned + (i % run * tileRows), TurnedRows, past: false);
                        if ((i + 1) % run == 0 || i == rowPanels - 1)
                        {
                            long start = i / run * run * tileRows;
                            TProduct.Store(buffers, sizes, memory.Turned, TurnedRows, batch, column + (j * tileColumns), across, row + start, Math.Min(rows, (i + 1) * tileRows) - start);
                        }
                    }
                    else if (isFinished && !straight && alongRows)
                    {
                        if ((j + 1) % run == 0 || j == columnPanels - 1)
                        {
                            long start = j / run * run * tileColumns;
                            Store(buffers, sizes, layout, memory.Sums + start, pitch, batch, row + (i * tileRows), lines, column + start, Math.Min(columns, (j + 1) * tileColumns) - start);
                        }
                    }
                    else if (isFinished && !straight && !ends)
                    {
                        Store(buffers, sizes, layout, tile, pitch, batch, row + (i * tileRows), lines, place, across);
                    }
                }
            }
        }
    }

    /// <summary>Sums what a panel of columns has of a block; how many ranges that are depends on the tile's width, so the sums go on in the order of depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ranges(long* ranges, int lines, int vectors, in Operand a, T* left, T* right, long rightStep, T* tile, long pitch, bool isFirst, long* none)
    {
        for (long i = 0; i < ranges[0]; i++)
        {
            long from = ranges[1 + (2 * i)], to = ranges[2 + (2 * i)];
            T* columns = right + (from * rightStep);
            var tiles = new TileRun<T>
            {
                Count = 1,
                Rows = left + (from * a.DepthStep),
                RowStep = a.LineStep,
                RowDepthStep = a.DepthStep,
                Columns = columns,
                ColumnDepthStep = rightStep,
                Depth = to - from,
                Tile = tile,
                Pitch = pitch,
                GoesOn = !isFirst || i > 0,
                Lines = none,
                Far = (byte*)columns,
            };
            Tiles<TLanes, TVector, T>.Run(lines, vectors, &tiles);
        }
    }
}
