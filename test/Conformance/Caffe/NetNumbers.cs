using System.Globalization;
using System.Text.RegularExpressions;
using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>What the judge asks of a net: blobs by Caffe's names, parameters by layer and number, values as doubles.</summary>
internal static partial class NetNumbers
{
    /// <summary>A parameter by the spelling of the reference data: <c>conv1.0</c>.</summary>
    public static Parameter Parameter(this Net net, string key)
    {
        int dot = key.LastIndexOf('.');
        NetLayer layer = net.Layers.FirstOrDefault(l => l.Name == key[..dot]) ?? throw new KeyNotFoundException($"the net has no layer {key[..dot]}");
        int index = int.Parse(key[(dot + 1)..], CultureInfo.InvariantCulture);
        return index < layer.Blobs.Count ? layer.Blobs[index].Parameter : throw new KeyNotFoundException($"layer {layer.Name} has {layer.Blobs.Count} parameters, and no {index}");
    }

    /// <summary>A blob; the tops of the Split layers that Caffe inserts are the blob that they repeat.</summary>
    public static Expr Blob(this Net net, string name) => net.Blobs.TryGetValue(BaseName(net, name), out Expr? blob) ? blob
        : throw new KeyNotFoundException($"the net has no blob {name}; it has {string.Join(", ", net.Blobs.Keys.Take(20))}");

    /// <summary>Whether the net has a blob, perhaps repeated by a Split layer of Caffe's.</summary>
    public static bool HasBlob(this Net net, string name) => net.Blobs.ContainsKey(BaseName(net, name));

    /// <summary>The name without what Caffe's insert_splits.cpp appends: <c>_LAYER_TOP_split_NUMBER</c>.</summary>
    public static string BaseName(Net net, string name)
    {
        if (net.Blobs.ContainsKey(name) || !Split().IsMatch(name))
        {
            return name;
        }
        string start = Split().Replace(name, "");
        return net.Layers.SelectMany(layer => layer.Parameter.Top.Select(top => (Blob: top, Name: $"{top}_{layer.Name}")))
            .Where(pair => pair.Name == start).Select(pair => pair.Blob).FirstOrDefault() ?? name;
    }

    /// <summary>The value that a blob had when its first layer had made it: where Caffe works in place, its gradient is that one's.</summary>
    public static Expr FirstValue(this Net net, string blob) => net.Layers
        .SelectMany(layer => layer.Parameter.Top.Select((top, i) => (top, i, layer))).Where(made => made.top == blob && made.i < made.layer.Tops.Count)
        .Select(made => made.layer.Tops[made.i]).FirstOrDefault() ?? net.Blob(blob);

    /// <summary>Gradients of outputs; zeros where nothing depends.</summary>
    /// <exception cref="GradientError">A gradient is not defined; says why.</exception>
    public static Expr[] Gradients(Seq<Expr> of, Seq<Expr> outputs, Seq<Expr>? arriving = null) =>
        [.. Differentiation.Gradient(of, outputs, arriving).Select((slope, i) => slope switch
        {
            Derivative.Known(var gradient) => gradient,
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => Functions.Zeros(of[i].Tensor),
        })];

    /// <summary>The values of a tensor of any number type.</summary>
    public static double[] Numbers(this Tensor tensor) => tensor.ToLiteral().ToDoubles();

    [GeneratedRegex(@"_\d+_split_\d+$")]
    private static partial Regex Split();
}
