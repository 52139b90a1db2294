using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Cross-entropy −log p[label] of a softmax. Caffe writes it as −log(max(p, FLT_MIN)), so that no place costs more than
/// 87.3366, but passes p − [label] back as if nothing were clamped. Here the logarithm of the softmax is taken without underflow,
/// its value is clamped at the same number, and the gradient is that of the unclamped one.
/// </summary>
internal sealed class SoftmaxWithLossLayer : LayerType
{
    /// <summary>−log of the least positive normal float32.</summary>
    private const float Highest = 87.33654f;

    public override string Name => "SoftmaxWithLoss";

    public override Arity Bottoms => Arity.Exactly(2);

    public override Arity Tops => Arity.Between(1, 2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        ClassAxis classes = ClassAxis.Of(layer, layer.Bottom, layer.Bottoms[1], layer.Parameter.SoftmaxParam?.Axis ?? 1);
        LossParameter? parameter = layer.Parameter.LossParam;
        Expr? counted = LossNormalization.Counted(parameter, classes.Labels);
        Expr exact = -classes.WithClassesOnly(counted).OfLabel(LogSoftmax(classes.Scores, classes.Axis));
        Expr cost = StraightThrough<Expr>(Minimum<Expr>(exact, Highest), exact);
        cost = counted is null ? cost : Switch<Expr>(counted, cost, 0);
        Expr divisor = LossNormalization.Divisor(layer.DType, LossNormalization.Mode(parameter, LossParameter.Types.NormalizationMode.Valid), counted,
            classes.Places.Elements, classes.Scores.Shape[..classes.Axis].Elements);
        Expr loss = cost.Sum() / divisor;
        return layer.TopCount < 2 ? [loss] : [loss, Softmax(classes.Scores, classes.Axis)];
    }
}
