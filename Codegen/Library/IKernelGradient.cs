namespace Symbolic.Codegen.Library;

/// <summary>
/// What emitted code supplies for a contraction that is the gradient of a convolution with respect to its kernels: where its operands lie. The product's
/// batches are the groups, its rows the filters of one, its columns (channel, tap row, tap) in this order.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IKernelGradient<T> : IProduct<T>
    where T : unmanaged
{
    /// <summary>Element 0 of group 0, image 0, channel 0.</summary>
    static abstract T* Image(byte** buffers, long* sizes);

    /// <summary>The element of group 0, image 0, filter 0 at row 0 and column 0 of the gradient with respect to the convolution's result.</summary>
    static abstract T* Result(byte** buffers, long* sizes);

    /// <summary>Extents and steps.</summary>
    static abstract ConvolutionGeometry Geometry(long* sizes);
}
