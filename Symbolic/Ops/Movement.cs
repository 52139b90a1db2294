namespace Symbolic.Ops;

/// <summary>
/// Repeats the input along new axes: input axis i becomes result axis Axes[i], every other result axis repeats.
/// Axes of size 1 are dropped by a reshape first, so a broadcast has one spelling.
/// </summary>
public sealed record Broadcast(Shape To, Seq<int> Axes) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        TensorType x = inputs[0];
        bool fits = Axes.Count == x.Rank;
        for (int i = 0; fits && i < Axes.Count; i++)
        {
            fits = Axes[i] < To.Rank && (i == 0 ? Axes[i] >= 0 : Axes[i] > Axes[i - 1]) && To[Axes[i]].Equals(x.Shape[i]);
        }
        return fits ? x with { Shape = To } : throw Mismatch($"cannot place {x} on axes [{string.Join(",", Axes)}] of {To}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.Read(0, Axes.Map(axis => at[axis]));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy.Sum(Enumerable.Range(0, To.Rank).Except(Axes).ToSeq())];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { To = To.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Broadcast([3, 5], [1]), SampleInput.Uniform([5], -2, 2)), Sample.Of(new Broadcast([5, 9], [0]), SampleInput.Uniform([5], -2, 2)),
         Sample.Of(new Broadcast([7], []), SampleInput.Uniform([], -2, 2)), Sample.Of(new Broadcast([2, 0, 3], [0, 2]), SampleInput.Uniform([2, 3], -2, 2))];
}

/// <summary>The same elements in row-major order under another shape with as many elements.</summary>
public sealed record Reshape(Shape To) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        Dim have = inputs[0].Shape.Elements, want = To.Elements;
        return have.Equals(want)
            ? inputs[0] with { Shape = To }
            : throw Mismatch($"cannot make {To} of {inputs[0]}: {have} elements are not {want}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Shape from = formula.Operand(0).Shape;
        if (To.Elements.Is(0))
        {
            // No element is ever asked for, and the groups below would not match up.
            return formula.Read(0, from.Dims.Map(_ => (Dim)0));
        }
        var index = new Dim[from.Rank];
        // Axes that begin and end at the same element counts on both sides are matched group by group; only within
        // a group is the position linearised and split, so that unit axes and untouched axes cost no division.
        int i = 0, j = 0;
        while (i < from.Rank || j < To.Rank)
        {
            int i0 = i, j0 = j;
            Dim left = i < from.Rank ? from[i++] : 1, right = j < To.Rank ? To[j++] : 1;
            while (!left.Equals(right))
            {
                if (i < from.Rank && (j == To.Rank || !Divides(right, left) || left.Is(1)))
                {
                    left *= from[i++];
                }
                else if (j < To.Rank)
                {
                    right *= To[j++];
                }
                else
                {
                    left *= from[i++];
                }
            }
            Dim position = 0;
            for (int axis = j0; axis < j; axis++)
            {
                position = position * To[axis] + at[axis];
            }
            for (int axis = i - 1; axis >= i0; axis--)
            {
                index[axis] = axis == i0 ? position : position.Mod(from[axis]);
                position = axis == i0 ? 0 : position.FloorDiv(from[axis]);
            }
        }
        return formula.Read(0, Seq.Create<Dim>(index));
    }

    /// <summary>Whether the larger side is the left one, judged by known numbers; symbolic sides grow in turn.</summary>
    private static bool Divides(Dim right, Dim left) => left.IsConstant && right.IsConstant ? left.Constant > right.Constant : !right.IsConstant || left.Symbols.Count > 0;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy.Reshape(x[0].Shape)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { To = To.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Reshape([15]), SampleInput.Uniform([3, 5], -2, 2)), Sample.Of(new Reshape([5, 3]), SampleInput.Uniform([3, 5], -2, 2)),
         Sample.Of(new Reshape([3, 1, 5]), SampleInput.Uniform([3, 5], -2, 2)), Sample.Of(new Reshape([]), SampleInput.Uniform([1, 1], -2, 2)),
         Sample.Of(new Reshape([0, 7]), SampleInput.Uniform([0, 3], -2, 2)), Sample.Of(new Reshape([2, 6, 5]), SampleInput.Uniform([4, 3, 5], -2, 2))];
}

/// <summary>Axes in another order: result axis i is input axis Order[i].</summary>
public sealed record Transpose(Seq<int> Order) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return Order.Order().SequenceEqual(Enumerable.Range(0, inputs[0].Rank))
            ? inputs[0] with { Shape = inputs[0].Shape.Only(Order) }
            : throw Mismatch($"wants each axis of {inputs[0]} once; got [{string.Join(",", Order)}]");
    }

    /// <summary>The order that undoes this one.</summary>
    public Seq<int> Inverse => Enumerable.Range(0, Order.Count).Select(axis => Order.ToList().IndexOf(axis)).ToSeq();

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.Read(0, Inverse.Map(axis => at[axis]));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy.Transpose(Inverse)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Transpose([1, 0]), SampleInput.Uniform([3, 5], -2, 2)), Sample.Of(new Transpose([2, 0, 1]), SampleInput.Uniform([2, 3, 9], -2, 2)), Sample.Of(new Transpose([]), SampleInput.Uniform([], -2, 2))];
}

/// <summary>
/// The same elements under sizes said to be equal: an equation between sizes that is checked before any kernel runs.
/// It stands where a pointwise op met two sizes not known to be the same.
/// </summary>
public sealed record Equate(Shape To) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        bool fits = inputs[0].Rank == To.Rank;
        for (int axis = 0; fits && axis < To.Rank; axis++)
        {
            fits = !inputs[0].Shape[axis].IsConstant || !To[axis].IsConstant || inputs[0].Shape[axis].Equals(To[axis]);
        }
        return fits ? inputs[0] with { Shape = To } : throw Mismatch($"cannot hold: {inputs[0]} never has shape {To}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.Read(0, at);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [dy.Equate(x[0].Shape)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { To = To.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new Equate([5]), SampleInput.Uniform([5], -2, 2))];
}
