using Symbolic.Runtime;

namespace Symbolic.Caffe.Solvers;

/// <summary>A net compiled to run forward: its loss and its outputs.</summary>
internal sealed class NetFunction : IDisposable
{
    private readonly Function function;
    private readonly Tensor[] inputs;
    private readonly Tensor[] outputs;
    private readonly int shownOutputs;
    private readonly DebugInfo? debug;

    public NetFunction(Net net, NetFeed feed, CompileOptions options, bool debugs = false)
    {
        debug = debugs ? DebugInfo.OfForward(net) : null;
        Seq<Expr> shown = [net.Objective.Cast(DType.Float32), .. net.Outputs.Map(output => output.Value.Cast(DType.Float32)), .. debug?.Values ?? [],
            .. net.Sinks.SelectMany(sink => new[] { sink.Data.Cast(DType.Float32), sink.Label.Cast(DType.Float32) })];
        shownOutputs = net.Outputs.Count;
        function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), shown, net.Updates, options);
        inputs = feed.Tensors;
        outputs = Room(net, shown);
    }

    /// <summary>The profile of the compiled function.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>The values of the net's outputs after the last run.</summary>
    public ReadOnlySpan<Tensor> Outputs => outputs.AsSpan(1, shownOutputs);

    /// <summary>The data and the label of each sink of the net, after the last run.</summary>
    public ReadOnlySpan<Tensor> Sinks => outputs.AsSpan(1 + shownOutputs + (debug?.Values.Count ?? 0));

    /// <summary>Prints what debug_info says of the last run, if it was asked for.</summary>
    public void PrintDebug(ICaffeLog log) => debug?.Print(log, outputs.AsSpan(1 + shownOutputs));

    /// <summary>Runs one batch and gives its loss.</summary>
    public float Run(CancellationToken cancellation)
    {
        function.Run(inputs, outputs, cancellation);
        return outputs[0].Item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    /// <summary>Tensors for results whose sizes are known numbers.</summary>
    internal static Tensor[] Room(Net net, Seq<Expr> results) => [.. results.Select(result => result.Shape.IsKnown
        ? Tensor.Zeros(result.DType, result.Shape.Sizes)
        : throw new InvalidOperationException($"{result.Label} of net {net.Name} has no known size"))];
}
