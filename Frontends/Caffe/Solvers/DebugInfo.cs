using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// What debug_info prints of a run: the mean of |x| of every blob and parameter as the layers go forward, then of every gradient as
/// they go back, and the norms of all parameters (net.cpp, ForwardDebugInfo, BackwardDebugInfo, Backward).
/// </summary>
internal sealed class DebugInfo
{
    private readonly List<(int Line, string Text, Expr Value)> probes = [];
    private readonly bool hasNorms;

    private DebugInfo(List<(int, string, Expr)> forward) => probes = forward;

    private DebugInfo(Net net, Seq<Expr> gradients) : this(Forward(net))
    {
        AddBackward(net, gradients);
        foreach (Seq<Expr> all in new[] { net.Parameters.Map(parameter => parameter.Variable.Expr), gradients })
        {
            Norm(all.Select(x => Abs<Expr>(x).Sum()), sum => sum);
            Norm(all.Select(x => (x * x).Sum()), sum => Sqrt<Expr>(sum));
        }
        hasNorms = true;

        void Norm(IEnumerable<Expr> parts, Func<Expr, Expr> root) =>
            probes.Add((0, "", root(parts.Aggregate(Full(DType.Float32, Shape.Scalar, 0), (sum, part) => sum + part))));
    }

    /// <summary>What a function has to give beside its own results, all float32 scalars.</summary>
    public Seq<Expr> Values => probes.Select(probe => probe.Value).ToSeq();

    /// <summary>Of a run forward.</summary>
    public static DebugInfo OfForward(Net net) => new(Forward(net));

    /// <summary>Of a run forward and backward.</summary>
    /// <param name="net">The net.</param>
    /// <param name="gradients">The gradients of its parameters as they are gathered.</param>
    public static DebugInfo OfTraining(Net net, Seq<Expr> gradients) => new(net, gradients);

    /// <summary>Prints what a run gave for <see cref="Values"/>.</summary>
    public void Print(ICaffeLog log, ReadOnlySpan<Tensor> values)
    {
        int lines = probes.Count - (hasNorms ? 4 : 0);
        for (int i = 0; i < lines; i++)
        {
            log.Write(new LogLine("net.cpp", probes[i].Line, $"    {probes[i].Text}: {CppNumber.Text(values[i].Item<float>())}"));
        }
        if (hasNorms)
        {
            string[] norms = [.. values[lines..].ToArray().Select(norm => CppNumber.Text(norm.Item<float>()))];
            log.Write(new LogLine("net.cpp", 721, $"    [Backward] All net params (data, diff): L1 norm = ({norms[0]}, {norms[2]}); L2 norm = ({norms[1]}, {norms[3]})"));
        }
    }

    private static List<(int, string, Expr)> Forward(Net net)
    {
        var forward = new List<(int, string, Expr)>();
        foreach (NetLayer layer in net.Layers)
        {
            forward.AddRange(layer.Tops.Select((top, i) => (593, $"[Forward] Layer {layer.Name}, top blob {TopName(layer, i)} data", Mean(top))));
            forward.AddRange(layer.Blobs.Select((blob, i) => (605, $"[Forward] Layer {layer.Name}, param blob {ParameterName(blob, i)} data", Mean(blob.Parameter.Variable))));
        }
        return forward;
    }

    private void AddBackward(Net net, Seq<Expr> gradients)
    {
        var wanted = new List<(string Text, Expr Of)>();
        var places = new List<(int Line, string Text, Expr? Value)>();
        HashSet<Expr> learns = Learning(net);
        foreach (NetLayer layer in net.Layers.Reverse())
        {
            for (int i = 0; i < layer.Bottoms.Count; i++)
            {
                if (learns.Contains(layer.Bottoms[i]))
                {
                    string text = $"[Backward] Layer {layer.Name}, bottom blob {layer.Parameter.Bottom[i]} diff";
                    wanted.Add((text, layer.Bottoms[i]));
                    places.Add((621, text, null));
                }
            }
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                if (layer.Blobs[i].Parameter.LrMult != 0)
                {
                    places.Add((632, $"[Backward] Layer {layer.Name}, param blob {ParameterName(layer.Blobs[i], i)} diff", gradients[net.Parameters.IndexOf(layer.Blobs[i].Parameter)]));
                }
            }
        }
        Derivative[] slopes = Differentiation.Gradient(wanted.Select(w => w.Of).ToSeq(), [net.Objective]);
        int next = 0;
        foreach ((int line, string text, Expr? value) in places)
        {
            if (value is not null)
            {
                probes.Add((line, text, Mean(value)));
            }
            else if (slopes[next++] is Derivative.Known(var slope))
            {
                probes.Add((line, text, Mean(slope)));
            }
        }
    }

    /// <summary>The blobs that some learned parameter has a part in: those whose gradient Caffe computes.</summary>
    private static HashSet<Expr> Learning(Net net)
    {
        var learns = new HashSet<Expr>();
        foreach (NetLayer layer in net.Layers)
        {
            if (layer.Bottoms.Any(learns.Contains) || layer.Blobs.Any(blob => blob.Parameter.LrMult != 0))
            {
                learns.UnionWith(layer.Tops);
            }
        }
        return learns;
    }

    private static string TopName(NetLayer layer, int top) => top < layer.Parameter.Top.Count ? layer.Parameter.Top[top] : "(automatic)";

    private static string ParameterName(LayerBlob blob, int index) => blob.Parameter.Name ?? $"{index}";

    private static Expr Mean(Expr x) => Abs<Expr>(x).Mean();
}
