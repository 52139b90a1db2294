namespace Symbolic.Codegen;

/// <summary>
/// Groups the expressions of a graph into units: first each expression with a buffer and all that is inlined into it; then
/// pointwise units over the same shape are joined where they share data, so that one pass over memory computes several results.
/// </summary>
internal static class Grouping
{
    private const int MostOutputs = 6;
    private const int MostCost = 64;

    /// <summary>The units of the graph in an order in which they can run; effects keep the order of the graph.</summary>
    public static List<Unit> Group(Outline outline, Func<Expr, bool> isUpdate)
    {
        var owner = new Dictionary<Expr, Unit>(ReferenceEqualityComparer.Instance);
        var units = new List<Unit>();
        Unit? effect = null;
        var after = new Dictionary<Unit, Unit>();
        foreach (Expr node in outline.Order)
        {
            if (!Outline.IsComputed(node) || !outline.HasBuffer(node))
            {
                continue;
            }
            Unit unit = Single(node, outline);
            if (node.Op is EffectOp)
            {
                if (effect is not null)
                {
                    after[unit] = effect;
                }
                effect = unit;
            }
            Unit? partner = unit.IsPointwise || unit.IsReduction ? Partner(unit, units, owner, after, isUpdate, outline) : unit.Maxima is [var maximum] ? OfSameMaximum(unit, maximum, units, owner, after, isUpdate) : null;
            if (partner is not null)
            {
                partner.Roots.Add(node);
                partner.Maxima.AddRange(unit.Maxima);
                partner.Cost += unit.Cost;
                partner.Reads.UnionWith(unit.Reads);
                partner.Reads.ExceptWith(partner.Roots);
                owner[node] = partner;
                continue;
            }
            units.Add(unit);
            owner[node] = unit;
        }
        FindInner(units, outline);
        return Sorted(units, owner, after);
    }

    private static void FindInner(List<Unit> units, Outline outline)
    {
        var read = new HashSet<Expr>(units.SelectMany(unit => unit.Reads), ReferenceEqualityComparer.Instance);
        foreach (Unit unit in units.Where(unit => unit.Roots.Count > 1))
        {
            unit.Inner.UnionWith(unit.Roots.Where(root => !outline.IsResult(root) && !read.Contains(root)));
        }
    }

    private static Unit Single(Expr node, Outline outline)
    {
        Expr? contraction = outline.ContractionOf(node);
        bool loops = false;
        var unit = new Unit(node) { Contraction = contraction, IsReduction = contraction is null && outline.ReductionOf(node) is { } reduction && Outline.IsAlongRows(reduction) };
        var pending = new Stack<Expr>([node]);
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance) { node };
        while (pending.TryPop(out Expr? inner))
        {
            loops |= inner.Op is not (Pointwise or Duplicate) && Meaning.Cost(inner) > 0;
            unit.Cost += Meaning.Cost(inner);
            if (Meaning.IsMaximum(inner))
            {
                unit.Maxima.Add(inner);
            }
            foreach (Expr input in inner.Inputs)
            {
                if (outline.HasBuffer(input))
                {
                    unit.Reads.Add(Holder(input));
                }
                else if (seen.Add(input))
                {
                    pending.Push(input);
                }
            }
        }
        bool pointwise = !loops && contraction is null && node.Op is FormulaOp && node.Tensor.Rank > 0;
        return pointwise ? AsPointwise(unit) : unit;
    }

    private static Unit AsPointwise(Unit unit)
    {
        var copy = new Unit(unit.Roots) { IsPointwise = true, Cost = unit.Cost };
        copy.Reads.UnionWith(unit.Reads);
        return copy;
    }

    /// <summary>An item is held by the tuple that makes it.</summary>
    private static Expr Holder(Expr node) => node.Op is Ops.Item ? node.Inputs[0] : node;

    private static Unit? Partner(Unit unit, List<Unit> units, Dictionary<Expr, Unit> owner, Dictionary<Unit, Unit> after, Func<Expr, bool> isUpdate, Outline outline)
    {
        Expr root = unit.Roots[0];
        for (int k = units.Count - 1; k >= Math.Max(0, units.Count - 64); k--)
        {
            Unit candidate = units[k];
            bool shares = (unit.IsReduction ? candidate.IsReduction && SumsAlike(candidate, unit, outline) : candidate.IsPointwise || Hosts(candidate, unit, outline)) && candidate.Roots[0].Shape.Equals(root.Shape)
                && candidate.Roots.Count < MostOutputs && candidate.Cost + unit.Cost <= MostCost
                && isUpdate(candidate.Roots[0]) == isUpdate(root)
                && (candidate.Roots.Any(unit.Reads.Contains) || candidate.Reads.Overlaps(unit.Reads))
                && ReadsInPlace(root, candidate.Roots, outline);
            if (shares && !ReachesThroughOthers(unit, candidate, owner, after))
            {
                return candidate;
            }
        }
        return null;
    }

    /// <summary>The unit that finds the maximum whose position a unit asks for, or the other way round: the position is needed by the gradient only, but the image is then read once, and need not be kept for it.</summary>
    private static Unit? OfSameMaximum(Unit unit, Expr maximum, List<Unit> units, Dictionary<Expr, Unit> owner, Dictionary<Unit, Unit> after, Func<Expr, bool> isUpdate) =>
        units.Find(candidate => candidate.Maxima is [var other] && isUpdate(candidate.Roots[0]) == isUpdate(unit.Roots[0]) && Meaning.HaveSameMaxima(maximum, other) && candidate.Roots[0].Shape.Equals(unit.Roots[0].Shape) && !ReachesThroughOthers(unit, candidate, owner, after));

    /// <summary>
    /// Whether two units sum over the same axes of arrays alike, of which they share one: then what one has read is in the cache when the other reads it. They
    /// are many, so that threads have enough to do without sharing one out.
    /// </summary>
    private static bool SumsAlike(Unit candidate, Unit unit, Outline outline)
    {
        Expr one = outline.ReductionOf(candidate.Roots[0])!, other = outline.ReductionOf(unit.Roots[0])!;
        Shape shape = one.Inputs[0].Shape;
        return ((Ops.ReductionOp)one.Op).Axes.Equals(((Ops.ReductionOp)other.Op).Axes) && shape.Equals(other.Inputs[0].Shape)
            && unit.Roots[0].Shape.Elements is { IsConstant: true, Constant: >= SharedReduction.ManyResults }
            && candidate.Reads.Any(read => unit.Reads.Contains(read) && read.Type is TensorType { Shape: var whole } && whole.Equals(shape));
    }

    /// <summary>
    /// Whether a unit may be computed in the store of a contraction, behind what is stored there already, as an optimiser's new weights beside its new velocities:
    /// it reads that, and nothing else but elements beside it and what is broadcast, so that the store keeps its lanes.
    /// </summary>
    private static bool Hosts(Unit candidate, Unit unit, Outline outline)
    {
        if (candidate.Contraction is not { } contraction || unit.Roots[0].DType != contraction.DType || !candidate.Roots.Exists(unit.Reads.Contains))
        {
            return false;
        }
        var pending = new Stack<Expr>(unit.Roots);
        while (pending.TryPop(out Expr? node))
        {
            if (node.Op is not (Pointwise or Duplicate or Ops.Broadcast or Ops.Full))
            {
                return false;
            }
            foreach (Expr input in node.Inputs.Where(input => !outline.HasBuffer(input)))
            {
                pending.Push(input);
            }
        }
        return true;
    }

    /// <summary>Whether the root reads the candidate's results only at its own index: through pointwise ops, not movement.</summary>
    private static bool ReadsInPlace(Expr root, List<Expr> results, Outline outline)
    {
        var pending = new Stack<(Expr Node, bool Moved)>([(root, false)]);
        var seen = new HashSet<(Expr, bool)>();
        while (pending.TryPop(out (Expr Node, bool Moved) top))
        {
            foreach (Expr input in top.Node.Inputs)
            {
                bool moved = top.Moved || top.Node.Op is not (Pointwise or Duplicate);
                if (results.Any(r => ReferenceEquals(r, input)))
                {
                    if (moved)
                    {
                        return false;
                    }
                    continue;
                }
                if (!outline.HasBuffer(input) && seen.Add((input, moved)))
                {
                    pending.Push((input, moved));
                }
            }
        }
        return true;
    }

    /// <summary>Whether the unit needs, through some third unit, what the candidate computes: then joining them would make a cycle.</summary>
    private static bool ReachesThroughOthers(Unit unit, Unit candidate, Dictionary<Expr, Unit> owner, Dictionary<Unit, Unit> after)
    {
        var seen = new HashSet<Unit>();
        var pending = new Stack<Unit>(Needs(unit, owner, after).Where(u => u != candidate));
        while (pending.TryPop(out Unit? needed))
        {
            if (needed == candidate)
            {
                return true;
            }
            if (seen.Add(needed))
            {
                foreach (Unit further in Needs(needed, owner, after))
                {
                    pending.Push(further);
                }
            }
        }
        return false;
    }

    private static IEnumerable<Unit> Needs(Unit unit, Dictionary<Expr, Unit> owner, Dictionary<Unit, Unit> after)
    {
        foreach (Expr read in unit.Reads)
        {
            if (owner.TryGetValue(read, out Unit? made) && made != unit)
            {
                yield return made;
            }
        }
        if (after.TryGetValue(unit, out Unit? previous))
        {
            yield return previous;
        }
    }

    /// <summary>Topological, and otherwise in the order in which the units were found.</summary>
    private static List<Unit> Sorted(List<Unit> units, Dictionary<Expr, Unit> owner, Dictionary<Unit, Unit> after)
    {
        var done = new HashSet<Unit>();
        var sorted = new List<Unit>();
        foreach (Unit start in units)
        {
            var stack = new Stack<(Unit Unit, IEnumerator<Unit> Needs)>();
            if (done.Add(start))
            {
                stack.Push((start, Needs(start, owner, after).GetEnumerator()));
            }
            while (stack.TryPeek(out (Unit Unit, IEnumerator<Unit> Needs) top))
            {
                if (top.Needs.MoveNext())
                {
                    if (done.Add(top.Needs.Current))
                    {
                        stack.Push((top.Needs.Current, Needs(top.Needs.Current, owner, after).GetEnumerator()));
                    }
                    continue;
                }
                sorted.Add(stack.Pop().Unit);
            }
        }
        return sorted;
    }
}
