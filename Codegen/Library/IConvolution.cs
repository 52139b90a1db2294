namespace Symbolic.Codegen.Library;

/// <summary>
/// What emitted code supplies for a contraction that is a convolution over two axes: where its operands lie. The product's batches are the groups, its rows
/// the filters of one, its columns the pixels (image, y, x) in this order; or, where <see cref="FiltersAreLanes"/>, its rows are the pixels and its columns the
/// filters of one group. Of a depthwise convolution whose filters are lanes (groups of one channel and one filter) the columns are the groups, and there is one batch.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IConvolution<T> : IProduct<T>
    where T : unmanaged
{
    /// <summary>Position of the buffer of the kernels.</summary>
    static abstract int KernelBuffer { get; }

    /// <summary>Whether filters lie side by side in the result.</summary>
    static abstract bool FiltersAreLanes { get; }

    /// <summary>Element 0 of group 0, image 0, channel 0.</summary>
    static abstract T* Image(byte** buffers, long* sizes);

    /// <summary>The kernels' element of group 0, filter 0, channel 0, tap 0.</summary>
    static abstract T* Kernel(byte** buffers, long* sizes);

    /// <summary>Where the epilogue stores an element, of several arrays in the first; null where its rows do not lie evenly, or its columns not side by side.</summary>
    static abstract T* Place(byte** buffers, long* sizes, long batch, long row, long column);

    /// <summary>From row to row of that.</summary>
    static abstract long PlaceStep(long* sizes);

    /// <summary>Extents and steps.</summary>
    static abstract ConvolutionGeometry Geometry(long* sizes);
}

/// <summary>
/// Extents and steps of a convolution: y[g, n, k, p] = Σ c, t: image⟨0 outside⟩[g, n, c, (p·stride + t·dilation − before) / up] · kernel[g, k, c, t], where terms
/// whose place is no multiple of <c>up</c> are 0: it is 1 but for transposed convolutions.
/// Steps count elements and may be negative for kernels (the gradient with respect to an image meets them turned round).
/// </summary>
public readonly struct ConvolutionGeometry
{
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

    /// <summary>Elements of the result.</summary>
    public long Results => Groups * Images * Filters * OutHeight * OutWidth;
}
