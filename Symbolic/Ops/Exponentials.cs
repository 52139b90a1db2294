namespace Symbolic.Ops;

using static Functions;

/// <summary>e to the x.</summary>
public sealed record Exp : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Exp, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => y;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>exp(x) − 1, exact near 0.</summary>
public sealed record Expm1 : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Expm1, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Exp<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Natural logarithm; log 0 = −∞, negative gives NaN. Of complex numbers the imaginary part is in [−π, π].</summary>
public sealed record Log : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Log, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / x;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>log(1 + x), exact near 0.</summary>
public sealed record Log1p : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Log1p, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 / (1 + x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -0.5, 4);
}

/// <summary>Square root; negative gives NaN. Of complex numbers the real part is at least 0.</summary>
public sealed record Sqrt : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Sqrt, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 0.5 / y;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>Hyperbolic tangent. tanh(±∞) = ±1; NaN stays NaN.</summary>
public sealed record Tanh : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Tanh, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => 1 - y * y;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>The logistic function 1 / (1 + exp(−x)).</summary>
public sealed record Sigmoid : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Sigmoid, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => y * (1 - y);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>log(1 + exp(x)) without overflow.</summary>
public sealed record Softplus : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Softplus, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Sigmoid<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Sine, of radians.</summary>
public sealed record Sin : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Sin, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Cos<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Cosine, of radians.</summary>
public sealed record Cos : FloatUnary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Cos, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => -Sin<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>
/// x to the y: of floats as C's pow; of complex numbers exp(y·log x); of integers it wraps, and a negative exponent rounds toward 0 (of 0 it gives 0). Two booleans are taken as
/// i8, as in numpy. The gradient with respect to the exponent is 0 where the base is 0.
/// </summary>
public sealed record Pow : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = Promotion.Of(given[0], given[1]);
        return common == DType.Bool ? [DType.Int8, DType.Int8] : [common, common];
    }

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Pow, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (dy * Conj(b) * Conj(Pow<Expr>(a, b - 1)), dy * Switch<Expr>(EqualTo<Expr>(a, 0), 0, Conj(y * Log<Expr>(a))));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Sample.Elementwise(this, 0.5, 3), .. new[] { DType.Int8, DType.Int64 }.Select(d => Sample.Of(this, SampleInput.Whole(d, [17], -9, 9), SampleInput.Whole(d, [17], -3, 6))),
         Sample.Of(this, SampleInput.Whole(DType.UInt64, [9], 0, 1000), SampleInput.Whole(DType.UInt64, [9], 0, 9))];
}
