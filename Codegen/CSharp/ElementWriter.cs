using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// Writes element formulas as C# statements. Each distinct element becomes one local, declared in the outermost loop in which all
/// indices that it depends on have values; only what a border guard protects is written in place.
/// </summary>
internal sealed partial class ElementWriter(SourceText text, Func<DimSymbol, string> name, DType laneType, Dialect? dialect = null)
{
    private readonly Dialect dialect = dialect ?? Dialect.Cpu;
    private readonly Dictionary<Element, HashSet<DimSymbol>> free = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Element, string> scalars = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Element, string> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Element, string> vectors = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<DimSymbol> bound = [];
    private readonly Stack<List<(Dictionary<Element, string> Values, Element Element)>> scopes = new([[]]);
    private LoopIndex? lane;
    private string lanesLeft = "";
    private string? firstLane;
    private readonly Dictionary<string, (string Local, int Depth)> named = [];
    private int locals;

    /// <summary>The value of the accumulator tile of a contraction, when one is being stored: operand −1.</summary>
    public Func<bool, string>? Tile { get; init; }

    /// <summary>Elements per vector.</summary>
    public int Width { get; init; }

    /// <summary>Names of the truths whether a buffer's stores pass the cache by, where that can be.</summary>
    public Dictionary<int, string> Past { get; } = [];

    /// <summary>Opens a loop over vectors along an index.</summary>
    public void OpenLanes(LoopIndex index, string first, string last, IReadOnlyList<Element> inside, LaneLoop loop = LaneLoop.Any, int vectors = 1)
    {
        string i = name(index), step = vectors == 1 ? "S.Width" : $"{vectors} * S.Width";
        if (loop is LaneLoop.Any or LaneLoop.Whole or LaneLoop.Begun or LaneLoop.Pairs)
        {
            // Ahead of what is copied to all lanes, which would lie on the stack: the first to read tables makes them, by a call.
            ReadTables(index, inside);
        }
        Broadcast(index, inside);
        if (loop is LaneLoop.Begun or LaneLoop.Pairs)
        {
            text.Line($"long {i} = {first};");
        }
        if (loop == LaneLoop.One)
        {
            // A constant, so that the JIT knows which lanes there are.
            text.Block();
            text.Line($"const long {i} = {first};");
        }
        else
        {
            text.Open(loop switch
            {
                LaneLoop.Begun => $"for (; {i} + S.Width <= {last}; {i} += S.Width)",
                LaneLoop.Pairs => $"for (; {i} + 2 * S.Width <= {last}; {i} += 2 * S.Width)",
                LaneLoop.Behind or LaneLoop.WholeBehind => $"for (; {i} < {last}; {i} += S.Width)",
                LaneLoop.Rest => $"if ({i} < {last})",
                _ => $"for (long {i} = {first}; {i} < {last}; {i} += {step})",
            });
        }
        lane = index;
        lanesLeft = loop is LaneLoop.Begun or LaneLoop.Whole or LaneLoop.Pairs or LaneLoop.WholeBehind || (loop == LaneLoop.One && index.Extent.Is(Width)) ? AllLanes : loop == LaneLoop.One ? last : $"{last} - {i}";
        bound.Add(index);
        scopes.Push([]);
    }

    private const string AllLanes = "S.Width";

    /// <summary>Opens a loop over an index and computes what becomes known there.</summary>
    public void OpenLoop(LoopIndex index, string first, string last, IReadOnlyList<Element> inside, int step = 1)
    {
        text.Open($"for (long {name(index)} = {first}; {name(index)} < {last}; {(step == 1 ? $"{name(index)}++" : $"{name(index)} += {step}")})");
        bound.Add(index);
        scopes.Push([]);
        Hoist(inside);
    }

    /// <summary>Closes the loop and forgets what was computed in it.</summary>
    public void CloseLoop(LoopIndex index)
    {
        text.Close();
        bound.Remove(index);
        if (lane == index)
        {
            lane = null;
            tables.Clear();
        }
        foreach (string value in named.Where(n => n.Value.Depth == scopes.Count).Select(n => n.Key).ToList())
        {
            named.Remove(value);
        }
        Forget(scopes.Pop());
    }

    private static void Forget(List<(Dictionary<Element, string> Values, Element Element)> scope)
    {
        foreach ((Dictionary<Element, string> values, Element element) in scope)
        {
            values.Remove(element);
        }
    }

    /// <summary>Says that a read's lanes are known here, by this expression.</summary>
    public void Set(Element read, string lanes) => Declare(vectors, read, lanes);

    /// <summary>Says that an index has a value without a loop of its own here.</summary>
    public void Bind(LoopIndex index) => bound.Add(index);

    /// <summary>Computes now whatever below the roots depends only on indices that have values.</summary>
    public void Hoist(IReadOnlyList<Element> roots)
    {
        foreach (Element element in Available(roots))
        {
            foreach (ElementIndex index in Elements.Indices(element))
            {
                if (Known(index.Value) && !places.ContainsKey(index.Value))
                {
                    string local = $"x{locals++}", place = Place(index);
                    text.Line($"long {local} = {place};");
                    Declare(places, index.Value, local);
                }
            }
            if (element is Element.Read or Element.Call or Element.Reduce && Known(element))
            {
                Scalar(element);
            }
        }
    }

    /// <summary>
    /// The name of an index or size. An index that is data is an expression where it has no local of its own, such as behind a guard, ahead of which
    /// it must not be read.
    /// </summary>
    private string Place(DimSymbol symbol) => second && symbol == lane ? $"({name(symbol)} + S.Width)"
        : symbol is not ElementIndex index ? name(symbol)
        : places.TryGetValue(index.Value, out string? known) ? known
        : $"System.Math.Max(0L, System.Math.Min({Inline(index.Value)}, {Spelling.Index(index.Extent - 1, Place)}))";

    /// <summary>Copies to all lanes what does not depend on the lane but meets something that does.</summary>
    private void Broadcast(LoopIndex index, IReadOnlyList<Element> roots)
    {
        Hoist(roots);
        foreach (Element element in Available(roots))
        {
            if (!Free(element).Contains(index) || Elements.IsGuard(element))
            {
                continue;
            }
            foreach (Element part in Elements.Parts(element))
            {
                if (!Free(part).Contains(index) && Known(part) && part.DType == laneType && element is not Element.Call { Function: Intrinsic.Cast })
                {
                    Spread(part);
                }
            }
        }
    }

    /// <summary>The value of an element as a C# expression of its own dtype.</summary>
    public string Scalar(Element element)
    {
        if (element is Element.Number number)
        {
            return dialect.Number(number.Value);
        }
        if (element is Element.IndexValue index)
        {
            return Spelling.Index(index.Index, Place);
        }
        if (scalars.TryGetValue(element, out string? known))
        {
            return known;
        }
        string value = element switch
        {
            Element.Reduce { Kind: Reduction.ArgMax } reduce => LanesInReductions && lane is null && reduce.Body.DType == laneType ? Greatest(reduce).Position : ArgMax(reduce),
            Element.Reduce reduce => Reduce(reduce, lanes: false),
            Element.Call call when Elements.IsGuard(call) => Inline(call),
            Element.Call call => dialect.Call(call, [.. call.Arguments.Select(Scalar)]),
            Element.Read read => Load(read),
            _ => throw new UnreachableException($"{element}"),
        };
        string local = $"t{locals++}";
        text.Line($"{Spelling.Local(element.DType)} {local} = {value};");
        return Declare(scalars, element, local);
    }

    /// <summary>The value of an element in all lanes, as a C# expression.</summary>
    public string Lanes(Element element)
    {
        if (vectors.TryGetValue(element, out string? known))
        {
            return known;
        }
        if (lane is null || !Free(element).Contains(lane))
        {
            return Spread(element);
        }
        string value = Elements.IsGuard(element) ? Guarded((Element.Call)element) : LanesOf(element, Lanes);
        string local = $"v{locals++}";
        text.Line($"V {local} = {value};");
        return Declare(vectors, element, local);
    }

    private string LanesOf(Element element, Func<Element, string> lanes) => element switch
    {
        _ when stored.TryGetValue(element, out int row) => $"S.Load({InStage(row)})",
        Element.Read { Operand: -1 } => Tile!(true),
        Element.Read read => Vectorizing.Stride(read.At[0], lane!) switch
        {
            1 when firstLane is null && lanesLeft == AllLanes => $"S.Load(b{read.Operand} + {Spelling.Index(read.At[0], Place)})",
            1 when firstLane is null => $"S.Load(b{read.Operand} + {Spelling.Index(read.At[0], Place)}, {lanesLeft})",
            1 => $"S.LoadMasked(b{read.Operand} + {Spelling.Index(read.At[0], Place)}, {LaneMask})",
            long stride => $"S.LoadStrided(b{read.Operand} + {Spelling.Index(read.At[0], Place)}, {stride}, {LaneRange})",
            _ => throw new UnreachableException($"{read}"),
        },
        Element.Call { Function: Intrinsic.Cast } cast when cast.Arguments[0] is Element.IndexValue index => $"S.Index(({Spelling.Memory(laneType)}){Spelling.Index(index.Index, Place)})",
        Element.Call { Function: Intrinsic.Cast } cast when cast.Arguments[0] is Element.Read { DType: DType.Int32 } read => $"S.FromInt32(b{read.Operand} + {Spelling.Index(read.At[0], Place)}, {LaneRange})",
        Element.Call { Function: Intrinsic.Cast, DType: DType.Bool } cast => $"S.NotEqual({lanes(cast.Arguments[0])}, S.Create(0))",
        Element.Call { Function: Intrinsic.Cast } cast => $"S.Select({lanes(cast.Arguments[0])}, S.Create(1), S.Create(0))",
        Element.Call call when Vectorizing.Place(call, lane!) is var (number, index) => LaneIntrinsics.Spell(call, [$"S.Create(({Spelling.Memory(laneType)}){Scalar(number)})", $"S.Index(({Spelling.Memory(laneType)}){Spelling.Index(index, Place)})"]),
        Element.Call call => Fused(call, lanes) ?? Spell(call, [.. call.Arguments.Select(lanes)]),
        Element.Reduce { Kind: Reduction.ArgMax } reduce => ArgMaxLanes(reduce),
        Element.Reduce reduce => Reduce(reduce, lanes: true),
        _ => throw new UnreachableException($"{element}"),
    };

    private string LaneMask => Named("V", "m", $"S.Between({LaneRange})");

    private string LaneRange => firstLane is null ? lanesLeft : $"{firstLane}, {lanesLeft}";

    /// <summary>Lanes behind a guard, as one expression, so that nothing is read ahead of its condition.</summary>
    private string Guarded(Element element) => element switch
    {
        _ when vectors.TryGetValue(element, out string? known) => known,
        _ when !Free(element).Contains(lane!) && element.DType == DType.Bool => $"S.NotEqual(S.Create({Inline(element)} ? 1 : 0), S.Create(0))",
        _ when !Free(element).Contains(lane!) => $"S.Create({Inline(element)})",
        Element.Call call when Elements.IsGuard(call) && Free(call.Arguments[0]).Contains(lane!) => Masked(call),
        Element.Call call when Elements.IsGuard(call) => $"({Inline(call.Arguments[0])} ? {Guarded(call.Arguments[1])} : {Guarded(call.Arguments[2])})",
        _ => LanesOf(element, Guarded),
    };

    /// <summary>Lanes of which a guard leaves out some from either end: there what it protects is not read.</summary>
    private string Masked(Element.Call guard)
    {
        Dim? first = null, last = null;
        var shared = new List<Element>();
        foreach (Element comparison in Elements.Comparisons(guard.Arguments[0]))
        {
            if (Elements.Margin(comparison) is not { } margin || margin.Linear(lane!) is not ({ IsConstant: true } step, var rest) || step.Constant == 0)
            {
                shared.Add(comparison);
                continue;
            }
            // The margin is at least 0 from a value of the lane's index on, or below one.
            (first, last) = step.Constant > 0
                ? ((-rest).CeilDiv(step) is var from && first is { } f ? Dim.Max(f, from) : from, last)
                : (first, rest.FloorDiv(-step) + 1 is var to && last is { } l ? Dim.Min(l, to) : to);
        }
        (string? outerFirst, string outerLeft) = (firstLane, lanesLeft);
        string at = name(lane!);
        firstLane = first is null ? outerFirst ?? "0L" : $"{Spelling.Index(first, Place)} - {at}" is var border && outerFirst is null ? border : $"System.Math.Max({outerFirst}, {border})";
        lanesLeft = last is null ? outerLeft : $"System.Math.Min({outerLeft}, {Spelling.Index(last, Place)} - {at})";
        firstLane = Named("long", "f", firstLane);
        lanesLeft = last is null ? lanesLeft : Named("long", "l", lanesLeft);
        string within = Guarded(guard.Arguments[1]), mask = LaneMask;
        (firstLane, lanesLeft) = (outerFirst, outerLeft);
        string otherwise = Guarded(guard.Arguments[2]);
        // What is loaded through the mask is 0 elsewhere.
        if (!(guard.Arguments is [_, Element.Read { DType: not DType.Int32 } read, Element.Number { Value.Bits: var bits }] && bits == 0 && Free(read).Contains(lane!) && !vectors.ContainsKey(read)))
        {
            within = $"S.Select({mask}, {within}, {otherwise})";
        }
        return shared.Count == 0 ? within : $"({string.Join(" & ", shared.Select(Inline))} ? {within} : {otherwise})";
    }

    /// <summary>A value that has a local of its own, unless it is a constant.</summary>
    private string Named(string type, string prefix, string value)
    {
        if (value == "0L")
        {
            return value;
        }
        if (!named.TryGetValue(value, out (string Local, int Depth) known))
        {
            known = ($"{prefix}{locals++}", scopes.Count);
            text.Line($"{type} {known.Local} = {value};");
            named[value] = known;
        }
        return known.Local;
    }

    /// <summary>Writes the stores of a piece at the point, or at the lanes, that the open loops have come to.</summary>
    public void Store(Piece piece, Nest nest, bool lanes)
    {
        foreach (Store store in piece.Stores)
        {
            // All values before the first store: where shared variables are updated in place, one root's target is what another reads.
            _ = lanes ? Lanes(Vectorizing.Whole(store.Value) ?? store.Value) : Scalar(store.Value);
        }
        for (int i = 0; i < piece.Stores.Count; i++)
        {
            Store store = piece.Stores[i];
            if (lanes && i + 1 < piece.Stores.Count && ArePair(store, piece.Stores[i + 1]))
            {
                StorePair(store, piece.Stores[++i]);
                continue;
            }
            Store(store, store.Buffer < PassingRows.FirstSlot ? nest.Buffers[store.Buffer].DType : store.Value.DType, lanes);
        }
    }

    /// <summary>Writes a store of one value, or of as many lanes as are left.</summary>
    public void Store(Store store, DType dtype, bool lanes)
    {
        string at = Spelling.Index(store.Offset, Place);
        if (lanes)
        {
            long stride = Vectorizing.Stride(store.Offset, lane!) ?? throw new UnreachableException($"{store}");
            text.Line(Vectorizing.Whole(store.Value) is { } whole ? $"S.StoreInt32(b{store.Buffer} + {at}, {Lanes(whole)}, {lanesLeft});"
                : stride == 1 && Past.TryGetValue(store.Buffer, out string? past) ? $"S.StorePast(b{store.Buffer} + {at}, {Lanes(store.Value)}, {lanesLeft}, {past});"
                : stride == 1 && lanesLeft == AllLanes ? $"S.Store(b{store.Buffer} + {at}, {Lanes(store.Value)});"
                : stride == 1 ? $"S.Store(b{store.Buffer} + {at}, {Lanes(store.Value)}, {lanesLeft});"
                : $"S.StoreStrided(b{store.Buffer} + {at}, {stride}, {Lanes(store.Value)}, {lanesLeft});");
            return;
        }
        string value = Scalar(store.Value);
        text.Line($"b{store.Buffer}[{at}] = {dialect.ToMemory(dtype, value)};");
    }

    /// <summary>Whether two stores are of neighbours, two apart from lane to lane, which are written interleaved.</summary>
    private bool ArePair(Store even, Store odd) => even.Buffer == odd.Buffer && (odd.Offset - even.Offset).Is(1) && Vectorizing.Stride(even.Offset, lane!) == 2
        && Vectorizing.Whole(even.Value) is null;

    /// <summary>Writes two such stores.</summary>
    private void StorePair(Store even, Store odd) =>
        text.Line($"S.StorePair(b{even.Buffer} + {Spelling.Index(even.Offset, Place)}, {Lanes(even.Value)}, {Lanes(odd.Value)}, {lanesLeft});");

    private string Spread(Element element)
    {
        if (vectors.TryGetValue(element, out string? known))
        {
            return known;
        }
        string value = element.DType == DType.Bool ? $"S.NotEqual(S.Create({Scalar(element)} ? 1 : 0), S.Create(0))" : $"S.Create({Scalar(element)})";
        string local = $"v{locals++}";
        text.Line($"V {local} = {value};");
        return Declare(vectors, element, local);
    }

    private string Load(Element.Read read)
    {
        if (read.Operand == -1)
        {
            return Tile!(false);
        }
        return dialect.FromMemory(read.DType, $"b{read.Operand}[{Spelling.Index(read.At[0], Place)}]");
    }

    /// <summary>A guarded value and what it guards as one expression, so that nothing is read ahead of its condition.</summary>
    private string Inline(Element element) => element switch
    {
        _ when scalars.TryGetValue(element, out string? known) => known,
        Element.Number or Element.IndexValue => Scalar(element),
        Element.Read read => Load(read),
        Element.Call call => dialect.Call(call, [.. call.Arguments.Select(Inline)]),
        _ => throw new UnreachableException($"a loop behind a border guard: {element}"),
    };

    /// <summary>The elements below the roots, parts first, without what a guard protects, a reduction loops over, or an earlier stage has stored.</summary>
    private List<Element> Available(IReadOnlyList<Element> roots)
    {
        var all = new List<Element>();
        var seen = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        void Visit(Element element)
        {
            if (!seen.Add(element))
            {
                return;
            }
            if (!Elements.IsGuard(element) && !stored.ContainsKey(element))
            {
                foreach (Element part in Elements.Parts(element))
                {
                    Visit(part);
                }
            }
            all.Add(element);
        }
        foreach (Element root in roots)
        {
            Visit(root);
        }
        return all;
    }

    private bool Known(Element element) => Free(element).IsSubsetOf(bound) && (lane is null || !Free(element).Contains(lane)) && !HasTile(element);

    private bool HasTile(Element element) => Tile is not null && Elements.All([element]).Any(e => e is Element.Read { Operand: -1 });

    private HashSet<DimSymbol> Free(Element element)
    {
        if (free.TryGetValue(element, out HashSet<DimSymbol>? known))
        {
            return known;
        }
        foreach (Element inner in Elements.All([element]))
        {
            if (!free.ContainsKey(inner))
            {
                free[inner] = Elements.Free(inner, e => free[e]);
            }
        }
        return free[element];
    }

    private string Declare(Dictionary<Element, string> values, Element element, string local)
    {
        values[element] = local;
        scopes.Peek().Add((values, element));
        return local;
    }
}

/// <summary>How a loop over vectors ends.</summary>
internal enum LaneLoop
{
    /// <summary>The last vector may be filled in part.</summary>
    Any,
    /// <summary>All vectors are filled.</summary>
    Whole,
    /// <summary>There is one vector, which may be filled in part.</summary>
    One,
    /// <summary>All vectors that are filled; <see cref="Rest"/> follows.</summary>
    Begun,
    /// <summary>The one behind them, if there is any.</summary>
    Rest,
    /// <summary>Two vectors at once, all filled; <see cref="Behind"/> or <see cref="WholeBehind"/> follows.</summary>
    Pairs,
    /// <summary>What pairs leave, of which the last vector may be filled in part.</summary>
    Behind,
    /// <summary>What pairs leave, all filled.</summary>
    WholeBehind,
}
