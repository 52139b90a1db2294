namespace Symbolic.Ops;

using static Functions;

/// <summary>The Bessel function J of an order (first input, any real number of size up to 10⁶) at x; for negative x NaN unless the order is whole, 0 at ±∞.</summary>
public sealed record BesselJ : FloatBinary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.BesselJ, a, b);

    // DLMF 10.6.1: it holds for orders of either sign, and at 0.
    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (Derivative.Undefined($"the gradient of {Name} with respect to its order has no closed form"), dy * ((BesselJ<Expr>(a - 1, b) - BesselJ<Expr>(a + 1, b)) * 0.5));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Of([7], 0, 1, 2, 0.5, -1, -2.5, 10), SampleInput.Uniform([7], 0.5, 9)), .. Sample.Elementwise(this, 0.5, 4).Select(s => s with { Smooth = false })];
}

/// <summary>The modified Bessel function I of an order (first input, any real number of size up to 10⁶) at x; for negative x NaN unless the order is whole.</summary>
public sealed record BesselI : FloatBinary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.BesselI, a, b);

    // DLMF 10.29.1.
    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (Derivative.Undefined($"the gradient of {Name} with respect to its order has no closed form"), dy * ((BesselI<Expr>(a - 1, b) + BesselI<Expr>(a + 1, b)) * 0.5));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Of([7], 0, 1, 2, 0.5, -1, -2.5, 10), SampleInput.Uniform([7], 0.5, 6)), .. Sample.Elementwise(this, 0.5, 4).Select(s => s with { Smooth = false })];
}
