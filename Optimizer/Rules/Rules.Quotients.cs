namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>
    /// What differentiating quotients of exponentials leaves: terms that are divided by what they are then multiplied with. Each meets its
    /// divisor here, before both overflow or become 0. Tried before <see cref="Stable"/>, which knows the values themselves.
    /// </summary>
    public static RuleSet Quotients => new(Rounds)
    {
        // A cross-entropy t·log σ + (1 − t)·log(1 − σ): its two slopes meet the slope of the sigmoid.
        { "sigmoid-slopes-sum",        (x, y, z) => ((x / Sigmoid(y) + z / (1 - Sigmoid(y))) * ((1 - Sigmoid(y)) * Sigmoid(y)), x * Sigmoid(-y) + z * Sigmoid(y)) },
        { "sigmoid-slopes-difference", (x, y, z) => ((x / Sigmoid(y) - z / (1 - Sigmoid(y))) * ((1 - Sigmoid(y)) * Sigmoid(y)), x * Sigmoid(-y) - z * Sigmoid(y)) },
        { "sigmoid-slope-over-sigmoid", (x, y)   => (x * ((1 - Sigmoid(y)) * Sigmoid(y)) / Sigmoid(y),                          x * Sigmoid(-y)) },
        { "sigmoid-slope-over-rest",   (x, y)    => (x * ((1 - Sigmoid(y)) * Sigmoid(y)) / (1 - Sigmoid(y)),                    x * Sigmoid(y)) },
        { "exp-times-sigmoid",          (x, y)       => (y * Exp(x) * Sigmoid(-x),                                          y * Sigmoid(x)) },
        { "exp-sigmoid-terms-difference", (x, y, z)  => (Exp(x) * (y * Sigmoid(-x) - z * Sigmoid(-x)),                      (y - z) * Sigmoid(x)) },
        { "exp-sigmoid-terms-sum",      (x, y, z)    => (Exp(x) * (y * Sigmoid(-x) + z * Sigmoid(-x)),                      (y + z) * Sigmoid(x)) },

        { "softmax-slope", "exp(x) * terms, each over sum(exp(x))", "softmax(x) * terms, where the sum is over one axis",
            (Ops.Mul _, Expr node) => EitherWay(node).Select(pair => pair.First.Op is Ops.Exp && OverSum(pair.Second, pair.First) is var (terms, sum, repeat)
                ? Share(pair.First, sum, repeat) * terms : null).FirstOrDefault(made => made is not null),
            (dtype, size) =>
            {
                Expr e = Exp(Matrix("x", dtype, 2, size)), y = Matrix("y", dtype, 2, size), sum = e.Sum([1]).BroadcastTo(e.Shape, [0]);
                return [e * ((-(y / sum)).Sum([1]).BroadcastTo(e.Shape, [0]) + y / sum), e * (y / sum)];
            } },
        { "softmax-factor", "y * exp(x) / broadcast(sum(exp(x)))", "y * softmax(x), where the sum is over one axis",
            (Ops.Div _, Expr node) => node.Inputs is [{ Op: Ops.Mul } product, { Op: Ops.Broadcast repeat, Inputs: [{ Op: Ops.Sum, Inputs: [{ Op: Ops.Exp } exp] } sum] }]
                ? EitherWay(product).Select(pair => ReferenceEquals(pair.First, exp) ? pair.Second * Share(exp, sum, repeat) : null).FirstOrDefault(made => made is not null) : null,
            (dtype, size) => { Expr e = Exp(Matrix("x", dtype, 2, size)), y = Matrix("y", dtype, 2, size); return [y * e / e.Sum([1]).BroadcastTo(e.Shape, [0])]; } },
        { "softmax-mean", "sum(y * exp(x)) / sum(exp(x)), perhaps reshaped", "sum(y * softmax(x)), where the sum is over one axis",
            (Ops.Div _, Expr node) => MeanByShares(node),
            (dtype, size) => { Expr e = Exp(Matrix("x", dtype, 2, size)), y = Matrix("y", dtype, 2, size); return [(y * e).Sum([1]) / e.Sum([1])]; } },
    };

    /// <summary>A term that is divided by Σ exp, in any of the spellings that gradients have, as its numerator; null where it is not.</summary>
    private static (Expr Terms, Expr Sum, Ops.Broadcast Repeat)? OverSum(Expr term, Expr exp)
    {
        switch (term)
        {
            case { Op: Ops.Neg, Inputs: [var inner] } when OverSum(inner, exp) is var (terms, sum, repeat):
                return (-terms, sum, repeat);
            case { Op: Ops.Add or Ops.Sub, Inputs: [var left, var right] } when OverSum(left, exp) is var (a, sum, repeat) && OverSum(right, exp) is var (b, other, otherRepeat)
                && ReferenceEquals(sum, other) && repeat.Equals(otherRepeat):
                return (term.Op is Ops.Add ? a + b : a - b, sum, repeat);
            case { Op: Ops.Div, Inputs: [var numerator, { Op: Ops.Broadcast repeat, Inputs: [{ Op: Ops.Sum } sum] }] } when ReferenceEquals(sum.Inputs[0], exp):
                return (numerator, sum, repeat);
            case { Op: Ops.Div or Ops.Mul, Inputs: [var numerator, var factor] } when OverSum(numerator, exp) is var (terms, sum, repeat):
                return (term.Op is Ops.Div ? terms / factor : terms * factor, sum, repeat);
            case { Op: Ops.Broadcast repeat, Inputs: [{ Op: Ops.Sum over, Inputs: [var inner] }] } when OverSum(inner, exp) is var (terms, sum, inside)
                && ((Ops.Sum)sum.Op).Equals(over) && inside.Equals(repeat):
                return (terms.Sum(over.Axes).BroadcastTo(repeat.To, repeat.Axes), sum, repeat);
            case { Op: Ops.Broadcast repeat, Inputs: [var inner] } when Ratio(inner, exp) is var (numerator, sum) && sum.Shape.Equals(inner.Shape):
                return (numerator.BroadcastTo(repeat.To, repeat.Axes), sum, repeat);
            default:
                return null;
        }
    }

    /// <summary>y / Σ exp before it is repeated, perhaps negated or reshaped, with y in the shape of the sum.</summary>
    private static (Expr Numerator, Expr Sum)? Ratio(Expr ratio, Expr exp)
    {
        switch (ratio)
        {
            case { Op: Ops.Neg, Inputs: [var inner] } when Ratio(inner, exp) is var (numerator, sum):
                return (-numerator, sum);
            case { Op: Ops.Reshape, Inputs: [var inner] } when Ratio(inner, exp) is var (numerator, sum):
                return (numerator, sum);
            case { Op: Ops.Div, Inputs: [var numerator, var divisor] } when Unshaped(divisor) is { Op: Ops.Sum } sum && ReferenceEquals(sum.Inputs[0], exp):
                return (numerator.Reshape(sum.Shape), sum);
            default:
                return null;
        }
    }

    private static Expr? MeanByShares(Expr node)
    {
        if (Unshaped(node.Inputs[0]) is not { Op: Ops.Sum over, Inputs: [{ Op: Ops.Mul } product] } || Unshaped(node.Inputs[1]) is not { Op: Ops.Sum, Inputs: [{ Op: Ops.Exp } exp] } sum || !over.Equals(sum.Op))
        {
            return null;
        }
        Seq<int> kept = Enumerable.Range(0, exp.Rank).Where(axis => !over.Axes.Contains(axis)).ToSeq();
        return EitherWay(product).Select(pair => ReferenceEquals(pair.First, exp)
            ? (pair.Second * Share(exp, sum, new Ops.Broadcast(exp.Shape, kept))).Sum(over.Axes).Reshape(node.Shape) : null).FirstOrDefault(made => made is not null);
    }

    private static Expr Unshaped(Expr x)
    {
        while (x.Op is Ops.Reshape)
        {
            x = x.Inputs[0];
        }
        return x;
    }
}
