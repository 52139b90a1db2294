using Symbolic.Caffe.Layers;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Nets;

/// <summary>
/// Builds the graph of a net layer by layer. A blob's name stands for its newest value, so a layer that works in place only
/// moves the name on; a blob used twice needs no copy.
/// </summary>
internal sealed class NetBuilder(NetParameter net, NetOptions options)
{
    private const string AutomaticTop = "(automatic)";

    private readonly ParameterTable parameters = new(options);
    private readonly Dictionary<string, Expr> blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float> lossWeights = new(StringComparer.Ordinal);
    private readonly SortedSet<string> unconsumed = new(StringComparer.Ordinal);
    private readonly List<NetLayer> layers = [];
    private readonly List<NetInput> inputs = [];
    private readonly List<NetData> data = [];
    private readonly List<NetSink> sinks = [];
    private readonly Statistics statistics = new();
    // Not the key of the fillers, whose draws would come again as masks.
    private readonly RandomStream random = new(unchecked((ulong)options.Seed ^ 0x9e3779b97f4a7c15));
    private Expr? objective;

    public Net Build()
    {
        if (options.DType is not (DType.Float32 or DType.Float64))
        {
            throw new PrototxtError($"a net computes in float32 or float64, not in {options.DType.Text()}");
        }
        if (options.SharedWith is { } other && other.Objective.DType != options.DType)
        {
            throw new PrototxtError($"a net of {options.DType.Text()} cannot share the weights of one of {other.Objective.DType.Text()}");
        }
        NetParameter upgraded = NetUpgrade.Apply(net, options.Places).Whole;
        try
        {
            foreach (LayerParameter layer in upgraded.Layer.Where(layer => NetRules.Keeps(layer, options)))
            {
                Add(layer);
            }
        }
        catch
        {
            data.ForEach(d => d.Batches.Dispose());
            throw;
        }
        Seq<NetOutput> outputs = unconsumed.Select(name => new NetOutput(name, blobs[name], lossWeights.GetValueOrDefault(name))).ToSeq();
        return new Net(net.Name, options.Phase, layers.ToSeq(), blobs, inputs.ToSeq(), data.ToSeq(), sinks.ToSeq(), outputs, parameters.Parameters.ToSeq(),
            objective ?? Full(options.DType, Shape.Scalar, 0), statistics.Updates(), random);
    }

    private void Add(LayerParameter layer)
    {
        if (LayerTypes.ReasonAgainst(layer.Type) is { } reason)
        {
            throw options.Error(layer, $"layers of type {layer.Type} are not supported: {reason}", layer, "type");
        }
        LayerType type = LayerTypes.Find(layer.Type)
            ?? throw options.Error(layer, $"Unknown layer type: {layer.Type} (known types: {string.Join(", ", LayerTypes.Names)}){Spelling.DidYouMean(layer.Type, LayerTypes.Names)}", layer, "type");
        Seq<Expr> bottoms = Bottoms(layer);
        bool automatic = type.IsLoss && layer.Top.Count == 0;
        LayerParameter named = layer;
        if (automatic)
        {
            named = layer.Clone();
            named.Top.Add(AutomaticTop);
        }
        Check(layer, type, bottoms.Count, named.Top.Count);
        var scope = new LayerScope(named, bottoms, options, parameters, statistics, random);
        Seq<Expr> tops = Build(layer, type, scope);
        if (layer.Param.Count > scope.Blobs.Count)
        {
            throw Fail(layer, $"Too many params specified for layer {layer.Name}: {layer.Param.Count}, of {scope.Blobs.Count}");
        }
        inputs.AddRange(scope.Inputs);
        if (scope.Batches is { } batches)
        {
            data.Add(new NetData(layer.Name, batches, scope.Inputs.ToSeq()));
        }
        if (scope.Sink is { } sink)
        {
            sinks.Add(sink);
        }
        layers.Add(new NetLayer(layer, bottoms, tops, scope.Blobs.ToSeq()));
        Name(layer, named, tops, automatic);
        Weigh(layer, type, named, tops);
    }

    private Seq<Expr> Bottoms(LayerParameter layer)
    {
        if (layer.PropagateDown.Count > 0 && layer.PropagateDown.Count != layer.Bottom.Count)
        {
            throw Fail(layer, $"propagate_down param must be specified either 0 or bottom_size times ({layer.PropagateDown.Count} vs. {layer.Bottom.Count})");
        }
        return layer.Bottom.Select((name, index) =>
        {
            if (!blobs.TryGetValue(name, out Expr? blob) || name == AutomaticTop)
            {
                throw Fail(layer, $"Unknown bottom blob '{name}' (layer '{layer.Name}', bottom index {index})");
            }
            unconsumed.Remove(name);
            return index < layer.PropagateDown.Count && !layer.PropagateDown[index] ? StopGradient(blob) : blob;
        }).ToSeq();
    }

    private void Check(LayerParameter layer, LayerType type, int bottoms, int tops)
    {
        if (layer.Top.Contains(""))
        {
            throw Fail(layer, $"top blob {layer.Top.IndexOf("")} has no name");
        }
        if (!type.Bottoms.Allows(bottoms))
        {
            throw Fail(layer, $"{type.Name} Layer takes {type.Bottoms.Describe(bottoms)} bottom blob(s) as input; got {bottoms}");
        }
        if (!type.Tops.Allows(tops))
        {
            throw Fail(layer, $"{type.Name} Layer produces {type.Tops.Describe(tops)} top blob(s) as output; got {tops}");
        }
        if (layer.LossWeight.Count > 0 && layer.LossWeight.Count != tops)
        {
            throw Fail(layer, $"loss_weight must be unspecified or specified once per top blob ({tops} vs. {layer.LossWeight.Count})");
        }
    }

    private Seq<Expr> Build(LayerParameter layer, LayerType type, LayerScope scope)
    {
        try
        {
            return type.Build(scope);
        }
        catch (Exception error) when (error is TypeMismatch or OverflowException)
        {
            scope.Batches?.Dispose();
            throw Fail(layer, error.Message);
        }
    }

    private void Name(LayerParameter layer, LayerParameter named, Seq<Expr> tops, bool automatic)
    {
        for (int top = 0; top < tops.Count; top++)
        {
            string name = named.Top[top];
            bool inPlace = top < layer.Bottom.Count && layer.Bottom[top] == name;
            if (blobs.ContainsKey(name) && !inPlace && !automatic)
            {
                throw Fail(layer, $"Top blob '{name}' produced by multiple sources.");
            }
            blobs[name] = tops[top];
            if (options.PlaceOf(layer) is { } place)
            {
                Origin.Mark(tops[top], place);
            }
            lossWeights.Remove(name);
            if (!automatic)
            {
                unconsumed.Add(name);
            }
        }
    }

    private void Weigh(LayerParameter layer, LayerType type, LayerParameter named, Seq<Expr> tops)
    {
        for (int top = 0; top < tops.Count; top++)
        {
            float weight = layer.LossWeight.Count > 0 ? layer.LossWeight[top] : type.IsLoss && top == 0 ? 1 : 0;
            if (weight != 0)
            {
                lossWeights[named.Top[top]] = weight;
                Expr term = tops[top].Sum() * weight;
                objective = objective is null ? term : objective + term;
            }
        }
    }

    private PrototxtError Fail(LayerParameter layer, string message) => options.Error(layer, message);
}
