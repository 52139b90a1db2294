using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <content>Where tiles of columns lie in operand and result, and what they fetch.</content>
public static unsafe partial class Panels<TLanes, TVector, T, TProduct, TRows, TColumns>
{
    /// <summary>Where a column lies in a row of a result whose runs are so many elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long InResult(in PanelLayout layout, long column, long runStep)
    {
        long run = column / layout.RunColumns;
        return (run * runStep) + column - (run * layout.RunColumns);
    }

    /// <summary>A panel of the columns of a chunk; of several runs in place one that is whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* ColumnPanel(in PanelLayout layout, in Operand columns, long column, long panel, long runStep) => layout.Runs == 1 || layout.ColumnMode != OperandMode.Direct
        ? columns.Panel(panel) : columns.Panel(0) + InResult(layout, layout.Piece(Math.Min(column + (panel * layout.TileColumns), layout.FirstLeft - 1)).Column, runStep);

    /// <summary>Hands over to the epilogue what has been summed of some places in the order of tiles, piece by piece as columns follow each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(byte** buffers, long* sizes, in PanelLayout layout, T* tile, long pitch, long batch, long row, long rows, long place, long columns)
    {
        for (long end = place + columns; place < end;)
        {
            (long column, long length) = layout.Piece(place);
            length = Math.Min(length, end - place);
            TProduct.Store(buffers, sizes, tile, pitch, batch, row, rows, column, length);
            tile += length;
            place += length;
        }
    }

    /// <summary>
    /// Lists what tiles of a block fetch: what they are stored over and what is read beside it, and, each a share, the next panel of columns. Returns how many the first are, the bytes from a
    /// tile's share to the next one's, and how many lines there are in all.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (long Near, long NextFar, long Used) Fetched(in Ending<T> ending, bool target, long row, long column, long resultRun, long rows, in Operand columns, long operandRun, long inner, long tileRows, long tileColumns, long count, long* lines)
    {
        long near = 0, pitch = ending.Pitch * sizeof(T), bytes = tileColumns * sizeof(T);
        if (target)
        {
            bool isAlike = ((bytes | (tileRows * pitch) | (resultRun * sizeof(T))) & (Line - 1)) == 0;
            long offset = (row * ending.Pitch) + column, most = Math.Min(tileRows, rows);
            byte* origin = (byte*)(ending.Target + offset);
            near = PanelFetch.List(origin, pitch, most, bytes, isAlike, origin, lines, near, PanelFetch.MostLines);
            near = ending.Others is null || ending.Others == ending.Target ? near : PanelFetch.List((byte*)(ending.Others + offset), pitch, most, bytes, isAlike, origin, lines, near, PanelFetch.MostLines);
            near = ending.Gates is null ? near : PanelFetch.List((byte*)(ending.Gates + offset), pitch, most, bytes, isAlike, origin, lines, near, PanelFetch.MostLines);
        }
        long all = near, next = 0;
        if (columns.DepthStep != 0)
        {
            // What is packed lies in one piece.
            bool isOne = columns.DepthStep == tileColumns;
            long step = columns.DepthStep * sizeof(T), share = isOne ? PanelLayout.Ceiling(count * bytes / Line, inner) : PanelLayout.Ceiling(count, inner);
            byte* first = (byte*)columns.Panel(0);
            bool isAligned = (((nint)first | step | bytes | (operandRun * sizeof(T))) & (Line - 1)) == 0;
            all = isOne ? PanelFetch.List(null, Line, share, Line, true, null, lines, all, count) : PanelFetch.List(first, step, share, bytes, isAligned, first, lines, all, count);
            next = share * (isOne ? Line : step);
        }
        for (long i = all; i < count; i++)
        {
            lines[i] = 0;
        }
        return (near, next, all);
    }

    /// <summary>
    /// How many columns a vector of a tile of so many has: a last tile of few columns takes halves of the widest vectors, which leave fewer lanes idle and
    /// of which the machine loads and multiplies two at a time.
    /// </summary>
    private static int VectorWidth(in PanelLayout layout, long columns)
    {
        int half = TLanes.Width / 2;
        return typeof(TLanes) == typeof(Lanes512<T>) && !TColumns.HasBorders && PanelChoice.IsHalved(PanelLayout.Ceiling(columns, half), layout.Depth) ? half : TLanes.Width;
    }
}
