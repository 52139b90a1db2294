namespace Symbolic.Optimizer;

public static partial class Rules
{
    /// <summary>What maximum pooling's gradient puts back to where windows have their maxima.</summary>
    public static RuleSet Windows => new(Rounds)
    {
        { "sum-window-put", "sum(window_put(x, window_arg_max(y))), over all axes along which windows move, all of which begin inside y", "sum(x)",
            (Ops.Sum sum, Expr node) => node.Inputs[0] is { Op: Ops.WindowPut put, Inputs: [var x, { Op: Ops.WindowArgMax chosen, Inputs: [var y] }] } && chosen.Window.Equals(put.Window) && y.Shape.Equals(put.Image)
                && Enumerable.Range(2, put.Window.Rank).All(sum.Axes.Contains) && BeginInside(put.Window, x.Shape, y.Shape) ? x.Sum(sum.Axes) : null,
            (dtype, size) =>
            {
                Ops.Window touching = Ops.Window.Of([2, 2], [2, 2]), sticksOut = new([3, 3], [2, 2], [0, 0], [1, 1], [1, 1]);
                Expr y = Matrix("y", dtype, 1, 2, 4, 6);
                Expr Put(Ops.Window window) => Expr.Of(new Ops.WindowPut(window, y.Shape), Matrix("x", dtype, 1, 2, 2, 3), Expr.Of(new Ops.WindowArgMax(window), y));
                return [Put(touching).Sum([0, 2, 3]), Put(touching).Sum([2, 3]), Put(sticksOut).Sum([0, 1, 2, 3])];
            } },
        { "window-put-gate", "window_put(x, window_arg_max(y)) * f(y), where f chooses numbers by tests of y, as does a rectifier's gradient", "window_put(x * f(max_pool(y)), window_arg_max(y))",
            (Ops.Mul _, Expr node) => EitherWay(node).Select(pair => Gated(pair.First, pair.Second)).FirstOrDefault(moved => moved is not null),
            (dtype, size) =>
            {
                Expr y = Matrix("y", dtype, 1, 2, 4, 6), chosen = Expr.Of(new Ops.WindowArgMax(Ops.Window.Of([2, 2], [2, 2])), y), put = Expr.Of(new Ops.WindowPut(Ops.Window.Of([2, 2], [2, 2]), y.Shape), Matrix("x", dtype, 1, 2, 2, 3), chosen);
                return [put * Functions.Switch<Expr>(y > 0, Functions.FullLike(y, 1), Functions.FullLike(y, 0.1)), put * (y > 0).Cast(dtype)];
            },
            null,
            "moves a factor ahead of what puts it back, and none moves it behind", node => node.Inputs.Where(input => input.Op is Ops.WindowPut) },
    };

    /// <summary>Whether each window's first element is one of the image: then so is the place of its maximum, which is the first of equals, and what is put there is put somewhere.</summary>
    private static bool BeginInside(Ops.Window window, Shape results, Shape image) =>
        Enumerable.Range(0, window.Rank).All(axis => window.Before[axis] == 0 && image[axis + 2].IsAtLeast(window.Image(axis, results[axis + 2] - 1, 0) + 1));

    /// <summary>How many operations a gate may be.</summary>
    private const int DeepestGate = 3;

    /// <summary>What a window puts back where its maximum is, gated by what stands there: by the gate of the maximum, ahead. Null where it is not so.</summary>
    private static Expr? Gated(Expr put, Expr gate)
    {
        if (put is not { Op: Ops.WindowPut to, Inputs: [var x, { Op: Ops.WindowArgMax chosen, Inputs: [var y] } places] } || !chosen.Window.Equals(to.Window) || !y.Shape.Equals(to.Image))
        {
            return null;
        }
        return GateOf(gate, y, Expr.Of(new Ops.MaxPool(to.Window), y), DeepestGate, isTested: false) is { } moved ? Expr.Of(to, x * moved, places) : null;
    }

    /// <summary>A choice of numbers by tests of y as that by tests of other elements; null where it is none. Only y's tests count, so that no value of y, nor ∞ nor NaN, makes a zero anything else.</summary>
    private static Expr? GateOf(Expr gate, Expr y, Expr others, int depth, bool isTested)
    {
        if (gate.Equals(y))
        {
            return isTested ? others : null;
        }
        if (gate.Op is Ops.Full full)
        {
            return Expr.Of(full with { Shape = others.Shape }, gate.Inputs.AsSpan());
        }
        bool isTest = gate.Op is Pointwise && gate.DType == DType.Bool;
        if (depth == 0 || !(isTest || gate.Op is Ops.Switch or Ops.Cast))
        {
            return null;
        }
        var inputs = new Expr[gate.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (GateOf(gate.Inputs[i], y, others, depth - 1, isTest) is not { } input)
            {
                return null;
            }
            inputs[i] = input;
        }
        return Expr.Of(gate.Op, inputs);
    }
}
