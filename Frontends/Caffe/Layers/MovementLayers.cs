using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Layers;

/// <summary>Joins the axes from axis to end_axis into one.</summary>
internal sealed class FlattenLayer : LayerType
{
    public override string Name => "Flatten";

    public override Seq<Expr> Build(LayerScope layer)
    {
        if (layer.InPlace)
        {
            throw layer.Error("Flatten Layer does not allow in-place computation.");
        }
        Expr x = layer.Bottom;
        int from = layer.Axis(layer.Parameter.FlattenParam?.Axis ?? 1, x), to = layer.Axis(layer.Parameter.FlattenParam?.EndAxis ?? -1, x);
        return from <= to
            ? [x.Reshape([.. x.Shape[..from], x.Shape[from..(to + 1)].Elements, .. x.Shape[(to + 1)..]])]
            : throw layer.Error($"axis {from} lies behind end_axis {to}");
    }
}

/// <summary>
/// The same values under another shape. A range of axes, all by default, is replaced by those of the parameter: 0 copies the
/// size of the bottom, one −1 is worked out from the number of values.
/// </summary>
internal sealed class ReshapeLayer : LayerType
{
    public override string Name => "Reshape";

    public override Seq<Expr> Build(LayerScope layer)
    {
        if (layer.InPlace)
        {
            throw layer.Error("Reshape Layer does not allow in-place computation.");
        }
        ReshapeParameter parameter = layer.Parameter.ReshapeParam ?? new ReshapeParameter();
        Expr x = layer.Bottom;
        // Counted from the end, an axis is a place between axes: -1 adds behind the last.
        int from = parameter.Axis >= 0 ? parameter.Axis : x.Rank + parameter.Axis + 1;
        if (from < 0 || from > x.Rank)
        {
            throw layer.Error($"axis {parameter.Axis} out of range for {x.Label}", parameter, "axis");
        }
        if (parameter.NumAxes < -1 || from + (long)parameter.NumAxes > x.Rank)
        {
            throw layer.Error($"num_axes must be >= 0, or -1 for all, and end within {x.Label}; got {parameter.NumAxes} from axis {from}", parameter, "num_axes");
        }
        int to = parameter.NumAxes < 0 ? x.Rank : from + parameter.NumAxes;
        IReadOnlyList<long> dims = parameter.Shape is { } shape ? [.. shape.Dim] : [];
        return [x.Reshape([.. x.Shape[..from], .. Sizes(layer, x, dims, from, to), .. x.Shape[to..]])];
    }

    private static Shape Sizes(LayerScope layer, Expr x, IReadOnlyList<long> dims, int from, int to)
    {
        var sizes = new Dim[dims.Count];
        int inferred = -1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (dims[i] == -1)
            {
                inferred = inferred < 0 ? i : throw layer.Error("new shape contains multiple -1 dims; at most a single (1) value of -1 may be specified");
            }
            sizes[i] = dims[i] switch
            {
                0 => from + i < x.Rank ? x.Shape[from + i] : throw layer.Error("new shape contains a 0, but there was no corresponding bottom axis to copy"),
                -1 => 1,
                < -1 => throw layer.Error($"a size of a shape is a number, 0 or -1; got {dims[i]}"),
                var size => size,
            };
        }
        Dim had = x.Shape[from..to].Elements, said = new Shape(Seq.Create<Dim>(sizes)).Elements;
        if (inferred >= 0)
        {
            sizes[inferred] = !said.Is(0) && had.Mod(said).Is(0) ? had.FloorDiv(said)
                : throw layer.Error($"bottom count ({had}) must be divisible by the product of the specified dimensions ({said})");
        }
        else if (!had.Equals(said))
        {
            throw layer.Error($"output count must match input count: {SizeText.Of(x.Shape)} cannot become axes of {said} values in place of {had}");
        }
        return new Shape(Seq.Create<Dim>(sizes));
    }
}

/// <summary>The blob so many times one behind the other along an axis.</summary>
internal sealed class TileLayer : LayerType
{
    public override string Name => "Tile";

    public override Seq<Expr> Build(LayerScope layer)
    {
        TileParameter parameter = layer.Parameter.TileParam ?? new TileParameter();
        if (!parameter.HasTiles || parameter.Tiles < 1)
        {
            throw layer.Error($"Number of tiles must be specified, and at least 1; got {parameter.Tiles}");
        }
        Expr x = layer.Bottom;
        int axis = layer.Axis(parameter.Axis, x);
        Shape repeated = [.. x.Shape[..axis], parameter.Tiles, .. x.Shape[axis..]];
        Seq<int> own = Enumerable.Range(0, x.Rank + 1).Where(a => a != axis).ToSeq();
        return [x.BroadcastTo(repeated, own).Reshape([.. x.Shape[..axis], x.Shape[axis] * parameter.Tiles, .. x.Shape[(axis + 1)..]])];
    }
}

/// <summary>The bottom again under several names. Caffe inserts it where a blob is used twice; a graph needs no such node.</summary>
internal sealed class SplitLayer : LayerType
{
    public override string Name => "Split";

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer) => Enumerable.Repeat(layer.Bottom, layer.TopCount).ToSeq();
}

/// <summary>Takes blobs so that they are no outputs of the net.</summary>
internal sealed class SilenceLayer : LayerType
{
    public override string Name => "Silence";

    public override Arity Bottoms => Arity.AtLeast(1);

    public override Arity Tops => Arity.Exactly(0);

    public override Seq<Expr> Build(LayerScope layer) => [];
}
