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

    private static (Dim From, Dim To) Bounds(Dim size, Bound? start, Bound? stop, long step, Expr x)
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
    private static Expr Sliced(Expr x, Seq<Dim> start, Seq<Dim> stop, Seq<Dim> step)
    {
        var op = new Slice(start, stop, step);
        Seq<SliceRange> ranges = op.Ranges(x.Shape);
        return ranges.Select((range, axis) => range.Start.Is(0) && range.Step.Is(1) && range.Length.Equals(x.Shape[axis])).All(isAll => isAll) ? x
            : x.Op is Full full ? Expr.Of(full with { Shape = new Shape(ranges.Map(range => range.Length)) })
            : Expr.Of(op, x);
    }

    /// <summary>The elements that the subscripts name, as in numpy; see <see cref="Expr.this[ReadOnlySpan{Subscript}]"/>.</summary>
    internal static Expr Subscripted(Expr x, ReadOnlySpan<Subscript> subscripts)
    {
        Seq<Subscript> all = Complete(x, subscripts);
        var start = new List<Dim>();
        var stop = new List<Dim>();
        var step = new List<Dim>();
        foreach (Subscript subscript in all.Where(entry => entry is not Subscript.New))
        {
            Dim size = x.Shape[start.Count];
            (Dim from, Dim to, Dim by) = subscript switch
            {
                Subscript.Span span => (Bounds(size, span.Start, span.Stop, span.Step, x) is var (a, b) ? a : 0, b, span.Step),
                Subscript.At at => Single(x, start.Count, at.Position.On(size)),
                _ => throw new TypeMismatch($"{subscript} is no subscript of {x.Label}"),
            };
            start.Add(from);
            stop.Add(to);
            step.Add(by);
        }
        Expr taken = Sliced(x, start.ToSeq(), stop.ToSeq(), step.ToSeq());
        // One element is taken where there is one: checked before any kernel runs where that is not known.
        int own = 0;
        Seq<Dim> sizes = all.Where(entry => entry is not Subscript.New).Select(entry => entry is Subscript.At ? 1 : taken.Shape[own]).Select(size => (own++, size).size).ToSeq();
        Expr exact = taken.Equate(new Shape(sizes));
        own = 0;
        var shape = new List<Dim>();
        foreach (Subscript subscript in all)
        {
            if (subscript is Subscript.New)
            {
                shape.Add(1);
            }
            else if (subscript is Subscript.Span)
            {
                shape.Add(exact.Shape[own++]);
            }
            else
            {
                own++;
            }
        }
        return exact.Reshape(new Shape(shape.ToSeq()));
    }

    private static (Dim, Dim, Dim) Single(Expr x, int axis, Dim position)
    {
        Dim size = x.Shape[axis];
        return position.IsConstant && size.IsConstant && (position.Constant < 0 || position.Constant >= size.Constant)
            ? throw new TypeMismatch($"position {position} lies outside axis {axis} of {x.Label}")
            : (position, position + 1, 1);
    }

    /// <summary>One subscript per axis, and new axes between them.</summary>
    private static Seq<Subscript> Complete(Expr x, ReadOnlySpan<Subscript> subscripts)
    {
        Subscript[] given = subscripts.ToArray();
        int named = given.Count(entry => entry is not (Subscript.New or Subscript.Rest));
        int rests = given.Count(entry => entry is Subscript.Rest);
        if (named > x.Rank || rests > 1)
        {
            throw new TypeMismatch(rests > 1 ? $"more than one ellipsis in the subscripts of {x.Label}" : $"{named} subscripts for the {x.Rank} axes of {x.Label}");
        }
        IEnumerable<Subscript> others = Enumerable.Repeat(Subscript.All, x.Rank - named);
        return (rests == 1 ? given.SelectMany(entry => entry is Subscript.Rest ? others : [entry]) : given.Concat(others)).ToSeq();
    }
}
