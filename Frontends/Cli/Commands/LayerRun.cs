using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>One layer of a net compiled alone, forward and backward, on inputs of zeros.</summary>
internal sealed class LayerRun : IDisposable
{
    private readonly Function? forward, backward;
    private readonly Tensor[] bottoms, gradients, forwardResults, backwardResults;

    /// <summary>Compiles the layer.</summary>
    public LayerRun(NetLayer layer, CompileOptions options)
    {
        Name = layer.Name;
        Variable[] inputs = [.. layer.Bottoms.Select((bottom, i) => Like(bottom, $"bottom{i}"))];
        var replaced = new Dictionary<Expr, Expr>();
        for (int i = 0; i < inputs.Length; i++)
        {
            replaced[layer.Bottoms[i]] = inputs[i].Expr;
        }
        Seq<Expr> tops = Traversal.Substitute(layer.Tops, replaced);
        Seq<Expr> given = inputs.Select(i => i.Expr).ToSeq();
        bottoms = [.. inputs.Select(i => Zeros(i.Expr))];
        forwardResults = [.. tops.Select(Zeros)];
        (gradients, backwardResults) = ([], []);
        if (inputs.Length == 0)
        {
            return;
        }
        forward = Function.Compile(given, tops, options: options with { Name = $"{Name} forward" });
        Seq<Expr> slopes = tops.Select((top, i) => Like(top, $"gradient{i}").Expr).ToSeq();
        Seq<Expr> wanted = [.. given.Where(g => g.DType.IsFloat()), .. layer.Blobs.Map(b => b.Parameter.Variable.Expr)];
        Seq<Expr> found = tops.All(t => t.DType.IsFloat())
            ? [.. Differentiation.Gradient(wanted, tops, slopes).OfType<Derivative.Known>().Select(known => known.Expr)]
            : [];
        if (found.Count > 0)
        {
            gradients = [.. slopes.Select(Zeros)];
            backwardResults = [.. found.Select(Zeros)];
            backward = Function.Compile([.. given, .. slopes], found, options: options with { Name = $"{Name} backward" });
        }
    }

    /// <summary>The layer's name.</summary>
    public string Name { get; }

    /// <summary>Runs it forward; a layer of data does nothing.</summary>
    public void Forward() => forward?.Run(bottoms, forwardResults);

    /// <summary>Runs its gradient, if it has one.</summary>
    public void Backward() => backward?.Run([.. bottoms, .. gradients], backwardResults);

    /// <inheritdoc/>
    public void Dispose()
    {
        forward?.Dispose();
        backward?.Dispose();
    }

    private static Variable Like(Expr value, string name) => new(name, value.DType, [.. value.Shape.Select(size => (Dim?)size)]);

    private static Tensor Zeros(Expr value) => Tensor.Zeros(value.DType, value.Shape.Sizes);
}
