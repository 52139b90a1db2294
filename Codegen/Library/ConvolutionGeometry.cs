namespace Symbolic.Codegen.Library;

/// <summary>
/// Extents and steps of a convolution: y[g, n, k, p] = Σ c, t: image⟨0 outside⟩[g, n, c, (p·stride + t·dilation − before) / up] · kernel[g, k, c, t], where terms
/// whose place is no multiple of <c>up</c> are 0: it is 1 but for transposed convolutions.
/// The gradient with respect to its kernels, w[g, k, c, t] = Σ n, p: y[g, n, k, p] · image⟨0 outside⟩[g, n, c, p·stride + t·dilation − before], has the steps of y where the other has those of the kernels.
/// Steps count elements and may be negative for kernels (the gradient with respect to an image meets them turned round).
/// </summary>
public readonly struct ConvolutionGeometry
{
    /// <summary>A choice among sizes of chunks, see <see cref="ConvolutionChoices"/>; 0 for what a schedule itself prefers.</summary>
    public long Choice { get; init; }

    /// <summary>Independent convolutions.</summary>
    public long Groups { get; init; }

    /// <summary>Images.</summary>
    public long Images { get; init; }

    /// <summary>Channels of an image in one group.</summary>
    public long Channels { get; init; }

    /// <summary>Filters of one group: channels of the result.</summary>
    public long Filters { get; init; }

    /// <summary>Rows of an image.</summary>
    public long Height { get; init; }

    /// <summary>Columns of an image.</summary>
    public long Width { get; init; }

    /// <summary>Rows of the result.</summary>
    public long OutHeight { get; init; }

    /// <summary>Columns of the result.</summary>
    public long OutWidth { get; init; }

    /// <summary>Rows of a kernel.</summary>
    public long TapsY { get; init; }

    /// <summary>Columns of a kernel.</summary>
    public long TapsX { get; init; }

    /// <summary>Image rows per row of the result.</summary>
    public long StrideY { get; init; }

    /// <summary>Image columns per column of the result.</summary>
    public long StrideX { get; init; }

    /// <summary>Rows of the result per image row, in a transposed convolution.</summary>
    public long UpY { get; init; }

    /// <summary>Columns of the result per image column, in a transposed convolution.</summary>
    public long UpX { get; init; }

    /// <summary>Image rows from tap to tap.</summary>
    public long DilationY { get; init; }

    /// <summary>Image columns from tap to tap.</summary>
    public long DilationX { get; init; }

    /// <summary>Zeros above the image.</summary>
    public long Top { get; init; }

    /// <summary>Zeros left of the image.</summary>
    public long Left { get; init; }

    /// <summary>From group to group of images.</summary>
    public long ImageGroup { get; init; }

    /// <summary>From image to image.</summary>
    public long ImageStep { get; init; }

    /// <summary>From channel to channel.</summary>
    public long ImageChannel { get; init; }

    /// <summary>From row to row.</summary>
    public long ImageRow { get; init; }

    /// <summary>From column to column: 1 where they lie side by side, the number of all channels where those do.</summary>
    public long ImageColumn { get; init; }

    /// <summary>From group to group of kernels.</summary>
    public long KernelGroup { get; init; }

    /// <summary>From filter to filter.</summary>
    public long KernelFilter { get; init; }

    /// <summary>From channel to channel.</summary>
    public long KernelChannel { get; init; }

    /// <summary>From tap row to tap row.</summary>
    public long KernelY { get; init; }

    /// <summary>From tap to tap in a row.</summary>
    public long KernelX { get; init; }

    /// <summary>From group to group of the result.</summary>
    public long ResultGroup { get; init; }

    /// <summary>From image to image of the result.</summary>
    public long ResultStep { get; init; }

    /// <summary>From filter to filter.</summary>
    public long ResultFilter { get; init; }

    /// <summary>From row to row of the result.</summary>
    public long ResultRow { get; init; }

    /// <summary>From column to column of the result.</summary>
    public long ResultColumn { get; init; }

    /// <summary>Image rows that a number of rows of the result reads.</summary>
    public long RowsFor(long results) => ((results - 1) * StrideY) + ((TapsY - 1) * DilationY) + 1;

    /// <summary>Image columns that a row of the result reads.</summary>
    public long Columns => ((OutWidth - 1) * StrideX) + ((TapsX - 1) * DilationX) + 1;

    /// <summary>Whether any element outside the image is read, as 0.</summary>
    public bool HasHalo => Top > 0 || Left > 0 || RowsFor(OutHeight) - Top > Height || Columns - Left > Width;

    /// <summary>Elements of the result.</summary>
    public long Results => Groups * Images * Filters * OutHeight * OutWidth;
}
