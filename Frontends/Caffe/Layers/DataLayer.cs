using Symbolic.Caffe.Nets;

namespace Symbolic.Caffe.Layers;

/// <summary>Images, and labels where a second top asks for them, read from a database in order.</summary>
internal sealed class DataLayer : LayerType
{
    public override string Name => "Data";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        IBatchSource source = layer.Options.OpenData(layer.Parameter, layer.Phase);
        layer.Source = source;
        return Enumerable.Range(0, layer.TopCount).Select(top => layer.Input(top, source.Sizes[top])).ToSeq();
    }
}
