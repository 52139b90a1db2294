namespace Symbolic.Ops;

/// <summary>
/// The positions, i64[count], of the elements of a vector that are true, in increasing order. The count is known before: it is a size, as
/// <see cref="Functions.SizeFrom"/> makes one of a sum; another number than there are is refused.
/// </summary>
public sealed record NonZero(Dim Count) : ProcedureOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0] is { DType: DType.Bool, Rank: 1 } ? new TensorType(DType.Int64, [Count]) : throw Mismatch($"wants a vector of booleans; got {inputs[0]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        Elements<byte> x = call.Inputs[0].As<byte>();
        Elements<long> positions = call.Results[0].As<long>();
        long found = 0;
        for (long i = 0; i < x.Count; i++)
        {
            if (x[i] != 0)
            {
                if (found < positions.Count)
                {
                    positions[found] = i;
                }
                found++;
            }
        }
        if (found != positions.Count)
        {
            throw Refused($"finds {found} elements that are true, not {positions.Count}");
        }
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => new NonZero(map(Count));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new NonZero(3), SampleInput.Of(DType.Bool, [7], 0, 1, 0, 0, 1, 1, 0)), Sample.Of(new NonZero(0), SampleInput.Of(DType.Bool, [2], 0, 0)),
         Sample.Of(new NonZero(0), SampleInput.Of(DType.Bool, [0]))];
}
