using System.Diagnostics;

namespace Symbolic.Optimizer;

/// <summary>
/// Applies a table of rules everywhere until none fires: inputs first, then the node, then whatever took its place. Iterative
/// in the depth of the graph; each node is looked at once.
/// </summary>
internal sealed class Rewriter
{
    // Sound tables fire a few times per node at most; whoever gets this far is going round.
    private const int FiringsPerNode = 50, FiringsAtLeast = 1000;

    private readonly Dictionary<Type, Rule[]> byRoot = [];
    private readonly string pass;
    private readonly Rule[] rules;
    private readonly RewriteTrace trace;

    public Rewriter(string pass, IEnumerable<Rule> rules, RewriteTrace trace)
    {
        this.pass = pass;
        this.rules = [.. rules];
        this.trace = trace;
    }

    /// <summary>The rules for nodes of a type of op, in the order of the table.</summary>
    private Rule[] For(Op op) => byRoot.TryGetValue(op.GetType(), out Rule[]? known) ? known
        : byRoot[op.GetType()] = Array.FindAll(rules, rule => rule.Root.IsInstanceOfType(op));

    /// <summary>The roots, rewritten.</summary>
    public Seq<Expr> Run(Seq<Expr> roots)
    {
        var run = new Running(this, roots);
        return roots.Map(run.Normal);
    }

    private sealed class Running(Rewriter owner, Seq<Expr> roots)
    {
        private readonly Dictionary<Expr, Expr> done = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expr, Expr> successors = new(ReferenceEqualityComparer.Instance);
        private readonly EffectOrder effects = new(roots);
        private int left = FiringsAtLeast + FiringsPerNode * Traversal.Order(roots).Count;

        /// <summary>What stands in the node's place when no rule fires any more.</summary>
        public Expr Normal(Expr root)
        {
            var stack = new Stack<Expr>([root]);
            while (stack.TryPeek(out Expr? node))
            {
                if (done.ContainsKey(node))
                {
                    stack.Pop();
                    continue;
                }
                if (successors.TryGetValue(node, out Expr? successor))
                {
                    stack.Pop();
                    if (!done.TryGetValue(successor, out Expr? rest))
                    {
                        // What replaced the node contains the node: rules that undo each other.
                        owner.trace.Stop($"{owner.pass} comes back to {node.Label}");
                        rest = node;
                    }
                    done[node] = rest;
                    continue;
                }
                bool waits = false;
                for (int i = node.Inputs.Count - 1; i >= 0; i--)
                {
                    if (!done.ContainsKey(node.Inputs[i]))
                    {
                        stack.Push(node.Inputs[i]);
                        waits = true;
                    }
                }
                if (waits)
                {
                    continue;
                }
                Expr next = Step(node);
                if (ReferenceEquals(next, node))
                {
                    done[node] = node;
                    stack.Pop();
                    continue;
                }
                successors[node] = next;
                if (!done.ContainsKey(next) && !successors.ContainsKey(next))
                {
                    stack.Push(next);
                }
            }
            return done[root];
        }

        /// <summary>The node on rewritten inputs; if it has them already, what a rule makes of it.</summary>
        private Expr Step(Expr node)
        {
            var inputs = new Expr[node.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = done[node.Inputs[i]];
            }
            Expr rebuilt = node.WithInputs(inputs);
            if (!ReferenceEquals(rebuilt, node))
            {
                if (effects.Merges(node, rebuilt))
                {
                    return node;
                }
                Provenance.Carry(node, rebuilt, done.ContainsKey);
                return rebuilt;
            }
            foreach (Rule rule in owner.For(node.Op))
            {
                if (rule.Apply(node) is not { } made || ReferenceEquals(made, node) || !effects.Keeps(node, made))
                {
                    continue;
                }
                if (!made.Type.Equals(node.Type))
                {
                    throw new UnreachableException($"rule {rule.Name} makes {made.Type} of {node.Label}");
                }
                if (left-- <= 0)
                {
                    owner.trace.Stop($"{owner.pass} fires without end, last {rule.Name} at {node.Label}");
                    return node;
                }
                owner.trace.Count(owner.pass, rule.Name);
                Provenance.Carry(node, made, done.ContainsKey);
                return made;
            }
            return node;
        }
    }
}

/// <summary>Hands names and origins on from what is replaced to what replaces it.</summary>
internal static class Provenance
{
    /// <summary>Marks the nodes that are new as coming from the node replaced; the name goes to the new root alone.</summary>
    public static void Carry(Expr from, Expr to, Func<Expr, bool> isKnown)
    {
        // A parameter is one node in all programs: what is known of a node here is not known of it.
        if (isKnown(to) || to.Op is Ops.Parameter)
        {
            return;
        }
        if (from.Name is { } name && to.Name is null)
        {
            to.Named(name);
        }
        var stack = new Stack<Expr>([to]);
        while (stack.TryPop(out Expr? made))
        {
            if (isKnown(made) || made.Op is Ops.Parameter)
            {
                continue;
            }
            Origin.Carry(from, made);
            foreach (Expr input in made.Inputs)
            {
                stack.Push(input);
            }
        }
    }
}
