namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    private const string SlicesSink = "a slice moves toward the leaves, so that only what it takes is computed, and no rule moves one toward the root";

    /// <summary>Slices, joints and gathers: none for nothing, two become one, and what is not taken is not computed.</summary>
    public static RuleSet Indexing => new(Exact, ofComplex: true)
    {
        { "same-slice", "slice(x), of all of x", "x",
            (Ops.Slice slice, Expr node) => slice.TakesAll(node.Inputs[0].Shape) ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Slice([0, -5], [9, size], [1, 1]), Matrix("x", dtype, 2, size))] },
        { "slice-slice", "slice(slice(x))", "slice(x)",
            (Ops.Slice outer, Expr node) => node.Inputs[0] is { Op: Ops.Slice inner, Inputs: [var x] } ? Merged(outer, inner, x, node) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 4, size); return [x[1..][1.., ..3], x.Flip()[..3, 1..], x[.., Subscript.Range(null, null, 2)].Flip([1])]; } },
        { "slice-concatenate", "slice(concatenate(x, y)), where it takes nothing of some", "slice(concatenate of those it takes something of)",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.Concatenate joint } whole ? OfParts(slice, joint, whole, node) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 2, size); return [Concatenate([x, x * 2, x + 1], 1)[Subscript.All, Subscript.Range(0, size + 2)], Concatenate([x, x * 2])[3..]]; } },
        { "slice-set-slice", "slice(set_slice(x, y)), where it takes something of one of them only", "slice(that one)",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.SetSlice set, Inputs: [var x, var y] } ? Before(slice, set, x, y, node) : null,
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, 4, size), y = Matrix("y", dtype, 2, size), z = Matrix("z", dtype, 2, 3);
                return [x.SetSubtensor([1..3], y)[1..3], x.SetSubtensor([1..3], y)[2..3, ..3], x.SetSubtensor([1..3], y)[3..], x.SetSubtensor([Subscript.Range(null, null, 2), 0..3], z)[Subscript.Range(null, null, 2), ..3]];
            } },
        { "set-same-slice", "set_slice(x, y), of all of x", "y",
            (Ops.SetSlice set, Expr node) => new Ops.Slice(set.Start, set.Stop, set.Step).TakesAll(node.Shape) ? node.Inputs[1] : null,
            (dtype, size) => [Expr.Of(new Ops.SetSlice([0, 0], [2, size], [1, 1]), Matrix("x", dtype, 2, size), Matrix("y", dtype, 2, size))] },
        { "concatenate-one", "concatenate(x)", "x",
            (Ops.Concatenate _, Expr node) => node.Inputs.Count == 1 ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Concatenate(0), Matrix("x", dtype, 2, size))] },
        { "concatenate-concatenate", "concatenate(concatenate(x, y), z), along one axis", "concatenate(x, y, z)",
            (Ops.Concatenate joint, Expr node) => node.Inputs.Any(part => part.Op.Equals(joint))
                ? Expr.Of(joint, [.. node.Inputs.SelectMany(part => part.Op.Equals(joint) ? part.Inputs : [part])]) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 2, size); return [Concatenate([x, Concatenate([x + 1, x * 2])]), Concatenate([Concatenate([x, x * 2], 1), x], 1)]; } },
        { "concatenate-empty", "concatenate(x, y), where y has no elements", "concatenate(x)",
            (Ops.Concatenate joint, Expr node) => node.Inputs.Count > 1 && node.Inputs.Any(part => part.Shape[joint.Axis].Is(0)) ? Joined(joint, node.Inputs.Where(part => !part.Shape[joint.Axis].Is(0)), node) : null,
            (dtype, size) => [Concatenate([Matrix("x", dtype, 2, size), Full(dtype, [0, size], 0)])] },
        { "concatenate-slices", "concatenate(slice(x), slice(x)), of neighbours", "slice(x)",
            (Ops.Concatenate joint, Expr node) => Neighbours(joint, node),
            (dtype, size) => { Expr x = Matrix("x", dtype, 4, size); return [Concatenate([x[..1], x[1..]]), Concatenate([x[.., ..2], x[.., 2..4], x[.., 4..]], 1), Concatenate([x[..1], x[1..3], x + 1])]; } },
        { "slice-broadcast", "slice(broadcast(x))", "broadcast(slice(x))",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.Broadcast repeat, Inputs: [var x] } ? SliceOf(x, slice, repeat.Axes).BroadcastTo(node.Shape, repeat.Axes) : null,
            (dtype, size) => [Matrix("x", dtype, size).BroadcastTo([4, size], [1])[1.., 1..]], Exact, SlicesSink },
        { "slice-elementwise", "slice(f(x, y)), elementwise, where nobody else reads f", "f(slice(x), slice(y))",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Pointwise f } whole ? Expr.Of(f, whole.Inputs.Map(x => SliceOf(x, slice, Whole(x))).AsSpan()) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 4, size), y = Matrix("y", dtype, 4, size); return [(x + y)[1..], Tanh(x * 2)[2.., 1..], (x * y).Flip()]; },
            Exact, SlicesSink, node => [node.Inputs[0]] },
        { "slice-reduction", "slice(sum(x)), likewise other reductions, where nobody else reads it", "sum(slice(x))",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.ReductionOp reduction, Inputs: [var x] }
                ? Expr.Of(reduction, SliceOf(x, slice, Whole(x).Select(axis => reduction.Axes.Contains(axis) ? -1 : axis - reduction.Axes.Count(removed => removed < axis)).ToSeq())) : null,
            (dtype, size) => [Matrix("x", dtype, 4, 3, size).Sum([1])[1.., 2..], Matrix("x", dtype, 4, size).Max([1])[2..]],
            Exact, SlicesSink, node => [node.Inputs[0]] },
        { "slice-dot", "slice(dot(x, y)), where nobody else reads it", "dot(slice(x), slice(y))",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.Dot dot, Inputs: [var x, var y] } ? Expr.Of(dot, SliceOf(x, slice, [0, -1]), SliceOf(y, slice, [-1, 1])) : null,
            (dtype, size) => [Dot(Matrix("x", dtype, 4, size), Matrix("y", dtype, size, 3))[1.., 1..]],
            Exact, SlicesSink, node => [node.Inputs[0]] },
        { "gather-elementwise", "gather(f(x)), elementwise, of no more than there is, where nobody else reads f", "f(gather(x))",
            (Ops.Gather gather, Expr node) => node.Inputs is [{ Op: Pointwise f } whole, var at] && whole.Shape[gather.Axis].Lower >= 1 && whole.Shape[gather.Axis].IsAtLeast(at.Shape[0])
                ? Expr.Of(f, whole.Inputs.Map(x => x.Op is Ops.Full full ? Expr.Of(full with { Shape = node.Shape }) : Expr.Of(gather, x, at)).AsSpan()) : null,
            (dtype, size) => { Expr at = Functions.Vector("at", 2, DType.Int64); return [Expr.Of(new Ops.Gather(0), Tanh(Matrix("x", dtype, 4, size)), at), Expr.Of(new Ops.Gather(1), Matrix("x", dtype, 4, size) + 1, at)]; },
            Exact, "a gather moves toward the leaves, so that only what it takes is computed, and no rule moves one toward the root", node => [node.Inputs[0]] },
    };

    private static Seq<int> Whole(Expr x) => Enumerable.Range(0, x.Rank).ToSeq();

    /// <summary>What is taken of x by a slice of a tensor whose axis from[i] is x's axis i; an axis with −1 there is taken whole.</summary>
    private static Expr SliceOf(Expr x, Ops.Slice slice, Seq<int> from) => Taken(x, new Ops.Slice(
        from.Map(axis => axis < 0 ? 0 : slice.Start[axis]), from.Select((axis, own) => axis < 0 ? x.Shape[own] : slice.Stop[axis]).ToSeq(), from.Map(axis => axis < 0 ? 1 : slice.Step[axis])));

    private static Expr Taken(Expr x, Ops.Slice slice) => slice.TakesAll(x.Shape) ? x
        : x.Op is Ops.Full full ? Expr.Of(full with { Shape = new Shape(slice.Ranges(x.Shape).Map(range => range.Length)) })
        : Expr.Of(slice, x);

    /// <summary>A result whose sizes are not written as those of what it replaces is none.</summary>
    private static Expr? Typed(Expr made, Expr node) => made.Type.Equals(node.Type) ? made : null;

    private static Expr? Merged(Ops.Slice outer, Ops.Slice inner, Expr x, Expr node)
    {
        Seq<Ops.SliceRange> first = inner.Ranges(x.Shape), second = outer.Ranges(node.Inputs[0].Shape);
        Seq<Ops.SliceRange> both = first.Select((range, axis) => new Ops.SliceRange(range.Start + second[axis].Start * range.Step, range.Step * second[axis].Step, second[axis].Length)).ToSeq();
        return both.All(range => range.Step.IsConstant)
            ? Typed(Expr.Of(new Ops.Slice(both.Map(range => range.Start), both.Map(range => range.Start + range.Length * range.Step), both.Map(range => range.Step)), x), node)
            : null;
    }

    /// <summary>The slice of those parts only of which it takes something; null if that are all.</summary>
    private static Expr? OfParts(Ops.Slice slice, Ops.Concatenate joint, Expr whole, Expr node)
    {
        Ops.SliceRange range = slice.Ranges(whole.Shape)[joint.Axis];
        (Dim low, Dim high) = range.Step.Lower >= 1 ? (range.Start, range.Last) : (range.Last, range.Start);
        if (!(range.Length.Lower >= 1))
        {
            return null;
        }
        Dim before = 0, border = 0;
        var kept = new List<Expr>();
        foreach (Expr part in whole.Inputs)
        {
            Dim end = border + part.Shape[joint.Axis];
            if (kept.Count == 0 && low.IsAtLeast(end))
            {
                before = end;
            }
            else if (!border.IsAtLeast(high + 1))
            {
                kept.Add(part);
            }
            border = end;
        }
        if (kept.Count == whole.Inputs.Count || kept.Count == 0)
        {
            return null;
        }
        // Downwards, the stop lies ahead of the first element where it is -1, and stays there: what is cut off in front is not taken.
        var moved = new Ops.Slice(slice.Start.With(joint.Axis, range.Start - before), slice.Stop.With(joint.Axis, range.Start - before + range.Length * range.Step), slice.Step);
        return Typed(Taken(kept.Count == 1 ? kept[0] : Expr.Of(joint, kept.ToArray()), moved), node);
    }

    private static Expr? Before(Ops.Slice slice, Ops.SetSlice set, Expr x, Expr y, Expr node)
    {
        Seq<Ops.SliceRange> taken = slice.Ranges(x.Shape), replaced = set.Ranges(x.Shape);
        if (taken.Equals(replaced))
        {
            return y;
        }
        bool isInside = true;
        for (int axis = 0; axis < taken.Count; axis++)
        {
            (Ops.SliceRange range, Ops.SliceRange other) = (taken[axis], replaced[axis]);
            (Dim low, Dim high) = range.Step.Lower >= 1 ? (range.Start, range.Last) : (range.Last, range.Start);
            (Dim first, Dim last) = other.Step.Lower >= 1 ? (other.Start, other.Last) : (other.Last, other.Start);
            if (range.Length.Lower >= 1 && other.Length.Lower >= 1 && (low.IsAtLeast(last + 1) || first.IsAtLeast(high + 1)))
            {
                return Expr.Of(slice, x);
            }
            isInside &= range.Length.Lower >= 1 && other.Step.Is(1) && low.IsAtLeast(first) && last.IsAtLeast(high);
        }
        Seq<Dim> start = taken.Select((range, axis) => range.Start - replaced[axis].Start).ToSeq();
        return isInside ? Typed(Taken(y, new Ops.Slice(start, start.Select((from, axis) => from + taken[axis].Length * taken[axis].Step).ToSeq(), slice.Step)), node) : null;
    }

    private static Expr? Joined(Ops.Concatenate joint, IEnumerable<Expr> parts, Expr node)
    {
        Expr[] kept = [.. parts];
        return kept.Length == 0 ? null : Typed(kept.Length == 1 ? kept[0] : Expr.Of(joint, kept), node);
    }

    /// <summary>A joint in which some neighbours are slices of one tensor that touch; null if there are none.</summary>
    private static Expr? Neighbours(Ops.Concatenate joint, Expr node)
    {
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i - 1] is not { Op: Ops.Slice left, Inputs: [var x] } || node.Inputs[i] is not { Op: Ops.Slice right, Inputs: [var other] } || !ReferenceEquals(x, other))
            {
                continue;
            }
            Seq<Ops.SliceRange> one = left.Ranges(x.Shape), two = right.Ranges(x.Shape);
            Ops.SliceRange before = one[joint.Axis], after = two[joint.Axis];
            if (before.Step.Is(1) && after.Step.Is(1) && after.Start.Equals(before.Start + before.Length) && one.RemoveAt(joint.Axis).Equals(two.RemoveAt(joint.Axis)))
            {
                Expr merged = Taken(x, new Ops.Slice(left.Start, left.Stop.With(joint.Axis, after.Start + after.Length), left.Step));
                return Joined(joint, [.. node.Inputs[..(i - 1)], merged, .. node.Inputs[(i + 1)..]], node);
            }
        }
        return null;
    }
}
