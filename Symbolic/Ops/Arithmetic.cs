namespace Symbolic.Ops;

using static Functions;

/// <summary>Elementwise sum; integers wrap, booleans are or'ed as in numpy.</summary>
public sealed record Add : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.Or : Intrinsic.Add, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy, dy);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Elementwise difference; integers wrap.</summary>
public sealed record Sub : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Sub, a, b);

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given.All(d => d == DType.Bool)
        ? throw Mismatch("is not defined on booleans; use NotEqualTo, or cast them to numbers")
        : base.OperandTypes(given);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy, -dy);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Elementwise product; integers wrap, booleans are and'ed.</summary>
public sealed record Mul : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.And : Intrinsic.Mul, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy * Conj(b), dy * Conj(a));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Elementwise true division; integers are cast to a float first, as in Python 3 and Theano.</summary>
public sealed record Div : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = Promotion.TrueDivide(given[0], given[1]);
        return [common, common];
    }

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Div, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy / Conj(b), -(dy * Conj(y) / Conj(b)));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>Floor of the quotient, with Python's sign: -7 // 2 = -4. An integer divided by 0 is 0, as in numpy; booleans divide as 0 and 1.</summary>
public sealed record FloorDiv : Binary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.And : Intrinsic.FloorDiv, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Derivative.Disconnected, Derivative.Disconnected);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Sample.Elementwise(this, 0.5, 4).Select(s => s with { Smooth = false }), Sample.Of(this, SampleInput.Whole(DType.Int32, [17], -9, 9), SampleInput.Whole(DType.Int32, [17], -3, 3))];
}

/// <summary>Remainder with the divisor's sign, as Python's %: -7 % 2 = 1. An integer modulo 0 is 0, as in numpy; of booleans it is false.</summary>
public sealed record Mod : Binary
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => a.DType == DType.Bool ? Element.Of(DType.Bool, 0) : Element.Apply(Intrinsic.Mod, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (dy, -(dy * FloorDiv<Expr>(a, b)));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([9], 1.1, 1.9), SampleInput.Uniform([9], 0.95, 1.05)), Sample.Of(this, SampleInput.Whole(DType.Int64, [17], -9, 9), SampleInput.Whole(DType.Int64, [17], -3, 3)), Sample.Kinked(this, SampleInput.Edges(0), SampleInput.Edges(1))];
}

/// <summary>Elementwise negation; integers wrap.</summary>
public sealed record Neg : Unary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0] == DType.Bool
        ? throw Mismatch("is not defined on booleans; use Not, or cast them to numbers")
        : given;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Neg, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => FullLike(x, -1);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4);
}

/// <summary>Absolute value, a real number; its gradient is the sign, 0 at 0, and of a complex number z/|z|.</summary>
public sealed record Abs : Unary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => operands[0].Real();

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => x.DType == DType.Bool ? x : new Element.Call(Intrinsic.Abs, x.DType.Real(), [x]);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => x.DType.IsComplex() ? x / Switch<Expr>(EqualTo<Expr>(y, 0), 1, y) : Sign<Expr>(x);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, 0.5, 4);
}

/// <summary>−1, 0 or 1 by sign; NaN stays NaN, ±0 gives ±0.</summary>
public sealed record Sign : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0] == DType.Bool ? throw Mismatch("is not defined on booleans; cast them to numbers") : given;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(Intrinsic.Sign, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false });
}

/// <summary>The greater of two, of complex numbers by their real parts first; NaN if either is. At a tie the gradient goes to the first, as in Theano.</summary>
public sealed record Maximum : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Max, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (Switch<Expr>(a >= b, dy, 0), Switch<Expr>(a >= b, 0, dy));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([7], -4, -1), SampleInput.Uniform([7], 0, 4)), .. Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false })];
}

/// <summary>The smaller of two, of complex numbers by their real parts first; NaN if either is. At a tie the gradient goes to the first.</summary>
public sealed record Minimum : Binary
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.Min, a, b);

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) =>
        (Switch<Expr>(a <= b, dy, 0), Switch<Expr>(a <= b, 0, dy));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([7], -4, -1), SampleInput.Uniform([7], 0, 4)), .. Sample.Elementwise(this, -4, 4).Select(s => s with { Smooth = false })];
}

/// <summary>Rectifier: x where positive, else <see cref="NegativeSlope"/>·x. NaN stays NaN; the gradient at 0 is the negative slope, as in Caffe and Torch.</summary>
public sealed record Relu(double NegativeSlope = 0) : FloatUnary
{
    /// <summary>By what negative numbers are multiplied.</summary>
    public double NegativeSlope { get; } = double.IsFinite(NegativeSlope)
        ? NegativeSlope + 0.0 // -0 + 0 = 0: one spelling for each meaning.
        : throw new TypeMismatch($"relu wants a finite negative slope; got {NegativeSlope}");

    /// <inheritdoc/>
    protected override Element Meaning(Element x)
    {
        Element zero = Element.Of(x.DType, 0);
        // A test for x ≤ 0 rather than x > 0 lets NaN through.
        Element low = NegativeSlope == 0 ? zero : Element.Apply(Intrinsic.Mul, x, Element.Of(x.DType, NegativeSlope));
        return Element.Select(Element.Apply(Intrinsic.LessOrEqual, x, zero), low, x);
    }

    // The result is positive where the argument is, and is kept for whoever reads it: so the argument need not be.
    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Switch<Expr>((NegativeSlope < 0 ? x : y) > 0, FullLike(x, 1), FullLike(x, NegativeSlope));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(this, SampleInput.Uniform([7], 0.5, 4)), Sample.Of(new Relu(0.1), SampleInput.Uniform([3, 5], -4, -0.5)), Sample.Kinked(this, SampleInput.Edges(0)), Sample.Kinked(new Relu(0.25), SampleInput.Edges(0))];
}
