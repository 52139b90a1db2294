namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>
    /// What weights that became constants allow: a constant scale per channel, such as that of a batch normalisation, goes into
    /// the weights of the convolution or matrix product before it, and costs nothing from then on.
    /// </summary>
    public static RuleSet Freeze => new(Rounds)
    {
        { "fold-scale", "contraction(x, w) * s or / s, where w is constant, s constant per channel, and nobody else reads the contraction", "contraction(x, w * s)",
            (Binary op, Expr node) => Scaled(op, node) is var (contraction, scale) ? FrozenWeights.Scale(contraction, scale, op is Ops.Div) : null,
            (dtype, size) => [Frozen(dtype, size) * Channels(dtype, 3), Frozen(dtype, size) / Channels(dtype, 3), FrozenDot(dtype, size) * Channels(dtype, 1), FrozenDot(dtype, size) * 0.7],
            null, null, node => Scaled((Binary)node.Op, node) is var (contraction, _) ? [contraction] : [] },
        { "join-shifts", "contraction(x, w) + b + c, likewise with -, where w, b and c are constant", "contraction(x, w) + (b + c)",
            (Binary op, Expr node) => op is Ops.Add or Ops.Sub ? Joined(op, node) : null,
            (dtype, size) => [Frozen(dtype, size) + Channels(dtype, 3) - Channels(dtype, 3, 2), FrozenDot(dtype, size) - Channels(dtype, 1) + Channels(dtype, 1, 2)],
            null, "the sum of the constants is folded" },
        { "drop-ones", "a constant with axes of size 1, repeated along others", "the same without these axes: so constants per channel of one image have one form",
            (Ops.Broadcast op, Expr node) => node.Inputs[0] is { Op: Ops.Constant { Value: var value }, Shape: var shape } && shape.Any(extent => extent.Is(1))
                ? Expr.Of(op with { Axes = op.Axes.Where((_, i) => !shape[i].Is(1)).ToSeq() }, Constant(value.WithSizes(value.Sizes.Where(size => size != 1).ToSeq()))) : null,
            (dtype, size) => [Expr.Of(new Ops.Broadcast([1, 4, size], [0, 1]), Constant(Literal.Build(dtype, [1, 4], i => ScalarValue.Of(dtype, i))))],
            null, "the constant has fewer axes" },
        { "distribute-scale", "(contraction(x, w) + b) * s, likewise with - or /, where w, b and s are constant", "contraction(x, w) * s + b * s",
            (Binary op, Expr node) => Shifted(op, node) is var (shift, scale) ? Expr.Of(shift.Op, shift.Inputs.Map(input => op is Ops.Div ? input / scale : input * scale).AsSpan()) : null,
            (dtype, size) => [(Frozen(dtype, size) + Channels(dtype, 3)) * Channels(dtype, 3), (FrozenDot(dtype, size) - Channels(dtype, 1)) / 3],
            null, "the product with the contraction is folded into its weights, the other into one constant",
            node => Shifted((Binary)node.Op, node) is var (shift, _) ? shift.Inputs.Where(FrozenWeights.IsFrozen).Prepend(shift) : [] },
    };

    private static (Expr Contraction, Expr Scale)? Scaled(Binary op, Expr node) => Candidates(op, node)
        .Where(pair => FrozenWeights.IsFrozen(pair.First) && FrozenWeights.IsPerChannel(pair.Second))
        .Select(pair => ((Expr, Expr)?)pair).FirstOrDefault();

    private static (Expr Shift, Expr Scale)? Shifted(Binary op, Expr node) => Candidates(op, node)
        .Where(pair => FrozenWeights.IsPerChannel(pair.Second) && pair.First.Op is Ops.Add or Ops.Sub
            && EitherWay(pair.First).Any(parts => FrozenWeights.IsFrozen(parts.First) && FrozenWeights.IsPerChannel(parts.Second)))
        .Select(pair => ((Expr, Expr)?)pair).FirstOrDefault();

    private static Expr? Joined(Binary op, Expr node)
    {
        foreach ((Expr shifted, Expr outer) in op is Ops.Add ? EitherWay(node) : [(node.Inputs[0], node.Inputs[1])])
        {
            if (shifted.Op is not (Ops.Add or Ops.Sub) || !FrozenWeights.IsPerChannel(outer))
            {
                continue;
            }
            foreach ((Expr contraction, Expr inner) in shifted.Op is Ops.Add ? EitherWay(shifted) : [(shifted.Inputs[0], shifted.Inputs[1])])
            {
                if (FrozenWeights.IsFrozen(contraction) && FrozenWeights.IsPerChannel(inner))
                {
                    return contraction + Expr.Of(op, shifted.Op is Ops.Add ? inner : -inner, outer);
                }
            }
        }
        return null;
    }

    private static IEnumerable<(Expr First, Expr Second)> Candidates(Binary op, Expr node) =>
        op is Ops.Mul ? EitherWay(node) : op is Ops.Div ? [(node.Inputs[0], node.Inputs[1])] : [];

    private static Expr Frozen(DType dtype, long size) =>
        Convolve(Matrix("x", dtype, 1, 2, 3, size), Constant(Literal.Build(dtype, [4, 2, 1, 3], i => ScalarValue.Of(dtype, i % 5 - 2))));

    private static Expr FrozenDot(DType dtype, long size) =>
        Dot(Matrix("x", dtype, size, 3), Constant(Literal.Build(dtype, [4, 3], i => ScalarValue.Of(dtype, i % 5 - 2))).Transpose());

    private static Expr Channels(DType dtype, int axes, double first = 0.5)
    {
        Expr values = Constant(Literal.Build(dtype, [4], i => ScalarValue.Of(dtype, i + first)));
        return axes == 3 ? values.Reshape([1, 4, 1, 1]) : values;
    }
}
