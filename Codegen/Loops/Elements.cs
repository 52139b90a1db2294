namespace Symbolic.Codegen;

/// <summary>Walks over element formulas. Formulas share subtrees, so every walk remembers by reference what it has seen.</summary>
internal static class Elements
{
    /// <summary>The direct parts of an element.</summary>
    public static IEnumerable<Element> Parts(Element element) => element switch
    {
        Element.Call call => call.Arguments,
        Element.Reduce reduce => [reduce.Body],
        _ => Indices(element).Select(index => index.Value),
    };

    /// <summary>The indices of a read, or in the value of an index, that are data.</summary>
    public static IEnumerable<ElementIndex> Indices(Element element) => element switch
    {
        Element.Read read => read.At.SelectMany(dim => dim.Symbols).OfType<ElementIndex>(),
        Element.IndexValue index => index.Index.Symbols.OfType<ElementIndex>(),
        _ => [],
    };

    /// <summary>All elements below the roots, parts first, each once.</summary>
    public static List<Element> All(IEnumerable<Element> roots)
    {
        var all = new List<Element>();
        var seen = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        void Visit(Element element)
        {
            if (seen.Add(element))
            {
                foreach (Element part in Parts(element))
                {
                    Visit(part);
                }
                all.Add(element);
            }
        }
        foreach (Element root in roots)
        {
            Visit(root);
        }
        return all;
    }

    /// <summary>
    /// The elements with every index expression mapped; reduction indices are replaced by <paramref name="over"/>, and elements by what is
    /// <paramref name="known"/> of them. Known conditions choose at once.
    /// </summary>
    public static Seq<Element> Map(Seq<Element> roots, Func<Dim, Dim> dim, Func<Seq<LoopIndex>, Seq<LoopIndex>> over, Func<Element, Element?>? known = null)
    {
        var memo = new Dictionary<Element, Element>(ReferenceEqualityComparer.Instance);
        foreach (Element element in All(roots))
        {
            memo[element] = known?.Invoke(element) ?? element switch
            {
                Element.Number => element,
                Element.Read read => read with { At = read.At.Map(dim) },
                Element.IndexValue index => index with { Index = dim(index.Index) },
                Element.Call { Function: Intrinsic.Select } call => Element.Select(memo[call.Arguments[0]], memo[call.Arguments[1]], memo[call.Arguments[2]]),
                Element.Call { Function: Intrinsic.And } call => Element.Both(memo[call.Arguments[0]], memo[call.Arguments[1]]),
                Element.Call { Function: Intrinsic.Add, Arguments: [var a, var b] } call => Decided(a, memo[a], 0) ? memo[b] : Decided(b, memo[b], 0) ? memo[a] : call with { Arguments = [memo[a], memo[b]] },
                Element.Call { Function: Intrinsic.Max, Arguments: [var a, var b] } call => Decided(a, memo[a], double.NegativeInfinity) ? memo[b]
                    : Decided(b, memo[b], double.NegativeInfinity) ? memo[a] : call with { Arguments = [memo[a], memo[b]] },
                Element.Call call => call with { Arguments = call.Arguments.Map(x => memo[x]) },
                Element.Reduce reduce => reduce with { Over = over(reduce.Over), Body = memo[reduce.Body] },
                _ => throw new System.Diagnostics.UnreachableException($"{element}"),
            };
        }
        return roots.Map(root => memo[root]);
    }

    /// <summary>Whether what a guard protected has turned out to be left out, and the number in its place changes no sum or maximum.</summary>
    private static bool Decided(Element before, Element now, double neutral) => IsGuard(before) && now is Element.Number { Value: var value } && !value.DType.IsComplex() && value.ToDouble() == neutral;

    /// <summary>The elements with those that are equal made one, so that what is written for each is written once.</summary>
    public static Seq<Element> Shared(Seq<Element> roots)
    {
        var memo = new Dictionary<Element, Element>(ReferenceEqualityComparer.Instance);
        var leaves = new Dictionary<Element, Element>();
        var calls = new Dictionary<(Intrinsic, DType, string), Element>();
        var numbers = new Dictionary<Element, int>(ReferenceEqualityComparer.Instance);
        foreach (Element element in All(roots))
        {
            Element one = element;
            if (element is Element.Call call)
            {
                Seq<Element> arguments = call.Arguments.Map(x => memo[x]);
                string key = string.Join(" ", arguments.Select(x => numbers[x]));
                one = calls.TryGetValue((call.Function, call.DType, key), out Element? known) ? known : calls[(call.Function, call.DType, key)] = call with { Arguments = arguments };
            }
            else if (element is Element.Reduce reduce)
            {
                one = reduce with { Body = memo[reduce.Body] };
            }
            else
            {
                one = leaves.TryGetValue(element, out Element? known) ? known : leaves[element] = element;
            }
            numbers.TryAdd(one, numbers.Count);
            memo[element] = one;
        }
        return roots.Map(root => memo[root]);
    }

    /// <summary>An element with its index expressions mapped, where conditions of what is then known choose at once.</summary>
    public static Element At(Element element, Func<Dim, Dim> dim) => Map([element], dim, over => over, e => Margin(e) is { } margin ? Decided(dim(margin)) : null)[0];

    /// <summary>The truth of a comparison of this margin, if that is known.</summary>
    public static Element? Decided(Dim margin) =>
        margin.IsAtLeast(0) ? new Element.Number(ScalarValue.Of(DType.Bool, 1L)) : (-margin).IsAtLeast(1) ? new Element.Number(ScalarValue.Of(DType.Bool, 0L)) : null;

    /// <summary>What is at least 0 exactly where a comparison of index values holds; null for anything else.</summary>
    public static Dim? Margin(Element condition) => condition switch
    {
        Element.Call { Function: Intrinsic.Less, Arguments: [Element.IndexValue less, Element.IndexValue more] } => more.Index - less.Index - 1,
        Element.Call { Function: Intrinsic.LessOrEqual, Arguments: [Element.IndexValue less, Element.IndexValue more] } => more.Index - less.Index,
        _ => null,
    };

    /// <summary>The comparisons of a guard, all of which must hold.</summary>
    public static IEnumerable<Element> Comparisons(Element condition) => condition is Element.Call { Function: Intrinsic.And } both ? both.Arguments.SelectMany(Comparisons) : [condition];

    /// <summary>
    /// Whether lanes can do without what a guard protects where it does not hold: the condition limits the lane from below or above, and
    /// there a value stands that reads nothing.
    /// </summary>
    public static bool IsMaskable(Element guard, LoopIndex lane)
    {
        var select = (Element.Call)guard;
        return Comparisons(select.Arguments[0]).All(c => Margin(c) is { } margin
                ? !margin.Contains(lane) || margin.Linear(lane) is ({ IsConstant: true, Constant: not 0 }, _)
                : !All([c]).OfType<Element.IndexValue>().Any(v => v.Index.Contains(lane)))
            && !All([select.Arguments[2]]).Any(e => e is Element.Read or Element.Reduce) && !All([select.Arguments[1]]).Any(e => e is Element.Reduce);
    }

    /// <summary>The loop indices on whose values an element depends, given those of its parts.</summary>
    public static HashSet<DimSymbol> Free(Element element, Func<Element, HashSet<DimSymbol>> known)
    {
        var free = new HashSet<DimSymbol>();
        switch (element)
        {
            case Element.Read read:
                free.UnionWith(read.At.SelectMany(d => d.Symbols).OfType<LoopIndex>());
                break;
            case Element.IndexValue index:
                free.UnionWith(index.Index.Symbols.OfType<LoopIndex>());
                break;
            case Element.Reduce reduce:
                free.UnionWith(known(reduce.Body));
                free.ExceptWith(reduce.Over);
                break;
            default:
                foreach (Element part in Parts(element))
                {
                    free.UnionWith(known(part));
                }
                break;
        }
        return free;
    }

    /// <summary>Whether a select guards a read at the border: then its branches must not be evaluated ahead of the condition.</summary>
    public static bool IsGuard(Element element) => element is Element.Call { Function: Intrinsic.Select } call && IsIndexCondition(call.Arguments[0]);

    private static bool IsIndexCondition(Element condition) => condition switch
    {
        Element.Call { Function: Intrinsic.And } both => both.Arguments.All(IsIndexCondition),
        Element.Call { Function: Intrinsic.Less or Intrinsic.LessOrEqual or Intrinsic.Equal } compare => compare.Arguments.All(x => x is Element.IndexValue),
        _ => false,
    };
}
