namespace Symbolic.Ops;

using static Functions;

/// <summary>An op with positions along an axis as data: i64[k], each from −n to n − 1 for an axis of n elements; a negative one counts from the end.</summary>
public abstract record PositionedOp(int Axis) : ProcedureOp
{
    /// <summary>Whether a type is one of positions.</summary>
    protected static bool ArePositions(TensorType type) => type is { DType: DType.Int64, Rank: 1 };

    /// <summary>A position that lies on the axis.</summary>
    protected long Position(Elements<long> positions, long k, long size)
    {
        long position = positions[k];
        return position >= -size && position < size
            ? position < 0 ? position + size : position
            : throw Refused($"is given position {position} at {k}, which is outside an axis of {size} elements");
    }
}

/// <summary>
/// y = x, then for each i in turn y[..., positions[i], ...] += v[..., i, ...]: a position that occurs again accumulates, always in
/// that order. Inputs are x, the positions i64[k], and v. Adding truths is "or".
/// </summary>
public sealed record ScatterAdd(int Axis) : PositionedOp(Axis), IArithmetic
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(3, inputs);
        return Axis >= 0 && Axis < inputs[0].Rank && ArePositions(inputs[1]) && inputs[2].Equals(inputs[0] with { Shape = new Shape(inputs[0].Shape.Dims.With(Axis, inputs[1].Shape[0])) })
            ? inputs[0]
            : throw Mismatch($"wants an array with axis {Axis}, positions i64[k], and values of the array's type with k in place of that axis; got {inputs[0]}, {inputs[1]} and {inputs[2]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call) => Numbers.Compute(call.Inputs[0].DType, this, call);

    void IArithmetic.Compute<TStored, TNumber, TNumbers>(ProcedureCall call)
    {
        (long outer, long size, long inner) = call.Inputs[0].Around(Axis);
        Elements<TStored> y = call.Results[0].As<TStored>(), v = call.Inputs[2].As<TStored>();
        Elements<long> positions = call.Inputs[1].As<long>();
        call.Inputs[0].As<TStored>().CopyTo(y);
        for (long o = 0; o < outer; o++)
        {
            for (long k = 0; k < positions.Count; k++)
            {
                Span<TStored> to = y.Span((o * size + Position(positions, k, size)) * inner, inner), from = v.Span((o * positions.Count + k) * inner, inner);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = TNumbers.Write(TNumbers.Read(to[i]) + TNumbers.Read(from[i]));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) =>
        [resultGradients[0]!, Derivative.Disconnected, Expr.Of(new Gather(Axis), resultGradients[0]!, node.Inputs[1])];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new ScatterAdd(0), SampleInput.Uniform([5], -2, 2), SampleInput.Of(DType.Int64, [7], 0, 4, -1, 2, 2, -5, 0), SampleInput.Uniform([7], -2, 2)),
         Sample.Of(new ScatterAdd(1), SampleInput.Uniform([3, 4, 2], -2, 2), SampleInput.Of(DType.Int64, [3], 3, 0, 3), SampleInput.Uniform([3, 3, 2], -2, 2)),
         Sample.Of(new ScatterAdd(0), SampleInput.Uniform([3, 9], -2, 2), SampleInput.Of(DType.Int64, [0]), SampleInput.Uniform([0, 9], -2, 2)),
         .. DTypes.All.Where(dtype => !dtype.IsContinuous()).Select(dtype => Sample.Of(new ScatterAdd(0),
            SampleInput.Whole(dtype, [3], 0, 1), SampleInput.Of(DType.Int64, [4], 1, 1, 0, 1), SampleInput.Whole(dtype, [4], 0, dtype == DType.Bool ? 1 : 100)))];
}

/// <summary>
/// y = x, then for each i in turn y[..., positions[i], ...] = v[..., i, ...]: where a position occurs again, the last one stands.
/// Inputs are x, the positions i64[k], and v.
/// </summary>
public sealed record ScatterSet(int Axis) : PositionedOp(Axis)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(3, inputs);
        return Axis >= 0 && Axis < inputs[0].Rank && ArePositions(inputs[1]) && inputs[2].Equals(inputs[0] with { Shape = new Shape(inputs[0].Shape.Dims.With(Axis, inputs[1].Shape[0])) })
            ? inputs[0]
            : throw Mismatch($"wants an array with axis {Axis}, positions i64[k], and values of the array's type with k in place of that axis; got {inputs[0]}, {inputs[1]} and {inputs[2]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        (long outer, long size, long inner) = call.Inputs[0].Around(Axis);
        long row = inner * call.Inputs[0].DType.Size();
        Elements<byte> x = call.Inputs[0].From<byte>(0, call.Inputs[0].Bytes), y = call.Results[0].From<byte>(0, call.Results[0].Bytes), v = call.Inputs[2].From<byte>(0, call.Inputs[2].Bytes);
        Elements<long> positions = call.Inputs[1].As<long>();
        x.CopyTo(y);
        for (long o = 0; o < outer; o++)
        {
            for (long k = 0; k < positions.Count; k++)
            {
                v.Span((o * positions.Count + k) * row, row).CopyTo(y.Span((o * size + Position(positions, k, size)) * row, row));
            }
        }
    }

    /// <summary>
    /// What was overwritten gets nothing. Whose value stands is found by scattering the numbers of the positions in the same way.
    /// </summary>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        (Expr x, Expr positions, Expr v, Expr dy) = (node.Inputs[0], node.Inputs[1], node.Inputs[2], resultGradients[0]!);
        Dim count = positions.Shape[0];
        Expr numbers = Iota([count], 0);
        Expr winner = Expr.Of(new ScatterSet(0), Full(DType.Int64, [x.Shape[Axis]], -1), positions, numbers);
        Expr stands = EqualTo<Expr>(Expr.Of(new Gather(0), winner, positions), numbers);
        Expr zeros = FullLike(v, 0);
        Expr picked = Expr.Of(new Gather(Axis), dy, positions);
        return [Expr.Of(new ScatterSet(Axis), dy, positions, zeros), Derivative.Disconnected, Switch<Expr>(stands.BroadcastTo(v.Shape, [Axis]), picked, zeros)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new ScatterSet(0), SampleInput.Uniform([5], -2, 2), SampleInput.Of(DType.Int64, [7], 0, 4, -1, 2, 2, -5, 0), SampleInput.Uniform([7], -2, 2)),
         Sample.Of(new ScatterSet(1), SampleInput.Uniform([3, 4, 2], -2, 2), SampleInput.Of(DType.Int64, [3], 3, 0, 3), SampleInput.Uniform([3, 3, 2], -2, 2)),
         Sample.Of(new ScatterSet(0), SampleInput.Uniform([3, 9], -2, 2), SampleInput.Of(DType.Int64, [0]), SampleInput.Uniform([0, 9], -2, 2)),
         Sample.Of(new ScatterSet(0), SampleInput.Whole(DType.Int16, [3], 0, 9), SampleInput.Of(DType.Int64, [2], 1, 0), SampleInput.Whole(DType.Int16, [2], 0, 9))];
}
