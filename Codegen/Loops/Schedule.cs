namespace Symbolic.Codegen;

/// <summary>How a contraction runs. All compute the same sums; which one is fast depends on the shape.</summary>
public enum Schedule
{
    /// <summary>Operands packed into panels that meet in register tiles: applies to every contraction.</summary>
    Panels,
    /// <summary>Winograd's F(4x4, 3x3): convolutions of 3x3 taps with stride and dilation 1, in float32.</summary>
    Winograd4,
    /// <summary>Winograd's F(2x2, 3x3), for the same, and F(2x2, 5x5) for 5x5 taps.</summary>
    Winograd2,
    /// <summary>Winograd's F(4x4, 3x3) with complex points and F(4x4, 5x5) at the eighth roots of unity, which take more products than with real ones and err less.</summary>
    WinogradComplex,
    /// <summary>Winograd's F(7x7, 3x3) at the eighth roots of unity and infinity: as <see cref="Winograd4"/>, with more to transform and as small an error as <see cref="WinogradComplex"/>.</summary>
    Winograd7,
    /// <summary>Lanes are filters, and pixels are read where they lie: convolutions of any stride and dilation.</summary>
    Direct,
    /// <summary>As <see cref="Direct"/>, for each remainder of places modulo the strides: gradients to the images of convolutions with strides, and transposed convolutions.</summary>
    Transposed,
    /// <summary>Lanes are neighbouring results of one plane: convolutions whose groups have one channel.</summary>
    Depthwise,
    /// <summary>Pixels are what is summed over, block by block; one operand's channels are lanes, the other is broadcast from where it lies: gradients of convolutions with respect to their kernels.</summary>
    KernelGradient,
    /// <summary>Winograd's F(3x3, 2x2) and F(5x5, 2x2), transposed from F(2x2, 3x3) and F(2x2, 5x5): gradients with respect to kernels with stride and dilation 1, in float32.</summary>
    WinogradGradient,
    /// <summary>Likewise F(3x3, 4x4) with complex points and F(5x5, 4x4) at the eighth roots of unity.</summary>
    WinogradGradientComplex,
    /// <summary>Likewise F(3x3, 7x7) at the eighth roots of unity and infinity.</summary>
    WinogradGradient7,
    /// <summary>For one row, as in a product of a matrix and a vector: nothing is packed, and the matrix is read along its memory.</summary>
    MatrixVector,
    /// <summary>For few rows, where both operands lie along the depth, as in a dense layer of a small batch: depths are lanes, and each column is read once.</summary>
    InnerProducts,
    /// <summary>For gradients with respect to kernels where of a convolution's results only the maxima of windows go on: windows are summed, each at the place of its maximum, and the gradient with respect to the results is stored nowhere.</summary>
    PooledGradient,
}
