using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>Some results of a net as a compiled function, with the tensors that its data layers fill and its results go to.</summary>
internal sealed class NetRun : IDisposable
{
    private readonly NetFeed feed;
    private readonly Function function;
    private readonly Tensor[] results;

    /// <summary>Compiles. Inputs that no data layer fills are zero.</summary>
    public NetRun(Net net, Seq<Expr> results, CompileOptions options)
    {
        feed = new NetFeed(net);
        this.results = [.. results.Select(result => Tensor.Zeros(result.DType, result.Shape.Sizes))];
        function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), results, options: options);
    }

    /// <summary>The results of the last run.</summary>
    public ReadOnlySpan<Tensor> Results => results;

    /// <summary>What the kernels cost.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>Writes when which thread ran which kernel.</summary>
    public void WriteTrace(Stream stream) => function.WriteTrace(stream);

    /// <summary>Reads the next batch of every data layer.</summary>
    public void NextBatch() => feed.Next();

    /// <summary>Computes the results of the batch.</summary>
    public void Run() => function.Run(feed.Tensors, results);

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();
}
