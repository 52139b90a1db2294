namespace Symbolic.Ops;

using static Functions;

/// <summary>a = b; NaN equals nothing.</summary>
public sealed record Equal : Comparison
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Equal, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -2, 2);
}

/// <summary>a ≠ b; NaN differs from everything.</summary>
public sealed record NotEqual : Comparison
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.NotEqual, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -2, 2);
}

/// <summary>a &lt; b; complex numbers are ordered by their real parts first, as in numpy.</summary>
public sealed record Less : Comparison
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Less, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -2, 2);
}

/// <summary>a ≤ b; complex numbers are ordered by their real parts first, as in numpy.</summary>
public sealed record LessOrEqual : Comparison
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.LessOrEqual, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -2, 2);
}

/// <summary>Both, of booleans.</summary>
public sealed record And : Comparison
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => [DType.Bool, DType.Bool];

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.And, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1), SampleInput.Whole(DType.Bool, [9], 0, 1))];
}

/// <summary>Either, of booleans.</summary>
public sealed record Or : Comparison
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => [DType.Bool, DType.Bool];

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Or, a, b);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1), SampleInput.Whole(DType.Bool, [9], 0, 1))];
}

/// <summary>Not, of a boolean.</summary>
public sealed record Not : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => [DType.Bool];

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Not, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1))];
}

/// <summary>The second input where the condition holds, else the third. What is not chosen never shows, not even its NaN.</summary>
public sealed record Switch : Pointwise
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override int Arity => 3;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = Promotion.Of(given[1], given[2]);
        return [DType.Bool, common, common];
    }

    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => Element.Select(x[0], x[1], x[2]);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Derivative.Disconnected, Switch<Expr>(x[0], dy, 0), Switch<Expr>(x[0], 0, dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1), SampleInput.Uniform([9], -2, 2), SampleInput.Uniform([9], -2, 2)),
         Sample.Kinked(this, SampleInput.Whole(DType.Bool, [256], 0, 1), SampleInput.Edges(0), SampleInput.Edges(1))];
}

/// <summary>
/// Conversion to another dtype. To an integer: toward zero, saturating, NaN gives 0; to bool: whether it is not 0.
/// A real number becomes a complex one without imaginary part; a complex number becomes no real one, since which is meant is for the user to say. The
/// gradient is cast back, of a complex number's its real part; through an integer there is none.
/// </summary>
public sealed record Cast(DType To) : Unary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => operands[0].IsComplex() && !To.IsComplex() && To != DType.Bool
        ? throw Mismatch($"makes no {To.Text()} of {operands[0].Text()}: take the real part, the imaginary part, the size or the angle")
        : To;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => x.Cast(To);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => To.IsContinuous() && x.DType.IsContinuous() ? FullLike(y, 1) : Derivative.Disconnected;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => To.IsComplex() && x[0].DType.IsFloat() ? [Functions.Real(dy)] : base.Gradient(x, y, dy);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Cast(DType.Float64), SampleInput.Uniform([7], -4, 4)), Sample.Of(new Cast(DType.Int32), SampleInput.Uniform([9], -4, 4)),
         Sample.Of(new Cast(DType.Float32), SampleInput.Whole(DType.Int64, [5], -9, 9)), Sample.Of(new Cast(DType.Bool), SampleInput.Of([4], 0, -0.0, 2, double.NaN)),
         Sample.Kinked(new Cast(DType.Int32), SampleInput.Edges(0)), Sample.Kinked(new Cast(DType.UInt8), SampleInput.Edges(0)), Sample.Kinked(new Cast(DType.Float16), SampleInput.Edges(0)), Sample.Kinked(new Cast(DType.BFloat16), SampleInput.Edges(0))];
}
