using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// −Σ H[label, class]·log p[class] of a softmax, with a matrix H from a third bottom or a file; the identity gives SoftmaxWithLoss.
/// A logarithm of less than 1e-20 is that of 1e-20, but its gradient goes on.
/// </summary>
internal sealed class InfogainLossLayer : LayerType
{
    private static readonly double Lowest = Math.Log(1e-20);

    public override string Name => "InfogainLoss";

    public override Arity Bottoms => Arity.Between(2, 3);

    public override Arity Tops => Arity.Between(1, 2);

    public override bool IsLoss => true;

    public override Seq<Expr> Build(LayerScope layer)
    {
        InfogainLossParameter parameter = layer.Parameter.InfogainLossParam ?? new InfogainLossParameter();
        ClassAxis classes = ClassAxis.Of(layer, layer.Bottom, layer.Bottoms[1], parameter.Axis);
        long count = layer.Size(classes.Scores, classes.Axis);
        Expr gains = Matrix(layer, parameter, count);
        // The classes last: one row of scores per place.
        Seq<int> order = [.. Enumerable.Range(0, classes.Scores.Rank).Where(axis => axis != classes.Axis), classes.Axis];
        Expr exact = LogSoftmax(classes.Scores, classes.Axis).Transpose(order).Reshape([classes.Places.Elements, count]);
        Expr logarithms = StraightThrough<Expr>(Maximum<Expr>(exact, Lowest), exact);
        Expr labels = classes.Labels.Reshape([classes.Places.Elements]);
        Expr cost = -(logarithms * Dot(OneHot(labels.Cast(DType.Int64), count, layer.DType), gains)).Sum([1]);
        Expr? counted = LossNormalization.Counted(layer.Parameter.LossParam, labels);
        cost = counted is null ? cost : Switch<Expr>(counted, cost, 0);
        Expr divisor = LossNormalization.Divisor(layer.DType, LossNormalization.Mode(layer.Parameter.LossParam, LossParameter.Types.NormalizationMode.Valid), counted,
            classes.Places.Elements, classes.Scores.Shape[..classes.Axis].Elements);
        Expr loss = cost.Sum() / divisor;
        return layer.TopCount < 2 ? [loss] : [loss, Softmax(classes.Scores, classes.Axis)];
    }

    private static Expr Matrix(LayerScope layer, InfogainLossParameter parameter, long classes)
    {
        Expr matrix;
        if (layer.Bottoms.Count > 2)
        {
            matrix = StopGradient(layer.Bottoms[2]);
        }
        else
        {
            string file = parameter.HasSource ? parameter.Source : throw layer.Error("Infogain matrix source must be specified.");
            BlobProto blob = BinaryProto.Read<BlobProto>(file, layer.Options.Files);
            matrix = Constant(Literal.Of<float>(Blobs.Values(blob, file), [.. Blobs.Shape(blob, file).Select(size => (long)size)])).Cast(layer.DType);
        }
        return matrix.Shape.Elements.Is(classes * classes) ? matrix.Reshape([classes, classes])
            : throw layer.Error($"wants an infogain matrix of {classes} x {classes}; got {matrix.Label}");
    }
}
