namespace Symbolic.Ops;

using static Functions;

/// <summary>exp(x) / Σ exp(x) along an axis, computed with the maximum taken out so that nothing overflows.</summary>
public sealed record Softmax(int Axis) : CompositeOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return Check(this, inputs[0], Axis);
    }

    /// <inheritdoc/>
    public override Expr Expand(Seq<Expr> inputs)
    {
        Expr raised = Exp<Expr>(Centred(inputs[0], Axis));
        return raised / Along(raised.Sum([Axis]), raised.Shape, Axis);
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [y * (dy - Along((dy * y).Sum([Axis]), y.Shape, Axis))];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Cases(axis => new Softmax(axis));

    internal static IEnumerable<Sample> Cases(Func<int, CompositeOp> op) =>
        [Sample.Of(op(1), SampleInput.Uniform([3, 10], -2, 2)), Sample.Of(op(0), SampleInput.Uniform([7], -2, 2)), Sample.Of(op(1), SampleInput.Uniform([2, 3, 4], -2, 2)),
         Sample.Kinked(op(0), SampleInput.Of([4], 1000, -1000, 0, 999)), Sample.Kinked(op(0), SampleInput.Of([3], 1, double.NaN, 2))];

    /// <summary>x minus its maximum along the axis.</summary>
    internal static Expr Centred(Expr x, int axis) => x - Along(Expr.Of(new Max([axis]), x), x.Shape, axis);

    /// <summary>A tensor without the axis, repeated along it.</summary>
    internal static Expr Along(Expr x, Shape shape, int axis) => x.BroadcastTo(shape, Enumerable.Range(0, shape.Rank).Where(a => a != axis).ToSeq());

    internal static TensorType Check(Op op, TensorType x, int axis) =>
        x.DType.IsFloat() && axis >= 0 && axis < x.Rank ? x : throw new TypeMismatch($"{op.Name} wants floats with an axis {axis}; got {x}");
}

/// <summary>log softmax along an axis, without the underflow that log(softmax(x)) has.</summary>
public sealed record LogSoftmax(int Axis) : CompositeOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return Softmax.Check(this, inputs[0], Axis);
    }

    /// <inheritdoc/>
    public override Expr Expand(Seq<Expr> inputs)
    {
        Expr centred = Softmax.Centred(inputs[0], Axis);
        return centred - Softmax.Along(Log<Expr>(Exp<Expr>(centred).Sum([Axis])), centred.Shape, Axis);
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [dy - Expr.Of(new Softmax(Axis), x[0]) * Softmax.Along(dy.Sum([Axis]), y.Shape, Axis)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Softmax.Cases(axis => new LogSoftmax(axis));
}
