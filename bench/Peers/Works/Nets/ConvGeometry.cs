using Symbolic.Caffe.Schema;

namespace Symbolic.Peers.Works.Nets;

/// <summary>The numbers of a Convolution layer in the plane.</summary>
internal sealed record ConvGeometry(int KernelY, int KernelX, int StrideY, int StrideX, int PadY, int PadX, int Dilation, int Groups, bool Biased)
{
    /// <summary>Those of a layer.</summary>
    public static ConvGeometry Of(LayerParameter layer)
    {
        ConvolutionParameter conv = layer.ConvolutionParam;
        int kernelY = conv.HasKernelH ? (int)conv.KernelH : (int)conv.KernelSize[0], kernelX = conv.HasKernelW ? (int)conv.KernelW : (int)conv.KernelSize[^1];
        int strideY = conv.HasStrideH ? (int)conv.StrideH : (int)conv.Stride.FirstOrDefault(1u), strideX = conv.HasStrideW ? (int)conv.StrideW : (int)conv.Stride.LastOrDefault(1u);
        int padY = conv.HasPadH ? (int)conv.PadH : (int)conv.Pad.FirstOrDefault(0u), padX = conv.HasPadW ? (int)conv.PadW : (int)conv.Pad.LastOrDefault(0u);
        return new(kernelY, kernelX, strideY, strideX, padY, padX, (int)conv.Dilation.FirstOrDefault(1u), (int)conv.Group, conv.BiasTerm);
    }

    /// <summary>Those of a step.</summary>
    public static ConvGeometry Of(NetStep step) => Of(step.Layer);

    /// <summary>The share of the multiplications that the best algorithm does.</summary>
    public double LeastShare => KernelY == KernelX && StrideY == StrideX && Dilation == 1 ? LeastShareOf(KernelY, StrideY) : 1;

    /// <summary>Likewise, of square kernels: a quarter by Winograd's F(4x4,3x3), 94 products for 400 by F(4x4,5x5) at the eighth roots of unity.</summary>
    public static double LeastShareOf(int kernel, int stride) => (kernel, stride) switch
    {
        (3, 1) => 0.25,
        (5, 1) => 94.0 / 400,
        _ => 1,
    };

    /// <summary>Height and width of the result.</summary>
    public (long Y, long X) Result(long height, long width) =>
        ((height + 2 * PadY - Dilation * (KernelY - 1) - 1) / StrideY + 1, (width + 2 * PadX - Dilation * (KernelX - 1) - 1) / StrideX + 1);
}

/// <summary>The numbers of a Pooling layer with square windows.</summary>
internal sealed record PoolGeometry(int Kernel, int Stride, int Pad, bool Ceiling, bool Global, bool Max)
{
    /// <summary>Those of a layer over an image of this height.</summary>
    public static PoolGeometry Of(LayerParameter layer, long height)
    {
        PoolingParameter pool = layer.PoolingParam;
        return new(pool.GlobalPooling ? (int)height : (int)pool.KernelSize, (int)pool.Stride, (int)pool.Pad, pool.RoundMode == PoolingParameter.Types.RoundMode.Ceil, pool.GlobalPooling,
            pool.Pool == PoolingParameter.Types.PoolMethod.Max);
    }

    /// <summary>Size of the result: a last window that is only partly filled counts, unless it begins behind the image and the padding ahead of it.</summary>
    public long Result(long size)
    {
        long room = size + 2 * Pad - Kernel, count = (Ceiling ? (room + Stride - 1) / Stride : room / Stride) + 1;
        return Pad > 0 && (count - 1) * Stride >= size + Pad ? count - 1 : count;
    }
}
