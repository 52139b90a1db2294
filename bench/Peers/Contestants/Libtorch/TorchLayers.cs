using Symbolic.Peers.Works;
using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>Single layers of nets.</summary>
internal static class TorchLayers
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work) => work switch
    {
        ConvWork conv => LayoutExtensions.Faster(layout => Forward(conv.Shape, layout)),
        ConvGradientWork gradient => LayoutExtensions.Faster(layout => Gradient(gradient, layout)),
        _ => null,
    };

    private static TorchPrepared Forward(ConvShape shape, Layout layout)
    {
        Tensor x = TorchPrepared.Filled(0, 1, shape.Image).In(layout), w = TorchPrepared.Filled(1, 1, shape.Weights).In(layout), b = TorchPrepared.Filled(2, 1, shape.Out);
        return new(() => Convolved(x, w, b, shape), [x, w, b]);
    }

    // The graph of the forward pass is made once; each run walks it backward for one operand alone.
    private static TorchPrepared Gradient(ConvGradientWork work, Layout layout)
    {
        long[] wanted = work.OfWeights ? work.Shape.Weights : work.Shape.Image, given = work.OfWeights ? work.Shape.Image : work.Shape.Weights;
        Tensor of = zeros(wanted).In(layout).requires_grad_(), other = TorchPrepared.Filled(0, 1, given).In(layout), slope = TorchPrepared.Filled(1, 1, work.Shape.Result).In(layout);
        Tensor y = Convolved(work.OfWeights ? other : of, work.OfWeights ? of : other, null, work.Shape);
        Tensor[] outputs = [y], inputs = [of], slopes = [slope];
        return new(() => autograd.grad(outputs, inputs, slopes, retain_graph: true)[0], [of, other, slope, y], learns: true);
    }

    private static Tensor Convolved(Tensor x, Tensor w, Tensor? bias, ConvShape shape) =>
        nn.functional.conv2d(x, w, bias, strides: [shape.Stride, shape.Stride], padding: [shape.Pad, shape.Pad], dilation: [1, 1], groups: shape.Groups);
}
