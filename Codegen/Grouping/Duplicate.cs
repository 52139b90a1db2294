namespace Symbolic.Codegen;

/// <summary>
/// A copy of a value into a buffer of its own: an output that is an input, a shared variable or another output, or the new
/// value of a shared variable that cannot be written while others still read the old one.
/// </summary>
internal sealed record Duplicate(int Slot) : FormulaOp
{
    public override bool TakesComplex => true;

    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs) => inputs[0];

    public override Element Define(Formula formula, Seq<Dim> at) => formula.Read(0, at);

    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy];

    public override IEnumerable<Sample> Samples => [];
}
