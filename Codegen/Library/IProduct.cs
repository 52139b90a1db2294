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

    /// <summary>Whether lines, or those of each run, and depths step evenly through memory, so that it can be read in place.</summary>
    static abstract bool IsMatrix { get; }

    /// <summary>Elements from a line to the next of a matrix.</summary>
    static abstract long LineStep(long* sizes);

    /// <summary>Elements from a run of lines to the next, where there are several, see <see cref="IProduct{T}.RunColumns"/>.</summary>
    static abstract long RunStep(long* sizes);

    /// <summary>Elements from a depth to the next of a matrix.</summary>
    static abstract long DepthStep(long* sizes);

    /// <summary>Whether each product of a batch has its own; else all have the same.</summary>
    static abstract bool HasBatch { get; }

    /// <summary>Position of the only buffer that it reads.</summary>
    static abstract int Buffer { get; }

    /// <summary>Whether some lines have elements in a part of the depth only: whether <see cref="Ranges"/> ever says less than all.</summary>
    static abstract bool HasBorders { get; }

    /// <summary>How many lines, from one at a multiple of this number on, have the same <see cref="Ranges"/>; 0 without borders.</summary>
    static abstract long Alike { get; }

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

/// <summary>What emitted code supplies for one contraction: its extents, and what becomes of a finished tile.</summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IProduct<T>
    where T : unmanaged
{
    /// <summary>Number of sizes; behind them lies the kernel's room, see <see cref="KernelRoom"/>.</summary>
    static abstract int Sizes { get; }

    /// <summary>Position of the memory shared by all chunks among the buffers; behind it, that of panels of the streamed side packed ahead, or null.</summary>
    static abstract int Shared { get; }

    /// <summary>Number of independent products.</summary>
    static abstract long Batches(long* sizes);

    /// <summary>Rows of a product.</summary>
    static abstract long Rows(long* sizes);

    /// <summary>Columns of a product, which become lanes.</summary>
    static abstract long Columns(long* sizes);

    /// <summary>Columns of a run: all, or those of an image where the operand's columns step evenly within an image only.</summary>
    static abstract long RunColumns(long* sizes);

    /// <summary>Number of terms in the sum.</summary>
    static abstract long Depth(long* sizes);

    /// <summary>Whether sums are stored as they are, columns of a run side by side and rows evenly spaced: tiles then go straight to where they belong.</summary>
    static abstract bool IsPlain { get; }

    /// <summary>Whether rows and columns are those of the result's transpose: each tile is turned before the epilogue gets it, whose rows are the product's columns.</summary>
    static abstract bool IsTurned { get; }

    /// <summary>Whether the epilogue reads an array where it then stores, as an optimiser does with its weights.</summary>
    static abstract bool Updates { get; }

    /// <summary>Where such arrays begin, at most <see cref="PanelFetch.MostUpdated"/> of them, and how far apart their rows are, if they are; returns how many there are.</summary>
    static abstract int Updated(byte** buffers, long* sizes, long batch, T** arrays, long* pitch);

    /// <summary>Where the first sum of a plain product is stored.</summary>
    static abstract T* Target(byte** buffers, long* sizes, long batch);

    /// <summary>Elements from a row of a plain result to the next.</summary>
    static abstract long Pitch(long* sizes);

    /// <summary>Elements from a run of columns to the next, of a result that is plain or ends in registers.</summary>
    static abstract long RunStep(long* sizes);

    /// <summary>Whether the epilogue is an <see cref="Ending{T}"/> over columns of a run side by side and rows evenly spaced.</summary>
    static abstract bool IsLinear { get; }

    /// <summary>The epilogue, where it is.</summary>
    static abstract Ending<T> Ending(byte** buffers, long* sizes, long batch);

    /// <summary>The epilogue: computes what follows the sum and stores it, for a part of a tile whose rows are <paramref name="pitch"/> apart.</summary>
    static abstract void Store(byte** buffers, long* sizes, T* tile, long pitch, long batch, long row, long rows, long column, long columns);
}
