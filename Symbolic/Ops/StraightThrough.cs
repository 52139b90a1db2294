namespace Symbolic.Ops;

using static Functions;

/// <summary>
/// The value of the first input with the gradient of the second: the straight-through estimator (Bengio, Léonard, Courville:
/// "Estimating or propagating gradients through stochastic neurons", 2013). It says that a value which a system clamps,
/// rounds or detaches is differentiated as something else.
/// </summary>
public sealed record StraightThrough : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => a;

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Derivative.Disconnected, dy);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>
/// The input itself, whose gradient is brought between two bounds: what keeps the gradients of recurrent nets from exploding (Pascanu,
/// Mikolov, Bengio: "On the difficulty of training recurrent neural networks", 2013).
/// </summary>
/// <param name="Low">No element of the gradient is less.</param>
/// <param name="High">No element of the gradient is greater.</param>
public sealed record ClipGradient(double Low, double High) : Pointwise
{
    /// <summary>No element of the gradient is less.</summary>
    public double Low { get; } = Low <= High ? Low + 0.0 : throw new TypeMismatch($"clip_gradient wants a lower bound that is not above the upper one; got {Low} and {High}");

    /// <summary>No element of the gradient is greater.</summary>
    public double High { get; } = High + 0.0;

    /// <inheritdoc/>
    public override int Arity => 1;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0].IsFloat() ? given : throw Mismatch($"wants floats; got {given[0].Text()}, which has no gradient");

    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => x[0];

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Clip<Expr>(dy, Low, High)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(new ClipGradient(-0.5, 0.5), -4, 4).Select(s => s with { Smooth = false });
}
