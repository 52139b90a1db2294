using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The panel schedule of a contraction C[row, column] = Σ depth: A·B (after Goto and van de Geijn, "Anatomy of high-performance matrix
/// multiplication", 2008): operands are packed into panels and met in register tiles. Each element is summed in the order of depth,
/// since a block of depth takes up the sum where the last one left it; so blocking, tile and threads never show in a result.
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
public static unsafe class Panels<TLanes, TVector, T, TProduct, TRows, TColumns>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IProduct<T>
    where TRows : struct, IOperand<T>
    where TColumns : struct, IOperand<T>
{
    private const long Line = 64;
    private const long RangeStride = 1 + (2 * PanelLayout.MostRanges);

    private static int TileColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TLanes.Width;
    }

    /// <summary>Bytes that each worker needs: a packed block, a finished tile, and unfinished ones where the depth is cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Scratch(long* sizes)
    {
        PanelLayout layout = Layout(sizes);
        long unfinished = layout.DepthBlocks > 1 ? layout.ResidentPanels * layout.BlockPanels * TileElements : 0;
        return ((BlockStride(layout) + TileElements + TileColumns + unfinished) * sizeof(T)) + (RangeStride * layout.BlockPanels * sizeof(long)) + (8 * Line);
    }

    /// <summary>Bytes that all chunks share: the streamed side's depth offsets and the resident panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Shared(long* sizes)
    {
        PanelLayout layout = Layout(sizes);
        return DepthBytes(layout) + (layout.ResidentElements * sizeof(T)) + Line;
    }

    /// <summary>Position of the only buffer that the first phase reads: where it is a constant, its panels need packing only once.</summary>
    public static long Packs(long* sizes) => Layout(sizes).StreamsColumns ? TRows.Buffer : TColumns.Buffer;

    /// <summary>
    /// Position of the only buffer that the streamed side reads: where it is a constant, its panels may be packed once too and handed over behind
    /// the shared memory; −1 where they hold a part of the depth only.
    /// </summary>
    public static long Streams(long* sizes) => !Layout(sizes).StreamsColumns ? TRows.Buffer : TColumns.HasBorders ? -1 : TColumns.Buffer;

    /// <summary>Bytes of all panels of the streamed side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long StreamedBytes(long* sizes)
    {
        PanelLayout layout = Layout(sizes);
        return layout.Batches * layout.StreamedPanels * layout.StreamedWidth * layout.Depth * sizeof(T);
    }

    /// <summary>Packs the panels that a chunk of the second phase streams, for good.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackAhead(byte** buffers, long* sizes, long chunk)
    {
        PanelLayout layout = Layout(sizes);
        long batch = chunk / layout.ChunksPerBatch, first = chunk % layout.ChunksPerBatch * layout.BlockPanels;
        PackPanels(!layout.StreamsColumns, buffers, sizes, batch, first, Math.Min(first + layout.BlockPanels, layout.StreamedPanels), layout.StreamedWidth, layout.StreamedLines, layout.Depth,
            Streamed(layout, (T*)buffers[TProduct.Shared + 1], batch, first));
    }

    /// <summary>Chunks of the first phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long PackChunks(long* sizes)
    {
        PanelLayout layout = Layout(sizes);
        return layout.IsEmpty ? 0 : layout.Batches * layout.PackChunksPerBatch;
    }

    /// <summary>Chunks of the second phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Chunks(long* sizes)
    {
        PanelLayout layout = Layout(sizes);
        return layout.IsEmpty ? 0 : layout.Batches * layout.ChunksPerBatch;
    }

    /// <summary>The first phase: packs some panels of the resident side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte** buffers, long* sizes, long chunk)
    {
        PanelLayout layout = Layout(sizes);
        byte* shared = buffers[TProduct.Shared];
        if (chunk == 0)
        {
            Depths(!layout.StreamsColumns, sizes, 0, layout.Depth, (long*)shared);
        }
        long batch = chunk / layout.PackChunksPerBatch, first = chunk % layout.PackChunksPerBatch * layout.PackPanels;
        PackPanels(layout.StreamsColumns, buffers, sizes, batch, first, Math.Min(first + layout.PackPanels, layout.ResidentPanels), layout.ResidentWidth, layout.ResidentLines, layout.Depth,
            Resident(layout, shared, batch, first));
    }

    /// <summary>Packs some panels of a side over the whole depth, one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels(bool rows, byte** buffers, long* sizes, long batch, long first, long last, long width, long lines, long depth, T* target)
    {
        long* depths = stackalloc long[(int)PanelLayout.BlockDepth];
        for (long k = 0; k < depth; k += PanelLayout.BlockDepth)
        {
            long count = Math.Min(PanelLayout.BlockDepth, depth - k);
            Depths(rows, sizes, k, count, depths);
            for (long panel = first; panel < last; panel++)
            {
                long line = panel * width;
                PackPanel(rows, buffers, sizes, batch, line, Math.Min(width, lines - line), width, k, count, depths, target + ((((panel - first) * depth) + k) * width));
            }
        }
    }

    /// <summary>The second phase: packs a block of the streamed side, meets it with every resident panel, and stores what is finished.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        PanelLayout layout = Layout(sizes);
        byte* shared = buffers[TProduct.Shared];
        long* depths = (long*)shared;
        long batch = chunk / layout.ChunksPerBatch, first = chunk % layout.ChunksPerBatch * layout.BlockPanels;
        long panels = Math.Min(layout.BlockPanels, layout.StreamedPanels - first);
        T* packed = (T*)buffers[TProduct.Shared + 1];
        long* ranges = (long*)scratch;
        T* block = (T*)(ranges + Aligned(RangeStride * layout.BlockPanels)), tile = block + Aligned(BlockStride(layout)), unfinished = tile + Aligned(TileElements + TileColumns);
        for (long b = 0; b < layout.DepthBlocks; b++)
        {
            long k = b * PanelLayout.BlockDepth, count = Math.Min(PanelLayout.BlockDepth, layout.Depth - k);
            for (long p = 0; p < panels && packed is null; p++)
            {
                PackStreamed(layout, buffers, sizes, batch, first + p, k, count, depths, ranges + (p * RangeStride), block + (p * layout.StreamedWidth * count));
            }
            bool finished = b == layout.DepthBlocks - 1;
            for (long r = 0; r < layout.ResidentPanels; r++)
            {
                T* resident = Resident(layout, shared, batch, r) + (k * layout.ResidentWidth);
                for (long p = 0; p < panels; p++)
                {
                    T* streamed = packed is null ? block + (p * layout.StreamedWidth * count) : Streamed(layout, packed, batch, first + p) + (k * layout.StreamedWidth);
                    T* sum = layout.DepthBlocks > 1 ? unfinished + (((r * panels) + p) * TileElements) : tile;
                    T* a = layout.StreamsColumns ? resident : streamed, c = layout.StreamsColumns ? streamed : resident;
                    long* range = ranges + (p * RangeStride);
                    if (packed is not null)
                    {
                        Tile(a, c, count, sum, resumes: false, adds: b > 0);
                    }
                    for (long i = 0; packed is null && i < range[0]; i++)
                    {
                        long from = range[1 + (2 * i)], to = range[2 + (2 * i)];
                        // How many ranges a block has depends on the tile's width, so these go on in the order of depth.
                        Tile(a + (from * TProduct.TileRows), c + (from * TileColumns), to - from, sum, resumes: TColumns.HasBorders && (b > 0 || i > 0), adds: !TColumns.HasBorders && b > 0);
                    }
                    if (finished)
                    {
                        long row = layout.StreamsColumns ? r * TProduct.TileRows : (first + p) * TProduct.TileRows;
                        long column = layout.StreamsColumns ? (first + p) * TileColumns : r * TileColumns;
                        TProduct.Store(buffers, sizes, sum, TileColumns, batch, row, Math.Min(TProduct.TileRows, layout.Rows - row), column, Math.Min(TileColumns, layout.Columns - column));
                    }
                }
            }
        }
    }

    /// <summary>
    /// Packs what a block of depth has of one streamed panel, and says where: the number of ranges, then their bounds. The first block always has
    /// a range, an empty one if need be, with which its sums begin at 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackStreamed(in PanelLayout layout, byte** buffers, long* sizes, long batch, long panel, long k, long count, long* depths, long* ranges, T* target)
    {
        long line = panel * layout.StreamedWidth, lines = Math.Min(layout.StreamedWidth, layout.StreamedLines - line), found = 0;
        long* bounds = stackalloc long[2 * PanelLayout.MostRanges];
        int all = layout.StreamsColumns ? TColumns.Ranges(sizes, batch, line, bounds) : TRows.Ranges(sizes, batch, line, bounds);
        for (int i = 0; i < all; i++)
        {
            long from = Math.Max(bounds[2 * i], k) - k, to = Math.Min(bounds[(2 * i) + 1], k + count) - k;
            if (from < to)
            {
                PackPanel(!layout.StreamsColumns, buffers, sizes, batch, line, lines, layout.StreamedWidth, k + from, to - from, depths + k + from, target + (from * layout.StreamedWidth));
                (ranges[1 + (2 * found)], ranges[2 + (2 * found)]) = (from, to);
                found++;
            }
        }
        if (found == 0 && k == 0)
        {
            (ranges[1], ranges[2], found) = (0, 0, 1);
        }
        ranges[0] = found;
    }

    private static long TileElements => TProduct.TileRows * TileColumns;

    private static PanelLayout Layout(long* sizes) =>
        new(TProduct.Batches(sizes), TProduct.Rows(sizes), TProduct.Columns(sizes), TProduct.Depth(sizes), TProduct.TileRows, TileColumns);

    private static long Aligned(long elements) => (elements + 15) & ~15L;

    private static long BlockStride(in PanelLayout layout) => layout.BlockPanels * layout.StreamedWidth * Math.Min(PanelLayout.BlockDepth, layout.Depth);

    private static long DepthBytes(in PanelLayout layout) => ((layout.Depth * sizeof(long)) + Line - 1) & ~(Line - 1);

    private static T* Resident(in PanelLayout layout, byte* shared, long batch, long panel) =>
        (T*)(shared + DepthBytes(layout)) + (((batch * layout.ResidentPanels) + panel) * layout.ResidentWidth * layout.Depth);

    private static T* Streamed(in PanelLayout layout, T* packed, long batch, long panel) =>
        packed + (((batch * layout.StreamedPanels) + panel) * layout.StreamedWidth * layout.Depth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Depths(bool rows, long* sizes, long first, long count, long* depths)
    {
        if (rows)
        {
            TRows.Depths(sizes, first, count, depths);
        }
        else
        {
            TColumns.Depths(sizes, first, count, depths);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanel(bool rows, byte** buffers, long* sizes, long batch, long line, long lines, long width, long firstDepth, long count, long* depths, T* panel)
    {
        if (rows)
        {
            Packing<TLanes, TVector, T, TRows>.Panel(buffers, sizes, batch, line, lines, width, firstDepth, count, depths, panel);
        }
        else
        {
            Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, batch, line, lines, width, firstDepth, count, depths, panel);
        }
    }

    /// <summary>The micro-kernel for the product's number of rows, which is a constant to the JIT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(T* a, T* b, long depth, T* tile, bool resumes, bool adds)
    {
        switch (TProduct.TileRows)
        {
            case 1:
                MicroKernel<TLanes, TVector, T, Rows1>.Run(a, b, depth, tile, resumes, adds);
                break;
            case 2:
                MicroKernel<TLanes, TVector, T, Rows2>.Run(a, b, depth, tile, resumes, adds);
                break;
            case 3:
                MicroKernel<TLanes, TVector, T, Rows3>.Run(a, b, depth, tile, resumes, adds);
                break;
            case 4:
                MicroKernel<TLanes, TVector, T, Rows4>.Run(a, b, depth, tile, resumes, adds);
                break;
            case 5:
                MicroKernel<TLanes, TVector, T, Rows5>.Run(a, b, depth, tile, resumes, adds);
                break;
            case 6:
                MicroKernel<TLanes, TVector, T, Rows6>.Run(a, b, depth, tile, resumes, adds);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"a tile of {TProduct.TileRows} rows");
        }
    }
}
