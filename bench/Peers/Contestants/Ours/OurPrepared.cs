using Symbolic.Peers.Works;
using Symbolic.Runtime;

namespace Symbolic.Peers.Contestants.Ours;

/// <summary>A compiled function with its inputs and with room for its outputs.</summary>
internal sealed class OurPrepared : IPrepared
{
    private readonly Function function;
    private readonly Tensor[] inputs, outputs;
    private readonly SharedVariable[] shown;

    /// <summary>Takes over the function. Beside its outputs the given shared variables are compared.</summary>
    public OurPrepared(Function function, Tensor[] inputs, params SharedVariable[] shown)
    {
        this.function = function;
        this.inputs = inputs;
        this.shown = shown;
        outputs = [.. function.Outputs.Select(type => Tensor.Zeros(type.DType, type.Shape.Sizes))];
    }

    /// <summary>A function of arrays of floats, each filled by the formula.</summary>
    public static OurPrepared Of(CompileOptions options, Expr output, params Expr[] inputs)
    {
        Function function = Function.Compile(inputs.ToSeq(), [output], options: options);
        return new(function, [.. function.Inputs.Select((input, i) => Filled([.. input.Type.Shape.Sizes], i))]);
    }

    /// <summary>A tensor of the formula's numbers.</summary>
    public static Tensor Filled(long[] sizes, int array, float scale = 1)
    {
        Tensor tensor = Tensor.Zeros(DType.Float32, sizes);
        Numbers.Fill(tensor.AsSpan<float>(), array, scale);
        return tensor;
    }

    /// <summary>Where the time of its runs went, if that was asked for.</summary>
    public FunctionProfile? Profile => function.Profile;

    /// <inheritdoc/>
    public void Run() => function.Run(inputs, outputs);

    /// <inheritdoc/>
    public IEnumerable<Output> Outputs() => outputs.Select((output, i) => new Output($"output {i}", output.ToArray<float>()))
        .Concat(shown.Select(variable => new Output(variable.Name, variable.Value.ToArray<float>())));

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();
}
