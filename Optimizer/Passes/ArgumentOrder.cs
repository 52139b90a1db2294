namespace Symbolic.Optimizer;

/// <summary>
/// Puts the two inputs of commutative ops into one order, so that <c>a + b</c> and <c>b + a</c> become one node. The order is structural:
/// by height over the leaves, then by op, then by inputs; so it is the same in every process and
/// however the model was built. What is higher comes first, as in <c>dot(x, w) + b</c>, and constants come last.
/// </summary>
/// <remarks>
/// Nodes are ranked level by level, each level sorted by the ranks of the one below: n log n comparisons of constant cost.
/// </remarks>
internal static class ArgumentOrder
{
    public static Seq<Expr> Run(Seq<Expr> roots)
    {
        IReadOnlyList<Expr> order = Traversal.Order(roots);
        var effects = new EffectOrder(order);
        var ranks = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var made = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        var heights = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        int next = 0;
        foreach (List<Expr> level in Levels(order, heights))
        {
            var fresh = new List<Expr>();
            foreach (Expr node in level)
            {
                Expr ordered = Ordered(node);
                made[node] = ordered;
                heights[ordered] = heights[node];
                if (ranks.TryAdd(ordered, 0))
                {
                    fresh.Add(ordered);
                }
            }
            // Sorting is stable, so ops that only their identity tells apart stay in the order of first need.
            foreach (Expr node in fresh.Order(new ByStructure(made, ranks)))
            {
                ranks[node] = next++;
            }
        }
        return roots.Map(root => made[root]);

        Expr Ordered(Expr node)
        {
            var inputs = new Expr[node.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = made[node.Inputs[i]];
            }
            if (node.Op is Pointwise { IsCommutative: true } && Precedes(inputs[1], inputs[0]) && !(effects.Touches(inputs[0]) && effects.Touches(inputs[1])))
            {
                (inputs[0], inputs[1]) = (inputs[1], inputs[0]);
            }
            using Origin.Scope scope = Origin.From(node);
            Expr ordered = node.WithInputs(inputs);
            if (effects.Merges(node, ordered))
            {
                return node;
            }
            Provenance.Carry(node, ordered);
            return ordered;
        }

        bool Precedes(Expr a, Expr b)
        {
            bool isConstant = a.Op is Ops.Full or Ops.Constant, isOther = b.Op is Ops.Full or Ops.Constant;
            return isConstant != isOther ? isOther : heights[a] != heights[b] ? heights[a] > heights[b] : ranks[a] < ranks[b];
        }
    }

    /// <summary>The nodes by height: leaves first, then what reads only leaves, and so on; each level in the order of first need.</summary>
    private static List<List<Expr>> Levels(IReadOnlyList<Expr> order, Dictionary<Expr, int> heights)
    {
        var levels = new List<List<Expr>>();
        foreach (Expr node in order)
        {
            int height = 0;
            foreach (Expr input in node.Inputs)
            {
                height = Math.Max(height, heights[input] + 1);
            }
            heights[node] = height;
            if (height == levels.Count)
            {
                levels.Add([]);
            }
            levels[height].Add(node);
        }
        return levels;
    }

    private sealed class ByStructure(Dictionary<Expr, Expr> made, Dictionary<Expr, int> ranks) : IComparer<Expr>
    {
        private readonly Dictionary<Op, string> texts = [];

        public int Compare(Expr? a, Expr? b)
        {
            int order = CompareOps(a!.Op, b!.Op);
            for (int i = 0; order == 0 && i < a.Inputs.Count && i < b.Inputs.Count; i++)
            {
                order = Rank(a.Inputs[i]).CompareTo(Rank(b.Inputs[i]));
            }
            return order != 0 ? order : a.Inputs.Count.CompareTo(b.Inputs.Count);
        }

        /// <summary>An effect that kept its inputs as they were stands over nodes that are not ranked themselves.</summary>
        private int Rank(Expr input) => ranks.TryGetValue(input, out int rank) ? rank : ranks[made[input]];

        private int CompareOps(Op a, Op b)
        {
            if (a.Equals(b))
            {
                return 0;
            }
            return (a, b) switch
            {
                (Ops.Parameter p, Ops.Parameter q) => p.Index.CompareTo(q.Index),
                (Ops.Constant c, Ops.Constant d) => CompareLiterals(c.Value, d.Value),
                _ => string.CompareOrdinal(Text(a), Text(b)),
            };
        }

        private static int CompareLiterals(Literal a, Literal b)
        {
            int order = string.CompareOrdinal(a.Type.ToString(), b.Type.ToString());
            return order != 0 ? order : a.Bytes.SequenceCompareTo(b.Bytes);
        }

        private string Text(Op op)
        {
            // Constants are many and large; among ops of other kinds their name is enough.
            if (op is Ops.Constant or Ops.Parameter)
            {
                return op.Name;
            }
            return texts.TryGetValue(op, out string? known) ? known : texts[op] = OpText.Of(op);
        }
    }
}
