namespace Symbolic.Codegen;

/// <summary>Decides how a nest uses vectors: along its last space index, along its reductions, or not at all.</summary>
internal static class Vectorizing
{
    /// <summary>A reduction over fewer bytes gains nothing from lanes, which it must combine at its end.</summary>
    private const int FewestBytes = 64;

    /// <summary>Fewer lines or columns than these are not turned in tiles.</summary>
    private const long FewestLines = 4;

    /// <summary>Elements further apart than this are gathered and scattered no faster than one by one.</summary>
    private const long WidestStride = 4;

    /// <summary>The lanes to use, and their dtype.</summary>
    public static (Lanes Lanes, DType Type) Choose(Seq<LoopIndex> space, Seq<Store> stores, CodegenOptions options)
    {
        DType type = LaneType(stores[0].Value);
        List<Element> all = Elements.All(stores.Select(s => s.Value));
        if (options.VectorBits == 0 || type is not (DType.Float32 or DType.Float64) || stores.Any(s => LaneType(s.Value) != type))
        {
            return (Lanes.None, type);
        }
        List<Element.Reduce> reductions = [.. all.OfType<Element.Reduce>()];
        int fewest = Math.Max(FewestBytes, options.VectorBits / 8) / type.Size();
        if (reductions.Count > 0 && stores.All(s => s.Value.DType == type || IsPosition(s.Value))
            && reductions.All(r => r.Over.Count > 0 && (r.Kind != Reduction.ArgMax || IsExact(r, type)) && !(r.Over[^1].Extent.Upper < fewest) && Suits(r.Over[^1], [r.Body], type) && Moves(r.Over[^1], r.Body)))
        {
            return (Lanes.Reduction, type);
        }
        if (TileRow(space, stores, type) is not null)
        {
            return (Lanes.Tiles, type);
        }
        if (space.LastOrDefault(i => !i.Extent.Is(1)) is { } lane && stores.All(s => s.Value is not Element.Reduce { Kind: Reduction.ArgMax } && Stride(s.Offset, lane) is >= 1 and <= WidestStride) && Suits(lane, stores.Select(s => s.Value), type))
        {
            return (Lanes.Space, type);
        }
        return (Lanes.None, type);
    }

    /// <summary>
    /// The index along which operands lie that a nest reads across, storing along its last index: lanes of those are columns of tiles. Null if there are none,
    /// or something else is in the way.
    /// </summary>
    public static LoopIndex? TileRow(Seq<LoopIndex> space, Seq<Store> stores, DType type)
    {
        if (space.LastOrDefault(i => !i.Extent.Is(1)) is not { } lane || lane != space[^1] || lane.Extent.Upper < FewestLines || stores.Any(s => s.Value.DType != type || Stride(s.Offset, lane) != 1))
        {
            return null;
        }
        List<Element> all = Elements.All(stores.Select(s => s.Value));
        Element.Read[] turned = [.. all.OfType<Element.Read>().Where(read => IsTurned(read, lane, type))];
        if (turned.Length == 0 || all.Any(e => e is Element.Reduce || Elements.IsGuard(e)))
        {
            return null;
        }
        foreach (LoopIndex row in space[..^1].Where(i => !(i.Extent.Upper < FewestLines)))
        {
            if (stores.All(s => Pitch(s.Offset, row) is not null) && turned.All(read => Stride(read.At[0], row) == 1 && Pitch(read.At[0], lane) is not null) && Suits(lane, stores.Select(s => s.Value), type, turned))
            {
                return row;
            }
        }
        return null;
    }

    /// <summary>Whether consecutive values of the lane's index lie apart in an operand.</summary>
    public static bool IsTurned(Element.Read read, LoopIndex lane, DType type) => read.DType == type && read.At[0].Contains(lane) && Stride(read.At[0], lane) is null or > 2;

    /// <summary>What an offset gains from one value of an index to the next, if that is the same everywhere; else null.</summary>
    public static Dim? Pitch(Dim offset, LoopIndex index) => offset.Linear(index) is (var step, _) && !step.Symbols.Any(s => s is LoopIndex or ElementIndex) ? step : null;

    private static bool IsPosition(Element value) => value is Element.Reduce { Kind: Reduction.ArgMax } || PositionOf(value) is not null;

    /// <summary>Whether lanes of what is compared can count the positions of a maximum along one axis.</summary>
    private static bool IsExact(Element.Reduce position, DType type) => position.Body.DType == type && position.Over is [{ Extent.Upper: <= MostExact }];

    /// <summary>The dtype of the lanes that hold a value: positions of maxima are whole numbers in lanes of what is compared.</summary>
    private static DType LaneType(Element value) => value is Element.Reduce { Kind: Reduction.ArgMax } greatest ? greatest.Body.DType : Whole(value) is { } whole ? whole is Element.Reduce position ? position.Body.DType : whole.DType : value.DType;

    /// <summary>What holds the whole numbers of an int32 value, in lanes of floats: the arg-max or the floats that a cast makes of them; or null.</summary>
    public static Element? Whole(Element value) => PositionOf(value)
        ?? (value is Element.Call { Function: Intrinsic.Cast, DType: DType.Int32, Arguments: [{ DType: DType.Float32 or DType.Float64 } floats] } ? floats : null);

    /// <summary>The arg-max whose position, as an int32, is the value; or null.</summary>
    public static Element.Reduce? PositionOf(Element value) =>
        value is Element.Call { Function: Intrinsic.Cast, DType: DType.Int32 } cast && cast.Arguments[0] is Element.Reduce { Kind: Reduction.ArgMax } reduce ? reduce : null;

    /// <summary>Whether the stores of a contraction can work on lanes of the last of these indices.</summary>
    public static bool Suits(Seq<LoopIndex> lanes, Seq<Store> stores, DType type, CodegenOptions options) =>
        options.VectorBits > 0 && lanes.Count > 0 && stores.All(store => store.Value.DType == type && Stride(store.Offset, lanes[^1]) == 1) && Suits(lanes[^1], stores.Select(store => store.Value), type);

    /// <summary>The constant stride of an offset in an index, or null where it is not a known constant.</summary>
    public static long? Stride(Dim offset, LoopIndex index) => offset.Linear(index) is ({ IsConstant: true } stride, _) ? stride.Constant : null;

    /// <summary>Indices below this are exact in lanes of any floats, and nothing that is larger is rounded to one of them.</summary>
    private const long MostExact = 1 << 24;

    /// <summary>
    /// The whole number, the same in all lanes, that a comparison compares with the index of the lanes, as a label with the classes, and that index, which a loop over several vectors moves on; or null.
    /// </summary>
    public static (Element.Read Number, Dim Index)? Place(Element.Call call, LoopIndex lane)
    {
        return call is { Function: Intrinsic.Equal or Intrinsic.NotEqual, Arguments: [var left, var right] } ? (left, right) switch
        {
            (Element.Read read, Element.IndexValue at) when IsLane(read, at) => (read, at.Index),
            (Element.IndexValue at, Element.Read read) when IsLane(read, at) => (read, at.Index),
            _ => null,
        } : null;

        bool IsLane(Element.Read read, Element.IndexValue at) => at.Index.Linear(lane) is ({ IsConstant: true, Constant: 1 }, { IsConstant: true, Constant: >= 0 } first)
            && lane.Extent.Upper <= MostExact - first.Constant && read.At.Count == 1 && Stride(read.At[0], lane) == 0;
    }

    /// <summary>Whether consecutive values of the index lie side by side in some operand: else lanes gain nothing.</summary>
    private static bool Moves(LoopIndex index, Element body) =>
        Elements.All([body]).OfType<Element.Read>().Any(r => Stride(r.At[0], index) == 1) &&
        Elements.All([body]).OfType<Element.Read>().All(r => Stride(r.At[0], index) is 0 or 1);

    private static bool Suits(LoopIndex lane, IEnumerable<Element> roots, DType type, IReadOnlyCollection<Element>? known = null)
    {
        var free = new Dictionary<Element, HashSet<DimSymbol>>(ReferenceEqualityComparer.Instance);
        List<Element> all = Elements.All(roots);
        var conditions = new HashSet<Element>(all.Where(Elements.IsGuard).SelectMany(guard => Elements.All([((Element.Call)guard).Arguments[0]])), ReferenceEqualityComparer.Instance);
        foreach (Element element in all)
        {
            free[element] = Elements.Free(element, e => free[e]);
            if (free[element].Contains(lane) && !conditions.Contains(element) && known?.Contains(element) != true && !Suits(lane, element, type))
            {
                return false;
            }
            // What a guard protects is evaluated in all lanes or in none, unless lanes are left out from one end of the vector.
            if (Elements.IsGuard(element) && ((free[Elements.Parts(element).First()].Contains(lane) && !Elements.IsMaskable(element, lane)) || Elements.All([element]).Any(e => e is Element.Reduce)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Suits(LoopIndex lane, Element element, DType type) => element switch
    {
        Element.Read { DType: DType.Int32 } read => Stride(read.At[0], lane) is 1,
        Element.Read read => read.DType == type && Stride(read.At[0], lane) is not null,
        // An index becomes lanes only through a cast to the lanes' dtype, in which it must be exact.
        Element.IndexValue index => Stride(index.Index, lane) == 1,
        Element.Call { Function: Intrinsic.Cast } cast => cast.DType == type
            ? cast.Arguments[0].DType == DType.Bool || cast.Arguments[0] is Element.Read { DType: DType.Int32 } || (cast.Arguments[0] is Element.IndexValue exact && Stride(exact.Index, lane) == 1)
            : Whole(cast) is not null || (cast.DType == DType.Bool && cast.Arguments[0].DType == type),
        Element.Call call when Place(call, lane) is not null => true,
        Element.Call call => LaneIntrinsics.Knows(call.Function) && call.Arguments.All(a => a.DType == type || a.DType == DType.Bool),
        Element.Reduce { Kind: Reduction.ArgMax } reduce => reduce.Body.DType == type,
        Element.Reduce reduce => reduce.DType == type && reduce.Kind is Reduction.Sum or Reduction.Max or Reduction.Min or Reduction.Product,
        _ => false,
    };
}
