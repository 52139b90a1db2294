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
        while (true)
        {
            var run = new Running(this, roots);
            Seq<Expr> after = roots.Map(run.Normal);
            if (!run.Waits || after.Equals(roots))
            {
                return after;
            }
            roots = after;
        }
    }

    private sealed class Running
    {
        private readonly Rewriter owner;
        private readonly Dictionary<Expr, Expr> done = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expr, Expr> successors = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expr, int> readers = new(ReferenceEqualityComparer.Instance);
        private readonly EffectOrder effects;
        private int left;

        public Running(Rewriter owner, Seq<Expr> roots)
        {
            this.owner = owner;
            IReadOnlyList<Expr> order = Traversal.Order(roots);
            effects = new EffectOrder(order);
            left = FiringsAtLeast + FiringsPerNode * order.Count;
            foreach (Expr read in order.SelectMany(node => node.Inputs).Concat(roots))
            {
                readers[read] = readers.GetValueOrDefault(read) + 1;
            }
        }

        /// <summary>Whether a rule would have fired, had the readers been known of a part that was made on the way.</summary>
        public bool Waits { get; private set; }

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
            using Origin.Scope scope = Origin.From(node);
            Expr rebuilt = node.WithInputs(inputs);
            if (!ReferenceEquals(rebuilt, node))
            {
                if (effects.Merges(node, rebuilt))
                {
                    return node;
                }
                Provenance.Carry(node, rebuilt);
                return rebuilt;
            }
            bool isComplex = Rule.IsComplex(node) || node.Inputs.Any(input => Rule.IsComplex(input) || input.Inputs.Any(Rule.IsComplex));
            foreach (Rule rule in owner.For(node.Op))
            {
                if ((isComplex && !rule.OfComplex) || !IsSole(rule, node) || rule.Apply(node) is not { } made || ReferenceEquals(made, node) || !effects.Keeps(node, made))
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
                // What merely passes through keeps what is known of it.
                if (!done.ContainsKey(made))
                {
                    Provenance.Carry(node, made);
                }
                return made;
            }
            return node;
        }

        private bool IsSole(Rule rule, Expr node)
        {
            if (rule.Sole is null)
            {
                return true;
            }
            bool isSole = true;
            foreach (Expr part in rule.Sole(node))
            {
                int known = readers.GetValueOrDefault(part);
                Waits |= known == 0 && rule.Apply(node) is not null;
                isSole &= known == 1;
            }
            return isSole;
        }
    }
}
