namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>Reductions of reductions, and of what only repeats.</summary>
    public static RuleSet Reductions => new(Exact)
    {
        { "sum-sum", "sum(sum(x))", "sum(x)",
            (Ops.Sum outer, Expr node) => node.Inputs[0] is { Op: Ops.Sum inner, Inputs: [var x] } ? x.Sum(Joined(inner.Axes, outer.Axes, x.Rank)) : null,
            (dtype, size) => [Matrix("x", dtype, 3, 2, size).Sum([1]).Sum([0]), Matrix("x", dtype, 3, 2, size).Sum([0]).Sum([1])], Rounds },
        { "max-max", "max(max(x))", "max(x)",
            (Ops.Max outer, Expr node) => node.Inputs[0] is { Op: Ops.Max inner, Inputs: [var x] } ? Expr.Of(new Ops.Max(Joined(inner.Axes, outer.Axes, x.Rank)), x) : null,
            (dtype, size) => [Matrix("x", dtype, 3, 2, size).Max([1]).Max([0]), Matrix("x", dtype, 3, 2, size).Max([0, 1]).Max([0])] },
        { "sum-factor", "sum(x * broadcast(y)) or sum(x / broadcast(y)), over axes along which y repeats", "sum(x) * y or sum(x) / y",
            (Ops.Sum sum, Expr node) => node.DType.IsFloat() && node.Inputs[0] is { Op: Ops.Mul or Ops.Div } product ? WithoutFactor(sum, product) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 3, size), y = Matrix("y", dtype, 3); return [(x * y.BroadcastTo(x.Shape, [0])).Sum([1]), (x / y.BroadcastTo(x.Shape, [0])).Sum([1])]; },
            Rounds },
        { "sum-neg", "sum(-x)", "-sum(x)",
            (Ops.Sum sum, Expr node) => node.Inputs[0] is { Op: Ops.Neg, Inputs: [var x] } ? -Expr.Of(sum, x) : null,
            (dtype, size) => [(-Matrix("x", dtype, 3, size)).Sum([1])], Rounds, SignMoves },   // the sum of -0 and -0 from 0 on is +0
        { "sum-broadcast", "sum(broadcast(x)), over axes along which x repeats n > 0 times", "x * n",
            (Ops.Sum sum, Expr node) => node.DType.IsFloat() && node.Inputs[0] is { Op: Ops.Broadcast repeat, Inputs: [var x] } ? Counted(sum, repeat, x) : null,
            (dtype, size) => [Matrix("x", dtype, size).BroadcastTo([3, size], [1]).Sum([0]), Matrix("x", dtype, size).BroadcastTo([3, size], [1]).Sum([0, 1]), Matrix("x", dtype, size).BroadcastTo([4, size, 3], [1]).Sum([1, 2])], Rounds,
            "adds up fewer elements, at the price of one product" },
        { "max-broadcast", "max(broadcast(x)), over axes along which x repeats n > 0 times", "x",
            (Ops.Max max, Expr node) => node.Inputs[0] is { Op: Ops.Broadcast repeat, Inputs: [var x] } ? Unrepeated(max, repeat, x)?.Expr : null,
            (dtype, size) => [Matrix("x", dtype, size).BroadcastTo([3, size], [1]).Max([0]), Matrix("x", dtype, size).BroadcastTo([3, 4, size], [2]).Max([0, 2])], Exact,
            "adds no node that repeats or reduces more elements than there were" },
    };

    /// <summary>The sum with a factor taken out that is repeated along all that is summed, and along nothing else.</summary>
    private static Expr? WithoutFactor(Ops.Sum sum, Expr product)
    {
        foreach ((Expr kept, Expr factor) in product.Op is Ops.Mul ? EitherWay(product) : [(product.Inputs[0], product.Inputs[1])])
        {
            if (factor is { Op: Ops.Broadcast repeat, Inputs: [var y] } && repeat.Axes.SequenceEqual(Enumerable.Range(0, product.Rank).Except(sum.Axes)) && kept.Op is not Ops.Broadcast)
            {
                return Expr.Of(product.Op, kept.Sum(sum.Axes), y);
            }
        }
        return null;
    }

    /// <summary>The axes of x that two reductions remove one after the other.</summary>
    private static Seq<int> Joined(Seq<int> inner, Seq<int> outer, int rank)
    {
        int[] left = [.. Enumerable.Range(0, rank).Except(inner)];
        return [.. inner.Concat(outer.Map(axis => left[axis])).Order()];
    }

    private static Expr? Counted(Ops.Sum sum, Ops.Broadcast repeat, Expr x)
    {
        if (Unrepeated(sum, repeat, x) is not var (rest, count))
        {
            return null;
        }
        return rest * SizeOf(count).Cast(x.DType);
    }

    /// <summary>
    /// The reduction over those axes only that are axes of x, repeated along what stays; and how many copies of it the other
    /// axes hold. Null where there are no others, or where there may be none of them.
    /// </summary>
    private static (Expr Expr, Dim Count)? Unrepeated(Ops.ReductionOp reduction, Ops.Broadcast repeat, Expr x)
    {
        Seq<int> repeated = reduction.Axes.Where(axis => !repeat.Axes.Contains(axis)).ToSeq();
        if (repeated.Count == 0 || repeated.Any(axis => repeat.To[axis].Lower is not > 0))
        {
            return null;
        }
        Seq<int> own = Enumerable.Range(0, x.Rank).Where(axis => reduction.Axes.Contains(repeat.Axes[axis])).ToSeq();
        Expr reduced = own.Count == 0 ? x : reduction is Ops.Sum ? x.Sum(own) : Expr.Of(new Ops.Max(own), x);
        // Where the axes of x that stay lie among the axes of the result.
        int[] staying = [.. Enumerable.Range(0, repeat.To.Rank).Where(axis => !reduction.Axes.Contains(axis))];
        Seq<int> places = repeat.Axes.Where(axis => !reduction.Axes.Contains(axis)).Select(axis => Array.IndexOf(staying, axis)).ToSeq();
        return (reduced.BroadcastTo(repeat.To.Without(reduction.Axes), places), repeat.To.Only(repeated).Elements);
    }
}
