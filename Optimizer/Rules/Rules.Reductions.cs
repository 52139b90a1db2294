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
        { "sum-factor", "sum(x * broadcast(y)) or sum(x / broadcast(y)), over axes along which y repeats, also where x * broadcast(y) is a factor itself", "sum(x) * y or sum(x) / y",
            (Ops.Sum sum, Expr node) => node.DType.IsFloat() && node.Inputs[0] is { Op: Ops.Mul or Ops.Div } product && Repeated(product, sum.Axes, 0) is var (rest, op, factor) ? Expr.Of(op, rest.Sum(sum.Axes), factor) : null,
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, 3, size), z = Matrix("z", dtype, 3, size), y = Matrix("y", dtype, 3).BroadcastTo(x.Shape, [0]);
                return [(x * y).Sum([1]), (x / y).Sum([1]), (z * (x * y)).Sum([1]), (x * y / z).Sum([1])];
            },
            Rounds },
        { "sum-multiples", "sum(x * broadcast(y) + z * broadcast(w)) or with -, over axes along which y and w repeat", "sum(x) * y + sum(z) * w",
            (Ops.Sum sum, Expr node) => node.DType.IsFloat() && node.Inputs[0].Op is Ops.Add or Ops.Sub ? SumOfMultiples(node.Inputs[0], sum.Axes, 0) : null,
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, 3, size), z = Matrix("z", dtype, 3, size), y = Matrix("y", dtype, 3).BroadcastTo(x.Shape, [0]), w = Matrix("w", dtype, 3).BroadcastTo(x.Shape, [0]);
                return [((x * y) + (z / w)).Sum([1]), ((x * y) - (z * w)).Sum([1]), ((x * y) + (z * w) + (x * y)).Sum([1])];
            },
            Rounds,
            "leaves no sum of a sum of products" },
        { "sum-deviations", "sum(x - broadcast(sum(x) / n)), the sums over the same n elements", "sum(x) - sum(x) / n * n",
            (Ops.Sum sum, Expr node) => node.DType.IsFloat() && node.Inputs[0] is { Op: Ops.Sub, Inputs: [var x, { Op: Ops.Broadcast repeat, Inputs: [var mean] }] }
                && repeat.Axes.SequenceEqual(Enumerable.Range(0, x.Rank).Except(sum.Axes))
                && mean is { Op: Ops.Div, Inputs: [{ Op: Ops.Sum inner } whole, { Op: Ops.Full { Value: var n } } count] } && inner.Axes.Equals(sum.Axes) && whole.Inputs[0].Equals(x)
                && x.Shape.Only(sum.Axes).Elements is { IsConstant: true } all && n.ToDouble() == all.Constant ? whole - (mean * count) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 5, 3); return [(x - (x.Sum([1]) / 3).BroadcastTo(x.Shape, [0])).Sum([1])]; },
            Rounds,
            "leaves no sum of differences from a mean" },
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

    /// <summary>How deep in a product a factor is looked for.</summary>
    private const int DeepestFactor = 3;

    /// <summary>A product without a factor that is repeated along all that is summed, and along nothing else; how it is applied to the rest; and what is repeated.</summary>
    private static (Expr Kept, Op Op, Expr Factor)? Repeated(Expr product, Seq<int> summed, int depth)
    {
        (Expr First, Expr Second)[] pairs = product.Op is Ops.Mul ? [.. EitherWay(product)] : [(product.Inputs[0], product.Inputs[1])];
        foreach ((Expr kept, Expr factor) in pairs)
        {
            if (factor is { Op: Ops.Broadcast repeat, Inputs: [var y] } && repeat.Axes.SequenceEqual(Enumerable.Range(0, product.Rank).Except(summed)) && kept.Op is not Ops.Broadcast)
            {
                return (kept, product.Op, y);
            }
        }
        foreach ((Expr inner, Expr other) in pairs)
        {
            if (depth < DeepestFactor && inner.Op is Ops.Mul or Ops.Div && Repeated(inner, summed, depth + 1) is var (rest, op, y))
            {
                return (Expr.Of(product.Op, rest, other), op, y);
            }
        }
        return null;
    }

    /// <summary>The sum of sums and differences of such products, each summed by itself; null where one of them is no such product.</summary>
    private static Expr? SumOfMultiples(Expr terms, Seq<int> summed, int depth)
    {
        if (terms.Op is Ops.Mul or Ops.Div)
        {
            return Repeated(terms, summed, 0) is var (kept, op, factor) ? Expr.Of(op, kept.Sum(summed), factor) : null;
        }
        return terms.Op is Ops.Add or Ops.Sub && depth < DeepestFactor && SumOfMultiples(terms.Inputs[0], summed, depth + 1) is { } first && SumOfMultiples(terms.Inputs[1], summed, depth + 1) is { } second
            ? Expr.Of(terms.Op, first, second) : null;
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
