using System.Numerics;

namespace Symbolic.Ops;

using static Functions;

/// <summary>An op that orders the lanes along one axis.</summary>
public abstract record SortingOp(int Axis) : ProcedureOp
{
    /// <summary>Checks the only input, which must have the axis.</summary>
    protected TensorType Sorted(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return Axis >= 0 && Axis < inputs[0].Rank ? inputs[0] : throw Mismatch($"has no axis {Axis} in {inputs[0]}");
    }

    /// <summary>Samples with ties, NaN and lengths around those at which the library changes its algorithm.</summary>
    protected static IEnumerable<Sample> Over(Func<int, Op> op) =>
        [Sample.Of(op(0), SampleInput.Uniform([7], -2, 2)), Sample.Of(op(1), SampleInput.Uniform([3, 5], -2, 2)), Sample.Of(op(0), SampleInput.Uniform([5, 3], -2, 2)),
         Sample.Of(op(1), SampleInput.Uniform([2, 33, 3], -2, 2)), Sample.Of(op(0), SampleInput.Uniform([1, 4], -2, 2)), Sample.Of(op(1), SampleInput.Uniform([3, 0], -2, 2)),
         Sample.Kinked(op(0), SampleInput.Edges(0)), Sample.Kinked(op(0), SampleInput.Of([6], 2, double.NaN, -1, 2, double.NegativeInfinity, -1)),
         .. DTypes.All.Where(dtype => !dtype.IsContinuous()).Select(dtype => Sample.Of(op(1), SampleInput.Whole(dtype, [2, 19], dtype.IsSigned() ? -3 : 0, dtype == DType.Bool ? 1 : 9)))];
}

/// <summary>The elements of each lane along an axis in increasing order, complex numbers by their real parts first; NaN comes last, and −0 before 0.</summary>
public sealed record Sort(int Axis) : SortingOp(Axis), IOrdering
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs) => Sorted(inputs);

    /// <inheritdoc/>
    public override Dim Scratch(ReadOnlySpan<TensorType> inputs) => inputs[0].Shape[Axis] * inputs[0].DType.Size();

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call) => Ordering.Compute(call.Inputs[0].DType, this, call);

    void IOrdering.Compute<TBits>(ProcedureCall call)
    {
        (long outer, long size, long inner) = call.Inputs[0].Around(Axis);
        Elements<TBits> x = call.Inputs[0].As<TBits>(), y = call.Results[0].As<TBits>();
        Span<TBits> lane = call.Scratch.From<TBits>(0, size).Span(0, size);
        var keys = new SortKeys<TBits>(call.Inputs[0].DType, zerosAreEqual: false);
        for (long o = 0; o < outer; o++)
        {
            for (long i = 0; i < inner; i++)
            {
                long at = o * size * inner + i;
                for (int k = 0; k < lane.Length; k++)
                {
                    lane[k] = keys.Of(x[at + k * inner]);
                }
                lane.Sort();
                for (int k = 0; k < lane.Length; k++)
                {
                    y[at + k * inner] = keys.Back(lane[k]);
                }
            }
        }
    }

    /// <summary>What arrives goes back to where each element came from; of equal elements, to the first first.</summary>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        Expr x = node.Inputs[0];
        return [AddAlong(FullLike(x, 0), Expr.Of(new ArgSort(Axis), x), resultGradients[0]!, Axis)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over(axis => new Sort(axis));
}

/// <summary>The positions, as int64, that bring each lane along an axis in increasing order; equal elements keep their order, and NaN comes last.</summary>
public sealed record ArgSort(int Axis) : SortingOp(Axis), IOrdering
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs) => Sorted(inputs) with { DType = DType.Int64 };

    /// <inheritdoc/>
    public override Dim Scratch(ReadOnlySpan<TensorType> inputs) => inputs[0].Shape[Axis] * (sizeof(long) + inputs[0].DType.Size());

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call) => Ordering.Compute(call.Inputs[0].DType, this, call);

    void IOrdering.Compute<TBits>(ProcedureCall call) => Positions<TBits>(call, Axis, descending: false);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over(axis => new ArgSort(axis));

    /// <summary>Writes the first positions of each lane's order, as many as the result has along the axis.</summary>
    internal static void Positions<TBits>(ProcedureCall call, int axis, bool descending)
        where TBits : unmanaged, IBinaryInteger<TBits>, IUnsignedNumber<TBits>, IMinMaxValue<TBits>
    {
        (long outer, long size, long inner) = call.Inputs[0].Around(axis);
        Elements<TBits> x = call.Inputs[0].As<TBits>();
        Elements<long> y = call.Results[0].As<long>();
        long kept = call.Results[0].Sizes[axis];
        Span<long> positions = call.Scratch.From<long>(0, size).Span(0, size);
        Span<TBits> lane = call.Scratch.From<TBits>(size * sizeof(long), size).Span(0, size);
        var keys = new SortKeys<TBits>(call.Inputs[0].DType, zerosAreEqual: true);
        for (long o = 0; o < outer; o++)
        {
            for (long i = 0; i < inner; i++)
            {
                long at = o * size * inner + i, to = o * kept * inner + i;
                for (int k = 0; k < lane.Length; k++)
                {
                    TBits key = keys.Of(x[at + k * inner]);
                    lane[k] = descending ? ~key : key;
                }
                Ordering.SortStably(lane, positions);
                for (int k = 0; k < kept; k++)
                {
                    y[to + k * inner] = positions[k];
                }
            }
        }
    }
}

/// <summary>
/// The positions, as int64, of the first elements of each lane along an axis in decreasing order (increasing where not the largest
/// are wanted); of equal elements the earlier comes first. NaN counts as the greatest.
/// </summary>
public sealed record ArgTopK(Dim Count, int Axis, bool Largest) : SortingOp(Axis), IOrdering
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        TensorType x = Sorted(inputs);
        return x.Shape[Axis].Upper is { } most && Count.Lower > most
            ? throw Mismatch($"wants {Count} elements of axis {Axis} of {x}")
            : new TensorType(DType.Int64, new Shape(x.Shape.Dims.With(Axis, Count)));
    }

    /// <inheritdoc/>
    public override Dim Scratch(ReadOnlySpan<TensorType> inputs) => inputs[0].Shape[Axis] * (sizeof(long) + inputs[0].DType.Size());

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        long wanted = call.Results[0].Sizes[Axis], size = call.Inputs[0].Sizes[Axis];
        if (wanted > size)
        {
            throw Refused($"wants {wanted} elements of an axis of {size}");
        }
        Ordering.Compute(call.Inputs[0].DType, this, call);
    }

    void IOrdering.Compute<TBits>(ProcedureCall call) => ArgSort.Positions<TBits>(call, Axis, Largest);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Count = map(Count) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new ArgTopK(2, 0, true), SampleInput.Uniform([7], -2, 2)), Sample.Of(new ArgTopK(3, 1, false), SampleInput.Uniform([3, 5], -2, 2)),
         Sample.Of(new ArgTopK(0, 0, true), SampleInput.Uniform([5, 3], -2, 2)), Sample.Of(new ArgTopK(5, 0, true), SampleInput.Uniform([5, 3], -2, 2)),
         Sample.Of(new ArgTopK(4, 0, false), SampleInput.Whole(DType.UInt8, [9, 2], 0, 3)), Sample.Kinked(new ArgTopK(20, 0, true), SampleInput.Edges(0))];
}
