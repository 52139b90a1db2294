namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>
    /// Spellings that neither overflow nor cancel where the ones before them do. They see the forward and the backward graph together,
    /// which is how a gradient taken before rewriting becomes stable (docs/decisions/gradient-before-rewrites.md).
    /// </summary>
    public static RuleSet Stable => new(Rounds)
    {
        { "log1p",               x         => (Log(1 + x),                                    Log1p(x)) },
        { "log-one-minus-sigmoid", x       => (Log(1 - Sigmoid(x)),                           -Softplus(x)) },
        { "log1p-neg",           x         => (Log(1 - x),                                    Log1p(-x)) },
        { "expm1",               x         => (Exp(x) - 1,                                    Expm1(x)) },
        { "neg-expm1",           x         => (1 - Exp(x),                                    -Expm1(x)) },
        { "softplus",            x         => (Log1p(Exp(x)),                                 Softplus(x)) },
        { "log-exp",             x         => (Log(Exp(x)),                                   x) },
        { "log-sigmoid",         x         => (Log(Sigmoid(x)),                               -Softplus(-x)) },

        { "sigmoid",             x         => (1 / (1 + Exp(-x)),                             Sigmoid(x)) },
        { "sigmoid-quotient",    (x, y)    => (x / (1 + Exp(y)),                              x * Sigmoid(-y)) },
        // What differentiating log(1 + exp x) leaves: exp(x) / (1 + exp x), by way of the rule above.
        { "exp-sigmoid",         x         => (Exp(x) * Sigmoid(-x),                          Sigmoid(x)) },
        { "exp-neg-sigmoid",     x         => (Exp(-x) * Sigmoid(x),                          Sigmoid(-x)) },
        { "exp-sigmoid-factor",  (x, y)    => (y * Sigmoid(-x) * Exp(x),                      y * Sigmoid(x)) },
        { "exp-neg-sigmoid-factor", (x, y) => (y * Sigmoid(x) * Exp(-x),                      y * Sigmoid(-x)) },
        { "exp-sigmoid-difference", (x, y) => (Exp(x) * (Sigmoid(-x) - y),                  Sigmoid(x) - Exp(x) * y) },

        // A positive function is never 0 as a real number, but it underflows: the quotients that the gradient of a logarithm
        // leaves must go before 0 / 0 does.
        { "cancel-positive",     (x, y)    => (x / Positive(y) * Positive(y),                 x) },
        { "cancel-positive-self", x        => (Positive(x) / Positive(x),                     1) },
        { "cancel-positive-factor", (x, y) => (x * Positive(y) / Positive(y),                 x) },
        { "cancel-positive-product", (x, y, z) => (x / Positive(y) * (z * Positive(y)),       x * z) },
        { "cancel-positive-sum", (x, y, z) => (Positive(y) * (x / Positive(y) + z),            x + y * z) },
        { "cancel-positive-difference", (x, y, z) => (Positive(y) * (x / Positive(y) - z),    x - y * z) },
        { "cancel-positive-subtrahend", (x, y, z) => (Positive(y) * (z - x / Positive(y)),    y * z - x) },

        { "log-softmax", "log(softmax(x))", "log_softmax(x)",
            (Ops.Log _, Expr node) => node.Inputs[0] is { Op: Ops.Softmax softmax, Inputs: [var x] } ? Expr.Of(new Ops.LogSoftmax(softmax.Axis), x) : null,
            (dtype, size) => [Log(Softmax(Matrix("x", dtype, 2, size)))] },
        { "log-picked-softmax", "log(reshape, transpose or gather of softmax(x))", "the same of log_softmax(x)",
            (Ops.Log _, Expr node) => LogOfMoved(node.Inputs[0]),
            (dtype, size) => [Log(Softmax(Matrix("x", dtype, 2, size)).Reshape([size, 2])), Log(Expr.Of(new Ops.Gather(0), Softmax(Matrix("x", dtype, 2, size)), Iota([2], 0)))] },
        { "picked-softmax-slope", "softmax(x) * scatter_add(0, p, z / gather(softmax(x), p)), perhaps reshaped", "scatter_add(0, p, z)",
            (Ops.Mul _, Expr node) => EitherWay(node).Select(pair => Unscattered(pair.First, pair.Second)).FirstOrDefault(found => found is not null),
            (dtype, size) => { Expr y = Softmax(Matrix("x", dtype, 2, size)); return [y * ScatteredOver(y)]; } },
        { "picked-softmax-slope-difference", "softmax(x) * (scatter_add(0, p, z / gather(softmax(x), p)) - w), perhaps reshaped", "scatter_add(0, p, z) - softmax(x) * w",
            (Ops.Mul _, Expr node) => EitherWay(node).Select(pair => pair.First is { Op: Ops.Sub, Inputs: [var scattered, var w] } && Unscattered(scattered, pair.Second) is { } found
                ? found - (pair.Second * w) : null).FirstOrDefault(found => found is not null),
            (dtype, size) => { Expr y = Softmax(Matrix("x", dtype, 2, size)); return [y * (ScatteredOver(y) - Matrix("w", dtype, 2, size))]; } },
        { "exp-log-softmax", "exp(log_softmax(x))", "softmax(x)",
            (Ops.Exp _, Expr node) => node.Inputs[0] is { Op: Ops.LogSoftmax logs, Inputs: [var x] } ? Expr.Of(new Ops.Softmax(logs.Axis), x) : null,
            (dtype, size) => [Exp(LogSoftmax(Matrix("x", dtype, 2, size)))] },
        { "softmax", "exp(x) / sum(exp(x))", "softmax(x), where the sum is over one axis",
            (Ops.Div _, Expr node) => node.Inputs is [{ Op: Ops.Exp, Inputs: [var x] } exp, { Op: Ops.Broadcast repeat, Inputs: [{ Op: Ops.Sum { Axes: [var axis] }, Inputs: [var summed] }] }]
                && ReferenceEquals(summed, exp) && !repeat.Axes.Contains(axis) ? Expr.Of(new Ops.Softmax(axis), x) : null,
            (dtype, size) => { Expr e = Exp(Matrix("x", dtype, 2, size)); return [e / e.Sum([0]), e / e.Sum([1]).BroadcastTo(e.Shape, [0])]; } },
    };
}
