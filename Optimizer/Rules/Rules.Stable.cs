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

        { "log1p-neg-sigmoid",   x         => (Log1p(-Sigmoid(x)),                            -Softplus(x)) },
        { "exp-minus-one",       x         => (Exp(x) + -1,                                   Expm1(x)) },
        { "expm1-plus-one",      x         => (1 + Expm1(x),                                  Exp(x)) },
        { "log1p-expm1",         x         => (Log1p(Expm1(x)),                               x) },
        { "log2-exp2",           x         => (Log2(Exp2(x)),                                 x) },
        { "log-square",          x         => (Log(x * x),                                    2 * Log(Abs(x))),  Rounds, "a square leaves, and no rule makes one of this" },
        { "sqrt-of-square",      x         => (Sqrt(x * x),                                   Abs(x)) },
        { "x-log-x",             x         => (x * Log(x),                                    XLogX(x)) },
        { "log-add-exp",         (x, y)    => (Log(Exp(x) + Exp(y)),                          LogAddExp(x, y)) },
        { "log-add-exp-three",   (x, y, z) => (Log(Exp(x) + Exp(y) + Exp(z)),                 LogAddExp(LogAddExp(x, y), z)) },
        { "sinh-minus-cosh",     x         => (Sinh(x) - Cosh(x),                             -Exp(-x)) },
        { "cosh-minus-sinh",     x         => (Cosh(x) - Sinh(x),                             Exp(-x)) },
        { "sinh-plus-cosh",      x         => (Sinh(x) + Cosh(x),                             Exp(x)) },
        { "asinh-sinh",          x         => (Asinh(Sinh(x)),                                x) },
        { "sinh-asinh",          x         => (Sinh(Asinh(x)),                                x) },
        { "acosh-cosh",          x         => (Acosh(Cosh(x)),                                Abs(x)) },
        { "atanh-tanh",          x         => (Atanh(Tanh(x)),                                x) },

        { "sigmoid",             x         => (1 / (1 + Exp(-x)),                             Sigmoid(x)) },
        { "sigmoid-quotient",    (x, y)    => (x / (1 + Exp(y)),                              x * Sigmoid(-y)) },
        // What differentiating log(1 + exp x) leaves: exp(x) / (1 + exp x), by way of the rule above.
        { "exp-sigmoid",         x         => (Exp(x) * Sigmoid(-x),                          Sigmoid(x)) },
        { "exp-neg-sigmoid",     x         => (Exp(-x) * Sigmoid(x),                          Sigmoid(-x)) },
        { "exp-sigmoid-factor",  (x, y)    => (y * Sigmoid(-x) * Exp(x),                      y * Sigmoid(x)) },
        { "exp-neg-sigmoid-factor", (x, y) => (y * Sigmoid(x) * Exp(-x),                      y * Sigmoid(-x)) },
        { "exp-sigmoid-difference", (x, y) => (Exp(x) * (Sigmoid(-x) - y),                  Sigmoid(x) - Exp(x) * y) },

        { "one-minus-erf",       x         => (1 - Erf(x),                                    Erfc(x)) },
        { "one-plus-erf",        x         => (1 + Erf(x),                                    Erfc(-x)) },
        { "one-minus-erfc",      x         => (1 - Erfc(x),                                   Erf(x)) },
        { "two-minus-erfc",      x         => (2 - Erfc(x),                                   Erfc(-x)) },
        { "erf-minus-one",       x         => (Erf(x) - 1,                                    -Erfc(x)) },
        { "erfc-minus-one",      x         => (Erfc(x) - 1,                                   -Erf(x)) },
        { "erf-plus-minus-one",  x         => (Erf(x) + -1,                                   -Erfc(x)) },
        { "erfc-plus-minus-one", x         => (Erfc(x) + -1,                                  -Erf(x)) },
        { "log-erfc",            x         => (Log(Erfc(x)),                                  LogErfc(x)) },
        { "erfcx",               x         => (Exp(x * x) * Erfc(x),                          Erfcx(x)) },
        { "erfcx-quotient",      x         => (Exp(-(x * x)) / Erfc(x),                       1 / Erfcx(x)) },
        { "erfcx-quotient-factor", (x, y)  => (y * Exp(-(x * x)) / Erfc(x),                   y / Erfcx(x)) },
        // What differentiating log(erfc x) leaves.
        { "log-erfc-gradient",   (x, y)    => (y / Erfc(x) * Exp(-(x * x)),                   y / Erfcx(x)) },
        { "log-erfc-gradient-factor", (x, y, z) => (y / Erfc(x) * (z * Exp(-(x * x))),        y / Erfcx(x) * z) },

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
        { "log-sum-exp", "log(sum(exp(x))), also with a reshape between", "log_sum_exp(x)",
            (Ops.Log _, Expr node) => node.Inputs[0] is { Op: Ops.Reshape reshape, Inputs: [var inner] } ? LogSumExpOf(inner)?.Reshape(reshape.To) : LogSumExpOf(node.Inputs[0]),
            (dtype, size) => { Expr x = Matrix("x", dtype, 2, 3, size); return [Log(Exp(x).Sum([1])), Log(Exp(x).Sum()), Log(Exp(x).Sum([0, 2]).Reshape([1, 3, 1]))]; } },
        { "softmax", "exp(x) / broadcast(sum(exp(x)))", "softmax(x) where the sum is over one axis, else exp(x - log_sum_exp(x))",
            (Ops.Div _, Expr node) => node.Inputs is [{ Op: Ops.Exp } exp, { Op: Ops.Broadcast repeat, Inputs: [{ Op: Ops.Sum, Inputs: [var summed] } sum] }]
                && ReferenceEquals(summed, exp) ? Share(exp, sum, repeat) : null,
            (dtype, size) => { Expr e = Exp(Matrix("x", dtype, 2, size)); return [e / e.Sum([0]), e / e.Sum([1]).BroadcastTo(e.Shape, [0]), e / e.Sum()]; } },
        { "softmax-mean", "sum(y * exp(x)) / sum(exp(x)), perhaps reshaped", "sum(y * softmax(x)), where the sum is over one axis",
            (Ops.Div _, Expr node) => MeanByShares(node),
            (dtype, size) => { Expr e = Exp(Matrix("x", dtype, 2, size)), y = Matrix("y", dtype, 2, size); return [(y * e).Sum([1]) / e.Sum([1])]; } },
        { "log-product-exp", "log(product(exp(x)))", "sum(x)",
            (Ops.Log _, Expr node) => node.Inputs[0] is { Op: Ops.Product product, Inputs: [{ Op: Ops.Exp, Inputs: [var x] }] } ? x.Sum(product.Axes) : null,
            (dtype, size) => [Log(Exp(Matrix("x", dtype, 2, 3, size)).Product([1]))] },

        // The same wherever the factors stand in a product.
        { "cancel-positive-anywhere", "a product or quotient in which a positive function stands above and below, or exp(x) beside sigmoid(-x), or exp(x) above a sum that it is in", "the product without them",
            (Binary op, Expr node) => op is Ops.Mul or Ops.Div ? PositiveFactors.Cancelled(node) : null,
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, size), y = Matrix("y", dtype, size), z = Matrix("z", dtype, size), s = Sigmoid(x), e = Exp(x);
                return [s * y * z / s, y * (z * e) * Sigmoid(-x), z * (e * y) / (e + Exp(y)), y * (z * (1 - s)) / (1 - s), -(z / e.Sum()) * (y * e), e * (2 / e.Sum()).BroadcastTo(e.Shape, []), -(y.Sum() / e.Sum()) * e];
            } },
        { "cancel-positive-distributed", "a product or quotient of positive functions with a sum in whose terms they cancel", "the sum of the products",
            (Binary op, Expr node) => op is Ops.Mul or Ops.Div ? PositiveFactors.Distributed(node) : null,
            (dtype, size) =>
            {
                Expr x = Matrix("x", dtype, size), y = Matrix("y", dtype, size), z = Matrix("z", dtype, size), s = Sigmoid(x);
                return [(y / s - z / (1 - s)) * (s * (1 - s)), (Sigmoid(-x) * y - Sigmoid(x) * (y * Sigmoid(-x))) * Exp(x), (Exp(x) * z + y * Exp(y)) / (Exp(x) + Exp(y))];
            } },
        // After those that cancel.
        { "exp-quotient",        (x, y)    => (Exp(x) / Exp(y),                               Exp(x - y)) },
        { "exp-product",         (x, y)    => (Exp(x) * Exp(y),                               Exp(x + y)) },
    };
}
