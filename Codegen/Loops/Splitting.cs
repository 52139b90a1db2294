namespace Symbolic.Codegen;

/// <summary>
/// Splits a loop whose index is divided by a constant, x = s·outer + inner, so that x / s and x mod s become plain indices: what
/// reads one element for s neighbours then steps through memory evenly and can use lanes.
/// </summary>
internal static class Splitting
{
    /// <summary>The space and stores with such loops split.</summary>
    public static (Seq<LoopIndex> Space, Seq<Store> Stores) Split(Seq<LoopIndex> space, Seq<Store> stores)
    {
        for (int axis = 0; axis < space.Count; axis++)
        {
            LoopIndex index = space[axis];
            if (Divisor(index, stores.Select(s => s.Value)) is not { } divisor)
            {
                continue;
            }
            (LoopIndex outer, LoopIndex inner) = Parts(index, divisor);
            Dim Dims(Dim dim) => dim.Contains(index) ? dim.Substitute(s => s == index ? (Dim)outer * divisor + inner : null) : dim;
            Seq<Element> values = Elements.Map(stores.Map(s => s.Value), Dims, over => over);
            stores = stores.Select((s, k) => new Store(s.Buffer, Dims(s.Offset), values[k])).ToSeq();
            // The last loop becomes lanes, which should step through what is read: so the inner index goes outside there.
            bool last = axis == space.Count - 1;
            space = [.. space[..axis], last ? inner : outer, last ? outer : inner, .. space[(axis + 1)..]];
            axis++;
        }
        return (space, stores);
    }

    /// <summary>
    /// The indices of a space with those split that a formula divides, and each axis's place in terms of them: so the channels of a grouped
    /// convolution become groups and channels within. Those whose remainder is asked to be 0 stay: they are places of a transposed convolution.
    /// </summary>
    public static (Seq<LoopIndex> Space, Seq<Dim> At) Split(Seq<LoopIndex> space, Element formula)
    {
        var indices = new List<LoopIndex>();
        var at = new List<Dim>();
        foreach (LoopIndex index in space)
        {
            bool mustBeWhole = Elements.All([formula]).Any(e => e is Element.Call { Function: Intrinsic.Equal } equal && equal.Arguments.Any(x => x is Element.IndexValue value && value.Index.Contains(index)));
            if (!mustBeWhole && Divisor(index, [formula]) is { } divisor && divisor > 1)
            {
                (LoopIndex outer, LoopIndex inner) = Parts(index, divisor);
                indices.AddRange([outer, inner]);
                at.Add(((Dim)outer * divisor) + inner);
            }
            else
            {
                indices.Add(index);
                at.Add(index);
            }
        }
        return (indices.ToSeq(), at.ToSeq());
    }

    private static (LoopIndex Outer, LoopIndex Inner) Parts(LoopIndex index, long divisor) => (new($"{index.Name}o", index.Extent.FloorDiv(divisor)), new($"{index.Name}i", divisor));

    /// <summary>The constant by which the index alone is divided somewhere, if it divides the extent and there is no other; else null.</summary>
    private static long? Divisor(LoopIndex index, IEnumerable<Element> values)
    {
        if (!index.Extent.IsConstant)
        {
            return null;
        }
        IEnumerable<Dim> dims = Elements.All(values).SelectMany(e => e switch
        {
            Element.Read read => read.At,
            Element.IndexValue value => [value.Index],
            _ => Enumerable.Empty<Dim>(),
        });
        long? found = null;
        foreach (DimAtom atom in dims.SelectMany(d => d.Terms).SelectMany(t => t.Factors))
        {
            (Dim Dividend, Dim Divisor)? parts = atom switch
            {
                DivAtom(var a, var b) => (a, b),
                ModAtom(var a, var b) => (a, b),
                _ => null,
            };
            if (parts is not var (dividend, by) || !(dividend.Contains(index) || by.Contains(index)))
            {
                continue;
            }
            if (!dividend.Equals((Dim)index) || !by.IsConstant || (found is { } other && other != by.Constant))
            {
                return null;
            }
            found = by.Constant;
        }
        return found is { } divisor && index.Extent.Constant % divisor == 0 ? divisor : null;
    }
}
