namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>The elements along an axis in increasing order, NaN last; negative axes count from the end.</summary>
    public static Expr Sort(Expr x, int axis = -1) => Expr.Of(new Sort(Axis(x, axis)), x);

    /// <summary>The positions, as int64, that bring the elements along an axis in increasing order; equal ones keep their order, NaN comes last.</summary>
    public static Expr ArgSort(Expr x, int axis = -1) => Expr.Of(new ArgSort(Axis(x, axis)), x);

    /// <summary>
    /// The greatest (or smallest) elements along an axis, in decreasing (increasing) order, and their positions as int64; of equal
    /// elements the earlier comes first, and NaN counts as the greatest. A gradient flows into the values.
    /// </summary>
    /// <exception cref="TypeMismatch">The axis is known to have fewer elements.</exception>
    public static (Expr Values, Expr Positions) TopK(Expr x, Dim count, int axis = -1, bool largest = true)
    {
        int along = Axis(x, axis);
        Expr positions = Expr.Of(new ArgTopK(count, along, largest), x);
        return (PickAlong(x, positions, along), positions);
    }

    /// <summary>Sums along an axis up to each element; of the flattened tensor where no axis is given. The dtype stays; booleans give int64.</summary>
    public static Expr CumSum(Expr x, int? axis = null) => Running(x, axis, along => new CumSum(along, Reverse: false));

    /// <summary>Products along an axis up to each element; of the flattened tensor where no axis is given. The dtype stays; booleans give int64.</summary>
    public static Expr CumProd(Expr x, int? axis = null) => Running(x, axis, along => new CumProd(along, Reverse: false));

    /// <summary>y = x, then y[..., positions[i], ...] += values[..., i, ...] for each i in turn: repeated positions accumulate, in that order. Negative positions count from the end.</summary>
    /// <exception cref="TypeMismatch">Positions are not a vector of integers, or the values do not have x's type with the number of positions in place of the axis.</exception>
    public static Expr ScatterAdd(Expr x, Expr positions, Expr values, int axis = 0) => Expr.Of(new ScatterAdd(Axis(x, axis)), x, Positions(positions), values);

    /// <summary>y = x, then y[..., positions[i], ...] = values[..., i, ...] for each i in turn: of repeated positions the last stands. Negative positions count from the end.</summary>
    /// <exception cref="TypeMismatch">Positions are not a vector of integers, or the values do not have x's type with the number of positions in place of the axis.</exception>
    public static Expr ScatterSet(Expr x, Expr positions, Expr values, int axis = 0) => Expr.Of(new ScatterSet(Axis(x, axis)), x, Positions(positions), values);

    /// <summary>The elements of x at positions along an axis that differ from lane to lane: y[i, j] = x[i, positions[i, j]] for the last of two axes.</summary>
    internal static Expr PickAlong(Expr x, Expr positions, int axis) =>
        Expr.Of(new Gather(0), x.Flatten(0), RowMajor(positions, x.Shape, axis).Flatten(0)).Reshape(positions.Shape);

    /// <summary>x with values added at positions along an axis that differ from lane to lane.</summary>
    internal static Expr AddAlong(Expr x, Expr positions, Expr values, int axis) =>
        Expr.Of(new ScatterAdd(0), x.Flatten(0), RowMajor(positions, x.Shape, axis).Flatten(0), values.Flatten(0)).Reshape(x.Shape);

    /// <summary>The row-major positions in an array of what lies at positions along one axis, in each lane.</summary>
    private static Expr RowMajor(Expr along, Shape shape, int axis)
    {
        Seq<Dim> strides = shape.Strides();
        Expr position = along * SizeOf(strides[axis]);
        for (int other = 0; other < shape.Rank; other++)
        {
            position = other == axis ? position : position + Iota(along.Shape, other) * SizeOf(strides[other]);
        }
        return position;
    }

    private static Expr Running(Expr x, int? axis, Func<int, RunningOp> op)
    {
        Expr numbers = x.DType == DType.Bool ? x.Cast(DType.Int64) : x;
        return axis is { } along ? Expr.Of(op(Axis(x, along)), numbers) : Expr.Of(op(0), numbers.Flatten(0));
    }

    private static Expr Positions(Expr positions) => positions.DType.IsInteger()
        ? positions.Cast(DType.Int64)
        : throw new TypeMismatch($"positions are integers; got {positions.Label}");
}
