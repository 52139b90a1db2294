namespace Symbolic.Ops;

using static Functions;

/// <summary>Tangent, of radians.</summary>
public sealed record Tan : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Tan, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 + (y * y);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -1.2, 1.2);
}

/// <summary>Inverse sine, in [−π/2, π/2]; NaN outside [−1, 1].</summary>
public sealed record Asin : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Asin, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / Sqrt<Expr>((1 - x) * (1 + x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -0.9, 0.9);
}

/// <summary>Inverse cosine, in [0, π]; NaN outside [−1, 1].</summary>
public sealed record Acos : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Acos, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => -1 / Sqrt<Expr>((1 - x) * (1 + x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -0.9, 0.9);
}

/// <summary>Inverse tangent, in [−π/2, π/2].</summary>
public sealed record Atan : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Atan, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / (1 + (x * x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>The angle of the point (x, y) = (second, first input), in [−π, π], as C's atan2: the signs of zeros choose the side.</summary>
public sealed record Atan2 : FloatBinary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Atan2, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (dy * b / ((a * a) + (b * b)), -(dy * a / ((a * a) + (b * b))));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [.. Sample.Elementwise(this, 0.5, 4), Sample.Of(this, SampleInput.Uniform([7], 0.5, 2), SampleInput.Uniform([7], -4, 4)), Sample.Of(this, SampleInput.Uniform([7], -2, -0.5), SampleInput.Uniform([7], -4, -1))];
}

/// <summary>Hyperbolic sine.</summary>
public sealed record Sinh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Sinh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Cosh<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Hyperbolic cosine.</summary>
public sealed record Cosh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Cosh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Sinh<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Inverse hyperbolic sine.</summary>
public sealed record Asinh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Asinh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / Sqrt<Expr>(1 + (x * x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
public sealed record Acosh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Acosh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => x.DType.IsComplex()
        ? 1 / (Sqrt<Expr>(x - 1) * Sqrt<Expr>(x + 1))
        : 1 / Sqrt<Expr>((x - 1) * (x + 1));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 1.5, 4);
}

/// <summary>Inverse hyperbolic tangent; ±∞ at ±1, NaN beyond.</summary>
public sealed record Atanh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Atanh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / ((1 - x) * (1 + x));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -0.9, 0.9);
}
