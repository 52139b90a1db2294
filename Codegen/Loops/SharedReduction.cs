namespace Symbolic.Codegen;

/// <summary>
/// A long reduction with few results: blocks of its terms are reduced by themselves, so that threads share it and each reads memory from end to end, and a
/// second nest reduces what the blocks gave. The blocks depend on the shape alone.
/// </summary>
/// <param name="Results">Number of results.</param>
/// <param name="Blocks">Number of blocks, the last one of which may be smaller.</param>
/// <param name="Parts">What is stored by the nests over whole blocks and over the last one.</param>
/// <param name="Joined">The stores of the nest that reduces the parts.</param>
internal sealed record SharedReduction(long Results, long Blocks, Seq<(Seq<LoopIndex> Space, Seq<Store> Stores)> Parts, (Seq<LoopIndex> Space, Seq<Store> Stores) Joined)
{
    /// <summary>Terms in all below which one pass by few threads is fast enough.</summary>
    private const long FewestTerms = 1 << 18;

    /// <summary>Terms of a block.</summary>
    private const long BlockTerms = 1 << 20;

    /// <summary>Blocks that there are at least, for threads to share.</summary>
    private const long FewestBlocks = 16;

    /// <summary>Results that threads can share without more ado, where each result's terms lie along memory.</summary>
    public const long ManyResults = 16;

    /// <summary>The reduction of a nest shared out, or null where it needs no such thing or cannot have it.</summary>
    /// <param name="space">The indices of the nest.</param>
    /// <param name="stores">What it stores.</param>
    /// <param name="parts">The number of the buffer of the parts.</param>
    public static SharedReduction? Of(Seq<LoopIndex> space, Seq<Store> stores, int parts)
    {
        (space, stores) = Collapsing.Collapse(space.Where(i => !i.Extent.Is(1)).ToSeq(), stores);
        if (stores is not [var store] || Elements.All([store.Value]).OfType<Element.Reduce>().ToList() is not [var reduce] || Elements.All([store.Value]).Any(Elements.IsGuard)
            || reduce.Kind is not (Reduction.Sum or Reduction.Product or Reduction.Max or Reduction.Min) || reduce.DType is not (DType.Float32 or DType.Float64)
            || reduce.Over.Count == 0 || space.Concat(reduce.Over).Any(i => i.Extent is not { IsConstant: true, Constant: > 0 }) || Elements.All([store.Value]).SelectMany(Elements.Indices).Any())
        {
            return null;
        }
        long results = Count(space), terms = Count(reduce.Over);
        Element.Read[] reads = [.. Elements.All([reduce.Body]).OfType<Element.Read>()];
        bool areColumns = space.Count > 0 && reduce.Over.Count > 0 && reads.Any(read => Vectorizing.Stride(read.At[0], space[^1]) == 1) && !reads.Any(read => Vectorizing.Stride(read.At[0], reduce.Over[^1]) == 1);
        if (reads.Length == 0 || results * terms < FewestTerms || terms < FewestBlocks * FewestBlocks || (areColumns ? Count(space[..^1]) : results) >= ManyResults
            || reduce.Over.FirstOrDefault(i => i.Extent.Constant >= FewestBlocks * 4) is not { } split)
        {
            return null;
        }
        long length = split.Extent.Constant, step = results * (terms / length), size = Math.Max(4, Math.Min(BlockTerms / step, length / FewestBlocks) & ~3L), whole = length / size, rest = length % size;
        Dim place = 0;
        foreach (LoopIndex index in space)
        {
            place = (place * index.Extent) + index;
        }
        var block = new LoopIndex("block", whole);
        var made = new List<(Seq<LoopIndex>, Seq<Store>)> { ([block, .. space], [Part(block, size)]) };
        if (rest > 0)
        {
            made.Add((space, [Part(whole, rest)]));
        }
        long blocks = whole + (rest > 0 ? 1 : 0);
        var over = new LoopIndex("part", blocks);
        Element joined = reduce with { Over = [over], Body = new Element.Read(parts, [((Dim)over * results) + place], reduce.DType) };
        Element value = Elements.Map([store.Value], dim => dim, indices => indices, element => ReferenceEquals(element, reduce) ? joined : null)[0];
        return new SharedReduction(results, blocks, made.ToSeq(), (space, [store with { Value = value }]));

        Store Part(Dim number, long count)
        {
            var within = new LoopIndex(split.Name, count);
            Dim Moved(Dim dim) => dim.Contains(split) ? dim.Substitute(symbol => symbol == split ? (number * size) + within : null) : dim;
            Element part = Elements.Map([reduce], Moved, indices => indices.Select(i => i == split ? within : i).ToSeq())[0];
            return new Store(parts, (number * results) + place, part);
        }
    }

    private static long Count(Seq<LoopIndex> indices) => indices.Aggregate(1L, (count, index) => count * index.Extent.Constant);
}
