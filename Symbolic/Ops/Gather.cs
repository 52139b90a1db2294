namespace Symbolic.Ops;

using static Functions;

/// <summary>
/// The slices of x at positions along an axis: y[..., i, ...] = x[..., positions[i], ...]. Inputs are x and the positions, i64[k]; negative ones
/// count from the end. One that lies outside reads the nearest end, and of an axis without elements all is 0: <see cref="Positions"/> refuses such.
/// </summary>
public sealed record Gather(int Axis) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        return Axis >= 0 && Axis < inputs[0].Rank && inputs[1] is { DType: DType.Int64, Rank: 1 }
            ? inputs[0] with { Shape = new Shape(inputs[0].Shape.Dims.With(Axis, inputs[1].Shape[0])) }
            : throw Mismatch($"wants an array with axis {Axis} and positions i64[k]; got {inputs[0]} and {inputs[1]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Dim size = formula.Operand(0).Shape[Axis];
        Element position = formula.Read(1, [at[Axis]]), zero = Element.Of(DType.Int64, 0);
        Element fromStart = Element.Select(Element.Apply(Intrinsic.Less, position, zero), Element.Apply(Intrinsic.Add, position, new Element.IndexValue(size)), position);
        Element read = formula.Read(0, at.With(Axis, new ElementIndex(fromStart, size)));
        return Element.Select(Element.Inside(0, 0, size), read, Element.Of(formula.Operand(0).DType, 0));
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new ScatterAdd(Axis), FullLike(x[0], 0), x[1], dy), Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Gather(0), SampleInput.Uniform([5], -2, 2), SampleInput.Of(DType.Int64, [7], 0, 4, -1, 2, 2, -5, 0)),
         Sample.Of(new Gather(1), SampleInput.Uniform([3, 4, 2], -2, 2), SampleInput.Of(DType.Int64, [3], 3, 0, 3)),
         Sample.Of(new Gather(0), SampleInput.Uniform([4, 33], -2, 2), SampleInput.Of(DType.Int64, [5], 3, 0, 3, -2, 1)),
         Sample.Of(new Gather(0), SampleInput.Uniform([3, 9], -2, 2), SampleInput.Of(DType.Int64, [0])),
         Sample.Of(new Gather(0), SampleInput.Uniform([0, 9], -2, 2), SampleInput.Of(DType.Int64, [0]))];
}

/// <summary>
/// Positions on an axis, i64 of any shape, counted from its start. Ones that lie outside are refused when the function runs; negative
/// ones too, unless they may count from the end. Inputs are the positions and the size of the axis, i64[].
/// </summary>
public sealed record Positions(bool FromEnd) : ProcedureOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        return inputs[0].DType == DType.Int64 && inputs[1].Equals(new TensorType(DType.Int64, Shape.Scalar))
            ? inputs[0]
            : throw Mismatch($"are of dtype i64 on an axis of a size i64[]; got {inputs[0]} and {inputs[1]}");
    }

    /// <inheritdoc/>
    public override void Compute(ProcedureCall call)
    {
        Elements<long> given = call.Inputs[0].As<long>(), found = call.Results[0].As<long>();
        long size = call.Inputs[1].As<long>()[0];
        for (long i = 0; i < given.Count; i++)
        {
            long position = given[i];
            found[i] = position >= (FromEnd ? -size : 0) && position < size
                ? position < 0 ? position + size : position
                : throw Refused($"are given {position} at {i}, which is outside an axis of {size} elements");
        }
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Derivative.Disconnected, Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Positions(true), SampleInput.Of(DType.Int64, [7], 0, 4, -1, 2, 2, -5, 0), SampleInput.Of(DType.Int64, [], 5)),
         Sample.Of(new Positions(false), SampleInput.Of(DType.Int64, [2, 2], 0, 4, 3, 2), SampleInput.Of(DType.Int64, [], 5)),
         Sample.Of(new Positions(true), SampleInput.Of(DType.Int64, [0]), SampleInput.Of(DType.Int64, [], 0))];
}
