namespace Symbolic.Ops;

using static Functions;

/// <summary>Exponential linear unit: x where positive, else <see cref="Alpha"/>·(exp(x) − 1). NaN stays NaN.</summary>
public sealed record Elu(double Alpha = 1) : FloatUnary
{
    /// <summary>What it tends to, negated, far below 0.</summary>
    public double Alpha { get; } = double.IsFinite(Alpha) ? Alpha + 0.0 : throw new TypeMismatch($"elu wants a finite alpha; got {Alpha}");

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Select(
        Element.Apply(Intrinsic.Less, Element.Of(x.DType, 0), x), x, Element.Apply(Intrinsic.Mul, Element.Apply(Intrinsic.Expm1, x), Element.Of(x.DType, Alpha)));

    // The minimum keeps finite what is not chosen.
    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Switch<Expr>(x > 0, FullLike(x, 1), Exp<Expr>(Minimum<Expr>(x, 0)) * Alpha);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([7], 0.5, 4)), Sample.Of(new Elu(0.5), SampleInput.Uniform([3, 5], -4, -0.5)), Sample.Kinked(this, SampleInput.Edges(0)), Sample.Kinked(new Elu(1.7), SampleInput.Edges(0))];
}

/// <summary>x/(1 + |x|); NaN at ±∞, as in Theano.</summary>
public sealed record Softsign : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) =>
        Element.Apply(Intrinsic.Div, x, Element.Apply(Intrinsic.Add, Element.Of(x.DType, 1), Element.Apply(Intrinsic.Abs, x)));

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / Square<Expr>(1 + Abs<Expr>(x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [.. Sample.Elementwise(this, 0.5, 4), Sample.Of(this, SampleInput.Uniform([7], -4, -0.5))];
}

/// <summary>
/// x where it lies between the bounds, else the bound beyond which it lies, the lower one first; NaN stays NaN. The gradient goes to
/// whichever was chosen, to x at a bound, and nowhere where x is NaN, as in Theano.
/// </summary>
public sealed record Clip : Pointwise
{
    /// <inheritdoc/>
    public override int Arity => 3;

    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => Element.Select(
        Element.Apply(Intrinsic.Less, x[0], x[1]), x[1], Element.Select(Element.Apply(Intrinsic.Less, x[2], x[0]), x[2], x[0]));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Switch<Expr>(And<Expr>(x[1] <= x[0], x[0] <= x[2]), dy, 0), Switch<Expr>(x[0] < x[1], dy, 0), Switch<Expr>(And<Expr>(x[1] <= x[0], x[2] < x[0]), dy, 0)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([9], -0.5, 0.5), SampleInput.Uniform([9], -2, -1), SampleInput.Uniform([9], 1, 2)),
         Sample.Of(this, SampleInput.Uniform([7], -4, -3), SampleInput.Uniform([7], -2, -1), SampleInput.Uniform([7], 1, 2)),
         Sample.Of(this, SampleInput.Uniform([7], 3, 4), SampleInput.Uniform([7], -2, -1), SampleInput.Uniform([7], 1, 2)),
         Sample.Kinked(this, SampleInput.Edges(0), SampleInput.Edges(1), SampleInput.Edges(0)), Sample.Kinked(this, SampleInput.Uniform([33], -4, 4), SampleInput.Uniform([33], -2, 2), SampleInput.Uniform([33], -2, 2)),
         Sample.Of(this, SampleInput.Whole(DType.Int32, [17], -9, 9), SampleInput.Whole(DType.Int32, [17], -5, 0), SampleInput.Whole(DType.Int32, [17], 0, 5))];
}
