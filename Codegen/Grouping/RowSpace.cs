namespace Symbolic.Codegen;

/// <summary>The rows of an array that are reduced over some of its axes: the first axis that stays, with all that lies at one place of it.</summary>
/// <param name="Whole">The shape of the array.</param>
/// <param name="Axes">The axes that are reduced.</param>
/// <param name="Axis">The axis of which each place is a row.</param>
internal sealed record RowSpace(Shape Whole, Seq<int> Axes, int Axis)
{
    /// <summary>The number of rows.</summary>
    public Dim Rows => Whole[Axis];

    /// <summary>Elements of a row.</summary>
    public Dim RowElements => Enumerable.Range(0, Whole.Rank).Where(axis => axis != Axis).Aggregate((Dim)1, (elements, axis) => elements * Whole[axis]);

    /// <summary>Whether rows lie one behind the other in memory.</summary>
    public bool IsOutermost => Enumerable.Range(0, Axis).All(axis => Whole[axis].Is(1));

    /// <summary>The rows of what a unit reduces; null where it reduces nothing, or all.</summary>
    public static RowSpace? Of(Unit unit, Outline outline)
    {
        if (!unit.IsReduction || outline.ReductionOf(unit.Roots[0]) is not { } reduction)
        {
            return null;
        }
        Shape whole = reduction.Inputs[0].Shape;
        Seq<int> axes = ((Ops.ReductionOp)reduction.Op).Axes;
        int row = Enumerable.Range(0, whole.Rank).FirstOrDefault(axis => !axes.Contains(axis) && !whole[axis].Is(1), -1);
        return row < 0 ? null : new RowSpace(whole, axes, row);
    }

    /// <summary>The axis of the rows in an array that is as large as the whole, or has an element for each result, whether axes that were reduced are left out or are 1; null in any other.</summary>
    public int? AxisIn(Shape shape) => shape.Equals(Whole) || IsKept(shape) ? Axis : shape.Equals(Whole.Without(Axes)) ? Enumerable.Range(0, Axis).Count(axis => !Axes.Contains(axis)) : null;

    private bool IsKept(Shape shape) => shape.Rank == Whole.Rank && Enumerable.Range(0, shape.Rank).All(axis => Axes.Contains(axis) ? shape[axis].Is(1) : shape[axis].Equals(Whole[axis]));
}
