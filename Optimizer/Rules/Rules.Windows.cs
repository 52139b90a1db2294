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
        { "window-put-factor", "window_put(x, window_arg_max(y)) * f(y), where f is elementwise and of y and numbers alone, as is a rectifier's gradient", "window_put(x * f(max_pool(y)), window_arg_max(y))",
            (Ops.Mul _, Expr node) => EitherWay(node).Select(pair => Scaled(pair.First, pair.Second)).FirstOrDefault(moved => moved is not null),
            (dtype, size) =>
            {
                Expr y = Matrix("y", dtype, 1, 2, 4, 6), chosen = Expr.Of(new Ops.WindowArgMax(Ops.Window.Of([2, 2], [2, 2])), y), put = Expr.Of(new Ops.WindowPut(Ops.Window.Of([2, 2], [2, 2]), y.Shape), Matrix("x", dtype, 1, 2, 2, 3), chosen);
                return [put * Functions.Switch<Expr>(y > 0, Functions.FullLike(y, 1), Functions.FullLike(y, 0)), put * (y + 1)];
            },
            null,
            "moves a factor ahead of what puts it back, and none moves it behind", node => node.Inputs.Where(input => input.Op is Ops.WindowPut) },
    };

    /// <summary>Whether each window's first element is one of the image: then so is the place of its maximum, which is the first of equals, and what is put there is put somewhere.</summary>
    private static bool BeginInside(Ops.Window window, Shape results, Shape image) =>
        Enumerable.Range(0, window.Rank).All(axis => window.Before[axis] == 0 && image[axis + 2].IsAtLeast(window.Image(axis, results[axis + 2] - 1, 0) + 1));

    /// <summary>How many elementwise operations a factor may be.</summary>
    private const int DeepestElementwise = 3;

    /// <summary>What a window puts back where its maximum is, scaled by a function of what stands there: by that of the maximum, ahead. Null where it is not so.</summary>
    private static Expr? Scaled(Expr put, Expr factor)
    {
        if (put is not { Op: Ops.WindowPut to, Inputs: [var x, { Op: Ops.WindowArgMax chosen, Inputs: [var y] } places] } || !chosen.Window.Equals(to.Window) || !y.Shape.Equals(to.Image))
        {
            return null;
        }
        return OfElements(factor, y, Expr.Of(new Ops.MaxPool(to.Window), y), 0) is { } moved && !ReferenceEquals(moved, factor) ? Expr.Of(to, x * moved, places) : null;
    }

    /// <summary>An elementwise function of y and numbers as that of other elements; null where it is none.</summary>
    private static Expr? OfElements(Expr function, Expr y, Expr others, int depth)
    {
        if (function.Equals(y))
        {
            return others;
        }
        if (function.Op is Ops.Full full)
        {
            return Expr.Of(full with { Shape = others.Shape }, function.Inputs.AsSpan());
        }
        if (function.Op is not Pointwise || depth == DeepestElementwise)
        {
            return null;
        }
        var inputs = new Expr[function.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (OfElements(function.Inputs[i], y, others, depth + 1) is not { } input)
            {
                return null;
            }
            inputs[i] = input;
        }
        return Expr.Of(function.Op, inputs);
    }
}
