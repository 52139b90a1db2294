namespace Symbolic.Codegen;

/// <summary>
/// The rows of an array that is reduced over some of its axes: the first axis that stays, with all that lies at one place of it. Where what is reduced does not lie along memory, as in a softmax over
/// channels, a row is a column: the places of all axes that stay, those behind the reduced ones being lanes.
/// </summary>
/// <param name="Whole">The shape of the array.</param>
/// <param name="Axes">The axes that are reduced.</param>
/// <param name="Axis">The axis of which each place is a row; of columns the first one behind those that are reduced.</param>
/// <param name="IsOfColumns">Whether rows are columns.</param>
internal sealed record RowSpace(Shape Whole, Seq<int> Axes, int Axis, bool IsOfColumns = false)
{
    /// <summary>Columns that are visited together at least, where there are as many: pieces of memory that are read along.</summary>
    public const long FewestColumns = 64;

    /// <summary>With fewer columns lanes would be empty for the most part.</summary>
    private const long FewestLanes = 8;

    /// <summary>The number of rows; of columns how many times <see cref="FewestColumns"/> there are.</summary>
    public Dim Rows => IsOfColumns ? Batches * Math.Max(1, Columns.Constant / FewestColumns) : Whole[Axis];

    /// <summary>Elements of a row, or of as many columns as are visited together at least.</summary>
    public Dim RowElements => IsOfColumns ? Terms * Math.Min(Columns.Constant, FewestColumns) : Product(Enumerable.Range(0, Whole.Rank).Where(axis => axis != Axis));

    /// <summary>Terms of what a column is reduced to.</summary>
    public Dim Terms => Product(Axes);

    /// <summary>Columns side by side in memory.</summary>
    public Dim Columns => Product(Enumerable.Range(Axis, Whole.Rank - Axis));

    /// <summary>How often there are columns side by side.</summary>
    public Dim Batches => Product(Enumerable.Range(0, Axis).Where(axis => !Axes.Contains(axis)));

    /// <summary>Whether rows lie one behind the other in memory, or what is kept of them alone is laid out so.</summary>
    public bool KeepsRows => IsOfColumns || Enumerable.Range(0, Axis).All(axis => Whole[axis].Is(1));

    /// <summary>The rows, or columns, of what a unit reduces; null where it reduces nothing, or all.</summary>
    public static RowSpace? Of(Unit unit, Outline outline)
    {
        if (unit.Contraction is not null || outline.ReductionOf(unit.Roots[0]) is not { } reduction)
        {
            return null;
        }
        Shape whole = reduction.Inputs[0].Shape;
        Seq<int> axes = ((Ops.ReductionOp)reduction.Op).Axes;
        if (!Outline.IsAlongRows(reduction))
        {
            return OfColumns(whole, axes, reduction);
        }
        int row = Enumerable.Range(0, whole.Rank).FirstOrDefault(axis => !axes.Contains(axis) && !whole[axis].Is(1), -1);
        return row < 0 ? null : new RowSpace(whole, axes, row);
    }

    private static RowSpace? OfColumns(Shape whole, Seq<int> axes, Expr reduction)
    {
        if (axes.Count == 0 || reduction.Op is Ops.ArgMax)
        {
            return null;
        }
        var space = new RowSpace(whole, axes, axes.Max() + 1, IsOfColumns: true);
        bool together = Enumerable.Range(axes.Min(), axes.Max() - axes.Min()).All(axis => axes.Contains(axis) || whole[axis].Is(1));
        return together && space.Terms is { IsConstant: true, Constant: > 1 } && space.Columns is { IsConstant: true, Constant: >= FewestLanes } ? space : null;
    }

    /// <summary>The axes whose places tell rows apart in an array that is as large as the whole, or has an element for each result, whether axes that were reduced are left out or are 1; null in any other.</summary>
    public Seq<int>? PlacesIn(Shape shape)
    {
        bool isLeftOut = !shape.Equals(Whole) && !IsKept(shape);
        if (isLeftOut && !shape.Equals(Whole.Without(Axes)))
        {
            return null;
        }
        int In(int axis) => isLeftOut ? Enumerable.Range(0, axis).Count(before => !Axes.Contains(before)) : axis;
        return IsOfColumns ? Enumerable.Range(0, Whole.Rank).Where(axis => !Axes.Contains(axis)).Select(In).ToSeq() : [In(Axis)];
    }

    /// <summary>The last axis of the batches of columns in an array of which there are <see cref="PlacesIn"/>, and the last of those that are reduced, as far as there are such.</summary>
    public Seq<int> EndsIn(Shape shape)
    {
        int terms = shape.Rank - (Whole.Rank - Axis) - 1, batches = shape.Rank == Whole.Rank ? Axes.Min() - 1 : terms;
        return new[] { batches, terms }.Where(axis => axis >= 0).Distinct().ToSeq();
    }

    private bool IsKept(Shape shape) => shape.Rank == Whole.Rank && Enumerable.Range(0, shape.Rank).All(axis => Axes.Contains(axis) ? shape[axis].Is(1) : shape[axis].Equals(Whole[axis]));

    private Dim Product(IEnumerable<int> axes) => axes.Aggregate((Dim)1, (elements, axis) => elements * Whole[axis]);
}
