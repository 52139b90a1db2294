using Symbolic.Runtime;

namespace Symbolic.Caffe.Solvers;

/// <summary>A net compiled to run without updates: its loss and its outputs, and where asked the gradients of its parameters.</summary>
internal sealed class NetFunction : IDisposable
{
    private readonly Function function;
    private readonly Tensor[] inputs;
    private readonly Tensor[] outputs;

    private readonly int count;

    public NetFunction(Net net, NetFeed feed, CompileOptions options, bool backward = false)
    {
        count = net.Outputs.Count;
        Seq<Expr> shown = [net.Objective, .. net.Outputs.Map(output => output.Value), .. backward ? Gradients(net) : []];
        function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), shown, options: options);
        inputs = feed.Tensors;
        outputs = Room(net, shown);
    }

    /// <summary>The profile of the compiled function.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>The values of the net's outputs after the last run.</summary>
    public ReadOnlySpan<Tensor> Outputs => outputs.AsSpan(1, count);

    /// <summary>Runs one batch and gives its loss.</summary>
    public float Run(CancellationToken cancellation)
    {
        function.Run(inputs, outputs, cancellation);
        return outputs[0].Item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    /// <summary>The gradient of the objective per parameter; zeros where it does not depend on one.</summary>
    internal static Seq<Expr> Gradients(Net net)
    {
        Seq<Expr> weights = net.Parameters.Map(p => p.Variable.Expr);
        Derivative[] slopes = Differentiation.Gradient(weights, [net.Objective]);
        return slopes.Select((slope, i) => slope switch
        {
            Derivative.Known(var gradient) => gradient,
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => Functions.Zeros(weights[i].Tensor),
        }).ToSeq();
    }

    /// <summary>Tensors for results whose sizes are known numbers.</summary>
    internal static Tensor[] Room(Net net, Seq<Expr> results) => [.. results.Select(result => result.Shape.IsKnown
        ? Tensor.Zeros(result.DType, result.Shape.Sizes)
        : throw new InvalidOperationException($"{result.Label} of net {net.Name} has no known size"))];
}
