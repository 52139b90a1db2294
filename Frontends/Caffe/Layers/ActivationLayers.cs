using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>max(x, 0) + negative_slope·min(x, 0); the gradient at 0 is the slope.</summary>
internal sealed class ReLULayer : LayerType
{
    public override string Name => "ReLU";

    public override Seq<Expr> Build(LayerScope layer) => [Relu<Expr>(layer.Bottom, layer.Parameter.ReluParam?.NegativeSlope ?? 0)];
}

/// <summary>1 / (1 + exp(−x)).</summary>
internal sealed class SigmoidLayer : LayerType
{
    public override string Name => "Sigmoid";

    public override Seq<Expr> Build(LayerScope layer) => [Sigmoid<Expr>(layer.Bottom)];
}

/// <summary>Hyperbolic tangent.</summary>
internal sealed class TanHLayer : LayerType
{
    public override string Name => "TanH";

    public override Seq<Expr> Build(LayerScope layer) => [Tanh<Expr>(layer.Bottom)];
}

/// <summary>Softmax along an axis.</summary>
internal sealed class SoftmaxLayer : LayerType
{
    public override string Name => "Softmax";

    public override Seq<Expr> Build(LayerScope layer) => [Softmax(layer.Bottom, layer.Axis(layer.Parameter.SoftmaxParam?.Axis ?? 1, layer.Bottom))];
}
