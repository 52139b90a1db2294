namespace Symbolic.Codegen;

/// <summary>
/// A contraction: for each batch, C[row, column] = Σ depth: rows·columns, where row, column and depth are lists of indices
/// walked in row-major order. The finished sum is read by the store's value as operand −1, so that whatever follows
/// elementwise costs no pass over memory of its own.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Buffers">The buffers that it reads and writes.</param>
/// <param name="Label">What it computes, for profiles.</param>
/// <param name="DType">The dtype of the sum.</param>
/// <param name="Batch">Indices in both operands.</param>
/// <param name="Rows">Indices in the operand of the rows.</param>
/// <param name="Columns">Indices in the operand of the columns, which become lanes.</param>
/// <param name="Depth">Indices summed over.</param>
/// <param name="RowOperand">An element of the one operand.</param>
/// <param name="ColumnOperand">An element of the other.</param>
/// <param name="Borders">Where the operand of the columns has elements at all; the depths of these come first. Empty: everywhere.</param>
/// <param name="Down">The rows again, neighbours joined where the store steps through them as through one.</param>
/// <param name="Lanes">The columns likewise.</param>
/// <param name="Stores">What is stored where, over batch, <paramref name="Down"/> and <paramref name="Lanes"/>.</param>
/// <param name="HasWideStore">Whether the stores work on lanes.</param>
internal sealed record Product(
    string Name, Seq<KernelBuffer> Buffers, string Label, DType DType,
    Seq<LoopIndex> Batch, Seq<LoopIndex> Rows, Seq<LoopIndex> Columns, Seq<LoopIndex> Depth,
    Element RowOperand, Element ColumnOperand, Seq<Border> Borders, Seq<LoopIndex> Down, Seq<LoopIndex> Lanes, Seq<Store> Stores, bool HasWideStore)
    : Kernel(Name, Buffers, Label)
{
    /// <summary>How it runs; <see cref="Scheduling"/> decides.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>What it is as a convolution, where it runs as one: then its operands are read in place.</summary>
    public ConvolutionShape? Convolution { get; init; }

    /// <summary>What it is as the gradient of a convolution with respect to its kernels, where it runs as one; likewise.</summary>
    public KernelGradientShape? Gradient { get; init; }

    /// <summary>The runs in which columns lie evenly, or null where all do or none.</summary>
    public ColumnRuns? Runs => Borders.Count > 0 ? null : ColumnRuns.Of(ColumnOperand, Columns, Depth);

    /// <summary>The index of columns, all or those of a run, of a result in which these lie side by side and rows and runs step evenly; else null.</summary>
    public (LoopIndex Lane, Dim Pitch, Dim RunStep)? Even(Dim offset)
    {
        ColumnRuns? runs = Runs;
        bool isOne = Lanes.Count == 1;
        return (isOne || (Lanes.Count == 2 && runs is not null && Lanes[1].Extent.Equals(runs.Columns))) && Vectorizing.Stride(offset, Lanes[^1]) == 1 && OperandSteps.Even(offset, Down) is { } pitch
            && (isOne ? runs?.Columns ?? 0 : Vectorizing.Pitch(offset, Lanes[0])) is { } step ? (Lanes[^1], pitch, step) : null;
    }

    /// <summary>Whether rows and columns are those of the result's transpose: <see cref="Down"/> is made of the columns then, and <see cref="Lanes"/> of the rows.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Reads of arrays where they are then stored.</summary>
    public IEnumerable<Element.Read> UpdatedReads => Store.Updated(Stores);

    /// <summary>Width of the vectors in which it is summed.</summary>
    public int VectorBits { get; init; }

    public override Seq<DimSymbol> Sizes => SymbolsOf([.. Batch.Concat(Rows).Concat(Columns).Concat(Depth).Select(i => i.Extent), .. Stores.Select(s => s.Offset),
        .. Elements.All([RowOperand, ColumnOperand, .. Stores.Select(s => s.Value)]).SelectMany(e => e switch
        {
            Element.Read read => read.At,
            Element.IndexValue index => [index.Index],
            _ => Enumerable.Empty<Dim>(),
        })]);

    public override int Phases => Schedule switch
    {
        Schedule.Depthwise => Convolution is { FiltersAreLanes: true } ? 2 : 1,
        Schedule.MatrixVector or Schedule.InnerProducts => 1,
        Schedule.Direct or Schedule.Transposed or Schedule.KernelGradient or Schedule.WinogradGradient or Schedule.WinogradGradientComplex or Schedule.WinogradGradient7 or Schedule.PooledGradient => 2,
        Schedule.Panels => 3,
        Schedule.Winograd4 or Schedule.Winograd2 or Schedule.WinogradComplex or Schedule.Winograd7 => 4,
        _ => throw new System.Diagnostics.UnreachableException($"{Schedule}"),
    };

    public override Dim Work => 2 * Extent(Batch) * Extent(Rows) * Extent(Columns) * Extent(Depth);

    /// <summary>The same with its buffers at other positions; <see cref="Kernel.Buffers"/> stay what they are.</summary>
    public Product Renumbered(Func<int, int> position)
    {
        Seq<Element> elements = Elements.Map([RowOperand, ColumnOperand, .. Stores.Select(store => store.Value)], dim => dim, over => over,
            element => element is Element.Read { Operand: >= 0 } read ? read with { Operand = position(read.Operand) } : null);
        return this with
        {
            RowOperand = elements[0],
            ColumnOperand = elements[1],
            Stores = Stores.Select((store, i) => new Store(position(store.Buffer), store.Offset, elements[i + 2])).ToSeq(),
            Convolution = Convolution is null ? null : Convolution with { ImageBuffer = position(Convolution.ImageBuffer), KernelBuffer = position(Convolution.KernelBuffer) },
        };
    }

    /// <summary>Number of combinations of some indices.</summary>
    public static Dim Extent(Seq<LoopIndex> indices) => indices.Aggregate((Dim)1, (a, i) => a * i.Extent);
}
