namespace Symbolic.Ops;

using static Functions;

/// <summary>The gamma function, (x − 1)! of a whole x; ±∞ at ±0, NaN at negative integers.</summary>
public sealed record Gamma : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Gamma, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => y * Digamma(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>log |Γ(x)|, without the gamma function's overflow; ∞ at 0 and negative integers.</summary>
public sealed record GammaLn : FloatUnary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.GammaLn, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Digamma(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>
/// A derivative of the digamma function ψ = Γ'/Γ: ψ itself for order 0, trigamma for 1. At 0 ±∞ by the sign of zero (∞ for odd orders), at
/// negative integers NaN (∞ for odd orders).
/// </summary>
public sealed record Polygamma(int Order) : FloatUnary
{
    /// <summary>How often ψ is differentiated.</summary>
    public int Order { get; } = Order is >= 0 and <= 100 ? Order : throw new TypeMismatch($"polygamma wants an order from 0 to 100; got {Order}");

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Polygamma, Element.Of(x.DType, Order), x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Order < 100
        ? Polygamma<Expr>(Order + 1, x)
        : Derivative.Undefined("polygamma of order 100 is the last whose values are computed");

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Sample.Elementwise(this, 0.5, 4), .. Sample.Elementwise(new Polygamma(1), 0.5, 4), Sample.Of(new Polygamma(4), SampleInput.Uniform([7], 1, 4)), Sample.Of(new Polygamma(0), SampleInput.Uniform([7], -0.7, -0.3))];
}

/// <summary>What the two incomplete gamma functions share.</summary>
public abstract record IncompleteGamma : FloatBinary
{
    /// <summary>The gradient with respect to x is ±x^(a−1)·e^−x/Γ(a).</summary>
    private protected static Expr Density(Expr a, Expr x) => Exp<Expr>(((a - 1) * Log<Expr>(x)) - x - GammaLn<Expr>(a));

    private protected static Derivative ByShape(string name) =>
        Derivative.Undefined($"the gradient of {name} with respect to its first input has no closed form");

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Of([5], 0.5, 1, 2, 5, 30), SampleInput.Uniform([5], 0.5, 6)), .. Sample.Elementwise(this, 0.5, 4).Select(s => s with { Smooth = false })];
}

/// <summary>The lower regularised incomplete gamma function P(a, x) = γ(a, x)/Γ(a); NaN for negative a or x.</summary>
public sealed record GammaP : IncompleteGamma
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.GammaP, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (ByShape(Name), dy * Density(a, b));
}

/// <summary>The upper regularised incomplete gamma function Q(a, x) = 1 − P(a, x), without cancellation; NaN for negative a or x.</summary>
public sealed record GammaQ : IncompleteGamma
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.GammaQ, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (ByShape(Name), -(dy * Density(a, b)));
}
