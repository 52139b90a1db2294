namespace Symbolic.Ops;

/// <summary>
/// The value of the first input with the gradient of the second: the straight-through estimator (Bengio, Léonard, Courville:
/// "Estimating or propagating gradients through stochastic neurons", 2013). It says that a value which a system clamps,
/// rounds or detaches is differentiated as something else.
/// </summary>
public sealed record StraightThrough : Binary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => a;

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Derivative.Disconnected, dy);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}
