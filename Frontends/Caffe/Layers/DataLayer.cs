using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Layers;

/// <summary>Images, and labels where a second top asks for them, read from a database in order.</summary>
internal sealed class DataLayer : LayerType
{
    public override string Name => "Data";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        DataBatches batches = Open(layer);
        layer.Batches = batches;
        Seq<long> images = batches.Shape.Map(size => (long)size);
        return layer.TopCount == 1 ? [layer.Input(0, images)] : [layer.Input(0, images), layer.Input(1, images[..1])];
    }

    private static DataBatches Open(LayerScope layer)
    {
        NetOptions options = layer.Options;
        PrototxtPlaces places = options.Places ?? new PrototxtPlaces("net");
        if (options.DataSource?.Invoke(layer.Parameter, layer.Phase) is not { } source)
        {
            return DataBatches.Open(layer.Parameter, layer.Phase, (ulong)options.Seed, places, options.Files);
        }
        var transform = new DataTransform(layer.Parameter.TransformParam ?? new TransformationParameter(), layer.Phase, (ulong)options.Seed, places, options.Files);
        return new DataBatches(source, transform, layer.Number(layer.Parameter.DataParam?.BatchSize ?? 0, "batch_size", least: 1));
    }
}
