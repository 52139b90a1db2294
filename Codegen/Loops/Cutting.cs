namespace Symbolic.Codegen;

/// <summary>
/// Cuts a space where border guards change: x &lt; border is true on one side and false on the other, so that each side is a loop without the
/// guard, which can use lanes. A concatenation becomes a copy of each part, a padded image its borders and its middle.
/// </summary>
internal static class Cutting
{
    // What is written once for each piece; a kernel with more keeps its guards.
    private const int MostPieces = 64;
    private const int MostElements = 6000;

    /// <summary>The pieces of the space, in order; one if there is nothing to cut. Pieces that would only store what is there already are left out.</summary>
    /// <param name="space">The indices, outermost first.</param>
    /// <param name="stores">What is stored at each point.</param>
    /// <param name="last">Whether the last index is cut too where lanes could leave out what its guards protect.</param>
    public static List<(Seq<LoopIndex> Space, Seq<Store> Stores)> Cut(Seq<LoopIndex> space, Seq<Store> stores, bool last)
    {
        var pieces = new List<(Seq<LoopIndex>, Seq<Store>)>();
        var pending = new Stack<(Seq<LoopIndex> Space, Seq<Store> Stores)>([(space, stores)]);
        int elements = 0;
        while (pending.TryPop(out (Seq<LoopIndex> Space, Seq<Store> Stores) top))
        {
            elements += Elements.All(top.Stores.Select(s => s.Value)).Count;
            if (pieces.Count + pending.Count > MostPieces || elements > MostElements)
            {
                return [(space, stores)];
            }
            if (Find(top.Space, top.Stores, last) is not { } cut)
            {
                Seq<Store> useful = top.Stores.Where(store => !IsThere(store)).ToSeq();
                if (useful.Count > 0 && !top.Space.Any(i => i.Extent.Is(0)))
                {
                    pieces.Add((top.Space, useful));
                }
                continue;
            }
            for (int k = cut.Borders.Count; k >= 0; k--)
            {
                pending.Push(Piece(top.Space, top.Stores, cut, k));
            }
        }
        return pieces;
    }

    /// <summary>A variable updated in place needs no store of what it has.</summary>
    private static bool IsThere(Store store) => store.Value is Element.Read read && read.Operand == store.Buffer && read.At[0].Equals(store.Offset);

    /// <summary>Where to cut an index, and what is known of conditions: those with a border hold below it or from it on.</summary>
    private sealed record Place(LoopIndex Index, List<Dim> Borders, Dictionary<Element, (Dim Border, bool HoldsBelow)> Conditions, bool IsInside = false);

    private static Place? Find(Seq<LoopIndex> space, Seq<Store> stores, bool last)
    {
        LoopIndex? lane = last ? null : space.LastOrDefault(i => !i.Extent.Is(1));
        if (lane is not null && !Elements.All(stores.Select(s => s.Value)).Where(Elements.IsGuard).All(guard => Elements.IsMaskable(guard, lane)))
        {
            lane = null;
        }
        List<Element> conditions = Conditions(stores);
        // What depends on no index, such as whether an axis has elements at all, is true for all of an index or for none.
        foreach (Element condition in conditions)
        {
            if (space.Count > 0 && Elements.Margin(condition) is { } margin && !margin.Symbols.Any(s => s is LoopIndex or ElementIndex))
            {
                Dim all = space[0].Extent * Dim.Min(1, Dim.Max(0, margin + 1));
                return new Place(space[0], [all], new(ReferenceEqualityComparer.Instance) { [condition] = (all, true) }, IsInside: true);
            }
        }
        foreach (LoopIndex index in space.Where(i => !i.Extent.Is(1) && i != lane))
        {
            var place = new Place(index, [], new(ReferenceEqualityComparer.Instance));
            foreach (Element condition in conditions)
            {
                if (Border(condition, index) is var (border, holdsBelow) && Insert(place.Borders, border) is { } known)
                {
                    place.Conditions[condition] = (known, holdsBelow);
                }
            }
            if (place.Borders.Count > 0)
            {
                return place;
            }
        }
        return null;
    }

    /// <summary>The comparisons in border guards, but not those within loops of their own or within an index.</summary>
    private static List<Element> Conditions(Seq<Store> stores)
    {
        var found = new List<Element>();
        var seen = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        void Visit(Element element, bool isCondition)
        {
            if (element is Element.Reduce or Element.Read or Element.IndexValue || !seen.Add(element))
            {
                return;
            }
            if (isCondition && element is Element.Call { Function: Intrinsic.Less or Intrinsic.LessOrEqual })
            {
                found.Add(element);
            }
            bool guards = Elements.IsGuard(element);
            foreach ((Element part, int i) in Elements.Parts(element).Select((part, i) => (part, i)))
            {
                Visit(part, isCondition ? element is Element.Call { Function: Intrinsic.And } : guards && i == 0);
            }
        }
        foreach (Store store in stores)
        {
            Visit(store.Value, false);
        }
        return found;
    }

    /// <summary>The first value of the index from which on the condition holds, or no longer holds; null if it depends on other indices.</summary>
    private static (Dim Border, bool HoldsBelow)? Border(Element condition, LoopIndex index)
    {
        if (Elements.Margin(condition) is not { } margin || !margin.Contains(index) || margin.Linear(index) is not ({ IsConstant: true } step, var rest)
            || rest.Symbols.Any(s => s is LoopIndex or ElementIndex))
        {
            return null;
        }
        return step.Constant > 0 ? ((-rest).CeilDiv(step), false) : (rest.FloorDiv(-step) + 1, true);
    }

    /// <summary>The border among the others, in order; null if it is not known which of two comes first.</summary>
    private static Dim? Insert(List<Dim> borders, Dim border)
    {
        if (borders.Find(other => other.Equals(border)) is { } same)
        {
            return same;
        }
        int place = borders.FindIndex(other => other.IsAtLeast(border));
        place = place < 0 ? borders.Count : place;
        if (borders.Take(place).Any(other => !border.IsAtLeast(other)) || borders.Skip(place).Any(other => !other.IsAtLeast(border)))
        {
            return null;
        }
        borders.Insert(place, border);
        return border;
    }

    private static (Seq<LoopIndex>, Seq<Store>) Piece(Seq<LoopIndex> space, Seq<Store> stores, Place cut, int number)
    {
        Dim On(Dim border) => cut.IsInside ? border : Dim.Max(0, Dim.Min(border, cut.Index.Extent));
        Dim first = number == 0 ? 0 : On(cut.Borders[number - 1]), last = number == cut.Borders.Count ? cut.Index.Extent : On(cut.Borders[number]);
        var part = new LoopIndex(cut.Index.Name, last - first);
        Dim Dims(Dim dim) => dim.Contains(cut.Index) ? Moved(dim, cut.Index, part + first) : dim;
        Element? Known(Element element) => cut.Conditions.TryGetValue(element, out (Dim Border, bool HoldsBelow) condition)
            ? new Element.Number(ScalarValue.Of(DType.Bool, number <= cut.Borders.IndexOf(condition.Border) == condition.HoldsBelow ? 1L : 0L))
            : Elements.Margin(element) is { } margin ? Elements.Decided(Dims(margin)) : null;
        Seq<Element> values = Elements.Map(stores.Map(s => s.Value), Dims, over => over, Known);
        return (space.With(space.IndexOf(cut.Index), part), stores.Select((s, k) => new Store(s.Buffer, Dims(s.Offset), values[k])).ToSeq());
    }

    /// <summary>
    /// Cuts where an index plus a constant is divided by a constant: behind the first values, from where the quotient begins anew, and ahead of
    /// the last, so that between them quotient and remainder are loops of their own.
    /// </summary>
    public static List<(Seq<LoopIndex> Space, Seq<Store> Stores)> Align(Seq<LoopIndex> space, Seq<Store> stores)
    {
        var pieces = new List<(Seq<LoopIndex>, Seq<Store>)> { (space, stores) };
        foreach (LoopIndex index in space.Where(i => i.Extent.IsConstant))
        {
            if (Splitting.Quotient(index, stores.Select(s => s.Value)) is not var (shift, divisor) || index.Extent.Constant < divisor)
            {
                continue;
            }
            long first = (((-shift) % divisor) + divisor) % divisor, last = first + ((index.Extent.Constant - first) / divisor * divisor);
            if (first == 0 && last == index.Extent.Constant)
            {
                continue;
            }
            var place = new Place(index, [first, last], []);
            pieces = [.. pieces.SelectMany(piece => Enumerable.Range(0, 3).Select(k => Piece(piece.Item1, piece.Item2, place, k))).Where(piece => !piece.Item1.Any(i => i.Extent.Is(0)))];
        }
        return pieces;
    }

    private static Dim Moved(Dim dim, LoopIndex index, Dim to) => dim.Substitute(symbol => symbol.Equals(index) ? to : null);
}
