namespace Symbolic.Optimizer;

/// <summary>
/// Puts the two inputs of commutative ops into one order, so that <c>a + b</c> and <c>b + a</c> become one node. The order is structural:
/// by height over the leaves, then by op, then by inputs, constants behind all else; so it is the same in every process and
/// however the model was built.
/// </summary>
/// <remarks>
/// Nodes are ranked level by level, each level sorted by the ranks of the one below: n log n comparisons of constant cost.
/// </remarks>
internal static class ArgumentOrder
{
    public static Seq<Expr> Run(Seq<Expr> roots)
    {
        var effects = new EffectOrder(roots);
        var ranks = new Dictionary<Expr, long>(ReferenceEqualityComparer.Instance);
        var made = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        long next = 0;
        foreach (List<Expr> level in Levels(roots))
        {
            // Sorting is stable, so ops that only their identity tells apart stay in the order of first need.
            var fresh = new List<Expr>();
            foreach (Expr node in level)
            {
                Expr ordered = Ordered(node, made, ranks, effects);
                made[node] = ordered;
                if (ranks.TryAdd(ordered, 0))
                {
                    fresh.Add(ordered);
                }
            }
            foreach (Expr node in fresh.Order(new ByStructure(made, ranks)))
            {
                ranks[node] = next++ + (node.Op is Ops.Full or Ops.Constant ? long.MaxValue / 2 : 0);
            }
        }
        return roots.Map(root => made[root]);
    }

    private static Expr Ordered(Expr node, Dictionary<Expr, Expr> made, Dictionary<Expr, long> ranks, EffectOrder effects)
    {
        var inputs = new Expr[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = made[node.Inputs[i]];
        }
        if (node.Op is Pointwise { IsCommutative: true } && ranks[inputs[0]] > ranks[inputs[1]] && !(effects.Touches(inputs[0]) && effects.Touches(inputs[1])))
        {
            (inputs[0], inputs[1]) = (inputs[1], inputs[0]);
        }
        Expr ordered = node.WithInputs(inputs);
        if (effects.Merges(node, ordered))
        {
            return node;
        }
        if (!ReferenceEquals(ordered, node))
        {
            Provenance.Carry(node, ordered, ranks.ContainsKey);
        }
        return ordered;
    }

    /// <summary>The nodes by height: leaves first, then what reads only leaves, and so on; each level in the order of first need.</summary>
    private static List<List<Expr>> Levels(Seq<Expr> roots)
    {
        var heights = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var levels = new List<List<Expr>>();
        foreach (Expr node in Traversal.Order(roots))
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

    private sealed class ByStructure(Dictionary<Expr, Expr> made, Dictionary<Expr, long> ranks) : IComparer<Expr>
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
        private long Rank(Expr input) => ranks.TryGetValue(input, out long rank) ? rank : ranks[made[input]];

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
