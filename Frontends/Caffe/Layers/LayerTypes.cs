namespace Symbolic.Caffe.Layers;

/// <summary>The table of layer types that nets may use.</summary>
internal static class LayerTypes
{
    private static readonly LayerType[] All =
    [
        new AbsValLayer(),
        new AccuracyLayer(),
        new BNLLLayer(),
        new BatchNormLayer(),
        new BiasLayer(),
        new ClipLayer(),
        new ContrastiveLossLayer(),
        new ConvolutionLayer(),
        new DataLayer(),
        new DeconvolutionLayer(),
        new DropoutLayer(),
        new DummyDataLayer(),
        new ELULayer(),
        new EltwiseLayer(),
        new EuclideanLossLayer(),
        new ExpLayer(),
        new FlattenLayer(),
        new HingeLossLayer(),
        new InfogainLossLayer(),
        new InnerProductLayer(),
        new InputLayer(),
        new LogLayer(),
        new LRNLayer(),
        new MVNLayer(),
        new MultinomialLogisticLossLayer(),
        new PReLULayer(),
        new ParameterLayer(),
        new PoolingLayer(),
        new PowerLayer(),
        new ReLULayer(),
        new ReductionLayer(),
        new ReshapeLayer(),
        new ScaleLayer(),
        new SigmoidCrossEntropyLossLayer(),
        new SigmoidLayer(),
        new SilenceLayer(),
        new SoftmaxLayer(),
        new SoftmaxWithLossLayer(),
        new SplitLayer(),
        new SwishLayer(),
        new TanHLayer(),
        new ThresholdLayer(),
        new TileLayer(),
    ];

    private static readonly Dictionary<string, LayerType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The names of all types, sorted.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The type of this name, or null.</summary>
    public static LayerType? Find(string name) => ByName.GetValueOrDefault(name);
}
