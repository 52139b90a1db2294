namespace Symbolic.Ops;

using static Functions;

/// <summary>A reduction over some axes, which are removed. Keeping them as size 1, negative axes and defaults belong to the function layer.</summary>
public abstract record ReductionOp(Seq<int> Axes) : FormulaOp
{
    /// <summary>How values combine.</summary>
    public abstract Reduction Kind { get; }

    /// <summary>The dtype of the result.</summary>
    protected virtual DType ResultType(DType x) => x;

    /// <inheritdoc/>
    public sealed override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        TensorType x = inputs[0];
        for (int i = 0; i < Axes.Count; i++)
        {
            if (Axes[i] < 0 || Axes[i] >= x.Rank || (i > 0 && Axes[i] <= Axes[i - 1]))
            {
                throw Mismatch($"wants increasing axes of {x}; got [{string.Join(",", Axes)}]");
            }
        }
        return new TensorType(ResultType(x.DType), x.Shape.Without(Axes));
    }

    /// <inheritdoc/>
    public sealed override Element Define(Formula formula, Seq<Dim> at)
    {
        Shape shape = formula.Operand(0).Shape;
        return formula.Reduce(Kind, shape.Only(Axes), r =>
        {
            var index = new Dim[shape.Rank];
            for (int axis = 0, outer = 0, inner = 0; axis < index.Length; axis++)
            {
                index[axis] = Axes.Contains(axis) ? r[inner++] : at[outer++];
            }
            return formula.Read(0, Seq.Create<Dim>(index));
        });
    }

    /// <summary>Samples over common shapes.</summary>
    protected static IEnumerable<Sample> Over(Func<Seq<int>, ReductionOp> op) =>
        [Sample.Of(op([0]), SampleInput.Uniform([7], -2, 2)), Sample.Of(op([1]), SampleInput.Uniform([3, 17], -2, 2)), Sample.Of(op([0]), SampleInput.Uniform([5, 9], -2, 2)),
         Sample.Of(op([0, 2]), SampleInput.Uniform([2, 3, 4], -2, 2)), Sample.Of(op([0, 1]), SampleInput.Uniform([3, 33], -2, 2)), Sample.Of(op([1]), SampleInput.Uniform([2, 3, 8], -2, 2)),
         Sample.Of(op([]), SampleInput.Uniform([2], -2, 2)), Sample.Kinked(op([0]), SampleInput.Edges(0)), Sample.Kinked(op([0]), SampleInput.Of([3], 1, double.NaN, 2))];

    /// <summary>Samples of booleans of which so many in ten are true.</summary>
    protected static IEnumerable<Sample> OverTruths(Func<Seq<int>, ReductionOp> op, int often)
    {
        foreach ((Seq<int> axes, long[] sizes) in ((Seq<int>, long[])[])[([0], [7]), ([1], [9, 3]), ([0], [4, 33]), ([0, 2], [2, 5, 2]), ([1], [3, 0])])
        {
            long count = sizes.Aggregate(1L, (a, b) => a * b);
            yield return Sample.Of(op(axes), SampleInput.Of(DType.Bool, sizes, [.. Enumerable.Range(0, (int)count).Select(i => i * 7 % 10 < often ? 1.0 : 0)]));
        }
    }
}

/// <summary>Sum over axes; an empty sum is 0. Half-precision accumulates in float32.</summary>
public sealed record Sum(Seq<int> Axes) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Reduction Kind => Reduction.Sum;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy.BroadcastTo(x[0].Shape, Enumerable.Range(0, x[0].Rank).Except(Axes).ToSeq())];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [.. Over(axes => new Sum(axes)), Sample.Of(new Sum([1]), SampleInput.Uniform([3, 0], -2, 2))];
}

/// <summary>Maximum over axes, of complex numbers by their real parts first; NaN if any is NaN. Ties share the gradient in full, as in Theano.</summary>
public sealed record Max(Seq<int> Axes) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Reduction Kind => Reduction.Max;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        Seq<int> kept = Enumerable.Range(0, x[0].Rank).Except(Axes).ToSeq();
        return [Switch<Expr>(EqualTo<Expr>(x[0], y.BroadcastTo(x[0].Shape, kept)), dy.BroadcastTo(x[0].Shape, kept), 0)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over(axes => new Max(axes));
}

/// <summary>Minimum over axes, of complex numbers by their real parts first; NaN if any is NaN. Ties share the gradient in full, as in Theano.</summary>
public sealed record Min(Seq<int> Axes) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Reduction Kind => Reduction.Min;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        Seq<int> kept = Enumerable.Range(0, x[0].Rank).Except(Axes).ToSeq();
        return [Switch<Expr>(EqualTo<Expr>(x[0], y.BroadcastTo(x[0].Shape, kept)), dy.BroadcastTo(x[0].Shape, kept), 0)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over(axes => new Min(axes));
}

/// <summary>Product over axes; an empty product is 1. Half-precision accumulates in float32. With NoZeros the gradient is dy·y / x, which is NaN at zeros.</summary>
public sealed record Product(Seq<int> Axes, bool NoZeros) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Reduction Kind => Reduction.Product;

    /// <summary>dy times the product of the other elements: of those before and those after each, so that zeros are no exception.</summary>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        Seq<int> kept = Enumerable.Range(0, x[0].Rank).Except(Axes).ToSeq();
        Expr arrived = dy.BroadcastTo(x[0].Shape, kept);
        if (NoZeros)
        {
            return [arrived * Conj(y).BroadcastTo(x[0].Shape, kept) / Conj(x[0])];
        }
        var order = new Transpose([.. kept, .. Axes]);
        Expr moved = x[0].Transpose(order.Order);
        Expr lanes = moved.Reshape([.. y.Shape, moved.Shape[kept.Count..].Elements]);
        CumProd before = new(kept.Count, false), after = new(kept.Count, true);
        Expr others = before.Before(Expr.Of(before, lanes)) * after.Before(Expr.Of(after, lanes));
        return [arrived * Conj(others).Reshape(moved.Shape).Transpose(order.Inverse)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Over(axes => new Product(axes, false)), Sample.Of(new Product([0], true), SampleInput.Uniform([5, 3], 1, 2)),
         Sample.Of(new Product([0], false), SampleInput.Of([4], 2, 0, -3, 0.5)), Sample.Of(new Product([0], false), SampleInput.Of([4], 2, 0, 0, 0.5)),
         Sample.Of(new Product([1], false), SampleInput.Uniform([3, 0], -2, 2))];
}

/// <summary>Whether all booleans over axes are true; of none, true.</summary>
public sealed record All(Seq<int> Axes) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override Reduction Kind => Reduction.All;

    /// <inheritdoc/>
    protected override DType ResultType(DType x) => x == DType.Bool ? x : throw Mismatch($"wants booleans; got {x.Text()}");

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => OverTruths(axes => new All(axes), 9);
}

/// <summary>Whether any of the booleans over axes is true; of none, false.</summary>
public sealed record Any(Seq<int> Axes) : ReductionOp(Axes)
{
    /// <inheritdoc/>
    public override Reduction Kind => Reduction.Any;

    /// <inheritdoc/>
    protected override DType ResultType(DType x) => x == DType.Bool ? x : throw Mismatch($"wants booleans; got {x.Text()}");

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => OverTruths(axes => new Any(axes), 1);
}

/// <summary>Position of the first maximum along one axis, as an int64; NaN counts as the greatest, as in numpy.</summary>
public sealed record ArgMax(int Axis) : ReductionOp([Axis])
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Reduction Kind => Reduction.ArgMax;

    /// <inheritdoc/>
    protected override DType ResultType(DType x) => DType.Int64;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new ArgMax(1), SampleInput.Uniform([3, 10], -2, 2)), Sample.Of(new ArgMax(0), SampleInput.Uniform([7, 9], -2, 2)), Sample.Of(new ArgMax(0), SampleInput.Of([5], 1, 3, 3, 0, 2)), Sample.Kinked(new ArgMax(0), SampleInput.Edges(0))];
}
