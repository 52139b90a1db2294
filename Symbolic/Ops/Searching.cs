using System.Numerics;

namespace Symbolic.Ops;

/// <summary>
/// The row-major positions, as int64, of the elements that are true, in increasing order. There must be as many as Count says: a size
/// that is the sum of the same booleans, so that memory is there before anything runs.
/// </summary>
public sealed record Nonzero(Dim Count) : ProcedureOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0].DType == DType.Bool ? new TensorType(DType.Int64, [Count]) : throw Mismatch($"wants booleans; got {inputs[0]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        Elements<bool> x = call.Inputs[0].As<bool>();
        Elements<long> y = call.Results[0].As<long>();
        long found = 0;
        for (long i = 0; i < x.Count; i++)
        {
            if (x[i])
            {
                if (found < y.Count)
                {
                    y[found] = i;
                }
                found++;
            }
        }
        if (found != y.Count)
        {
            throw Refused($"finds {found} elements that are true where {y.Count} are said to be");
        }
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => new Nonzero(map(Count));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Nonzero(3), SampleInput.Of(DType.Bool, [5], 1, 0, 1, 1, 0)), Sample.Of(new Nonzero(2), SampleInput.Of(DType.Bool, [2, 3], 0, 0, 1, 0, 1, 0)),
         Sample.Of(new Nonzero(0), SampleInput.Of(DType.Bool, [2], 0, 0)), Sample.Of(new Nonzero(0), SampleInput.Of(DType.Bool, [0])), Sample.Of(new Nonzero(1), SampleInput.Of(DType.Bool, [], 1))];
}

/// <summary>
/// For each value, the position at which it would have to be inserted into a vector in increasing order: before elements equal to it,
/// or behind them. Inputs are the vector and the values, of one dtype. NaN counts as the greatest.
/// </summary>
public sealed record SearchSorted(bool Behind) : ProcedureOp, IOrdering
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        return inputs[0].Rank == 1 && inputs[0].DType == inputs[1].DType
            ? inputs[1] with { DType = DType.Int64 }
            : throw Mismatch($"wants a vector and values of its dtype; got {inputs[0]} and {inputs[1]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call) => Ordering.Compute(call.Inputs[0].DType, this, call);

    void IOrdering.Compute<TBits>(ProcedureCall call)
    {
        Elements<TBits> sorted = call.Inputs[0].As<TBits>(), values = call.Inputs[1].As<TBits>();
        Elements<long> y = call.Results[0].As<long>();
        var keys = new SortKeys<TBits>(call.Inputs[0].DType, zerosAreEqual: true);
        for (long i = 0; i < values.Count; i++)
        {
            TBits key = keys.Of(values[i]);
            long low = 0, high = sorted.Count;
            while (low < high)
            {
                long middle = low + (high - low) / 2;
                TBits other = keys.Of(sorted[middle]);
                if (other < key || (Behind && other == key))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
            y[i] = low;
        }
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected, Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new SearchSorted(false), SampleInput.Of([5], -1, 0, 0, 1, 2), SampleInput.Of([2, 4], -2, -1, 0, 0.5, 1, 2, 3, double.NaN)),
         Sample.Of(new SearchSorted(true), SampleInput.Of([5], -1, 0, 0, 1, 2), SampleInput.Of([7], -2, -1, -0.0, 0.5, 1, 2, 3)),
         Sample.Of(new SearchSorted(false), SampleInput.Of([0]), SampleInput.Uniform([3], -2, 2)), Sample.Of(new SearchSorted(true), SampleInput.Uniform([1], -2, 2), SampleInput.Uniform([0], -2, 2)),
         Sample.Of(new SearchSorted(true), SampleInput.Of(DType.UInt8, [4], 1, 1, 200, 255), SampleInput.Whole(DType.UInt8, [9], 0, 255))];
}
