using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <content>The blocks of operands: where they lie, and how they are packed.</content>
public static unsafe partial class Panels<TLanes, TVector, T, TProduct, TRows, TColumns>
{
    /// <summary>The rows of a chunk in one block of depth, packed if that is their mode.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Operand Rows(byte** buffers, long* sizes, in PanelLayout layout, in ChunkMemory memory, long batch, long row, long rows, long k, long count)
    {
        long width = layout.TileRows;
        if (layout.RowMode == OperandMode.Direct)
        {
            long offset, step = TRows.LineStep(sizes), depthStep = TRows.DepthStep(sizes);
            TRows.Lines(sizes, batch, row, 1, &offset);
            return new Operand(TRows.Base(buffers) + offset + (k * depthStep), layout.TileRowsOf(rows) * step, step, depthStep);
        }
        T* packed = layout.RowMode == OperandMode.Resident ? (T*)buffers[TProduct.Shared] : (T*)buffers[TProduct.Shared + 1];
        if (packed is not null)
        {
            long first = (TRows.HasBatch ? batch * layout.RowPanels : 0) + (row / width);
            return new Operand(packed + (((first * layout.Depth) + k) * width), layout.Depth * width, 1, width);
        }
        TRows.Depths(sizes, k, count, memory.Depths);
        for (long line = 0; line < rows; line += width)
        {
            Packing<TLanes, TVector, T, TRows>.Panel(buffers, sizes, batch, row + line, Math.Min(width, rows - line), width, k, count, memory.Depths, memory.Rows + (line * count));
        }
        return new Operand(memory.Rows, width * count, 1, width);
    }

    /// <summary>The columns of a chunk in one block of depth, packed if that is their mode; read in place, a last panel without all columns is packed nevertheless, and so is what is left of several runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Operand Columns(byte** buffers, long* sizes, in PanelLayout layout, in ChunkMemory memory, long batch, long column, long columns, long k, long count)
    {
        long width = layout.TileColumns;
        if (layout.ColumnMode == OperandMode.Direct)
        {
            long offset, step = TColumns.DepthStep(sizes), whole = columns / width * width, place = layout.Runs > 1 ? Math.Max(column, layout.FirstLeft) : column + whole;
            TColumns.Lines(sizes, batch, layout.Runs > 1 ? 0 : column, 1, &offset);
            if (!layout.PacksLeftOnce && place < column + columns)
            {
                TColumns.Depths(sizes, k, count, memory.Depths);
            }
            for (T* target = memory.Columns; !layout.PacksLeftOnce && place < column + columns; place += width, target += width * count)
            {
                long across = Math.Min(width, column + columns - place), lanes = VectorWidth(layout, across), padded = PanelLayout.Ceiling(across, lanes) * lanes;
                if (layout.Runs > 1 || padded != across)
                {
                    Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, layout, batch, place, across, padded, k, count, memory.Depths, target);
                }
            }
            return new Operand(TColumns.Base(buffers) + offset + (k * step), width, 1, step);
        }
        T* packed = layout.ColumnMode == OperandMode.Resident ? ResidentColumns(layout, (T*)buffers[TProduct.Shared]) : (T*)buffers[TProduct.Shared + 1];
        if (packed is not null)
        {
            return new Operand(packed + (((((batch * layout.ColumnPanels) + (column / width)) * layout.Depth) + k) * width), layout.Depth * width, 1, width);
        }
        TColumns.Depths(sizes, k, count, memory.Depths);
        for (long line = 0; line < columns; line += width)
        {
            T* panel = memory.Columns + (line * count);
            if (TColumns.HasBorders)
            {
                PackRanges(buffers, sizes, batch, column + line, Math.Min(width, columns - line), width, k, count, memory.Depths, memory.Ranges + (line / width * RangeStride), panel);
            }
            else
            {
                Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, layout, batch, column + line, Math.Min(width, columns - line), width, k, count, memory.Depths, panel);
            }
        }
        return new Operand(memory.Columns, width * count, 1, width);
    }

    /// <summary>
    /// Packs what a block of depth has of one panel of columns, and says where: the number of ranges, then their bounds. The first block always has
    /// a range, an empty one if need be, with which its sums begin at 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRanges(byte** buffers, long* sizes, long batch, long line, long lines, long width, long k, long count, long* depths, long* ranges, T* target)
    {
        long* bounds = stackalloc long[2 * PanelLayout.MostRanges];
        long found = 0;
        int all = TColumns.Ranges(sizes, batch, line, bounds);
        for (int i = 0; i < all; i++)
        {
            long from = Math.Max(bounds[2 * i], k) - k, to = Math.Min(bounds[(2 * i) + 1], k + count) - k;
            if (from < to)
            {
                Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, batch, line, lines, width, k + from, to - from, depths + from, target + (from * width));
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

    /// <summary>Packs some panels of a side, one behind the other, over a range of depth that begins with a block, to where they lie among those of all batches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels(bool rows, byte** buffers, long* sizes, in PanelLayout layout, long first, long last, long from, long to, T* target)
    {
        long* depths = stackalloc long[(int)PanelLayout.BlockDepth];
        bool left = !rows && layout.PacksLeftOnce;
        long perBatch = rows ? layout.RowPanels : left ? layout.LeftPanels : layout.ColumnPanels, width = rows ? layout.TileRows : layout.TileColumns, lines = rows ? layout.Rows : layout.Columns;
        for (long k = from; k < to; k += PanelLayout.BlockDepth)
        {
            long count = Math.Min(PanelLayout.BlockDepth, to - k);
            if (rows)
            {
                TRows.Depths(sizes, k, count, depths);
            }
            else
            {
                TColumns.Depths(sizes, k, count, depths);
            }
            for (long panel = first; panel < last; panel++)
            {
                long batch = panel / perBatch, line = (left ? layout.FirstLeft : 0) + (panel % perBatch * width), across = Math.Min(width, lines - line), lanes = left ? VectorWidth(layout, across) : width, padded = PanelLayout.Ceiling(across, lanes) * lanes;
                T* packed = target + (panel * layout.Depth * width) + (k * padded);
                if (rows)
                {
                    Packing<TLanes, TVector, T, TRows>.Panel(buffers, sizes, batch, line, across, width, k, count, depths, packed);
                }
                else
                {
                    Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, layout, batch, line, across, padded, k, count, depths, packed);
                }
            }
        }
    }

    /// <summary>A block of one operand as micro-kernels read it.</summary>
    private readonly struct Operand(T* first, long panelStep, long lineStep, long depthStep)
    {
        public long PanelStep { get; } = panelStep;

        public long LineStep { get; } = lineStep;

        public long DepthStep { get; } = depthStep;

        public T* Panel(long panel) => first + (panel * PanelStep);
    }
}
