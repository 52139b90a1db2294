namespace Symbolic.Caffe.Layers;

/// <summary>Tops that the user feeds; one shape for all, or one per top.</summary>
internal sealed class InputLayer : LayerType
{
    public override string Name => "Input";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        var shapes = layer.Parameter.InputParam?.Shape;
        if (shapes is null || (shapes.Count != 1 && shapes.Count != layer.TopCount))
        {
            throw layer.Error($"must specify 'shape' once, or once per top blob ({shapes?.Count ?? 0} vs. {layer.TopCount})");
        }
        return Enumerable.Range(0, layer.TopCount).Select(top => layer.Input(top, shapes[shapes.Count == 1 ? 0 : top].Dim.ToSeq())).ToSeq();
    }
}
