using Google.Protobuf;
using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Layers;

/// <summary>What a layer type sees while it builds one layer: its parameters, its bottoms, and where its weights come from.</summary>
internal sealed class LayerScope(LayerParameter parameter, Phase phase, Seq<Expr> bottoms, NetOptions options, Func<Seq<int>, FillerParameter?, Expr> weight)
{
    private readonly List<NetInput> inputs = [];

    /// <summary>The layer as the file says it.</summary>
    public LayerParameter Parameter => parameter;

    /// <summary>Whether the net trains or tests.</summary>
    public Phase Phase => phase;

    /// <summary>Its inputs.</summary>
    public Seq<Expr> Bottoms => bottoms;

    /// <summary>Its first input.</summary>
    public Expr Bottom => bottoms[0];

    /// <summary>Number of tops that the file names.</summary>
    public int TopCount => parameter.Top.Count;

    /// <summary>Settings of the net.</summary>
    public NetOptions Options => options;

    /// <summary>The inputs that the layer declared.</summary>
    public IReadOnlyList<NetInput> Inputs => inputs;

    /// <summary>Where the layer's tops get their values, if it is a data layer.</summary>
    public IBatches? Batches { get; set; }

    /// <summary>
    /// The next parameter of the layer, float32: new and filled, shared by its name, or the one of the net that this net
    /// shares weights with.
    /// </summary>
    public Expr Weight(Seq<long> sizes, FillerParameter? filler) => weight(
        sizes.Map(size => size <= int.MaxValue ? (int)size : throw Error($"a parameter of sizes {SizeText.Of(sizes)} is too large")), filler);

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
        var variable = new Variable(name, DType.Float32, dims);
        inputs.Add(new NetInput(name, variable));
        return variable.Expr;
    }

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
}
