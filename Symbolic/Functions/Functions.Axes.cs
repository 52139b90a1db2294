namespace Symbolic;

public static partial class Functions
{
    /// <summary>A new axis of size 1 at a position of the result; negative positions count from the end.</summary>
    public static Expr ExpandDims(this Expr x, int axis)
    {
        int at = axis < 0 ? axis + x.Rank + 1 : axis;
        return at >= 0 && at <= x.Rank
            ? x.Reshape([.. x.Shape[..at], 1, .. x.Shape[at..]])
            : throw new TypeMismatch($"a new axis {axis} does not fit {x.Label}");
    }

    /// <summary>Without axes of known size 1: those given, or all of them.</summary>
    public static Expr Squeeze(this Expr x, Seq<int>? axes = null)
    {
        Seq<int> dropped = axes is null ? Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis].Is(1)).ToSeq() : Axes(x, axes);
        foreach (int axis in dropped)
        {
            if (!x.Shape[axis].Is(1))
            {
                throw new TypeMismatch($"axis {axis} of {x.Label} cannot be dropped: its size {x.Shape[axis]} is not known to be 1");
            }
        }
        return x.Reshape(x.Shape.Without(dropped));
    }

    /// <summary>Two axes exchanged.</summary>
    public static Expr SwapAxes(this Expr x, int first, int second)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (order[Axis(x, first)], order[Axis(x, second)]) = (Axis(x, second), Axis(x, first));
        return x.Transpose(order.ToSeq());
    }

    /// <summary>Axes moved to other positions; the others keep their order.</summary>
    public static Expr MoveAxes(this Expr x, Seq<int> from, Seq<int> to)
    {
        Seq<int> source = from.Map(axis => Axis(x, axis)), target = to.Map(axis => Axis(x, axis));
        if (source.Count != target.Count || source.Distinct().Count() != source.Count || target.Distinct().Count() != target.Count)
        {
            throw new TypeMismatch($"moving axes {from} of {x.Label} to {to} wants as many places as axes, each once");
        }
        List<int> order = [.. Enumerable.Range(0, x.Rank).Except(source)];
        foreach ((int place, int axis) in target.Zip(source).Order())
        {
            order.Insert(place, axis);
        }
        return x.Transpose(order.ToSeq());
    }

    /// <summary>An axis moved to another position; the others keep their order.</summary>
    public static Expr MoveAxis(this Expr x, int from, int to) => x.MoveAxes([from], [to]);

    /// <summary>
    /// Theano's dimshuffle: result axis i is axis <c>pattern[i]</c> of x, or a new axis of size 1 where that is null (Theano's 'x'). Axes that
    /// are not named are dropped and must have the known size 1.
    /// </summary>
    public static Expr DimShuffle(this Expr x, params ReadOnlySpan<int?> pattern)
    {
        int[] kept = [.. pattern.ToArray().Where(entry => entry is not null).Select(entry => Axis(x, entry!.Value))];
        if (kept.Distinct().Count() != kept.Length)
        {
            throw new TypeMismatch($"dimshuffle wants each axis of {x.Label} at most once; got [{string.Join(",", kept)}]");
        }
        int[] dropped = [.. Enumerable.Range(0, x.Rank).Except(kept)];
        Expr all = x.Transpose([.. kept, .. dropped]);
        Expr moved = all.Squeeze(dropped.Select((_, i) => kept.Length + i).ToSeq());
        int next = 0;
        return moved.Reshape([.. pattern.ToArray().Select(entry => entry is null ? (Dim)1 : moved.Shape[next++])]);
    }

    /// <summary>New axes of size 1 in front.</summary>
    public static Expr ShapePadLeft(this Expr x, int count = 1) => x.Reshape([.. Enumerable.Repeat((Dim)1, count), .. x.Shape]);

    /// <summary>New axes of size 1 behind.</summary>
    public static Expr ShapePadRight(this Expr x, int count = 1) => x.Reshape([.. x.Shape, .. Enumerable.Repeat((Dim)1, count)]);

    /// <summary>With new axes of size 1 in front up to a rank; itself where it has as many.</summary>
    public static Expr AtLeast(this Expr x, int rank) => x.ShapePadLeft(Math.Max(0, rank - x.Rank));

    /// <summary>Theano's flatten(ndim): a tensor of this rank, whose last axis joins all that are too many.</summary>
    public static Expr FlattenTo(this Expr x, int rank = 1) => rank >= 1 && rank <= Math.Max(1, x.Rank)
        ? x.Flatten(rank - 1)
        : throw new TypeMismatch($"{x.Label} cannot be flattened to rank {rank}");

    /// <summary>Elements in the reverse order along axes, all where none are given.</summary>
    public static Expr Flip(this Expr x, Seq<int>? axes = null)
    {
        Seq<int> flipped = Axes(x, axes);
        return Sliced(x, x.Shape.Dims.Select((size, axis) => flipped.Contains(axis) ? size - 1 : 0).ToSeq(), x.Shape.Dims.Select((size, axis) => flipped.Contains(axis) ? -1 : size).ToSeq(),
            x.Shape.Dims.Select((_, axis) => flipped.Contains(axis) ? (Dim)(-1) : 1).ToSeq());
    }

    /// <summary>
    /// The diagonal of two axes, as a last axis; a positive offset goes up, a negative one down.
    /// </summary>
    public static Expr Diagonal(this Expr x, int offset = 0, int first = 0, int second = 1)
    {
        int one = Axis(x, first), other = Axis(x, second);
        if (one == other)
        {
            throw new TypeMismatch($"a diagonal wants two axes of {x.Label}; got {first} and {second}");
        }
        Expr last = x.MoveAxes([one, other], [x.Rank - 2, x.Rank - 1]);
        Dim rows = last.Shape[^2], columns = last.Shape[^1];
        (Dim start, Dim stop) = OnDiagonal(rows, columns, offset);
        return Sliced(last.Reshape([.. last.Shape[..^2], rows * columns]), last.Rank - 2, start, stop, columns + 1);
    }

    /// <summary>
    /// Where a diagonal begins and ends in a flattened matrix, in which an element further on it is one row and one column further.
    /// </summary>
    private static (Dim Start, Dim Stop) OnDiagonal(Dim rows, Dim columns, int offset)
    {
        Dim length = offset >= 0 ? Dim.Min(rows, columns - offset) : Dim.Min(rows + offset, columns);
        Dim start = offset >= 0 ? offset : -offset * columns;
        return (start, start + (Dim.Max(length, 0) * (columns + 1)));
    }
}
