namespace Symbolic.Ops;

/// <summary>The elements moved by so many places along an axis, backwards if negative; zeros take the free places.</summary>
public sealed record Shift(int Axis, int Steps) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return Axis >= 0 && Axis < inputs[0].Rank ? inputs[0] : throw Mismatch($"has no axis {Axis} in {inputs[0]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.ReadOrZero(0, at.With(Axis, at[Axis] - Steps));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new Shift(Axis, -Steps), dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Shift(0, 1), SampleInput.Uniform([7], -2, 2)), Sample.Of(new Shift(1, -2), SampleInput.Uniform([3, 9], -2, 2)), Sample.Of(new Shift(0, 9), SampleInput.Uniform([5, 3], -2, 2)),
         Sample.Of(new Shift(1, 1), SampleInput.Uniform([2, 0], -2, 2)), Sample.Of(new Shift(1, 1), SampleInput.Uniform([2, 33, 2], -2, 2))];
}
