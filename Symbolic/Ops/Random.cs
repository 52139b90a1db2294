namespace Symbolic.Ops;

/// <summary>
/// 32 random bits per element as uint32, by Philox4x32-10 from a state u64[2] = (key, number of the call), the number of this
/// draw within its stream, and the element's row-major position: the bits do not depend on threads or vector width.
/// </summary>
public sealed record RandomBits(Shape Shape, int Draw) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0].Equals(new TensorType(DType.UInt64, [2]))
            ? new TensorType(DType.UInt32, Shape)
            : throw Mismatch($"wants a state u64[2] of key and call; got {inputs[0]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Dim position = 0;
        for (int axis = 0; axis < at.Count; axis++)
        {
            position = position * Shape[axis] + at[axis];
        }
        return new Element.Call(Intrinsic.Philox, DType.UInt32,
            [formula.Read(0, [0]), formula.Read(0, [1]), Element.Of(DType.UInt64, Draw), new Element.IndexValue(position).Cast(DType.UInt64)]);
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Shape = Shape.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new RandomBits([3, 5], 0), SampleInput.Of(DType.UInt64, [2], 1701, 3)), Sample.Of(new RandomBits([17], 2), SampleInput.Of(DType.UInt64, [2], 1, 0))];
}
