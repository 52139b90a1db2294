namespace Symbolic.Ops;

/// <summary>Reads a variable: an input of a function or a shared variable. It has the variable's identity.</summary>
public sealed record Leaf(Variable Variable) : Op
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return Variable.Type;
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [];

    /// <summary>None: the tests of functions cover leaves.</summary>
    public override IEnumerable<Sample> Samples => [];
}

/// <summary>The numbered parameter of a lambda or of a compiled program.</summary>
public sealed record Parameter(int Index, TensorType Type) : Op
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return Type;
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Type = Type with { Shape = Type.Shape.Map(map) } };

    /// <summary>None: the tests of lambdas cover parameters.</summary>
    public override IEnumerable<Sample> Samples => [];
}

/// <summary>An array of known values which are not all equal; equal constants are equal by bits.</summary>
public sealed record Constant(Literal Value) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return Value.Type;
    }

    /// <summary>A constant has no formula over operands: it is a buffer that whoever reads it brings along.</summary>
    public override Element Define(Formula formula, Seq<Dim> at) =>
        throw new System.Diagnostics.UnreachableException($"constant {Value} is read, not computed");

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new Constant(Literal.Of<float>([1, 2, -0f, 0f], 2, 2)))];
}

/// <summary>A tensor all of whose elements are one value: the normal form of every uniform constant, so that rules see through movement.</summary>
public sealed record Full(ScalarValue Value, Shape Shape) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return new TensorType(Value.DType, Shape);
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => new Element.Number(Value);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Shape = Shape.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new Full(ScalarValue.Of(DType.Float32, 2.5), [3, 5])), Sample.Of(new Full(ScalarValue.Of(DType.Int32, 7), []))];
}

/// <summary>The position along one axis: element at [i0, i1, ...] is i_axis, as an int64.</summary>
public sealed record Iota(Shape Shape, int Axis) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return Axis >= 0 && Axis < Shape.Rank ? new TensorType(DType.Int64, Shape) : throw Mismatch($"has no axis {Axis} in {Shape}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => new Element.IndexValue(at[Axis]);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Shape = Shape.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new Iota([7], 0)), Sample.Of(new Iota([3, 5], 0)), Sample.Of(new Iota([3, 5], 1))];
}

/// <summary>A size as an int64 scalar, for instance the count by which a mean divides.</summary>
public sealed record SizeOf(Dim Size) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(0, inputs);
        return new TensorType(DType.Int64, Shape.Scalar);
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => new Element.IndexValue(Size);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Size = map(Size) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new SizeOf(5))];
}
