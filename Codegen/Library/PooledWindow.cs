namespace Symbolic.Codegen.Library;

/// <summary>
/// The windows by which the results of a convolution are pooled, as the gradient with respect to its kernels meets them: how they move over the results, and where each one's value and the position of its maximum lie.
/// </summary>
public readonly struct PooledWindow
{
    /// <summary>Rows of windows.</summary>
    public long Rows { get; init; }

    /// <summary>Windows of a row.</summary>
    public long Columns { get; init; }

    /// <summary>Rows of a window.</summary>
    public long SizeY { get; init; }

    /// <summary>Columns of a window.</summary>
    public long SizeX { get; init; }

    /// <summary>Result rows from window to window.</summary>
    public long StrideY { get; init; }

    /// <summary>Result columns from window to window.</summary>
    public long StrideX { get; init; }

    /// <summary>Result rows from row to row of a window.</summary>
    public long DilationY { get; init; }

    /// <summary>Result columns from column to column of a window.</summary>
    public long DilationX { get; init; }

    /// <summary>Rows above the results that the first window has.</summary>
    public long Top { get; init; }

    /// <summary>Columns left of the results that the first window has.</summary>
    public long Left { get; init; }

    /// <summary>From group to group of values.</summary>
    public long ValueGroup { get; init; }

    /// <summary>From image to image.</summary>
    public long ValueStep { get; init; }

    /// <summary>From filter to filter.</summary>
    public long ValueFilter { get; init; }

    /// <summary>From row to row.</summary>
    public long ValueRow { get; init; }

    /// <summary>From column to column.</summary>
    public long ValueColumn { get; init; }

    /// <summary>From group to group of positions.</summary>
    public long PositionGroup { get; init; }

    /// <summary>From image to image.</summary>
    public long PositionStep { get; init; }

    /// <summary>From filter to filter.</summary>
    public long PositionFilter { get; init; }

    /// <summary>From row to row.</summary>
    public long PositionRow { get; init; }

    /// <summary>From column to column.</summary>
    public long PositionColumn { get; init; }

    /// <summary>Elements of a window.</summary>
    public long Size => SizeY * SizeX;

    /// <summary>The rows of results, from the first to behind the last, that some rows of windows meet.</summary>
    /// <param name="from">The first row of windows.</param>
    /// <param name="count">How many.</param>
    /// <param name="extent">Rows of results.</param>
    public (long From, long To) Met(long from, long count, long extent)
    {
        long first = Math.Clamp((from * StrideY) - Top, 0, extent), last = ((from + count - 1) * StrideY) - Top + ((SizeY - 1) * DilationY) + 1;
        return (first, Math.Clamp(last, first, extent));
    }
}
