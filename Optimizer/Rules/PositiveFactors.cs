namespace Symbolic.Optimizer;

using static Functions;

/// <summary>
/// A product as its factors, so that what cancels is found wherever it stands. Only factors that are positive as real numbers cancel: they are
/// never 0, though they may round to it.
/// </summary>
internal sealed class PositiveFactors
{
    // Gradients leave a handful; a longer product is left alone, since each node of a chain is looked at.
    private const int Most = 24;

    private readonly List<Expr> above = [], below = [];
    private bool isNegative;

    private PositiveFactors() { }

    /// <summary>What a product or quotient is once its positive factors have cancelled; null where none do.</summary>
    public static Expr? Cancelled(Expr node)
    {
        var factors = new PositiveFactors();
        return factors.Collect(node) && factors.Cancel() ? factors.Build(node) : null;
    }

    /// <summary>
    /// A product or quotient with a sum above, distributed where that lets positive factors cancel: those above in a term of it, those below in
    /// both. Null where it does not.
    /// </summary>
    public static Expr? Distributed(Expr node)
    {
        var factors = new PositiveFactors();
        if (!factors.Collect(node) || factors.above.Find(factor => factor.Op is Ops.Add or Ops.Sub) is not { } sum)
        {
            return null;
        }
        return factors.Distribute(node, sum, factors.above, IsPositive, 1) ?? factors.Distribute(node, sum, factors.below, factor => IsPositive(factor) || IsSumOfExps(factor), 2);
    }

    /// <summary>The factors of one side that are positive, multiplied into the terms of the sum, if they cancel in so many terms.</summary>
    private Expr? Distribute(Expr node, Expr sum, List<Expr> side, Predicate<Expr> isMoved, int fewest)
    {
        List<Expr> moved = side.FindAll(isMoved);
        if (moved.Count == 0)
        {
            return null;
        }
        var built = new Expr[2];
        int cancelled = 0;
        for (int i = 0; i < 2; i++)
        {
            var term = new PositiveFactors();
            if (!term.Collect(sum.Inputs[i]))
            {
                return null;
            }
            (ReferenceEquals(side, above) ? term.above : term.below).AddRange(moved);
            cancelled += term.Cancel() ? 1 : 0;
            built[i] = term.Build(node);
        }
        if (cancelled < fewest)
        {
            return null;
        }
        side.RemoveAll(isMoved);
        above.RemoveAll(factor => ReferenceEquals(factor, sum));
        above.Insert(0, Expr.Of(sum.Op, built));
        return Build(node);
    }

    private static bool IsSumOfExps(Expr factor) => factor is { Op: Ops.Add, Inputs: [{ Op: Ops.Exp }, { Op: Ops.Exp }] };

    private static bool IsPositive(Expr factor) => Kind.Positive.Accepts(factor);

    private bool Collect(Expr node)
    {
        var stack = new Stack<(Expr Node, bool IsAbove)>([(node, true)]);
        while (stack.TryPop(out (Expr Node, bool IsAbove) next))
        {
            switch (next.Node.Op)
            {
                case Ops.Mul:
                    stack.Push((next.Node.Inputs[1], next.IsAbove));
                    stack.Push((next.Node.Inputs[0], next.IsAbove));
                    break;
                case Ops.Div:
                    stack.Push((next.Node.Inputs[1], !next.IsAbove));
                    stack.Push((next.Node.Inputs[0], next.IsAbove));
                    break;
                case Ops.Neg:
                    isNegative = !isNegative;
                    stack.Push((next.Node.Inputs[0], next.IsAbove));
                    break;
                case Ops.Broadcast repeat when next.IsAbove && QuotientBySum(next.Node.Inputs[0]) is var (top, sum, flips):
                    isNegative ^= flips;
                    above.Add(top.BroadcastTo(repeat.To, repeat.Axes));
                    below.Add(Expr.Of(repeat, sum));
                    break;
                default:
                    (next.IsAbove ? above : below).Add(next.Node);
                    break;
            }
            if (above.Count + below.Count + stack.Count > Most)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The parts of ±a/Σ exp(x), which is repeated in the gradient of a log-sum-exp.</summary>
    private static (Expr Top, Expr Sum, bool Flips)? QuotientBySum(Expr node)
    {
        bool flips = node.Op is Ops.Neg;
        Expr quotient = flips ? node.Inputs[0] : node;
        return quotient is { Op: Ops.Div, Inputs: [var top, { Op: Ops.Sum, Inputs: [{ Op: Ops.Exp }] } sum] } ? (top, sum, flips) : null;
    }

    private bool Cancel()
    {
        bool found = false;
        for (int i = below.Count - 1; i >= 0; i--)
        {
            Expr divisor = below[i];
            int same = IsPositive(divisor) ? above.FindIndex(factor => ReferenceEquals(factor, divisor)) : -1;
            int part = divisor is { Op: Ops.Broadcast, Inputs: [{ Op: Ops.Sum, Inputs: [{ Op: Ops.Exp } exp] }] } ? above.FindIndex(factor => ReferenceEquals(factor, exp)) : -1;
            int share = IsSumOfExps(divisor) ? above.FindIndex(factor => divisor.Inputs.Any(input => ReferenceEquals(input, factor))) : -1;
            if (same >= 0)
            {
                above.RemoveAt(same);
            }
            else if (share >= 0)
            {
                // exp(x) / (exp(x) + exp(y)) = sigmoid(x − y)
                Expr other = divisor.Inputs[ReferenceEquals(divisor.Inputs[0], above[share]) ? 1 : 0];
                above[share] = Sigmoid<Expr>(above[share].Inputs[0] - other.Inputs[0]);
            }
            else if (part >= 0)
            {
                above[part] = Rules.Share(above[part], divisor.Inputs[0], (Ops.Broadcast)divisor.Op);
            }
            else
            {
                continue;
            }
            below.RemoveAt(i);
            found = true;
        }
        for (int i = 0; i < above.Count; i++)
        {
            // exp(x)·sigmoid(−x) = sigmoid(x), and likewise with the sign on the other side.
            if (above[i] is { Op: Ops.Exp, Inputs: [var x] }
                && above.FindIndex(factor => factor is { Op: Ops.Sigmoid, Inputs: [var y] } && (IsNegated(x, y) || IsNegated(y, x))) is >= 0 and int partner)
            {
                above[i] = Sigmoid<Expr>(x);
                above.RemoveAt(partner);
                found = true;
                break;
            }
        }
        return found;
    }

    private static bool IsNegated(Expr a, Expr b) => b is { Op: Ops.Neg, Inputs: [var inner] } && ReferenceEquals(inner, a);

    private Expr Build(Expr like)
    {
        Expr product = above.Count == 0 ? FullLike(like, 1) : above.Aggregate((a, b) => a * b);
        Expr value = below.Count == 0 ? product : product / below.Aggregate((a, b) => a * b);
        return isNegative ? -value : value;
    }
}
