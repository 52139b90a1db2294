namespace Symbolic.Codegen;

/// <summary>
/// One kernel of the loop level: what is stored where, over which index space, and by which schedule. Reads and stores address
/// buffers by one offset expression, which is the buffer's index map; no writer assumes a layout.
/// </summary>
internal abstract record Kernel(string Name, Seq<KernelBuffer> Buffers, string Label)
{
    /// <summary>The size symbols that the kernel takes as numbers.</summary>
    public abstract Seq<DimSymbol> Sizes { get; }

    /// <summary>Number of phases, each of which is finished before the next begins.</summary>
    public virtual int Phases => 1;

    /// <summary>Floating-point operations of one run.</summary>
    public abstract Dim Work { get; }

    /// <summary>Buffers that it updates past the caches; <see cref="PassedUpdates"/> decides.</summary>
    public Seq<int> Past { get; init; } = [];

    /// <summary>The size symbols below some dims, by name: their order is the same in every process.</summary>
    protected static Seq<DimSymbol> SymbolsOf(IEnumerable<Dim> dims) =>
        dims.SelectMany(d => d.Symbols).SelectMany(s => s is LoopIndex index ? index.Extent.Symbols : [s]).Where(s => s is not (LoopIndex or ElementIndex))
            .Distinct().OrderBy(s => s.Name, StringComparer.Ordinal).ToSeq();
}

/// <summary>A buffer as a kernel sees it.</summary>
internal sealed record KernelBuffer(DType DType, bool IsWritten);

/// <summary>A value stored at an offset of a buffer.</summary>
internal sealed record Store(int Buffer, Dim Offset, Element Value)
{
    /// <summary>Reads of arrays where they are then stored: an optimiser's of its weights.</summary>
    public static IEnumerable<Element.Read> Updated(Seq<Store> stores) =>
        Elements.All([.. stores.Select(store => store.Value)]).OfType<Element.Read>().Where(read => read.At.Count > 0 && stores.Any(store => store.Buffer == read.Operand && store.Offset.Equals(read.At[0])));
}

/// <summary>How a nest uses vectors.</summary>
internal enum Lanes
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>Lanes are consecutive values of the last space index.</summary>
    Space,
    /// <summary>Lanes are consecutive values of the last index of each reduction; they are combined in a fixed tree at its end.</summary>
    Reduction,
    /// <summary>As <see cref="Space"/>, where operands lie the other way round: tiles of them are turned on the way.</summary>
    Tiles,
}

/// <summary>
/// A nest of loops over a space, storing one or more values at each point; values may hold reductions. The outermost loop is cut
/// into chunks by the problem alone.
/// </summary>
internal sealed record Piece(Seq<LoopIndex> Space, Seq<Store> Stores, Lanes Lanes, DType LaneType)
{
    /// <summary>Index expressions in the space, the stores and their values.</summary>
    public IEnumerable<Dim> Dims => [.. Space.Select(i => i.Extent), .. Stores.Select(s => s.Offset), .. Elements.All(Stores.Select(s => s.Value)).SelectMany(e => e switch
    {
        Element.Read read => read.At,
        Element.IndexValue index => [index.Index],
        Element.Reduce reduce => reduce.Over.Select(i => i.Extent),
        _ => Enumerable.Empty<Dim>(),
    })];

    /// <summary>The indices that are loops at all, the outermost first.</summary>
    public Seq<LoopIndex> Loops => Space.Where(index => !index.Extent.Is(1)).ToSeq();

    /// <summary>Operations in all.</summary>
    public Dim Work => Space.Aggregate((Dim)1, (a, i) => a * i.Extent) * PerPoint;

    /// <summary>Operations at one point of the space.</summary>
    public Dim PerPoint => Stores.Aggregate((Dim)0, (sum, store) => sum + WorkOf(store.Value));

    /// <summary>What is used twice is computed once.</summary>
    private static Dim WorkOf(Element root)
    {
        Dim work = 0;
        var seen = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<Element>([root]);
        while (pending.TryPop(out Element? element))
        {
            if (!seen.Add(element))
            {
                continue;
            }
            if (element is Element.Reduce reduce)
            {
                work += reduce.Over.Aggregate((Dim)1, (a, i) => a * i.Extent) * (WorkOf(reduce.Body) + 1);
                continue;
            }
            work += element is Element.Call { Function: not Intrinsic.Cast } call && call.DType.IsFloat() ? 1 : 0;
            foreach (Element part in Elements.Parts(element))
            {
                pending.Push(part);
            }
        }
        return work;
    }
}

/// <summary>How a nest goes over rows: for a few at a time its pieces run one after the other, and may read what those before them stored.</summary>
/// <param name="Rows">The number of rows, which is the extent of the outermost loop of each piece.</param>
/// <param name="Group">Rows at a time.</param>
/// <param name="Passing">What is kept of these rows alone.</param>
/// <param name="Within">Buffers of which, as of the results, each piece touches only the row that it is at.</param>
internal sealed record RowVisit(Dim Rows, long Group, Seq<PassingRows> Passing, Seq<int> Within)
{
    /// <summary>Where rows are columns, which are the innermost loop of each piece: how often there are so many, the outermost one unless it is once. Else null.</summary>
    public Dim? Batches { get; init; }
}

/// <summary>Rows that are kept for as long as a nest is at them.</summary>
/// <param name="Slot">What stands for a buffer in stores and reads.</param>
/// <param name="DType">The dtype of elements.</param>
/// <param name="Elements">Elements of a row.</param>
internal sealed record PassingRows(int Slot, DType DType, long Elements)
{
    /// <summary>The first of such slots; no kernel has as many buffers.</summary>
    public const int FirstSlot = 1 << 16;
}

/// <summary>Nests over parts of one result, which do not depend on each other; most have one. The chunks of all are numbered in their order.</summary>
internal sealed record Nest(string Name, Seq<KernelBuffer> Buffers, string Label, Seq<Piece> Pieces) : Kernel(Name, Buffers, Label)
{
    public override Seq<DimSymbol> Sizes => SymbolsOf(Pieces.SelectMany(piece => piece.Dims));

    public override Dim Work => Pieces.Aggregate((Dim)0, (sum, piece) => sum + piece.Work);

    /// <summary>Width of its vectors.</summary>
    public int VectorBits { get; init; }

    /// <summary>How it goes over rows; null where its pieces do not depend on each other.</summary>
    public RowVisit? Visit { get; init; }

    /// <summary>Buffers of which, for what is stored in a plane (an index of each of the first two axes), only the same plane is read.</summary>
    public Seq<int> InPlane { get; init; } = [];

    /// <summary>Where it runs plane by plane within another kernel: the steps of each piece's outermost loop that are a plane. Else empty.</summary>
    public Seq<long> PlaneSteps { get; init; } = [];

    /// <summary>The dtype of the lanes of all pieces that use some.</summary>
    public DType? LaneType => Pieces.FirstOrDefault(piece => piece.Lanes != Lanes.None)?.LaneType;

    /// <summary>The same with its buffers at other positions; <see cref="Kernel.Buffers"/> stay what they are.</summary>
    public Nest Renumbered(Func<int, int> position)
    {
        Element? Moved(Element element) => element is Element.Read { Operand: >= 0 } read ? read with { Operand = position(read.Operand) } : null;
        return this with
        {
            Pieces = Pieces.Map(piece => piece with
            {
                Stores = piece.Stores.Zip(Elements.Map(piece.Stores.Map(store => store.Value), dim => dim, over => over, Moved), (store, value) => new Store(position(store.Buffer), store.Offset, value)).ToSeq(),
            }),
            InPlane = InPlane.Map(position),
        };
    }
}
