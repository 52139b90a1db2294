using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>y = x·Wᵀ + b over everything from an axis on; the weights are [out, in], or [in, out] with transpose.</summary>
internal sealed class InnerProductLayer : LayerType
{
    public override string Name => "InnerProduct";

    public override Seq<Expr> Build(LayerScope layer)
    {
        InnerProductParameter parameter = layer.Parameter.InnerProductParam ?? throw layer.Error("inner_product_param is missing");
        Expr x = layer.Bottom;
        int axis = layer.Axis(parameter.Axis, x);
        long outputs = layer.Number(parameter.NumOutput, "num_output", least: 1);
        long inputs = layer.SizesFrom(x, axis).Aggregate(1L, (a, b) => a * b);
        Expr rows = x.Reshape([x.Shape[..axis].Elements, inputs]);
        Expr weights = layer.Weight(parameter.Transpose ? [inputs, outputs] : [outputs, inputs], parameter.WeightFiller);
        Expr y = Dot(rows, parameter.Transpose ? weights : weights.Transpose());
        if (parameter.BiasTerm)
        {
            y += layer.Weight([outputs], parameter.BiasFiller).BroadcastTo(y.Shape, [1]);
        }
        return [y.Reshape([.. x.Shape[..axis], outputs])];
    }
}
