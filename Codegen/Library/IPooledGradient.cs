namespace Symbolic.Codegen.Library;

/// <summary>
/// What emitted code supplies for a contraction that is the gradient of a convolution with respect to its kernels, of whose results only the maxima of windows are asked for. The product's
/// batches are the groups, its rows the filters of one, its columns (channel, tap row, tap) in this order.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe interface IPooledGradient<T> : IProduct<T>
    where T : unmanaged
{
    /// <summary>Element 0 of group 0, image 0, channel 0.</summary>
    static abstract T* Image(byte** buffers, long* sizes);

    /// <summary>The gradient with respect to the first window's maximum.</summary>
    static abstract T* Values(byte** buffers, long* sizes);

    /// <summary>The position of the first window's maximum within the window.</summary>
    static abstract int* Positions(byte** buffers, long* sizes);

    /// <summary>Extents and steps of the convolution.</summary>
    static abstract ConvolutionGeometry Geometry(long* sizes);

    /// <summary>Those of the windows.</summary>
    static abstract PooledWindow Window(long* sizes);
}
