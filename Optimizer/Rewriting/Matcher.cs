using System.Diagnostics;

namespace Symbolic.Optimizer;

/// <summary>Finds what the variables of a pattern stand for. Recursion is over the pattern, never over the depth of the graph.</summary>
internal static class Matcher
{
    /// <summary>Binds the variables so that the pattern is the node, or says that it is not.</summary>
    public static bool Match(Pattern pattern, Expr node, Expr?[] bound) => Solve(new Goal(pattern, node, null), bound);

    /// <summary>What is still to be matched; shared between the alternatives tried.</summary>
    private sealed record Goal(Term<Pattern> Term, Expr Node, Goal? Rest);

    private static bool Solve(Goal? goal, Expr?[] bound)
    {
        if (goal is null)
        {
            return true;
        }
        switch (goal.Term)
        {
            case WeakLiteral<Pattern> literal:
                return goal.Node.Op is Ops.Full full && full.Value.IsExactly(literal.Value) && Solve(goal.Rest, bound);
            case Pattern.Variable variable:
                return Bind(variable, goal, bound);
            case Pattern.Restricted restricted:
                return restricted.Kind.Accepts(goal.Node) && Bind(restricted.Variable, goal, bound);
            case Pattern.Node node:
                Seq<Expr> inputs = goal.Node.Inputs;
                if (!node.Op.Equals(goal.Node.Op) || node.Inputs.Count != inputs.Count)
                {
                    return false;
                }
                if (node.Op is Pointwise { IsCommutative: true })
                {
                    return Solve(new Goal(node.Inputs[0], inputs[0], new Goal(node.Inputs[1], inputs[1], goal.Rest)), bound)
                        || Solve(new Goal(node.Inputs[0], inputs[1], new Goal(node.Inputs[1], inputs[0], goal.Rest)), bound);
                }
                Goal? rest = goal.Rest;
                for (int i = inputs.Count - 1; i >= 0; i--)
                {
                    rest = new Goal(node.Inputs[i], inputs[i], rest);
                }
                return Solve(rest, bound);
            default:
                throw new UnreachableException($"{goal.Term}");
        }
    }

    private static bool Bind(Pattern.Variable variable, Goal goal, Expr?[] bound)
    {
        if (bound[variable.Index] is { } known)
        {
            return ReferenceEquals(known, goal.Node) && Solve(goal.Rest, bound);
        }
        bound[variable.Index] = goal.Node;
        if (Solve(goal.Rest, bound))
        {
            return true;
        }
        bound[variable.Index] = null;
        return false;
    }

    /// <summary>The expression that a pattern describes, once its variables are known.</summary>
    public static Term<Expr> Build(Term<Pattern> term, Expr?[] bound) => term switch
    {
        WeakLiteral<Pattern> literal => new WeakLiteral<Expr>(literal.Value, literal.IsInteger),
        Pattern.Variable variable => bound[variable.Index] ?? throw new UnreachableException($"{variable} stands on the right of a rule only"),
        Pattern.Restricted restricted => Build(restricted.Variable, bound),
        Pattern.Node node => Expr.Apply(node.Op, node.Inputs.Map(input => Build(input, bound)).AsSpan()),
        _ => throw new UnreachableException($"{term}"),
    };
}
