namespace Symbolic.Ops;

using static Functions;

/// <summary>The complex number of a real and an imaginary part.</summary>
public sealed record Complex : FloatBinary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        // Of a narrower float's parts there is no complex dtype.
        DType part = Promotion.ToFloat(given[0], given[1]).Complex().Real();
        return [part, part];
    }

    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => operands[0].Complex();

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => new Element.Call(Intrinsic.Complex, a.DType.Complex(), [a, b]);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Real(dy), Imag(dy));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, ComplexPart.Between(DType.Float64, [7]), ComplexPart.Between(DType.Float64, [7])), Sample.Kinked(this, ComplexPart.Between(DType.Float32, [3, 33]), ComplexPart.Between(DType.Float32, [3, 33])),
         Sample.Kinked(this, SampleInput.Edges(0) with { DType = DType.Float64 }, SampleInput.Edges(1) with { DType = DType.Float64 })];
}

/// <summary>A function of one complex number that says something about its parts.</summary>
public abstract record ComplexPart : Pointwise
{
    /// <inheritdoc/>
    public sealed override bool TakesComplex => true;

    /// <inheritdoc/>
    public sealed override int Arity => 1;

    /// <inheritdoc/>
    public sealed override Seq<DType> OperandTypes(Seq<DType> given) => [given[0].Complex()];

    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => operands[0].Real();

    /// <summary>Values of a dtype whose parts lie between −2 and 2.</summary>
    internal static SampleInput Between(DType dtype, ReadOnlySpan<long> sizes) => SampleInput.Uniform(sizes, -2, 2) with { DType = dtype };

    /// <inheritdoc/>
    public sealed override IEnumerable<Sample> Samples =>
        [Sample.Of(this, Between(DType.Complex128, [7])), Sample.Kinked(this, Between(DType.Complex64, [3, 33])), Sample.Kinked(this, Between(DType.Complex64, [])),
         Sample.Of(this, Between(DType.Complex128, [0, 3])), Sample.Kinked(this, SampleInput.Edges(0) with { DType = DType.Complex64 })];
}

/// <summary>The real part.</summary>
public sealed record Real : ComplexPart
{
    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => new Element.Call(Intrinsic.Real, x[0].DType.Real(), x);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy];
}

/// <summary>The imaginary part.</summary>
public sealed record Imag : ComplexPart
{
    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => new Element.Call(Intrinsic.Imag, x[0].DType.Real(), x);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [ComplexFromParts(FullLike(dy, 0), dy)];
}

/// <summary>The number mirrored at the real axis: the imaginary part has the other sign.</summary>
public sealed record Conj : ComplexPart
{
    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => operands[0];

    /// <inheritdoc/>
    public override Element Meaning(Seq<Element> x) => Element.Apply(Intrinsic.Conj, x[0]);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Functions.Conj(dy)];
}
