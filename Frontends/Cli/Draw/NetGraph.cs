using Symbolic.Caffe.Schema;

namespace Symbolic.Cli.Draw;

/// <summary>A layer in a drawing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Facts">What else is worth saying in a line; may be empty.</param>
/// <param name="Kind">What it is drawn as.</param>
internal sealed record GraphNode(string Name, string Type, string Facts, GraphKind Kind);

/// <summary>What a layer is drawn as.</summary>
internal enum GraphKind
{
    /// <summary>Values come in here.</summary>
    Source,

    /// <summary>It learns.</summary>
    Learned,

    /// <summary>It computes.</summary>
    Fixed,

    /// <summary>Its result is what is minimised or measured.</summary>
    Goal,
}

/// <summary>A blob that goes from one layer to another.</summary>
internal sealed record GraphEdge(int From, int To, string Blob);

/// <summary>The layers of a net and what goes between them; edges lead from earlier layers to later ones.</summary>
internal sealed record NetGraph(string Name, Seq<GraphNode> Nodes, Seq<GraphEdge> Edges)
{
    /// <summary>The graph of layers in order. Where two layers of different phases give a blob of the same name, it comes from both.</summary>
    public static NetGraph Of(string name, Seq<LayerParameter> layers)
    {
        var producers = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var edges = new List<GraphEdge>();
        for (int i = 0; i < layers.Count; i++)
        {
            foreach (string bottom in layers[i].Bottom.Distinct(StringComparer.Ordinal))
            {
                edges.AddRange((producers.GetValueOrDefault(bottom) ?? []).Select(from => new GraphEdge(from, i, Clean(bottom))));
            }
            foreach (string top in layers[i].Top.Distinct(StringComparer.Ordinal))
            {
                if (layers[i].Bottom.Contains(top) || !producers.TryGetValue(top, out List<int>? known))
                {
                    producers[top] = [i];
                }
                else
                {
                    known.Add(i);
                }
            }
        }
        return new NetGraph(Clean(name), layers.Map(layer => new GraphNode(Clean(layer.Name), Clean(layer.Type), Facts(layer), Kind(layer))), edges.ToSeq());
    }

    // No file format of drawings takes control characters.
    private static string Clean(string words) => string.Concat(words.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private static GraphKind Kind(LayerParameter layer) => layer.Bottom.Count == 0 ? GraphKind.Source
        : layer.Type is "Convolution" or "Deconvolution" or "InnerProduct" or "Embed" or "LSTM" or "RNN" or "Scale" or "Bias" or "PReLU" or "BatchNorm" ? GraphKind.Learned
        : layer.Type.EndsWith("Loss", StringComparison.Ordinal) || layer.Type is "Accuracy" ? GraphKind.Goal
        : GraphKind.Fixed;

    private static string Facts(LayerParameter layer) => layer switch
    {
        { ConvolutionParam: { } c } => Join($"{c.NumOutput} of {Size(c.KernelSize, c.KernelH, c.KernelW)}", Beside("stride", Size(c.Stride, c.StrideH, c.StrideW), "1"),
            Beside("pad", Size(c.Pad, c.PadH, c.PadW), "0"), Beside("groups", $"{c.Group}", "1")),
        { PoolingParam: { GlobalPooling: true } p } => $"{p.Pool}".ToUpperInvariant() + " of all",
        { PoolingParam: { } p } => Join($"{p.Pool}".ToUpperInvariant() + $" of {Size(p.HasKernelSize ? [p.KernelSize] : [], p.KernelH, p.KernelW)}",
            Beside("stride", Size([p.Stride], p.StrideH, p.StrideW), "1"), Beside("pad", Size([p.Pad], p.PadH, p.PadW), "0")),
        { InnerProductParam: { } i } => $"{i.NumOutput} outputs",
        { EltwiseParam: { } e } => $"{e.Operation}".ToUpperInvariant(),
        { DropoutParam: { } d } => FormattableString.Invariant($"{d.DropoutRatio:0.##}"),
        { InputParam: { } input } => string.Join("; ", input.Shape.Select(shape => string.Join(" × ", shape.Dim))),
        _ => "",
    };

    private static string Size(IReadOnlyList<uint> sizes, uint height, uint width) => height > 0 || width > 0 ? Distinct([height, width]) : sizes.Count == 0 ? "" : Distinct([.. sizes]);

    private static string Distinct(uint[] sizes) => sizes.Distinct().Count() == 1 ? $"{sizes[0]}" : string.Join(" × ", sizes);

    private static string Beside(string what, string value, string usual) => value.Length == 0 || value == usual ? "" : $"{what} {value}";

    private static string Join(params string[] parts) => string.Join(", ", parts.Where(part => part.Length > 0));
}
