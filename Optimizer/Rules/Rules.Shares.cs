namespace Symbolic.Optimizer;

using static Functions;

/// <content>Shares of a sum of exponentials, which are a softmax, for the rules of <see cref="Stable"/>.</content>
public static partial class Rules
{
    private static Expr? LogSumExpOf(Expr node) => node is { Op: Ops.Sum sum, Inputs: [{ Op: Ops.Exp, Inputs: [var x] }] } ? Expr.Of(new Ops.LogSumExp(sum.Axes), x) : null;

    /// <summary>exp(x) / Σ exp(x), where the sum is repeated along the axes that it was over, or any others.</summary>
    internal static Expr Share(Expr exp, Expr sum, Ops.Broadcast repeat)
    {
        Seq<int> axes = ((Ops.Sum)sum.Op).Axes;
        Expr x = exp.Inputs[0];
        return axes is [var axis] && repeat.Axes.SequenceEqual(Enumerable.Range(0, x.Rank).Where(other => other != axis))
            ? Expr.Of(new Ops.Softmax(axis), x)
            : Exp<Expr>(x - Expr.Of(new Ops.LogSumExp(axes), x).BroadcastTo(repeat.To, repeat.Axes));
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
