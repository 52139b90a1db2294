namespace Symbolic;

using Symbolic.Ops;

/// <summary>What <see cref="Functions.Pad(Expr, Seq{ValueTuple{Dim, Dim}}, PadMode, double)"/> puts around a tensor; the names are numpy's.</summary>
public enum PadMode
{
    /// <summary>A constant.</summary>
    Constant,
    /// <summary>The element at the edge.</summary>
    Edge,
    /// <summary>Mirrored at the edge element, which is not repeated.</summary>
    Reflect,
    /// <summary>Mirrored behind the edge element, which is repeated.</summary>
    Symmetric,
    /// <summary>The elements at the other end.</summary>
    Wrap,
}

public static partial class Functions
{
    /// <summary>
    /// Tensors one after the other along an axis. Dtypes are promoted; the other sizes must agree, and are checked before any kernel runs
    /// where they are not known.
    /// </summary>
    public static Expr Concatenate(Seq<Expr> parts, int axis = 0)
    {
        if (parts.Count == 0)
        {
            throw new TypeMismatch("concatenate wants at least one tensor");
        }
        int along = Axis(parts[0], axis);
        if (parts.Any(part => part.Rank != parts[0].Rank))
        {
            throw new TypeMismatch($"concatenate wants tensors of one rank; got {string.Join(" and ", parts.Map(part => part.Label))}");
        }
        DType dtype = parts.Map(part => part.DType).Aggregate(Promotion.Of);
        Seq<Dim> common = Enumerable.Range(0, parts[0].Rank).Select(i => parts.Map(part => part.Shape[i]).FirstOrDefault(size => size.IsConstant) ?? parts[0].Shape[i]).ToSeq();
        Seq<Expr> fitting = parts.Map(part =>
        {
            Seq<Dim> wanted = common.With(along, part.Shape[along]);
            for (int i = 0; i < wanted.Count; i++)
            {
                if (wanted[i].IsConstant && part.Shape[i].IsConstant && !wanted[i].Equals(part.Shape[i]))
                {
                    throw new TypeMismatch($"concatenate along axis {along} wants all other sizes to agree; got {string.Join(" and ", parts.Map(p => p.Label))}: sizes {wanted[i]} and {part.Shape[i]} of axis {i} differ");
                }
            }
            return part.Cast(dtype).Equate(new Shape(wanted));
        });
        return fitting.Count == 1 ? fitting[0] : Expr.Of(new Concatenate(along), fitting.AsSpan());
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Expr Stack(Seq<Expr> parts, int axis = 0) => Concatenate(parts.Map(part => part.ExpandDims(axis)), axis);

    /// <summary>
    /// Consecutive parts of these sizes along an axis. Their sum must be the size of the axis; it is checked before any kernel runs where that is not known.
    /// </summary>
    public static Seq<Expr> Split(this Expr x, Seq<Dim> sizes, int axis = 0)
    {
        int along = Axis(x, axis);
        Dim total = sizes.Aggregate((Dim)0, (sum, size) => sum + size);
        if (total.IsConstant && x.Shape[along].IsConstant && !total.Equals(x.Shape[along]))
        {
            throw new TypeMismatch($"parts of sizes [{string.Join(",", sizes)}] along axis {along} are {total}, not the whole of {x.Label}");
        }
        Expr whole = x.Equate(new Shape(x.Shape.Dims.With(along, total)));
        var parts = new Expr[sizes.Count];
        Dim start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Sliced(whole, along, start, start + sizes[i], 1);
            start += sizes[i];
        }
        return Seq.Create<Expr>(parts);
    }

    /// <summary>So many parts of equal size along an axis.</summary>
    public static Seq<Expr> SplitEvenly(this Expr x, int parts, int axis = 0)
    {
        Dim size = x.Shape[Axis(x, axis)];
        return parts < 1 || (size.IsConstant && size.Constant % parts != 0)
            ? throw new TypeMismatch($"axis {axis} of {x.Label} cannot be split into {parts} equal parts")
            : x.Split(Enumerable.Repeat(size.FloorDiv(parts), parts).ToSeq(), axis);
    }

    /// <summary>The tensor repeated as a whole so many times along each axis; counts and axes are matched from the last.</summary>
    public static Expr Tile(this Expr x, Seq<Dim> counts)
    {
        Expr tile = x.AtLeast(counts.Count);
        Seq<Dim> times = [.. Enumerable.Repeat((Dim)1, tile.Rank - counts.Count), .. counts];
        var spread = new List<Dim>();
        var axes = new List<int>();
        for (int axis = 0; axis < tile.Rank; axis++)
        {
            if (!times[axis].Is(1))
            {
                spread.Add(times[axis]);
            }
            axes.Add(spread.Count);
            spread.Add(tile.Shape[axis]);
        }
        return tile.BroadcastTo(new Shape(spread.ToSeq()), axes.ToSeq()).Reshape(new Shape(tile.Shape.Dims.Select((size, axis) => size * times[axis]).ToSeq()));
    }

    /// <summary>Each element repeated so many times along an axis; along the flattened tensor where none is given.</summary>
    public static Expr Repeat(this Expr x, Dim count, int? axis = null)
    {
        if (axis is not { } along)
        {
            return x.FlattenTo().Repeat(count, 0);
        }
        along = Axis(x, along);
        Shape spread = [.. x.Shape[..(along + 1)], count, .. x.Shape[(along + 1)..]];
        return x.BroadcastTo(spread, Enumerable.Range(0, spread.Rank).Where(i => i != along + 1).ToSeq())
            .Reshape([.. x.Shape[..along], x.Shape[along] * count, .. x.Shape[(along + 1)..]]);
    }

    /// <summary>Elements moved on along an axis; those that leave it at one end enter at the other. Along the flattened tensor where no axis is given.</summary>
    public static Expr Roll(this Expr x, Bound shift, int? axis = null)
    {
        if (axis is not { } along)
        {
            return x.FlattenTo().Roll(shift, 0).Reshape(x.Shape);
        }
        along = Axis(x, along);
        Dim size = x.Shape[along];
        Dim border = shift.Value is { } value
            ? SizeFrom(-value.Cast(DType.Int64) % Maximum<Expr>(SizeOf(size), 1), size)
            : (-shift.On(0)).Mod(Dim.Max(size, 1));
        return border.Is(0) ? x : Concatenate([Sliced(x, along, border, size, 1), Sliced(x, along, 0, border, 1)], along);
    }

    /// <summary>
    /// The tensor with a border: so many elements before and after it along each axis. The modes but <see cref="PadMode.Constant"/> want a tensor without
    /// empty axes where there is a border.
    /// </summary>
    public static Expr Pad(this Expr x, Seq<(Dim Before, Dim After)> widths, PadMode mode = PadMode.Constant, double value = 0)
    {
        if (widths.Count != x.Rank)
        {
            throw new TypeMismatch($"pad wants a width before and after each axis of {x.Label}; got {widths.Count}");
        }
        if (mode == PadMode.Constant)
        {
            Shape whole = new(widths.Select((width, axis) => width.Before + x.Shape[axis] + width.After).ToSeq());
            Seq<Dim> from = widths.Map(width => width.Before);
            return SetSliced(Full(x.DType, whole, value), x, new Slice(from, from.Select((start, axis) => start + x.Shape[axis]).ToSeq(), from.Map(_ => (Dim)1)));
        }
        Expr padded = x;
        for (int axis = 0; axis < widths.Count; axis++)
        {
            padded = Bordered(padded, axis, widths[axis].Before, widths[axis].After, mode);
        }
        return padded;
    }

    /// <summary>One axis with what a mode puts before and after it. Wide borders are made of several copies.</summary>
    private static Expr Bordered(Expr x, int axis, Dim before, Dim after, PadMode mode)
    {
        Dim size = x.Shape[axis];
        if (before.Is(0) && after.Is(0))
        {
            return x;
        }
        if (size.Is(0))
        {
            throw new TypeMismatch($"axis {axis} of {x.Label} is empty: there is nothing to pad it with");
        }
        if (mode == PadMode.Edge)
        {
            return Concatenate([Copies(x[At(axis, 0)], before), x, Copies(x[At(axis, -1)], after)], axis);
        }
        // A mirror at the edge element has one element less than the axis; one element alone is its own mirror.
        Dim most = mode == PadMode.Reflect ? size - 1 : size;
        if (most.Is(0))
        {
            return Bordered(x, axis, before, after, PadMode.Edge);
        }
        Dim left = before, right = after;
        if (most.IsConstant && before.IsConstant && after.IsConstant)
        {
            (left, right) = (Dim.Min(before, most), Dim.Min(after, most));
        }
        Expr start = mode switch
        {
            PadMode.Reflect => Exactly(x.Slice(axis, 1, left + 1), left).Flip([axis]),
            PadMode.Symmetric => Exactly(x.Slice(axis, 0, left), left).Flip([axis]),
            PadMode.Wrap => Exactly(Sliced(x, axis, size - left, size, 1), left),
            _ => throw new System.Diagnostics.UnreachableException($"{mode}"),
        };
        Expr end = mode switch
        {
            PadMode.Reflect => Exactly(Sliced(x, axis, size - 1 - right, size - 1, 1), right).Flip([axis]),
            PadMode.Symmetric => Exactly(Sliced(x, axis, size - right, size, 1), right).Flip([axis]),
            PadMode.Wrap => Exactly(x.Slice(axis, 0, right), right),
            _ => throw new System.Diagnostics.UnreachableException($"{mode}"),
        };
        Expr wider = Concatenate([start, x, end], axis);
        return Bordered(wider, axis, before - left, after - right, mode);

        Subscript[] At(int along, int position) => [.. Enumerable.Range(0, x.Rank).Select(i => i == along ? Subscript.Range(position, position == -1 ? null : position + 1) : Subscript.All)];

        Expr Exactly(Expr part, Dim wanted) => part.Equate(new Shape(part.Shape.Dims.With(axis, wanted)));

        Expr Copies(Expr one, Dim count) => one.Equate(new Shape(one.Shape.Dims.With(axis, 1))).BroadcastTo(new Shape(one.Shape.Dims.With(axis, count)));
    }
}
