using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>Some results of a net as a compiled function, with the tensors that its data layers fill and its outputs go to.</summary>
internal sealed class NetRun : IDisposable
{
    private readonly Net net;
    private readonly Function function;
    private readonly Tensor[] inputs, outputs;
    private readonly Tensor[][] tops;

    /// <summary>Compiles. Inputs that no data layer fills are zero.</summary>
    public NetRun(Net net, Seq<Expr> results, CompileOptions options)
    {
        this.net = net;
        inputs = [.. net.Inputs.Select(input => Zeros(input.Variable.Type))];
        tops = [.. net.Data.Select(data => data.Tops.Select(top => inputs[net.Inputs.ToList().IndexOf(top)]).ToArray())];
        outputs = [.. results.Select(result => Zeros(result.Tensor))];
        function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), results, options: options);
    }

    /// <summary>The results of the last run.</summary>
    public ReadOnlySpan<Tensor> Results => outputs;

    /// <summary>What the kernels cost.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>Reads the next batch of every data layer.</summary>
    public void NextBatch()
    {
        for (int i = 0; i < tops.Length; i++)
        {
            net.Data[i].Source.Next(tops[i]);
        }
    }

    /// <summary>Computes the results of the batch.</summary>
    public void Run() => function.Run(inputs, outputs);

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    private static Tensor Zeros(TensorType type) => Tensor.Zeros(type.DType, type.Shape.Sizes);
}
