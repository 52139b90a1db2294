using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Layers;

/// <summary>A layer whose tops are batches from somewhere.</summary>
internal abstract class BatchesLayer : LayerType
{
    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        IBatches batches = Open(layer, layer.Options.Places ?? PrototxtPlaces.Nowhere);
        layer.Batches = batches;
        return Enumerable.Range(0, layer.TopCount).Select(top => layer.Input(top, batches.Shapes[top].Map(size => (long)size))).ToSeq();
    }

    /// <summary>Opens what the batches come from.</summary>
    protected abstract IBatches Open(LayerScope layer, PrototxtPlaces places);
}

/// <summary>Images, and labels where a second top asks for them, read from a database in order.</summary>
internal sealed class DataLayer : BatchesLayer
{
    public override string Name => "Data";

    protected override IBatches Open(LayerScope layer, PrototxtPlaces places)
    {
        NetOptions options = layer.Options;
        if (options.DataSource?.Invoke(layer.Parameter, layer.Phase) is not { } source)
        {
            return DataBatches.Open(layer.Parameter, layer.Phase, (ulong)options.Seed, places, options.Files);
        }
        var transform = new DataTransform(layer.Parameter.TransformParam ?? new TransformationParameter(), layer.Phase, (ulong)options.Seed, places, options.Files);
        return new DataBatches(source, transform, layer.Number(layer.Parameter.DataParam?.BatchSize ?? 0, "batch_size", least: 1));
    }
}

/// <summary>Picture files that a list names, with their labels.</summary>
internal sealed class ImageDataLayer : BatchesLayer
{
    public override string Name => "ImageData";

    public override Arity Tops => Arity.Exactly(2);

    protected override IBatches Open(LayerScope layer, PrototxtPlaces places) =>
        DataBatches.OpenImages(layer.Parameter, layer.Phase, (ulong)layer.Options.Seed, places, layer.Options.Files);
}

/// <summary>Values that a program sets, with their labels.</summary>
internal sealed class MemoryDataLayer : BatchesLayer
{
    public override string Name => "MemoryData";

    public override Arity Tops => Arity.Exactly(2);

    protected override IBatches Open(LayerScope layer, PrototxtPlaces places) => new MemoryBatches(layer.Parameter, places, layer.Phase, (ulong)layer.Options.Seed, layer.Options.Files);
}
