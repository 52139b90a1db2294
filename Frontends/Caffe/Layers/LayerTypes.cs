namespace Symbolic.Caffe.Layers;

/// <summary>The table of layer types that nets may use.</summary>
internal static class LayerTypes
{
    private static readonly LayerType[] All =
    [
        new AbsValLayer(),
        new AccuracyLayer(),
        new ArgMaxLayer(),
        new BNLLLayer(),
        new BatchNormLayer(),
        new BatchReindexLayer(),
        new BiasLayer(),
        new ClipLayer(),
        new ConcatLayer(),
        new ContrastiveLossLayer(),
        new ConvolutionLayer(),
        new CropLayer(),
        new DataLayer(),
        new DeconvolutionLayer(),
        new DropoutLayer(),
        new DummyDataLayer(),
        new ELULayer(),
        new EltwiseLayer(),
        new EmbedLayer(),
        new EuclideanLossLayer(),
        new ExpLayer(),
        new FilterLayer(),
        new FlattenLayer(),
        new HDF5DataLayer(),
        new HDF5OutputLayer(),
        new HingeLossLayer(),
        new Im2colLayer(),
        new ImageDataLayer(),
        new InfogainLossLayer(),
        new InnerProductLayer(),
        new InputLayer(),
        new LRNLayer(),
        new LSTMLayer(),
        new LSTMUnitLayer(),
        new LogLayer(),
        new MVNLayer(),
        new MemoryDataLayer(),
        new MultinomialLogisticLossLayer(),
        new PReLULayer(),
        new ParameterLayer(),
        new PoolingLayer(),
        new PowerLayer(),
        new RNNLayer(),
        new ReLULayer(),
        new ReductionLayer(),
        new ReshapeLayer(),
        new SPPLayer(),
        new ScaleLayer(),
        new SigmoidCrossEntropyLossLayer(),
        new SigmoidLayer(),
        new SilenceLayer(),
        new SliceLayer(),
        new SoftmaxLayer(),
        new SoftmaxWithLossLayer(),
        new SplitLayer(),
        new SwishLayer(),
        new TanHLayer(),
        new ThresholdLayer(),
        new TileLayer(),
    ];

    private static readonly Dictionary<string, LayerType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["Python"] = "it runs a program, and model files are data",
        ["WindowData"] = "regions of pictures are not read; give them as an Input layer",
    };

    /// <summary>Why a type of Caffe's is none of ours, if that was decided.</summary>
    public static string? ReasonAgainst(string name) => Refused.GetValueOrDefault(name);

    /// <summary>The names of all types, sorted.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The type of this name, or null.</summary>
    public static LayerType? Find(string name) => ByName.GetValueOrDefault(name);
}
