namespace Symbolic.Ops;

using static Functions;

/// <summary>Matrix product of [m,k] and [k,n]. Vectors and higher ranks are brought to this form by the function layer.</summary>
public sealed record Dot : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType a = inputs[0], b = inputs[1];
        return a.Rank == 2 && b.Rank == 2 && a.Shape[1].Equals(b.Shape[0]) && a.DType == b.DType && a.DType != DType.Bool
            ? a with { Shape = [a.Shape[0], b.Shape[1]] }
            : throw Mismatch($"wants [m,k] and [k,n] of one dtype with the same k; got {a} and {b}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) =>
        formula.SumOfProducts([formula.Operand(0).Shape[1]], k => (formula.Read(0, [at[0], k[0]]), formula.Read(1, [k[0], at[1]])));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new Dot(), dy, Conj(x[1]).Transpose([1, 0])), Expr.Of(new Dot(), Conj(x[0]).Transpose([1, 0]), dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([3, 5], -2, 2), SampleInput.Uniform([5, 4], -2, 2)), Sample.Of(this, SampleInput.Uniform([1, 17], -2, 2), SampleInput.Uniform([17, 1], -2, 2)),
         Sample.Of(this, SampleInput.Uniform([7, 3], -2, 2), SampleInput.Uniform([3, 33], -2, 2)), Sample.Of(this, SampleInput.Uniform([2, 0], -2, 2), SampleInput.Uniform([0, 3], -2, 2))];
}
