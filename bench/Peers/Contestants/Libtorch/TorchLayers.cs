using Symbolic.Peers.Works;
using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>Single layers of nets. Images lie channel by channel, as for everybody: another order would be another work.</summary>
internal static class TorchLayers
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work) => work switch
    {
        ConvWork conv => Forward(conv.Shape),
        ConvGradientWork gradient => Gradient(gradient),
        PoolWork pool => Pooled(pool),
        ResponseWork response => Normalized(response),
        _ => null,
    };

    private static TorchPrepared Forward(ConvShape shape)
    {
        Tensor x = TorchPrepared.Filled(0, 1, shape.Image), w = TorchPrepared.Filled(1, 1, shape.Weights), b = TorchPrepared.Filled(2, 1, shape.Out);
        return new(() => Convolved(x, w, b, shape), [x, w, b]);
    }

    // The graph of the forward pass is made once; each run walks it backward for one operand alone.
    private static TorchPrepared Gradient(ConvGradientWork work)
    {
        long[] wanted = work.OfWeights ? work.Shape.Weights : work.Shape.Image, given = work.OfWeights ? work.Shape.Image : work.Shape.Weights;
        Tensor of = zeros(wanted, TorchPrepared.Precision).requires_grad_(), other = TorchPrepared.Filled(0, 1, given), slope = TorchPrepared.Filled(1, 1, work.Shape.Result);
        Tensor y = Convolved(work.OfWeights ? other : of, work.OfWeights ? of : other, null, work.Shape);
        Tensor[] outputs = [y], inputs = [of], slopes = [slope];
        return new(() => autograd.grad(outputs, inputs, slopes, retain_graph: true)[0], [of, other, slope, y], learns: true);
    }

    private static TorchPrepared Pooled(PoolWork work)
    {
        Tensor x = TorchPrepared.Filled(0, 1, work.Image);
        return new(() => nn.functional.max_pool2d(x, work.Kernel, work.Stride, 0, 1, work.Ceiling), [x]);
    }

    private static TorchPrepared Normalized(ResponseWork work)
    {
        Tensor x = TorchPrepared.Filled(0, 1, work.Image);
        Tensor Forward() => nn.functional.local_response_norm(x, work.Size, ResponseWork.Alpha, ResponseWork.Beta, ResponseWork.Constant);
        if (!work.Backward)
        {
            return new(Forward, [x]);
        }
        x.requires_grad_();
        Tensor slope = TorchPrepared.Filled(1, 1, work.Image), y = Forward();
        Tensor[] outputs = [y], inputs = [x], slopes = [slope];
        return new(() => autograd.grad(outputs, inputs, slopes, retain_graph: true)[0], [x, slope, y], learns: true);
    }

    private static Tensor Convolved(Tensor x, Tensor w, Tensor? bias, ConvShape shape) =>
        nn.functional.conv2d(x, w, bias, strides: [shape.Stride, shape.Stride], padding: [shape.Pad, shape.Pad], dilation: [1, 1], groups: shape.Groups);
}
