namespace Symbolic.Ops;

using static Functions;

/// <summary>log Σ exp(x) over axes, computed with the maximum taken out so that nothing overflows; of nothing, −∞.</summary>
public sealed record LogSumExp(Seq<int> Axes) : CompositeOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        TensorType x = inputs[0];
        bool fits = x.DType.IsFloat() && Enumerable.Range(0, Axes.Count).All(i => Axes[i] >= 0 && Axes[i] < x.Rank && (i == 0 || Axes[i] > Axes[i - 1]));
        return fits ? x with { Shape = x.Shape.Without(Axes) } : throw Mismatch($"wants floats and increasing axes of them; got {x} and [{string.Join(",", Axes)}]");
    }

    /// <inheritdoc/>
    public override Expr Expand(Seq<Expr> inputs)
    {
        Expr greatest = Expr.Of(new Max(Axes), inputs[0]);
        // Minus an infinite maximum would be NaN; without it nothing is wrong.
        Expr centre = Switch<Expr>(EqualTo<Expr>(Abs<Expr>(greatest), double.PositiveInfinity), 0, greatest);
        return Log<Expr>(Exp<Expr>(inputs[0] - Spread(centre, inputs[0])).Sum(Axes)) + centre;
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        Expr finite = Switch<Expr>(EqualTo<Expr>(y, double.NegativeInfinity), 0, y);
        return [Spread(dy, x[0]) * Exp<Expr>(x[0] - Spread(finite, x[0]))];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new LogSumExp([1]), SampleInput.Uniform([3, 10], -2, 2)), Sample.Of(new LogSumExp([0]), SampleInput.Uniform([7], -2, 2)), Sample.Of(new LogSumExp([0, 2]), SampleInput.Uniform([2, 3, 4], -2, 2)),
         Sample.Kinked(new LogSumExp([0]), SampleInput.Uniform([0, 3], -2, 2)), Sample.Kinked(new LogSumExp([0]), SampleInput.Of([4], 1000, -1000, 0, 999)),
         Sample.Kinked(new LogSumExp([0]), SampleInput.Of([2, 3], double.NegativeInfinity, double.PositiveInfinity, 1, double.NegativeInfinity, 2, double.NaN))];

    private Expr Spread(Expr reduced, Expr x) => reduced.BroadcastTo(x.Shape, Enumerable.Range(0, x.Rank).Except(Axes).ToSeq());
}
