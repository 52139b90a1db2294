namespace Symbolic.Caffe.Layers;

/// <summary>Joins the axes from axis to end_axis into one.</summary>
internal sealed class FlattenLayer : LayerType
{
    public override string Name => "Flatten";

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr x = layer.Bottom;
        int from = layer.Axis(layer.Parameter.FlattenParam?.Axis ?? 1, x), to = layer.Axis(layer.Parameter.FlattenParam?.EndAxis ?? -1, x);
        return from <= to
            ? [x.Reshape([.. x.Shape[..from], x.Shape[from..(to + 1)].Elements, .. x.Shape[(to + 1)..]])]
            : throw layer.Error($"axis {from} lies behind end_axis {to}");
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
