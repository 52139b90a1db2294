namespace Symbolic.Codegen;

/// <summary>
/// A contraction: for each batch, C[row, column] = Σ depth: rows·columns, where row, column and depth are lists of indices
/// walked in row-major order. The finished tile is read by the store's value as operand −1, so that whatever follows
/// elementwise costs no pass over memory of its own.
/// </summary>
internal sealed record Product(
    string Name, Seq<KernelBuffer> Buffers, string Label, DType DType,
    Seq<LoopIndex> Batch, Seq<LoopIndex> Rows, Seq<LoopIndex> Columns, Seq<LoopIndex> Depth,
    Element RowOperand, Element ColumnOperand, Store Store)
    : Kernel(Name, Buffers, Label)
{
    public override Seq<DimSymbol> Sizes => SymbolsOf([.. Batch.Concat(Rows).Concat(Columns).Concat(Depth).Select(i => i.Extent), Store.Offset,
        .. Elements.All([RowOperand, ColumnOperand, Store.Value]).SelectMany(e => e switch
        {
            Element.Read read => read.At,
            Element.IndexValue index => [index.Index],
            _ => Enumerable.Empty<Dim>(),
        })]);

    public override int Phases => 2;

    public override Dim Work => 2 * Extent(Batch) * Extent(Rows) * Extent(Columns) * Extent(Depth);

    /// <summary>Number of combinations of some indices.</summary>
    public static Dim Extent(Seq<LoopIndex> indices) => indices.Aggregate((Dim)1, (a, i) => a * i.Extent);
}
