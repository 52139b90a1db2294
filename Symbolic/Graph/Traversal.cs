namespace Symbolic;

/// <summary>The one walk over a graph and the one way to rebuild it. Both are iterative: a chain of 100,000 nodes is no deeper than one of ten.</summary>
public static class Traversal
{
    /// <summary>All nodes that the roots need, each once, inputs before their readers, in the order of first need.</summary>
    public static IReadOnlyList<Expr> Order(IEnumerable<Expr> roots)
    {
        var order = new List<Expr>();
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<(Expr Node, int Next)>();
        foreach (Expr root in roots)
        {
            if (seen.Add(root))
            {
                stack.Push((root, 0));
            }
            while (stack.TryPop(out (Expr Node, int Next) top))
            {
                Seq<Expr> inputs = top.Node.Inputs;
                int next = top.Next;
                while (next < inputs.Count && seen.Contains(inputs[next]))
                {
                    next++;
                }
                if (next == inputs.Count)
                {
                    order.Add(top.Node);
                    continue;
                }
                stack.Push((top.Node, next + 1));
                seen.Add(inputs[next]);
                stack.Push((inputs[next], 0));
            }
        }
        return order;
    }

    /// <summary>The readers of each node below the roots, in graph order.</summary>
    public static Dictionary<Expr, List<Expr>> Readers(IReadOnlyList<Expr> order)
    {
        var readers = new Dictionary<Expr, List<Expr>>(order.Count, ReferenceEqualityComparer.Instance);
        foreach (Expr node in order)
        {
            readers[node] = [];
            foreach (Expr input in node.Inputs)
            {
                readers[input].Add(node);
            }
        }
        return readers;
    }

    /// <summary>
    /// Rebuilds the roots from the leaves up. <paramref name="map"/> sees each node with its rebuilt inputs and returns what
    /// stands in its place, or null for the same op on the rebuilt inputs. Origins and names are carried over.
    /// </summary>
    public static Seq<Expr> Rebuild(Seq<Expr> roots, Func<Expr, Expr[], Expr?> map)
    {
        var built = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (Expr node in Order(roots))
        {
            Seq<Expr> old = node.Inputs;
            var inputs = new Expr[old.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = built[old[i]];
            }
            Expr made;
            using (Origin.From(node))
            {
                made = map(node, inputs) ?? node.WithInputs(inputs);
            }
            // A parameter is one node in all programs: what is known of a variable is not known of it.
            if (!ReferenceEquals(made, node) && made.Op is not Ops.Parameter)
            {
                Origin.Carry(node, made);
                if (node.Name is { } name && made.Name is null)
                {
                    made.Named(name);
                }
            }
            built[node] = made;
        }
        return roots.Map(root => built[root]);
    }

    /// <summary>The roots with some nodes replaced.</summary>
    public static Seq<Expr> Substitute(Seq<Expr> roots, IReadOnlyDictionary<Expr, Expr> replacements) =>
        Rebuild(roots, (node, _) => replacements.GetValueOrDefault(node));
}
