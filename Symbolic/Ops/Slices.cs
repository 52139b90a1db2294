namespace Symbolic.Ops;

/// <summary>
/// What a slice takes of one axis: positions start, start + step, ... of which there are length. All of them lie inside the axis,
/// whatever the bounds were: as in Python, bounds beyond an end stand for that end.
/// </summary>
/// <param name="Start">The first position, if there is one.</param>
/// <param name="Step">From one to the next; its sign is known.</param>
/// <param name="Length">How many.</param>
public readonly record struct SliceRange(Dim Start, Dim Step, Dim Length)
{
    /// <summary>The last position, if there is one.</summary>
    public Dim Last => Start + (Length - 1) * Step;

    /// <summary>The range of an axis between two positions, the second excluded; for steps down, −1 is the position ahead of the first element.</summary>
    internal static SliceRange Of(Dim size, Dim start, Dim stop, Dim step)
    {
        bool up = IsUp(step);
        Dim low = up ? 0 : -1, high = up ? size : size - 1;
        Dim from = Dim.Min(Dim.Max(start, low), high), to = Dim.Min(Dim.Max(stop, low), high);
        return new SliceRange(from, step, Dim.Max(0, up ? (to - from).CeilDiv(step) : (from - to).CeilDiv(-step)));
    }

    /// <summary>The ranges of all axes; null where the counts differ, or the sign of a step is not known.</summary>
    internal static Seq<SliceRange>? Of(Shape shape, Seq<Dim> start, Seq<Dim> stop, Seq<Dim> step)
    {
        if (start.Count != shape.Rank || stop.Count != shape.Rank || step.Count != shape.Rank || !step.All(s => s.Lower >= 1 || s.Upper <= -1))
        {
            return null;
        }
        return Enumerable.Range(0, shape.Rank).Select(axis => Of(shape[axis], start[axis], stop[axis], step[axis])).ToSeq();
    }

    private static bool IsUp(Dim step) => step.Lower >= 1;

    /// <summary>The position of element <paramref name="index"/>.</summary>
    public Dim Position(Dim index) => Start + index * Step;

    /// <summary>Which element a position is, and whether it is one at all.</summary>
    internal (Dim Index, Element IsElement) Find(Dim position)
    {
        bool up = IsUp(Step);
        Dim distance = up ? position - Start : Start - position, step = up ? Step : -Step;
        Dim index = distance.FloorDiv(step), rest = distance.Mod(step);
        Element inside = Element.Inside(index, 0, Length);
        return (index, rest.Is(0) ? inside : Element.Both(inside, Element.Apply(Intrinsic.Equal, new Element.IndexValue(rest), new Element.IndexValue(0))));
    }
}

/// <summary>
/// Every step-th element between two positions of each axis, the second excluded. Positions beyond an end stand for that end, so no
/// bounds are wrong; they do not count from the end when negative (the user's function does that). A step's sign must be known; for steps down −1
/// is ahead of the first element.
/// </summary>
public sealed record Slice(Seq<Dim> Start, Seq<Dim> Stop, Seq<Dim> Step) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <summary>What is taken of each axis of an input of this shape.</summary>
    public Seq<SliceRange> Ranges(Shape shape) => SliceRange.Of(shape, Start, Stop, Step)
        ?? throw Mismatch($"wants for each axis of {shape} a start, a stop and a step above or below 0; got [{string.Join(",", Start)}], [{string.Join(",", Stop)}] and [{string.Join(",", Step)}]");

    /// <summary>Whether it yields an input of this shape as it is.</summary>
    public bool TakesAll(Shape shape) =>
        Ranges(shape).Select((range, axis) => range.Start.Is(0) && range.Step.Is(1) && range.Length.Equals(shape[axis])).All(isAll => isAll);

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0] with { Shape = new Shape(Ranges(inputs[0].Shape).Map(range => range.Length)) };
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) =>
        formula.Read(0, Ranges(formula.Operand(0).Shape).Select((range, axis) => range.Position(at[axis])).ToSeq());

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new SetSlice(Start, Stop, Step), Functions.Zeros(x[0].Tensor), dy)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => new Slice(Start.Map(map), Stop.Map(map), Step.Map(map));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Slice([1], [6], [1]), SampleInput.Uniform([7], -2, 2)), Sample.Of(new Slice([0, 2], [3, 33], [2, 1]), SampleInput.Uniform([5, 40], -2, 2)),
         Sample.Of(new Slice([6], [-1], [-1]), SampleInput.Uniform([7], -2, 2)), Sample.Of(new Slice([9, 99], [-9, 0], [-2, -5]), SampleInput.Uniform([5, 33], -2, 2)),
         Sample.Of(new Slice([3, 0], [3, 9], [1, 1]), SampleInput.Uniform([5, 9], -2, 2)), Sample.Of(new Slice([-3], [2], [1]), SampleInput.Uniform([0], -2, 2)),
         Sample.Of(new Slice([5, 0], [1, 4], [1, 3]), SampleInput.Uniform([7, 5], -2, 2)), Sample.Of(new Slice([], [], []), SampleInput.Uniform([], -2, 2))];
}

/// <summary>
/// The first input with a slice of it replaced by the second: what <see cref="Slice"/> reads with the same bounds, this writes. Over
/// zeros it is the slice's gradient; over a constant, a border around the second input and a distance between its elements.
/// </summary>
public sealed record SetSlice(Seq<Dim> Start, Seq<Dim> Stop, Seq<Dim> Step) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    private Slice Slice => new(Start, Stop, Step);

    /// <summary>What is replaced of each axis of a first input of this shape.</summary>
    public Seq<SliceRange> Ranges(Shape shape) => SliceRange.Of(shape, Start, Stop, Step)
        ?? throw Mismatch($"wants for each axis of {shape} a start, a stop and a step above or below 0; got [{string.Join(",", Start)}], [{string.Join(",", Stop)}] and [{string.Join(",", Step)}]");

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        var slice = new Shape(Ranges(inputs[0].Shape).Map(range => range.Length));
        return inputs[1].Equals(inputs[0] with { Shape = slice })
            ? inputs[0]
            : throw Mismatch($"replaces {slice} elements of {inputs[0]} by as many of its dtype; got {inputs[1]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        var found = Ranges(formula.Operand(0).Shape).Select((range, axis) => range.Find(at[axis])).ToList();
        Element inside = found.Aggregate((Element)new Element.Number(ScalarValue.Of(DType.Bool, 1)), (all, axis) => Element.Both(all, axis.IsElement));
        return Element.Select(inside, formula.Read(1, found.Select(axis => axis.Index).ToSeq()), formula.Read(0, at));
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(this, dy, Functions.Zeros(x[1].Tensor)), Expr.Of(Slice, dy)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => new SetSlice(Start.Map(map), Stop.Map(map), Step.Map(map));

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new SetSlice([1], [6], [1]), SampleInput.Uniform([7], -2, 2), SampleInput.Uniform([5], -2, 2)),
         Sample.Of(new SetSlice([0, 2], [3, 33], [2, 1]), SampleInput.Uniform([5, 40], -2, 2), SampleInput.Uniform([2, 31], -2, 2)),
         Sample.Of(new SetSlice([6], [-1], [-1]), SampleInput.Uniform([7], -2, 2), SampleInput.Uniform([7], -2, 2)),
         Sample.Of(new SetSlice([9, 99], [-9, 0], [-2, -5]), SampleInput.Uniform([5, 33], -2, 2), SampleInput.Uniform([3, 7], -2, 2)),
         Sample.Of(new SetSlice([3, 0], [3, 9], [1, 1]), SampleInput.Uniform([5, 9], -2, 2), SampleInput.Uniform([0, 9], -2, 2)),
         Sample.Of(new SetSlice([1, 1], [3, 6], [1, 1]), SampleInput.Uniform([5, 9], -2, 2), SampleInput.Uniform([2, 5], -2, 2)),
         Sample.Of(new SetSlice([], [], []), SampleInput.Uniform([], -2, 2), SampleInput.Uniform([], -2, 2))];
}
