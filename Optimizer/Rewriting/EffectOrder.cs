namespace Symbolic.Optimizer;

/// <summary>
/// Keeps the effects of a program as they are: each happens once, in the order of first need. Everything here is idle in a program
/// without effects.
/// </summary>
internal sealed class EffectOrder
{
    // Rules look a few nodes deep; a replacement that needs more to be judged is refused.
    private const int FarthestLook = 64;

    private readonly Dictionary<Expr, bool> touched = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, Expr> originals = new(ReferenceEqualityComparer.Instance);
    private readonly bool isIdle = true;

    /// <summary>Looks for the effects of a program, all of whose nodes are given.</summary>
    public EffectOrder(IReadOnlyList<Expr> program)
    {
        foreach (Expr node in program)
        {
            if (IsEffect(node.Op))
            {
                isIdle = false;
                originals.Add(node, node);
            }
        }
    }

    /// <summary>Whether the op does something besides computing: an effect, or a loop or branch with one inside.</summary>
    public static bool IsEffect(Op op) => op is EffectOp || op.Lambdas.Any(lambda => Traversal.Order(lambda.Results).Any(node => IsEffect(node.Op)));

    /// <summary>Whether the node or anything below it has an effect.</summary>
    public bool Touches(Expr node)
    {
        if (isIdle)
        {
            return false;
        }
        var stack = new Stack<Expr>([node]);
        while (stack.TryPeek(out Expr? next))
        {
            Expr? open = touched.ContainsKey(next) ? null : next.Inputs.FirstOrDefault(input => !touched.ContainsKey(input));
            if (open is not null)
            {
                stack.Push(open);
                continue;
            }
            stack.Pop();
            touched[next] = touched.TryGetValue(next, out bool known) ? known : IsEffect(next.Op) || next.Inputs.Any(input => touched[input]);
        }
        return touched[node];
    }

    /// <summary>
    /// Whether an effect on rewritten inputs would be the same node as another effect of the program: two prints of one
    /// value are two lines. Whoever asks and gets false has made the new node the effect's only image.
    /// </summary>
    public bool Merges(Expr effect, Expr made)
    {
        if (isIdle || !IsEffect(effect.Op))
        {
            return false;
        }
        if (originals.TryGetValue(made, out Expr? other) && !ReferenceEquals(other, effect))
        {
            return true;
        }
        originals[made] = effect;
        return false;
    }

    /// <summary>Whether the first need of all effects below keeps its order, and none is lost, if <paramref name="after"/> stands for <paramref name="before"/>.</summary>
    public bool Keeps(Expr before, Expr after)
    {
        if (!Touches(before))
        {
            return true;
        }
        HashSet<Expr> near = Near(before);
        List<Expr>? wanted = FirstNeeds(after, near.Contains);
        return wanted is not null && FirstNeeds(before, new HashSet<Expr>(wanted, ReferenceEqualityComparer.Instance).Contains) is { } had && had.SequenceEqual(wanted);
    }

    /// <summary>The nodes that a rule at this node may have looked at, without itself.</summary>
    private static HashSet<Expr> Near(Expr node)
    {
        var near = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var waiting = new Queue<Expr>(node.Inputs);
        while (near.Count < FarthestLook && waiting.TryDequeue(out Expr? next))
        {
            if (near.Add(next))
            {
                foreach (Expr input in next.Inputs)
                {
                    waiting.Enqueue(input);
                }
            }
        }
        return near;
    }

    /// <summary>The effectful nodes at which a walk stops, in the order of first need; null if it meets an effect or goes on too long.</summary>
    private List<Expr>? FirstNeeds(Expr root, Func<Expr, bool> stops)
    {
        var found = new List<Expr>();
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<Expr>([root]);
        while (stack.TryPop(out Expr? node))
        {
            if (!Touches(node) || !seen.Add(node))
            {
                continue;
            }
            if (stops(node))
            {
                found.Add(node);
                continue;
            }
            if (IsEffect(node.Op) || seen.Count > FarthestLook)
            {
                return null;
            }
            for (int i = node.Inputs.Count - 1; i >= 0; i--)
            {
                stack.Push(node.Inputs[i]);
            }
        }
        return found;
    }
}
