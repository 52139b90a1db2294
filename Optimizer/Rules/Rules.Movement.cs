namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>Movements of elements: two become one, none is made for nothing, and what repeats is computed before it is repeated.</summary>
    public static RuleSet Movement => new(Exact, ofComplex: true)
    {
        { "transpose-transpose", "transpose(transpose(x))", "transpose(x)",
            (Ops.Transpose outer, Expr node) => node.Inputs[0] is { Op: Ops.Transpose inner, Inputs: [var x] } ? x.Transpose(outer.Order.Map(axis => inner.Order[axis])) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 2, 3, size); return [x.Transpose([2, 0, 1]).Transpose([1, 0, 2]), x.Transpose([1, 2, 0]).Transpose([2, 0, 1])]; } },
        { "reshape-reshape", "reshape(reshape(x))", "reshape(x)",
            (Ops.Reshape outer, Expr node) => node.Inputs[0] is { Op: Ops.Reshape, Inputs: [var x] } ? x.Reshape(outer.To) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 4, size); return [x.Reshape([size, 4]).Reshape([2, size * 2]), x.Reshape([1, 4, size]).Reshape([4, size])]; } },
        { "broadcast-broadcast", "broadcast(broadcast(x))", "broadcast(x)",
            (Ops.Broadcast outer, Expr node) => node.Inputs[0] is { Op: Ops.Broadcast inner, Inputs: [var x] } ? x.BroadcastTo(outer.To, inner.Axes.Map(axis => outer.Axes[axis])) : null,
            (dtype, size) => [Matrix("x", dtype, size).BroadcastTo([2, size], [1]).BroadcastTo([2, 3, size], [0, 2])] },
        { "same-order", "transpose(x), in the order that x has", "x",
            (Ops.Transpose transpose, Expr node) => transpose.Order.SequenceEqual(Enumerable.Range(0, node.Rank)) ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Transpose([0, 1]), Matrix("x", dtype, 2, size))] },
        { "same-shape", "reshape(x), to the shape that x has", "x",
            (Ops.Reshape reshape, Expr node) => reshape.To.Equals(node.Inputs[0].Shape) ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Reshape([2, size]), Matrix("x", dtype, 2, size))] },
        { "same-rank", "broadcast(x), along no axis", "x",
            (Ops.Broadcast broadcast, Expr node) => broadcast.Axes.Count == node.Rank ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Broadcast([2, size], [0, 1]), Matrix("x", dtype, 2, size))] },
        { "same-sizes", "equate(x), to the sizes that x has", "x",
            (Ops.Equate equate, Expr node) => equate.To.Equals(node.Inputs[0].Shape) ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Equate([2, size]), Matrix("x", dtype, 2, size))] },
        { "same-dtype", "cast(x), to the dtype that x has", "x",
            (Ops.Cast cast, Expr node) => cast.To == node.Inputs[0].DType ? node.Inputs[0] : null,
            (dtype, size) => [Expr.Of(new Ops.Cast(dtype), Matrix("x", dtype, size))] },
        { "transpose-dot", "transpose(dot(x, y)), where nobody else reads the product", "dot(transpose(y), transpose(x))",
            (Ops.Transpose transpose, Expr node) => node.Inputs[0] is { Op: Ops.Dot, Inputs: [var x, var y] } && transpose.Order is [1, 0] ? Dot(y.Transpose(), x.Transpose()) : null,
            (dtype, size) => [Dot(Matrix("x", dtype, 2, size), Matrix("y", dtype, size, 3)).Transpose(), Dot(Matrix("x", dtype, size, 2).Transpose(), Matrix("y", dtype, size, 3)).Transpose()],
            Exact, "no transposed result is left, and products read transposed operands in place", node => [node.Inputs[0]] },
        { "transpose-contract", "transpose(contract(x, y)), where nobody else reads the product", "contract(x, y), its result labelled in that order",
            (Ops.Transpose transpose, Expr node) => node.Inputs[0] is { Op: Ops.Contract contract, Inputs: [var x, var y] } ? Expr.Of(contract with { To = string.Concat(transpose.Order.Select(axis => contract.To[axis])) }, x, y) : null,
            (dtype, size) => [Einsum("bik,bkj->bij", Matrix("x", dtype, 2, size, 3), Matrix("y", dtype, 2, 3, 4)).Transpose([2, 0, 1])],
            null, null, node => [node.Inputs[0]] },
        { "lift-broadcast", "f(broadcast(x), broadcast(y)), elementwise", "broadcast(f(x, y))",
            (Pointwise op, Expr node) => Lifted(op, node),
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, size).BroadcastTo([2, size], [1]), y = Matrix("y", dtype, size).BroadcastTo([2, size], [1]);
                return [Tanh(x), x + y, Maximum(x, 0.5)];
            },
            Exact, "the repetition moves toward the root, and no rule moves one away from it" },
        { "lift-reshape", "f(reshape(x), reshape(y)), elementwise, where the reshapes only add or drop axes of size 1", "reshape(f(x, y))",
            (Pointwise op, Expr node) => Reshaped(op, node),
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, size).Reshape([size, 1]), y = Matrix("y", dtype, size).Reshape([size, 1]);
                return [Tanh(x), x + y, Maximum(x, 0.5)];
            },
            Exact, "the reshape moves toward the root, and no rule moves one away from it" },
    };

    /// <summary>An elementwise op of equally repeated inputs and uniform constants, computed before it is repeated.</summary>
    private static Expr? Lifted(Pointwise op, Expr node)
    {
        Expr? model = null;
        foreach (Expr input in node.Inputs)
        {
            if (input.Op is Ops.Broadcast && (model is null || model.Op.Equals(input.Op)))
            {
                model = input;
            }
            else if (input.Op is not Ops.Full)
            {
                return null;
            }
        }
        return model is null ? null : Expr.Of(model.Op, Expr.Of(op, node.Inputs.Map(input => input.Op is Ops.Full full
            ? Expr.Of(full with { Shape = model.Inputs[0].Shape })
            : input.Inputs[0]).AsSpan()));
    }

    /// <summary>An elementwise op of inputs reshaped alike and of uniform constants, computed before.</summary>
    private static Expr? Reshaped(Pointwise op, Expr node)
    {
        Expr? model = null;
        foreach (Expr input in node.Inputs)
        {
            if (input.Op is Ops.Reshape && (model is null || model.Inputs[0].Shape.Equals(input.Inputs[0].Shape)))
            {
                model = input;
            }
            else if (input.Op is not Ops.Full)
            {
                return null;
            }
        }
        return model is null || !model.Shape.Where(size => !size.Is(1)).SequenceEqual(model.Inputs[0].Shape.Where(size => !size.Is(1))) ? null
            : Expr.Of(op, node.Inputs.Map(input => input.Op is Ops.Full full ? Expr.Of(full with { Shape = model.Inputs[0].Shape }) : input.Inputs[0]).AsSpan()).Reshape(model.Shape);
    }
}
