namespace Symbolic.Codegen;

/// <summary>
/// Joins neighbouring loops into one where every access steps through them as through one longer axis, so that inner loops are long
/// and indices need no division.
/// </summary>
internal static class Collapsing
{
    /// <summary>The space and stores with neighbouring space loops and reduction loops joined where possible.</summary>
    /// <param name="space">The indices of the space.</param>
    /// <param name="stores">What is stored.</param>
    /// <param name="apart">Names of loops of the space that are not joined with the next one inside.</param>
    public static (Seq<LoopIndex> Space, Seq<Store> Stores) Collapse(Seq<LoopIndex> space, Seq<Store> stores, Seq<string>? apart = null)
    {
        while (FindPair(space, stores, apart ?? []) is var (outer, inner))
        {
            var joined = new LoopIndex(inner.Name, outer.Extent * inner.Extent);
            Dim Dims(Dim dim) => dim.Contains(outer) || dim.Contains(inner) ? dim.Substitute(s => s == outer ? 0 : s == inner ? (Dim)joined : null) : dim;
            Seq<LoopIndex> Join(Seq<LoopIndex> over) => over.Where(i => i != outer).Select(i => i == inner ? joined : i).ToSeq();
            Seq<Element> values = Elements.Map(stores.Map(s => s.Value), Dims, Join);
            stores = stores.Select((s, k) => new Store(s.Buffer, Dims(s.Offset), values[k])).ToSeq();
            space = Join(space);
        }
        return (space, stores);
    }

    private static (LoopIndex Outer, LoopIndex Inner)? FindPair(Seq<LoopIndex> space, Seq<Store> stores, Seq<string> apart)
    {
        List<Element> all = Elements.All(stores.Select(s => s.Value));
        List<Dim> offsets = [.. stores.Select(s => s.Offset), .. all.OfType<Element.Read>().Where(r => r.Operand >= 0).SelectMany(r => r.At)];
        List<Dim> values = [.. all.OfType<Element.IndexValue>().Select(v => v.Index)];
        IEnumerable<Seq<LoopIndex>> lists = [space, .. all.OfType<Element.Reduce>().Where(r => r.Kind != Reduction.ArgMax).Select(r => r.Over)];
        foreach (Seq<LoopIndex> list in lists)
        {
            for (int i = list.Count - 1; i > 0; i--)
            {
                LoopIndex outer = list[i - 1], inner = list[i];
                // A joined loop has the name of the inner one.
                if (!apart.Contains(outer.Name) && !values.Any(v => v.Contains(outer) || v.Contains(inner)) && offsets.All(o => StepsAsOne(o, outer, inner)))
                {
                    return (outer, inner);
                }
            }
        }
        return null;
    }

    private static bool StepsAsOne(Dim offset, LoopIndex outer, LoopIndex inner) =>
        offset.Linear(outer) is var (outerStride, _) && offset.Linear(inner) is var (innerStride, _) && outerStride.Equals(innerStride * inner.Extent);
}
