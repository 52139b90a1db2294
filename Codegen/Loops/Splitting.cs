namespace Symbolic.Codegen;

/// <summary>
/// Splits a loop whose index is divided by a constant, x = s·outer + inner, so that x / s and x mod s become plain indices: what
/// reads one element for s neighbours then steps through memory evenly and can use lanes.
/// </summary>
internal static class Splitting
{
    /// <summary>The space and stores with such loops split.</summary>
    /// <param name="space">The indices, outermost first.</param>
    /// <param name="stores">What is stored at each point.</param>
    /// <param name="pairs">Whether two neighbours along the last axis become two stores, which lanes write interleaved.</param>
    public static (Seq<LoopIndex> Space, Seq<Store> Stores) Split(Seq<LoopIndex> space, Seq<Store> stores, bool pairs)
    {
        for (int axis = 0; axis < space.Count; axis++)
        {
            LoopIndex index = space[axis];
            if (Divisor(index, stores.Select(s => s.Value)) is not { } divisor)
            {
                continue;
            }
            (LoopIndex outer, LoopIndex inner) = Parts(index, divisor);
            bool last = axis == space.Count - 1;
            if (last && pairs && divisor == 2 && stores.Count <= 2 && stores.All(s => s.Value.DType is DType.Float32 or DType.Float64 && Vectorizing.Stride(s.Offset, index) == 1))
            {
                stores = stores.SelectMany(s => Enumerable.Range(0, 2).Select(half =>
                {
                    Dim Half(Dim dim) => dim.Contains(index) ? dim.Substitute(x => x == index ? ((Dim)outer * 2) + half : null) : dim;
                    return new Store(s.Buffer, Half(s.Offset), Elements.At(s.Value, Half));
                })).ToSeq();
                space = [.. space[..axis], outer];
                continue;
            }
            Dim Dims(Dim dim) => dim.Contains(index) ? dim.Substitute(s => s == index ? (Dim)outer * divisor + inner : null) : dim;
            Seq<Element> values = Elements.Map(stores.Map(s => s.Value), Dims, over => over);
            stores = stores.Select((s, k) => new Store(s.Buffer, Dims(s.Offset), values[k])).ToSeq();
            // The last loop becomes lanes, which should step through what is read: so the inner index goes outside there.
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
    private static long? Divisor(LoopIndex index, IEnumerable<Element> values) =>
        index.Extent.IsConstant && Quotient(index, values) is (0, var divisor) && index.Extent.Constant % divisor == 0 ? divisor : null;

    /// <summary>The constants c and s where the formulas divide i + c by s, i being the index, and nothing else that contains it; else null.</summary>
    public static (long Shift, long Divisor)? Quotient(LoopIndex index, IEnumerable<Element> values)
    {
        IEnumerable<Dim> dims = Elements.All(values).SelectMany(e => e switch
        {
            Element.Read read => read.At,
            Element.IndexValue value => [value.Index],
            _ => Enumerable.Empty<Dim>(),
        });
        (long Shift, long Divisor)? found = null;
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
            if (!(dividend - index).IsConstant || !by.IsConstant || (found is { } other && (other.Divisor != by.Constant || (other.Shift - (dividend - index).Constant) % by.Constant != 0)))
            {
                return null;
            }
            found ??= ((dividend - index).Constant, by.Constant);
        }
        return found;
    }
}
