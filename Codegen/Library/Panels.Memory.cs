namespace Symbolic.Codegen.Library;

/// <content>The layout that was decided on, and the memory of a chunk.</content>
public static unsafe partial class Panels<TLanes, TVector, T, TProduct, TRows, TColumns>
{
    private static PanelLayout* Layout(long* sizes)
    {
        var layout = (PanelLayout*)(sizes + TProduct.Sizes);
        if (layout->IsDecided == 0)
        {
            *layout = Undecided(sizes);
            PanelChoice.Decide(ref *layout, TLanes.Width, sizeof(T), RowSteps(sizes), ColumnSteps(sizes), TColumns.Alike, TProduct.Updates);
            layout->IsDecided = 1;
        }
        return layout;
    }

    private static PanelLayout Undecided(long* sizes)
    {
        long columns = TProduct.Columns(sizes), run = TProduct.RunColumns(sizes);
        return new()
        {
            Choice = sizes[TProduct.Sizes + KernelRoom.Choice],
            Constants = sizes[TProduct.Sizes + KernelRoom.Constants],
            Batches = TProduct.Batches(sizes),
            RowBatches = TRows.HasBatch ? TProduct.Batches(sizes) : Math.Min(1, TProduct.Batches(sizes)),
            Rows = TProduct.Rows(sizes),
            Columns = columns,
            RunColumns = run,
            Runs = run == 0 ? 1 : columns / run,
            Depth = TProduct.Depth(sizes),
        };
    }

    private static PanelChoice.Steps RowSteps(long* sizes) => new(TRows.IsMatrix, TRows.LineStep(sizes), TRows.DepthStep(sizes), IsConstant(sizes, TRows.Buffer));

    private static PanelChoice.Steps ColumnSteps(long* sizes) => new(TColumns.IsMatrix, TColumns.LineStep(sizes), TColumns.DepthStep(sizes), IsConstant(sizes, TColumns.Buffer));

    private static bool IsConstant(long* sizes, int buffer) => buffer is >= 0 and < 64 && ((sizes[TProduct.Sizes + KernelRoom.Constants] >> buffer) & 1) != 0;

    private static long Aligned(long elements) => (elements + 15) & ~15L;

    private static T* ResidentColumns(in PanelLayout layout, T* shared) => shared + (layout.ResidentRowPanels * layout.TileRows * layout.Depth);

    private static T* LeftPanel(in PanelLayout layout, byte** buffers, long batch, long place) =>
        ResidentColumns(layout, (T*)buffers[TProduct.Shared]) + (((batch * layout.LeftPanels) + ((place - layout.FirstLeft) / layout.TileColumns)) * layout.Depth * layout.TileColumns);

    private static T* Partial(in PanelLayout layout, byte** buffers, long batch, long block) =>
        (T*)buffers[TProduct.Shared] + Aligned(layout.ResidentElements) + (((batch * layout.DepthBlocks) + block) * layout.Rows * layout.PaddedColumns);

    /// <summary>The scratch memory of a chunk, by its parts.</summary>
    private readonly struct ChunkMemory
    {
        /// <summary>Bytes of a block that stays in the second-level cache while panels pass by.</summary>
        public const long InnerBytes = 512 * 1024;

        public ChunkMemory(in PanelLayout layout, byte* scratch)
        {
            Depths = (long*)scratch;
            Ranges = Depths + PanelLayout.BlockDepth;
            Pitch = SumColumns(layout);
            // Sums of one block of depth are stored tile by tile; unfinished ones stay.
            PanelStep = IsUnfinished(layout) ? layout.TileRows * Pitch : 0;
            Sums = (T*)(Ranges + RangeElements(layout));
            Rows = Sums + SumElements(layout);
            Columns = Rows + RowElements(layout);
            Turned = Columns + ColumnElements(layout);
        }

        public long* Depths { get; }

        public long* Ranges { get; }

        public T* Sums { get; }

        public long Pitch { get; }

        public long PanelStep { get; }

        public T* Rows { get; }

        public T* Columns { get; }

        public T* Turned { get; }

        public static long Bytes(in PanelLayout layout) => ((PanelLayout.BlockDepth + RangeElements(layout)) * sizeof(long))
            + ((SumElements(layout) + RowElements(layout) + ColumnElements(layout) + (TProduct.IsTurned ? layout.TileColumns * TurnedRows : 0)) * sizeof(T));

        private static bool IsUnfinished(in PanelLayout layout) => layout.DepthBlocks > 1 && !layout.SplitsDepth;

        private static long SumElements(in PanelLayout layout) =>
            Aligned((IsUnfinished(layout) ? layout.ChunkRows : layout.TileRows) * SumColumns(layout));

        // Of a plain result only a last tile passes through memory, and what is left of several runs.
        private static long SumColumns(in PanelLayout layout) => TProduct.IsPlain && layout.Runs == 1 ? layout.TileColumns : layout.ChunkColumns;

        private static long RangeElements(in PanelLayout layout) => TColumns.HasBorders ? RangeStride * layout.ChunkColumns / layout.TileColumns : 0;

        private static long RowElements(in PanelLayout layout) =>
            layout.RowMode == OperandMode.Streamed ? Aligned(layout.ChunkRows * Math.Min(PanelLayout.BlockDepth, layout.Depth)) : 0;

        private static long ColumnElements(in PanelLayout layout) =>
            Aligned((layout.ColumnMode == OperandMode.Streamed ? layout.ChunkColumns : layout.Runs > 1 ? Math.Min(layout.ChunkColumns, Padded(layout.Columns - layout.FirstLeft, layout.TileColumns)) : layout.TileColumns) * Math.Min(PanelLayout.BlockDepth, layout.Depth));

        private static long Padded(long columns, long width) => PanelLayout.Ceiling(columns, width) * width;
    }
}
