namespace Symbolic;

using Symbolic.Ops;

/// <summary>
/// Which elements of a tensor subscripts name, as numpy has it: a slice of every axis; then, where there are arrays of positions, the axes they
/// stand for joined into one, on which the positions of all together are one vector. Reading is a slice and a gather, and
/// writing the same way back.
/// </summary>
internal sealed class Selection
{
    private readonly Shape source;
    private readonly Shape expanded;
    private readonly Slice slice;
    private readonly Shape sliced;
    private readonly Joined? joined;
    private readonly Shape result;

    /// <summary>Axes in an order in which those with positions are neighbours, the first and the number of them, and their row-major positions.</summary>
    private sealed record Joined(Transpose Order, int Axis, int Count, Expr Positions);

    private Selection(Expr x, Seq<Subscript> subscripts)
    {
        source = x.Shape;
        Seq<Subscript> named = subscripts.Map(subscript => subscript is Subscript.New ? Subscript.All : subscript);
        (expanded, named) = Expanded(x, subscripts, named);
        bool hasArrays = named.Any(subscript => subscript is Subscript.Array);
        (Dim From, Dim To, long By)[] spans = [.. named.Select((subscript, axis) => subscript switch
        {
            Subscript.Span span => Functions.Bounds(expanded[axis], span.Start, span.Stop, span.Step, x) is var (from, to) ? (from, to, span.Step) : default,
            Subscript.At at when !hasArrays => Functions.Single(x, expanded, axis, at.Position) is var position ? (position, position + 1, 1L) : default,
            _ => (0, expanded[axis], 1L),
        })];
        slice = new Slice(spans.Select(s => s.From).ToSeq(), spans.Select(s => s.To).ToSeq(), spans.Select(s => (Dim)s.By).ToSeq());
        Seq<Dim> lengths = slice.Ranges(expanded).Map(range => range.Length);
        // One element is taken where a position is: checked before any kernel runs where the size is not known.
        sliced = new Shape(lengths.Select((length, axis) => named[axis] is Subscript.At && !hasArrays ? 1 : length).ToSeq());
        if (!hasArrays)
        {
            result = sliced.Only(Enumerable.Range(0, named.Count).Where(axis => named[axis] is not Subscript.At).ToSeq());
            return;
        }
        int[] arrays = [.. Enumerable.Range(0, named.Count).Where(axis => named[axis] is not Subscript.Span)];
        Expr positions = RowMajor(x, named, arrays);
        // The axes of the positions stand where theirs did if those are neighbours, else in front.
        int first = arrays[^1] - arrays[0] == arrays.Length - 1 ? arrays[0] : 0;
        List<int> order = [.. Enumerable.Range(0, named.Count).Except(arrays)];
        order.InsertRange(first, arrays);
        joined = new Joined(new Transpose(order.ToSeq()), first, arrays.Length, positions);
        Shape moved = sliced.Only(joined.Order.Order);
        result = [.. moved[..first], .. positions.Shape, .. moved[(first + arrays.Length)..]];
    }

    /// <summary>The elements of x that the subscripts name.</summary>
    public static Selection Of(Expr x, ReadOnlySpan<Subscript> subscripts) => new(x, Complete(x, subscripts));

    /// <summary>The elements.</summary>
    public Expr Read(Expr x)
    {
        Expr part = Part(x);
        return (joined is null ? part : Expr.Of(new Gather(joined.Axis), Together(part), joined.Positions.Flatten(0))).Reshape(result);
    }

    /// <summary>x with other values in their places, or added to them; where a place is named more than once, the last value stands, or all are added.</summary>
    public Expr Write(Expr x, Expr value, bool adds)
    {
        Expr values = Functions.FitValue(x, value, result);
        Expr part = Part(x);
        Expr written;
        if (joined is null)
        {
            Expr placed = values.Reshape(sliced);
            written = adds ? part + placed : placed;
        }
        else
        {
            Expr together = Together(part);
            Op put = adds ? new ScatterAdd(joined.Axis) : new ScatterSet(joined.Axis);
            Expr vector = joined.Positions.Flatten(0);
            Expr all = Expr.Of(put, together, vector, values.Reshape(new Shape(together.Shape.Dims.With(joined.Axis, vector.Shape[0]))));
            written = all.Reshape(sliced.Only(joined.Order.Order)).Transpose(joined.Order.Inverse);
        }
        Shape exact = new(slice.Ranges(expanded).Map(range => range.Length));
        return Functions.SetSliced(x.Reshape(expanded), written.Equate(exact), slice).Reshape(source);
    }

    private Expr Part(Expr x) => Functions.Sliced(x.Reshape(expanded), slice.Start, slice.Stop, slice.Step).Equate(sliced);

    private Expr Together(Expr part)
    {
        Expr moved = part.Transpose(joined!.Order.Order);
        int end = joined.Axis + joined.Count;
        return moved.Reshape([.. moved.Shape[..joined.Axis], moved.Shape[joined.Axis..end].Elements, .. moved.Shape[end..]]);
    }

    /// <summary>The positions of all arrays together, counted row-major over the axes that they stand for.</summary>
    private Expr RowMajor(Expr x, Seq<Subscript> named, int[] axes)
    {
        Expr? together = null;
        Dim stride = 1;
        foreach (int axis in axes.Reverse())
        {
            Expr own = named[axis] switch
            {
                Subscript.Array array => Functions.PositionsOn(array.Positions, expanded[axis]),
                Subscript.At at => Functions.PositionsOn(Functions.SizeOf(Functions.Single(x, expanded, axis, at.Position)), expanded[axis]),
                var other => throw new System.Diagnostics.UnreachableException($"{other}"),
            };
            Expr placed = stride.Is(1) ? own : own * Functions.SizeOf(stride);
            together = together is null ? placed : placed + together;
            stride *= expanded[axis];
        }
        return together!;
    }

    /// <summary>
    /// The shape with new axes, and with the axes of masks as they are indexed: a mask alone stands for all its axes in one; several become
    /// positions on each.
    /// </summary>
    private static (Shape, Seq<Subscript>) Expanded(Expr x, Seq<Subscript> subscripts, Seq<Subscript> named)
    {
        var shape = new List<Dim>();
        var entries = new List<Subscript>();
        bool alone = named.Count(subscript => subscript is Subscript.Array or Subscript.At) == 1;
        int axis = 0;
        for (int i = 0; i < subscripts.Count; i++)
        {
            if (subscripts[i] is Subscript.New)
            {
                shape.Add(1);
                entries.Add(named[i]);
            }
            else if (named[i] is Subscript.Array { Positions: { DType: DType.Bool } mask })
            {
                Shape covered = x.Shape[axis..(axis + mask.Rank)];
                Expr fitting = mask.Equate(covered);
                axis += mask.Rank;
                if (alone)
                {
                    shape.Add(covered.Elements);
                    entries.Add(new Subscript.Array(Functions.FlatNonzero(fitting)));
                }
                else
                {
                    shape.AddRange(covered);
                    entries.AddRange(Functions.Nonzero(fitting).Map(positions => new Subscript.Array(positions)));
                }
            }
            else
            {
                shape.Add(x.Shape[axis++]);
                entries.Add(named[i]);
            }
        }
        return (new Shape(shape.ToSeq()), entries.ToSeq());
    }

    /// <summary>One subscript per axis (a mask has several), and new axes between them.</summary>
    private static Seq<Subscript> Complete(Expr x, ReadOnlySpan<Subscript> subscripts)
    {
        Subscript[] given = subscripts.ToArray();
        int named = 0;
        foreach (Subscript subscript in given)
        {
            if (subscript is Subscript.Array { Positions: var positions } && !(positions.DType.IsInteger() || (positions.DType == DType.Bool && positions.Rank > 0)))
            {
                throw new TypeMismatch($"the subscripts of {x.Label} want integers, or booleans as a mask of at least one axis; got {positions.Label}");
            }
            named += subscript switch
            {
                Subscript.New or Subscript.Rest => 0,
                Subscript.Array { Positions: { DType: DType.Bool, Rank: var axes } } => axes,
                _ => 1,
            };
        }
        int rests = given.Count(entry => entry is Subscript.Rest);
        if (named > x.Rank || rests > 1)
        {
            throw new TypeMismatch(rests > 1 ? $"more than one ellipsis in the subscripts of {x.Label}" : $"{named} subscripts for the {x.Rank} axes of {x.Label}");
        }
        IEnumerable<Subscript> others = Enumerable.Repeat(Subscript.All, x.Rank - named);
        return (rests == 1 ? given.SelectMany(entry => entry is Subscript.Rest ? others : [entry]) : given.Concat(others)).ToSeq();
    }
}
