namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// Every step-th element along one axis from start, or an end if null, up to but without stop, or an end if null. Bounds beyond an end stand for it, as
    /// in Python.
    /// </summary>
    public static Expr Slice(this Expr x, int axis, Bound? start, Bound? stop, long step = 1)
    {
        int along = Axis(x, axis);
        (Dim from, Dim to) = Bounds(x.Shape[along], start, stop, step, x);
        return Sliced(x, along, from, to, step);
    }

    /// <summary>
    /// x with the elements that the subscripts name replaced by a value, which is broadcast to their shape and cast to x's dtype. Of a place named more than
    /// once the last value stands.
    /// </summary>
    /// <exception cref="TypeMismatch">The value does not fit, or has a dtype that x's cannot hold.</exception>
    public static Expr SetSubtensor(this Expr x, Seq<Subscript> at, Term<Expr> value) => Written(x, at, value, adds: false);

    /// <summary>x with a value added to the elements that the subscripts name. To a place named more than once all its values are added.</summary>
    /// <exception cref="TypeMismatch">As <see cref="SetSubtensor"/>.</exception>
    public static Expr IncSubtensor(this Expr x, Seq<Subscript> at, Term<Expr> value) => Written(x, at, value, adds: true);

    /// <summary>The matrix with a value on its diagonal; of more axes, all of one size, where all indices are equal.</summary>
    public static Expr FillDiagonal(this Expr x, Term<Expr> value, int offset = 0)
    {
        if (x.Rank < 2 || (x.Rank > 2 && (offset != 0 || x.Shape.Any(size => !size.Equals(x.Shape[0])))))
        {
            throw new TypeMismatch($"the diagonal of {x.Label} wants two axes, or more of one size");
        }
        Dim step = x.Rank == 2 ? x.Shape[1] + 1 : x.Shape.Strides().Aggregate((Dim)0, (sum, stride) => sum + stride);
        (Dim start, Dim stop) = x.Rank > 2 ? (0, x.Shape.Elements) : OnDiagonal(x.Shape[0], x.Shape[1], offset);
        Expr flat = x.FlattenTo();
        var slice = new Slice([start], [stop], [step]);
        Expr on = FitValue(x, Literally(value, x), new Shape([slice.Ranges(flat.Shape)[0].Length]));
        return SetSliced(flat, on, slice).Reshape(x.Shape);
    }

    /// <summary>The elements that the subscripts name, as in numpy; see <see cref="Expr.this[ReadOnlySpan{Subscript}]"/>.</summary>
    internal static Expr Subscripted(Expr x, ReadOnlySpan<Subscript> subscripts) => Selection.Of(x, subscripts).Read(x);

    private static Expr Written(Expr x, Seq<Subscript> at, Term<Expr> value, bool adds)
    {
        Expr given = Literally(value, x);
        // One value wherever a mask is true needs no count of the places.
        return at is [Subscript.Array { Positions: { DType: DType.Bool } mask }] && given.Rank == 0 && mask.Rank > 0 && mask.Rank <= x.Rank
            ? Switch<Expr>(mask.Equate(x.Shape[..mask.Rank]).BroadcastTo(x.Shape, Enumerable.Range(0, mask.Rank).ToSeq()), adds ? x + FitValue(x, given, Shape.Scalar) : FitValue(x, given, Shape.Scalar), x)
            : Selection.Of(x, at.AsSpan()).Write(x, given, adds);
    }

    private static Expr Literally(Term<Expr> value, Expr x) => value switch
    {
        Expr expr => expr,
        WeakLiteral<Expr> { IsInteger: false } when !x.DType.IsContinuous() => throw new TypeMismatch($"a float does not fit into {x.Label}"),
        WeakLiteral<Expr> literal => Full(x.DType, Shape.Scalar, literal.Value),
        var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
    };

    /// <summary>A value in the dtype of x and with the shape of what it replaces.</summary>
    internal static Expr FitValue(Expr x, Expr value, Shape shape)
    {
        if (Promotion.Of(x.DType, value.DType) != x.DType)
        {
            throw new TypeMismatch($"{value.Label} does not fit into {x.Label}: cast it first");
        }
        int lead = shape.Rank - value.Rank;
        bool fits = lead >= 0;
        for (int axis = 0; fits && axis < value.Rank; axis++)
        {
            Dim own = value.Shape[axis], wanted = shape[lead + axis];
            fits = own.Is(1) || !own.IsConstant || !wanted.IsConstant || own.Equals(wanted);
        }
        return fits ? Alignment.Fit(value.Cast(x.DType), shape) : throw new TypeMismatch($"{value.Label} cannot replace {shape} elements of {x.Label}");
    }

    internal static (Dim From, Dim To) Bounds(Dim size, Bound? start, Bound? stop, long step, Expr x)
    {
        int low = step switch
        {
            > 0 => 0,
            < 0 => -1,
            _ => throw new TypeMismatch($"the step of a slice of {x.Label} is 0"),
        };
        return (start?.On(size, low) ?? (step > 0 ? 0 : size - 1), stop?.On(size, low) ?? (step > 0 ? size : -1));
    }

    /// <summary>A slice along one axis between positions.</summary>
    private static Expr Sliced(Expr x, int axis, Dim start, Dim stop, Dim step)
    {
        Seq<Dim> zeros = x.Shape.Dims.Map(_ => (Dim)0), ones = zeros.Map(_ => (Dim)1);
        return Sliced(x, zeros.With(axis, start), x.Shape.Dims.With(axis, stop), ones.With(axis, step));
    }

    /// <summary>A slice along all axes between positions; itself where it takes all.</summary>
    internal static Expr Sliced(Expr x, Seq<Dim> start, Seq<Dim> stop, Seq<Dim> step)
    {
        var op = new Slice(start, stop, step);
        return op.TakesAll(x.Shape) ? x
            : x.Op is Full full ? Expr.Of(full with { Shape = new Shape(op.Ranges(x.Shape).Map(range => range.Length)) })
            : Expr.Of(op, x);
    }

    /// <summary>The target with a slice of it replaced; the values where it is all of it.</summary>
    internal static Expr SetSliced(Expr target, Expr values, Slice slice) =>
        slice.TakesAll(target.Shape) ? values : Expr.Of(new SetSlice(slice.Start, slice.Stop, slice.Step), target, values);

    /// <summary>A position on an axis of a shape, refused where it is known to lie outside.</summary>
    internal static Dim Single(Expr x, Shape shape, int axis, Bound at)
    {
        Dim size = shape[axis], position = at.On(size);
        return position.IsConstant && size.IsConstant && (position.Constant < 0 || position.Constant >= size.Constant)
            ? throw new TypeMismatch($"position {position} lies outside axis {axis} of {x.Label}")
            : position;
    }
}
