using Google.Protobuf;
using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>What a layer type sees while it builds one layer: its parameters, its bottoms, and where its weights come from.</summary>
internal sealed class LayerScope(LayerParameter parameter, Seq<Expr> bottoms, NetOptions options, ParameterTable table, Statistics statistics, RandomStream random)
{
    private readonly List<NetInput> inputs = [];
    private readonly List<LayerBlob> blobs = [];
    private readonly List<SharedVariable> states = [];

    /// <summary>The layer as the file says it.</summary>
    public LayerParameter Parameter => parameter;

    /// <summary>Whether the net trains or tests.</summary>
    public Phase Phase => options.Phase;

    /// <summary>The dtype in which the net computes.</summary>
    public DType DType => options.DType;

    /// <summary>Its inputs.</summary>
    public Seq<Expr> Bottoms => bottoms;

    /// <summary>Its first input.</summary>
    public Expr Bottom => bottoms[0];

    /// <summary>Number of tops that the file names.</summary>
    public int TopCount => parameter.Top.Count;

    /// <summary>Whether its first top has the name of its first bottom.</summary>
    public bool InPlace => parameter.Bottom.Count > 0 && parameter.Top.Count > 0 && parameter.Bottom[0] == parameter.Top[0];

    /// <summary>Settings of the net.</summary>
    public NetOptions Options => options;

    /// <summary>The inputs that the layer declared.</summary>
    public IReadOnlyList<NetInput> Inputs => inputs;

    /// <summary>The parameters that the layer asked for, in order.</summary>
    public IReadOnlyList<LayerBlob> Blobs => blobs;

    /// <summary>The random draws of the net.</summary>
    public RandomStream Random => random;

    /// <summary>Where the layer's tops get their values, if it is a data layer.</summary>
    public IBatches? Batches { get; set; }

    /// <summary>What whoever runs the net shall write to a file for the layer.</summary>
    public NetSink? Sink { get; set; }

    /// <summary>
    /// The next parameter of the layer, of the net's dtype: new and filled, shared by its name, or the one of the net that this net
    /// shares weights with.
    /// </summary>
    public Expr Weight(Seq<long> sizes, FillerParameter? filler) => Add(sizes, filler).Parameter.Variable.Expr.Reshape(Shape.Of(sizes));

    /// <summary>The next parameter of the layer as values that are not learned but kept by forward runs, and so without a gradient; zeros at first.</summary>
    public Expr Statistic(Seq<long> sizes)
    {
        Parameter kept = Add(sizes, null).Parameter;
        kept.LrMult = kept.DecayMult = 0;
        return StopGradient(statistics[kept.Variable].Reshape(Shape.Of(sizes)));
    }

    /// <summary>What a forward run leaves in the statistic number <paramref name="index"/> of the layer.</summary>
    public void Leave(int index, Expr value)
    {
        SharedVariable kept = blobs[index].Parameter.Variable;
        statistics[kept] = value.Reshape(kept.Type.Shape);
    }

    /// <summary>The value number <paramref name="index"/> of the layer that is no parameter but goes from one run to the next; zeros at first.</summary>
    public Expr Kept(int index, Seq<long> sizes)
    {
        var state = new SharedVariable(DType, sizes, $"{parameter.Name}.state{index}");
        states.Add(state);
        return StopGradient(state.Expr);
    }

    /// <summary>What a forward run leaves in the value number <paramref name="index"/> for the next.</summary>
    public void Keep(int index, Expr value) => statistics[states[index]] = StopGradient(value);

    /// <summary>Declares a top as an input of the net.</summary>
    public Expr Input(int top, Seq<long> sizes)
    {
        string name = parameter.Top[top];
        foreach (long size in sizes)
        {
            if (size < 0)
            {
                throw Error($"input {name} has a negative size in {SizeText.Of(sizes)}");
            }
        }
        var dims = sizes.Select((size, axis) => axis == 0 && options.Batch is { } batch ? batch : (Dim?)size).ToArray();
        var variable = new Variable(name, Symbolic.DType.Float32, dims);
        inputs.Add(new NetInput(name, variable));
        return variable.Expr.Cast(DType);
    }

    /// <summary>A size as a number of the net's dtype.</summary>
    public Expr Count(Dim size) => SizeOf(size).Cast(DType);

    /// <summary>An axis of an expression; negative ones count from the end.</summary>
    public int Axis(int axis, Expr of) => axis >= -of.Rank && axis < of.Rank
        ? axis < 0 ? axis + of.Rank : axis
        : throw Error($"axis {axis} out of range for {of.Rank}-D Blob with shape {SizeText.Of(of.Shape)}");

    /// <summary>A size that must be a known number.</summary>
    public long Size(Expr of, int axis) => of.Shape[axis] is { IsConstant: true } size
        ? size.Constant
        : throw Error($"wants axis {axis} of {of.Label} to be a known size");

    /// <summary>The sizes from an axis on, which must be known numbers.</summary>
    public Seq<long> SizesFrom(Expr of, int axis) => Enumerable.Range(axis, of.Rank - axis).Select(a => Size(of, a)).ToSeq();

    /// <summary>A size from the file that must be at least <paramref name="least"/> and fit an int.</summary>
    public int Number(uint value, string field, int least = 0) => value >= least && value <= int.MaxValue
        ? (int)value
        : throw Error($"{field} must be at least {least}; got {value}");

    /// <summary>An error that names the layer, at the place of a field of a message inside it, or of the layer.</summary>
    public PrototxtError Error(string message, IMessage? at = null, string? field = null) => options.Error(parameter, message, at, field);

    private LayerBlob Add(Seq<long> sizes, FillerParameter? filler)
    {
        Seq<int> checkedSizes = sizes.Map(size => size <= int.MaxValue ? (int)size : throw Error($"a parameter of sizes {SizeText.Of(sizes)} is too large"));
        LayerBlob blob = table.Add(parameter, blobs.Count, checkedSizes, filler);
        blobs.Add(blob);
        return blob;
    }
}
