namespace Symbolic.Ops;

/// <summary>An op on the bits of two integers, or on two booleans. Unlike elsewhere, booleans are not numbers here: mixing the two is an error, as in Theano.</summary>
public abstract record BitOp : Binary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = Promotion.Of(given[0], given[1]);
        return given.All(d => d == DType.Bool) || (given.All(d => d.IsInteger()) && common.IsInteger())
            ? [common, common]
            : throw Mismatch($"wants two integers of a common integer dtype, or two booleans; got {given[0].Text()} and {given[1].Text()}");
    }

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Derivative.Disconnected, Derivative.Disconnected);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. new[] { DType.Int8, DType.Int32, DType.UInt64 }.Select(d => Sample.Of(this, SampleInput.Whole(d, [17], 0, 100), SampleInput.Whole(d, [17], 0, 9))),
         Sample.Of(this, SampleInput.Whole(DType.Int64, [9], -100, 100), SampleInput.Whole(DType.Int64, [9], -2, 70)),
         Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1), SampleInput.Whole(DType.Bool, [9], 0, 1))];
}

/// <summary>Bits that are set in both of two integers; of booleans, both.</summary>
public sealed record BitAnd : BitOp
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.And : Intrinsic.BitAnd, a, b);
}

/// <summary>Bits that are set in either of two integers; of booleans, either.</summary>
public sealed record BitOr : BitOp
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.Or : Intrinsic.BitOr, a, b);
}

/// <summary>Bits in which two integers differ; of booleans, whether they differ.</summary>
public sealed record BitXor : BitOp
{
    /// <inheritdoc/>
    public override bool IsCommutative => true;

    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(a.DType == DType.Bool ? Intrinsic.NotEqual : Intrinsic.BitXor, a, b);
}

/// <summary>All bits of an integer turned over: −1 − x of a signed one; of a boolean, its opposite.</summary>
public sealed record BitNot : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => given[0].IsContinuous() ? throw Mismatch($"wants integers or booleans; got {given[0].Text()}") : given;

    /// <inheritdoc/>
    protected override Element Meaning(Element x) => Element.Apply(x.DType == DType.Bool ? Intrinsic.Not : Intrinsic.BitNot, x);

    /// <inheritdoc/>
    protected override Derivative Slope(Expr x, Expr y) => Derivative.Disconnected;

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. new[] { DType.Int8, DType.UInt8, DType.Int32, DType.UInt64 }.Select(d => Sample.Of(this, SampleInput.Whole(d, [17], 0, 100))), Sample.Of(this, SampleInput.Whole(DType.Bool, [9], 0, 1))];
}

/// <summary>What the two shifts share: they are of integers only.</summary>
public abstract record BitShift : BitOp
{
    /// <inheritdoc/>
    public sealed override Seq<DType> OperandTypes(Seq<DType> given) => given.All(d => d == DType.Bool) ? throw Mismatch("is not defined on booleans") : base.OperandTypes(given);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => base.Samples.Where(s => s.Inputs[0].DType != DType.Bool);
}

/// <summary>a·2^b of integers, without the bits that leave the integer; a negative count, or one of the width or more, gives 0.</summary>
public sealed record ShiftLeft : BitShift
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.ShiftLeft, a, b);
}

/// <summary>Floor of a/2^b of integers; a negative count counts as the width or more, which leaves 0 or −1, the sign.</summary>
public sealed record ShiftRight : BitShift
{
    /// <inheritdoc/>
    protected override Element Meaning(Element a, Element b) => Element.Apply(Intrinsic.ShiftRight, a, b);
}
