namespace Symbolic.Codegen.Library;

/// <summary>
/// One operand of a contraction, as emitted code describes it: lines (rows or columns of the product) by depth. Offsets count
/// elements from the operand's base.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IOperand<T>
    where T : unmanaged
{
    /// <summary>Whether an element's offset is that of its line plus that of its depth; if not, elements are asked for one by one.</summary>
    static abstract bool IsSeparable { get; }

    /// <summary>Position of the only buffer that it reads.</summary>
    static abstract int Buffer { get; }

    /// <summary>Whether some lines have elements in a part of the depth only: whether <see cref="Ranges"/> ever says less than all.</summary>
    static abstract bool HasBorders { get; }

    /// <summary>The operand's first element.</summary>
    static abstract T* Base(byte** buffers);

    /// <summary>The offsets of some lines.</summary>
    static abstract void Lines(long* sizes, long batch, long first, long count, long* offsets);

    /// <summary>The offsets of some depths.</summary>
    static abstract void Depths(long* sizes, long first, long count, long* offsets);

    /// <summary>
    /// The ranges of depth, as pairs of first and behind last, in which a line has elements that are not zero; their number. All lines of
    /// a panel that begins at this line have the same.
    /// </summary>
    static abstract int Ranges(long* sizes, long batch, long line, long* ranges);

    /// <summary>One element.</summary>
    static abstract T At(byte** buffers, long* sizes, long batch, long line, long depth);
}

/// <summary>What emitted code supplies for one contraction: its extents, its tile, and what becomes of a finished tile.</summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IProduct<T>
    where T : unmanaged
{
    /// <summary>Rows of a tile, 1 to 6.</summary>
    static abstract int TileRows { get; }

    /// <summary>Position of the memory shared by all chunks among the buffers; behind it, that of panels of the streamed side packed ahead, or null.</summary>
    static abstract int Shared { get; }

    /// <summary>Number of independent products.</summary>
    static abstract long Batches(long* sizes);

    /// <summary>Rows of a product.</summary>
    static abstract long Rows(long* sizes);

    /// <summary>Columns of a product, which become lanes.</summary>
    static abstract long Columns(long* sizes);

    /// <summary>Number of terms in the sum.</summary>
    static abstract long Depth(long* sizes);

    /// <summary>The epilogue: computes what follows the sum and stores it, for a part of a tile whose rows are <paramref name="pitch"/> apart.</summary>
    static abstract void Store(byte** buffers, long* sizes, T* tile, long pitch, long batch, long row, long rows, long column, long columns);
}
