using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Cross-entropy of sigmoid(x) with targets in [0, 1], from the scores: Σ log(1 + exp(x)) − x·t. Divided by the batch size
/// unless said otherwise.
/// </summary>
internal sealed class SigmoidCrossEntropyLossLayer : LayerType
{
    public override string Name => "SigmoidCrossEntropyLoss";

    public override Arity Bottoms => Arity.Exactly(2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr x = layer.Bottom, given = layer.Bottoms[1];
        if (!x.Shape.Elements.Equals(given.Shape.Elements))
        {
            throw layer.Error($"inputs must have the same count; got {x.Label} and {given.Label}");
        }
        // Caffe sends nothing back to the targets.
        Expr targets = StopGradient(given.Reshape(x.Shape));
        Expr cost = Softplus<Expr>(x) - x * targets;
        LossParameter? parameter = layer.Parameter.LossParam;
        Expr? counted = LossNormalization.Counted(parameter, targets);
        cost = counted is null ? cost : Switch<Expr>(counted, cost, 0);
        Expr divisor = LossNormalization.Divisor(layer.DType, LossNormalization.Mode(parameter, LossParameter.Types.NormalizationMode.BatchSize), counted,
            x.Shape.Elements, x.Shape[0]);
        return [cost.Sum() / divisor];
    }
}

/// <summary>Half the mean over the batch of the squared distance of two blobs. Both get gradients.</summary>
internal sealed class EuclideanLossLayer : LayerType
{
    public override string Name => "EuclideanLoss";

    public override Arity Bottoms => Arity.Exactly(2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr a = layer.Bottom, b = layer.Bottoms[1];
        if (a.Rank == 0 || !a.Shape.Elements.Equals(b.Shape.Elements) || !a.Shape[0].Equals(b.Shape[0]))
        {
            throw layer.Error($"inputs must have the same dimension; got {a.Label} and {b.Label}");
        }
        Expr difference = a - b.Reshape(a.Shape);
        return [(difference * difference).Sum() / (layer.Count(a.Shape[0]) * 2)];
    }
}
