using Symbolic.Caffe.Schema;
using static Symbolic.Functions;
using Operation = Symbolic.Caffe.Schema.ReductionParameter.Types.ReductionOp;

namespace Symbolic.Caffe.Layers;

/// <summary>Sum, sum of absolute values, sum of squares or mean over all axes from one on, times coeff.</summary>
internal sealed class ReductionLayer : LayerType
{
    public override string Name => "Reduction";

    public override Seq<Expr> Build(LayerScope layer)
    {
        ReductionParameter parameter = layer.Parameter.ReductionParam ?? new ReductionParameter();
        Expr x = layer.Bottom;
        int axis = layer.Axis(parameter.Axis, x);
        Seq<int> tail = Enumerable.Range(axis, x.Rank - axis).ToSeq();
        Expr reduced = parameter.Operation switch
        {
            Operation.Sum => x.Sum(tail),
            Operation.Asum => Abs<Expr>(x).Sum(tail),
            Operation.Sumsq => (x * x).Sum(tail),
            Operation.Mean => x.Mean(tail),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
        return [parameter.Coeff == 1 ? reduced : reduced * parameter.Coeff];
    }
}
