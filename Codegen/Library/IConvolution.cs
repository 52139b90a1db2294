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
