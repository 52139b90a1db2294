using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Where the greatest values along an axis are, the greatest first; equal ones from the highest position down, as
/// argmax_layer.cpp sorts them. Without an axis all but the first are taken as one, and with out_max_val the values stand
/// beside the positions; with an axis, in their place. Without a gradient.
/// </summary>
internal sealed class ArgMaxLayer : LayerType
{
    public override string Name => "ArgMax";

    public override Seq<Expr> Build(LayerScope layer)
    {
        ArgMaxParameter parameter = layer.Parameter.ArgmaxParam ?? new ArgMaxParameter();
        Expr x = StopGradient(layer.Bottom);
        if (!parameter.HasAxis && x.Rank == 0)
        {
            throw layer.Error($"wants a batch; got {x.Label}");
        }
        Expr along = parameter.HasAxis ? x : x.Flatten();
        int axis = parameter.HasAxis ? layer.Axis(parameter.Axis, x) : 1;
        int most = layer.Number(parameter.TopK, "top_k", least: 1);
        if (along.Shape[axis].Upper < most)
        {
            throw layer.Error($"top_k {most} must be less than or equal to the number of classes {along.Shape[axis]}");
        }
        // Backwards, so that of equal values the last is found first.
        (Expr values, Expr fromEnd) = TopK(along.Flip([axis]), most, axis);
        Expr positions = (SizeOf(along.Shape[axis]) - 1 - fromEnd).Cast(layer.DType);
        if (parameter.HasAxis)
        {
            return [parameter.OutMaxVal ? values : positions];
        }
        Seq<Dim> ones = Enumerable.Repeat((Dim)1, Math.Max(x.Rank - 3, 0)).ToSeq();
        Expr Row(Expr e) => e.Reshape([x.Shape[0], 1, most, .. ones]);
        return [parameter.OutMaxVal ? Concatenate([Row(positions), Row(values)], 1) : Row(positions)];
    }
}
