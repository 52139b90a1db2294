namespace Symbolic.Ops;

using static Functions;

/// <summary>Constants of the gradients in this file.</summary>
file static class LogOf
{
    /// <summary>log 2.</summary>
    public const double Two = 0.69314718055994530942;

    /// <summary>log 10.</summary>
    public const double Ten = 2.3025850929940456840;
}

/// <summary>2 to the x.</summary>
public sealed record Exp2 : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Exp2, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => y * LogOf.Two;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Logarithm to base 2; of 0 it is −∞, of negative numbers NaN.</summary>
public sealed record Log2 : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Log2, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / LogOf.Two / x;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>Logarithm to base 10; of 0 it is −∞, of negative numbers NaN.</summary>
public sealed record Log10 : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Log10, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / LogOf.Ten / x;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>x·log x, 0 at 0 as its limit there.</summary>
public sealed record XLogX : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Select(
        Element.Apply(Intrinsic.Equal, x, Element.Of(x.DType, 0)), Element.Of(x.DType, 0), Element.Apply(Intrinsic.Mul, x, Element.Apply(Intrinsic.Log, x)));

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 + Log<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>x·log y, 0 where x is 0, whatever y is.</summary>
public sealed record XLogY : FloatBinary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Select(
        Element.Apply(Intrinsic.Equal, a, Element.Of(a.DType, 0)), Element.Of(a.DType, 0), Element.Apply(Intrinsic.Mul, a, Element.Apply(Intrinsic.Log, b)));

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy * Log<Expr>(b), dy * (a / b));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>log(exp(a) + exp(b)) without overflow or underflow; −∞ of two −∞.</summary>
public sealed record LogAddExp : FloatBinary
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b)
    {
        // Equal ones apart, for ∞ − ∞ is NaN.
        Element apart = Element.Apply(Intrinsic.Neg, Element.Apply(Intrinsic.Abs, Element.Apply(Intrinsic.Sub, a, b)));
        return Element.Select(Element.Apply(Intrinsic.Equal, a, b), Element.Apply(Intrinsic.Add, a, Element.Of(a.DType, LogOf.Two)),
            Element.Apply(Intrinsic.Add, Element.Apply(Intrinsic.Max, a, b), Element.Apply(Intrinsic.Softplus, apart)));
    }

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy * Sigmoid<Expr>(a - b), dy * Sigmoid<Expr>(b - a));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}
