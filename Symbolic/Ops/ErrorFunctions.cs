namespace Symbolic.Ops;

using static Functions;

/// <summary>Constants of the gradients in this file.</summary>
file static class Root
{
    /// <summary>√π.</summary>
    public const double Pi = 1.7724538509055160273;
}

/// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt; ±1 at ±∞.</summary>
public sealed record Erf : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Erf, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 2 / Root.Pi * Exp<Expr>(-(x * x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -3, 3);
}

/// <summary>1 − erf(x), without cancellation for large x.</summary>
public sealed record Erfc : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Erfc, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => -2 / Root.Pi * Exp<Expr>(-(x * x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -3, 3);
}

/// <summary>exp(x²)·erfc(x), which neither underflows nor cancels for large x; overflows to ∞ below −26.6.</summary>
public sealed record Erfcx : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Erfcx, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => (2 * x * y) - (2 / Root.Pi);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -2, 4);
}

/// <summary>Inverse of erf: ±∞ at ±1, NaN outside [−1, 1].</summary>
public sealed record ErfInv : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.ErfInv, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Root.Pi / 2 * Exp<Expr>(y * y);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -0.9, 0.9);
}

/// <summary>Inverse of erfc: ∞ at 0, −∞ at 2, NaN outside [0, 2].</summary>
public sealed record ErfcInv : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.ErfcInv, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => -Root.Pi / 2 * Exp<Expr>(y * y);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.1, 1.9);
}

/// <summary>log erfc(x), which goes on where erfc(x) underflows, and is exact near 0.</summary>
public sealed record LogErfc : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x)
    {
        Element far = Element.Apply(Intrinsic.Sub, Element.Apply(Intrinsic.Log, Element.Apply(Intrinsic.Erfcx, x)), Element.Apply(Intrinsic.Mul, x, x));
        Element near = Element.Apply(Intrinsic.Log1p, Element.Apply(Intrinsic.Neg, Element.Apply(Intrinsic.Erf, x)));
        return Element.Select(Element.Apply(Intrinsic.Less, Element.Of(x.DType, 1), x), far, near);
    }

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => -2 / Root.Pi / Erfcx<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -3, 4);
}
