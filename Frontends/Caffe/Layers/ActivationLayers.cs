using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>max(x, 0) + negative_slope·min(x, 0); the gradient at 0 is the slope.</summary>
internal sealed class ReLULayer : LayerType
{
    public override string Name => "ReLU";

    public override Seq<Expr> Build(LayerScope layer) => [Relu<Expr>(layer.Bottom, layer.Parameter.ReluParam?.NegativeSlope ?? 0)];
}

/// <summary>A rectifier whose slope below 0 is learned, one per channel or one for all; 0.25 at first. At 0 the gradient is the slope's.</summary>
internal sealed class PReLULayer : LayerType
{
    private static readonly FillerParameter Quarter = new() { Type = "constant", Value = 0.25f };

    public override string Name => "PReLU";

    public override Seq<Expr> Build(LayerScope layer)
    {
        PReLUParameter? parameter = layer.Parameter.PreluParam;
        Expr x = layer.Bottom;
        if (x.Rank < 2)
        {
            throw layer.Error($"Number of axes of bottom blob must be >=2.; got {x.Label}");
        }
        bool shared = parameter?.ChannelShared ?? false;
        Expr slope = layer.Weight(shared ? [] : [layer.Size(x, 1)], parameter?.Filler ?? Quarter);
        return [Switch<Expr>(x > 0, x, slope.BroadcastTo(x.Shape, shared ? [] : [1]) * x)];
    }
}

/// <summary>x above 0, alpha·(exp(x) − 1) below.</summary>
internal sealed class ELULayer : LayerType
{
    public override string Name => "ELU";

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr x = layer.Bottom;
        // Above 0 the other branch is not chosen but computed; the minimum keeps it from overflowing.
        return [Switch<Expr>(x > 0, x, (layer.Parameter.EluParam?.Alpha ?? 1) * Expm1<Expr>(Minimum<Expr>(x, 0)))];
    }
}

/// <summary>1 / (1 + exp(−x)).</summary>
internal sealed class SigmoidLayer : LayerType
{
    public override string Name => "Sigmoid";

    public override Seq<Expr> Build(LayerScope layer) => [Sigmoid<Expr>(layer.Bottom)];
}

/// <summary>x·sigmoid(beta·x).</summary>
internal sealed class SwishLayer : LayerType
{
    public override string Name => "Swish";

    public override Seq<Expr> Build(LayerScope layer) => [layer.Bottom * Sigmoid<Expr>((layer.Parameter.SwishParam?.Beta ?? 1) * layer.Bottom)];
}

/// <summary>Hyperbolic tangent.</summary>
internal sealed class TanHLayer : LayerType
{
    public override string Name => "TanH";

    public override Seq<Expr> Build(LayerScope layer) => [Tanh<Expr>(layer.Bottom)];
}

/// <summary>log(1 + exp(x)), the binomial normal log likelihood.</summary>
internal sealed class BNLLLayer : LayerType
{
    public override string Name => "BNLL";

    public override Seq<Expr> Build(LayerScope layer) => [Softplus<Expr>(layer.Bottom)];
}

/// <summary>Softmax along an axis.</summary>
internal sealed class SoftmaxLayer : LayerType
{
    public override string Name => "Softmax";

    public override Seq<Expr> Build(LayerScope layer) => [Softmax(layer.Bottom, layer.Axis(layer.Parameter.SoftmaxParam?.Axis ?? 1, layer.Bottom))];
}
