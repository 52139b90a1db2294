using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// One against all: a score below 1 for the label's class costs what is missing, one above −1 for another class what is too much;
/// the costs or their squares are summed and divided by the batch size.
/// </summary>
internal sealed class HingeLossLayer : LayerType
{
    public override string Name => "HingeLoss";

    public override Arity Bottoms => Arity.Exactly(2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        (Expr scores, Expr isLabel) = LabelledRows.Of(layer);
        // A rectifier, whose gradient at 0 is 0 as Caffe's sign is.
        Expr costs = Relu<Expr>(1 + scores * Switch<Expr>(isLabel, -1, FullLike(scores, 1)));
        bool squared = layer.Parameter.HingeLossParam?.Norm == HingeLossParameter.Types.Norm.L2;
        return [(squared ? costs * costs : costs).Sum() / layer.Count(scores.Shape[0])];
    }
}

/// <summary>
/// −log of the probability that a blob gives the label's class, divided by the batch size. A probability below 1e-20 counts as that,
/// in the value and in the gradient's divisor alike.
/// </summary>
internal sealed class MultinomialLogisticLossLayer : LayerType
{
    private const double Least = 1e-20;

    public override string Name => "MultinomialLogisticLoss";

    public override Arity Bottoms => Arity.Exactly(2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        (Expr given, Expr isLabel) = LabelledRows.Of(layer);
        Expr logarithm = Log<Expr>(Maximum<Expr>(given, Least));
        // Below the bound Caffe goes on with the slope at it.
        Expr line = StraightThrough<Expr>(logarithm, Switch<Expr>(given >= Least, logarithm, given * (1 / Least)));
        return [-Switch<Expr>(isLabel, line, 0).Sum() / layer.Count(given.Shape[0])];
    }
}

/// <summary>
/// Of pairs: the squared distance where a third blob says that they are alike, else the square of what is missing of the distance
/// to a margin (with legacy_version: what is missing of the squared distance); halved and divided by the batch size.
/// </summary>
internal sealed class ContrastiveLossLayer : LayerType
{
    /// <summary>What contrastive_loss_layer.cpp adds to the distance by which it divides in its gradient.</summary>
    private const double Guard = 1e-4;

    public override string Name => "ContrastiveLoss";

    public override Arity Bottoms => Arity.Exactly(3);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        ContrastiveLossParameter parameter = layer.Parameter.ContrastiveLossParam ?? new ContrastiveLossParameter();
        Expr a = Rows(layer, 0), b = Rows(layer, 1), alike = layer.Bottoms[2];
        if (!a.Shape.Equals(b.Shape) || !alike.Shape.Elements.Equals(a.Shape[0]))
        {
            throw layer.Error($"wants two blobs of one shape and one number per pair; got {layer.Bottoms[0].Label}, {layer.Bottoms[1].Label} and {alike.Label}");
        }
        Expr difference = a - b;
        Expr squared = (difference * difference).Sum([1]);
        Expr apart = parameter.LegacyVersion ? Relu<Expr>(parameter.Margin - squared) : Apart(squared, parameter.Margin);
        Expr isAlike = NotEqualTo<Expr>(alike.Reshape([a.Shape[0]]).Cast(DType.Int32), 0);
        return [Switch<Expr>(isAlike, squared, apart).Sum() / (layer.Count(a.Shape[0]) * 2)];
    }

    /// <summary>
    /// (margin − √s)² where that is positive before it is squared. Its slope −(margin − √s) / √s has no value at s = 0, so Caffe adds
    /// a little below; the value stays exact.
    /// </summary>
    private static Expr Apart(Expr squared, float margin)
    {
        Expr distance = Sqrt<Expr>(StopGradient(squared));
        Expr missing = Relu<Expr>(margin - distance);
        return StraightThrough<Expr>(missing * missing, squared * -(missing / (distance + Guard)));
    }

    private static Expr Rows(LayerScope layer, int bottom)
    {
        Expr x = layer.Bottoms[bottom];
        return x.Rank is >= 2 and <= 4 && x.Shape[2..].All(size => size.Is(1)) ? x.Reshape(x.Shape[..2])
            : throw layer.Error($"wants features of shape N x C or N x C x 1 x 1; got {x.Label}");
    }
}

/// <summary>A blob as rows, one per label, and where in a row the label's class is.</summary>
internal static class LabelledRows
{
    public static (Expr Rows, Expr IsLabel) Of(LayerScope layer)
    {
        Expr x = layer.Bottom, labels = layer.Bottoms[1];
        if (x.Rank == 0 || !labels.Shape.Elements.Equals(x.Shape[0]))
        {
            throw layer.Error($"The data and label should have the same number.; got {x.Label} and {labels.Label}");
        }
        Expr rows = x.Flatten();
        return (rows, new ClassAxis(rows, labels.Reshape([x.Shape[0]]), 1).IsLabel);
    }
}
