using System.Numerics;

namespace Symbolic.Ops;

/// <summary>
/// For each value, the position at which it would have to be inserted into a vector in increasing order: before elements equal to it,
/// or behind them. Inputs are the vector and the values, of one dtype. NaN counts as the greatest.
/// </summary>
public sealed record SearchSorted(bool Behind) : ProcedureOp, IOrdering
{
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
