namespace Symbolic.Ops;

/// <summary>
/// Integers, i64 of any shape, as they are; a negative one is refused when the function runs, by a message that begins with what wants
/// none. Unlike an assertion it is no effect: where nobody reads the result, nothing is checked.
/// </summary>
public sealed record NotNegative(string Asker) : ProcedureOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0].DType == DType.Int64 ? inputs[0] : throw Mismatch($"wants integers i64; got {inputs[0]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        Elements<long> x = call.Inputs[0].As<long>();
        for (long i = 0; i < x.Count; i++)
        {
            if (x[i] < 0)
            {
                throw new BindingError($"{Asker} is given {x[i]} at {i}, which is negative");
            }
        }
        x.CopyTo(call.Results[0].As<long>());
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new NotNegative("a sum"), SampleInput.Of(DType.Int64, [2, 2], 0, 4, 3, 2)), Sample.Of(new NotNegative("\"a\""), SampleInput.Of(DType.Int64, [0]))];
}
