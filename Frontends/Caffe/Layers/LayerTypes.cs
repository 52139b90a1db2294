namespace Symbolic.Caffe.Layers;

/// <summary>The table of layer types that nets may use.</summary>
internal static class LayerTypes
{
    private static readonly LayerType[] All =
    [
        new AccuracyLayer(),
        new ConvolutionLayer(),
        new DataLayer(),
        new EuclideanLossLayer(),
        new FlattenLayer(),
        new ImageDataLayer(),
        new InnerProductLayer(),
        new InputLayer(),
        new MemoryDataLayer(),
        new PoolingLayer(),
        new ReLULayer(),
        new SigmoidLayer(),
        new SigmoidCrossEntropyLossLayer(),
        new SilenceLayer(),
        new SoftmaxLayer(),
        new SoftmaxWithLossLayer(),
        new SplitLayer(),
        new TanHLayer(),
    ];

    private static readonly Dictionary<string, LayerType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The names of all types, sorted.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The type of this name, or null.</summary>
    public static LayerType? Find(string name) => ByName.GetValueOrDefault(name);
}
