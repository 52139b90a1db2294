namespace Symbolic.Optimizer;

/// <summary>Optimizes the graphs inside ops: bodies of loops, branches.</summary>
internal static class NestedGraphs
{
    public static Seq<Expr> Run(Seq<Expr> roots, Func<Lambda, Lambda> optimize)
    {
        IReadOnlyList<Expr> order = Traversal.Order(roots);
        if (!order.Any(node => node.Op.Lambdas.Any()))
        {
            return roots;
        }
        var effects = new EffectOrder(order);
        var done = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (Expr node in order)
        {
            Lambda[] old = [.. node.Op.Lambdas];
            Lambda[] nested = Array.ConvertAll(old, lambda => optimize(lambda));
            Op op = old.SequenceEqual(nested) ? node.Op : node.Op.WithLambdas(nested);
            Seq<Expr> inputs = node.Inputs.Map(input => done[input]);
            using Origin.Scope scope = Origin.From(node);
            Expr made = ReferenceEquals(op, node.Op) ? node.WithInputs(inputs.AsSpan()) : Expr.Of(op, inputs.AsSpan());
            if (effects.Merges(node, made))
            {
                made = node;
            }
            Provenance.Carry(node, made);
            done[node] = made;
        }
        return roots.Map(root => done[root]);
    }
}
