using Symbolic.Ops;
using Symbolic.Peers.Works;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Peers.Contestants.Ours;

/// <summary>Single layers of nets.</summary>
internal static class LayerFunctions
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work, CompileOptions options) => work switch
    {
        ConvWork conv => Forward(conv.Shape, options),
        ConvGradientWork gradient => Gradient(gradient, options),
        PoolWork pool => Pooled(pool, options),
        ResponseWork response => Normalized(response, options),
        _ => null,
    };

    private static OurPrepared Forward(ConvShape shape, CompileOptions options)
    {
        Expr image = Input("x", shape.Image);
        SharedVariable weights = Shared(OurPrepared.Filled(shape.Weights, 1), "w"), bias = Shared(OurPrepared.Filled([1, shape.Out, 1, 1], 2), "b");
        return OurPrepared.Of(options with { Freeze = true }, Convolved(image, weights, shape) + bias, image);
    }

    private static OurPrepared Gradient(ConvGradientWork work, CompileOptions options)
    {
        Expr image = Input("x", work.Shape.Image), weights = Input("w", work.Shape.Weights), slope = Input("dy", work.Shape.Result);
        Expr wanted = work.OfWeights ? weights : image, given = work.OfWeights ? image : weights;
        return OurPrepared.Of(options, Grad((Convolved(image, weights, work.Shape) * slope).Sum(), wanted), given, slope);
    }

    private static OurPrepared Pooled(PoolWork work, CompileOptions options)
    {
        Expr image = Input("x", work.Image);
        return OurPrepared.Of(options, MaxPool(image, Window.Pooling(image.Shape[2..], [work.Kernel, work.Kernel], [work.Stride, work.Stride], ceiling: work.Ceiling)), image);
    }

    private static OurPrepared Normalized(ResponseWork work, CompileOptions options)
    {
        Expr image = Input("x", work.Image), slope = Input("dy", work.Image), y = ChannelResponseNorm(image, work.Size, ResponseWork.Alpha, ResponseWork.Beta, ResponseWork.Constant);
        return work.Backward ? OurPrepared.Of(options, Grad((y * slope).Sum(), image), image, slope) : OurPrepared.Of(options, y, image);
    }

    private static Expr Convolved(Expr image, Expr weights, ConvShape shape) =>
        Convolve(image, weights, stride: [shape.Stride, shape.Stride], padding: [shape.Pad, shape.Pad], groups: shape.Groups);

    private static Expr Input(string name, long[] sizes) => Tensor4(name, sizes[0], sizes[1], sizes[2], sizes[3]);
}
