using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// The product of a blob and a smaller one that matches its axes from some axis on: a second bottom, or a learned one, 1 at
/// first. With bias_term a learned blob of the same shape is added.
/// </summary>
internal sealed class ScaleLayer : LayerType
{
    private static readonly FillerParameter One = new() { Type = "constant", Value = 1 };

    public override string Name => "Scale";

    public override Arity Bottoms => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        ScaleParameter parameter = layer.Parameter.ScaleParam ?? new ScaleParameter();
        Expr x = layer.Bottom;
        (Expr factor, Seq<int> axes) = AxisRange.Operand(layer, "scale", parameter.Axis, parameter.NumAxes, parameter.Filler ?? One);
        Expr y = x * factor.BroadcastTo(x.Shape, axes);
        return [parameter.BiasTerm ? y + layer.Weight(factor.Shape.Sizes.ToSeq(), parameter.BiasFiller).BroadcastTo(x.Shape, axes) : y];
    }
}

/// <summary>The sum of a blob and a smaller one that matches its axes from some axis on: a second bottom, or a learned one, 0 at first.</summary>
internal sealed class BiasLayer : LayerType
{
    public override string Name => "Bias";

    public override Arity Bottoms => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        BiasParameter parameter = layer.Parameter.BiasParam ?? new BiasParameter();
        (Expr term, Seq<int> axes) = AxisRange.Operand(layer, "bias", parameter.Axis, parameter.NumAxes, parameter.Filler);
        return [layer.Bottom + term.BroadcastTo(layer.Bottom.Shape, axes)];
    }
}

/// <summary>Which axes of a blob a smaller one matches (scale_layer.cpp, bias_layer.cpp).</summary>
internal static class AxisRange
{
    /// <summary>The second bottom, or a new parameter of the size of so many axes: −1 for all from there on, 0 for a single number.</summary>
    public static (Expr Operand, Seq<int> Axes) Operand(LayerScope layer, string what, int axis, int count, FillerParameter? filler)
    {
        Expr x = layer.Bottom;
        if (layer.Bottoms.Count > 1)
        {
            Expr given = layer.Bottoms[1];
            Seq<int> matched = From(layer, given.Rank == 0 ? 0 : layer.Axis(axis, x), given.Rank, what);
            return given.Shape.Equals(x.Shape.Only(matched)) ? (given, matched)
                : throw layer.Error($"dimension mismatch between bottom[0] {x.Label} from axis {axis} on and bottom[1] {given.Label}");
        }
        if (count < -1)
        {
            throw layer.Error($"num_axes must be non-negative, or -1 to extend to the end of bottom[0]; got {count}");
        }
        int first = layer.Axis(axis, x);
        Seq<int> axes = From(layer, first, count < 0 ? x.Rank - first : count, what);
        return (layer.Weight(axes.Map(a => layer.Size(x, a)), filler), axes);
    }

    private static Seq<int> From(LayerScope layer, int axis, int count, string what) => axis + (long)count <= layer.Bottom.Rank
        ? Enumerable.Range(axis, count).ToSeq()
        : throw layer.Error($"{what} blob's shape extends past bottom[0]'s shape when applied starting with bottom[0] axis = {axis}: {count} axes of {layer.Bottom.Label}");
}
