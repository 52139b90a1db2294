namespace Symbolic.Ops;

using static Functions;

/// <summary>Largest integer not above, as a float; flat, so no gradient passes.</summary>
public sealed record Floor : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Floor, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>Smallest integer not below, as a float; flat, so no gradient passes.</summary>
public sealed record Ceil : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Ceil, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>Integer part, as a float: rounds toward 0, and −0.5 gives −0. Flat, so no gradient passes.</summary>
public sealed record Trunc : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Trunc, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>Nearest integer, halves to even, of floats only, as in Theano; flat, so no gradient passes.</summary>
public sealed record Round : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0].IsFloat() ? given : throw Mismatch($"is defined on floats; got {given[0].Text()}");

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Round, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>Nearest integer, halves away from 0, of floats only, as in Theano; flat, so no gradient passes.</summary>
public sealed record RoundAwayFromZero : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0].IsFloat() ? given : throw Mismatch($"is defined on floats; got {given[0].Text()}");

    /// <inheritdoc/>
    protected override Element Meaning(Element x)
    {
        // The fraction is exact, where adding ½ first would round.
        Element whole = Element.Apply(Intrinsic.Trunc, x), fraction = Element.Apply(Intrinsic.Abs, Element.Apply(Intrinsic.Sub, x, whole));
        Element isLow = Element.Apply(Intrinsic.Less, fraction, Element.Of(x.DType, 0.5));
        return Element.Select(isLow, whole, Element.Apply(Intrinsic.Add, whole, Element.Apply(Intrinsic.Sign, x)));
    }

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [.. Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false }), Sample.Kinked(this, SampleInput.Of([6], 0.49999999999999994, -0.5, 1.5, 2.5, -2.5, 4503599627370497.0))];
}
