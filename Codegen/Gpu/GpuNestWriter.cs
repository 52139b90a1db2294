namespace Symbolic.Codegen;

/// <summary>
/// Writes a nest as one ILGPU kernel: each thread takes points of the space, a grid apart, so that any number of threads covers any
/// space; a reduction is a loop of its thread.
/// </summary>
internal static class GpuNestWriter
{
    /// <summary>Appends the kernel, and the method by which the host learns how many points it has.</summary>
    public static void Write(Nest nest, SourceText text)
    {
        Seq<DimSymbol> sizes = nest.Sizes;
        string Name(DimSymbol symbol) => symbol is LoopIndex index ? index.Name : $"n{sizes.IndexOf(symbol)}";
        // Nothing was cut: a guard costs a thread less than a kernel of its own would.
        Piece piece = nest.Pieces.Single();
        Seq<LoopIndex> loops = piece.Space.Where(i => !i.Extent.Is(1)).ToSeq();
        string points = Spelling.Index(Product.Extent(loops), Name);
        string[] numbers = [.. sizes.Select((_, i) => $"long n{i}")];

        text.Line($"// {nest.Label}");
        text.Line($"public static long {nest.Name}_points({string.Join(", ", numbers)}) => {points};");
        text.Open($"public static void {nest.Name}({string.Join(", ", nest.Buffers.Select((b, i) => $"ArrayView<{GpuDialect.Memory(b.DType)}> b{i}").Concat(numbers))})");
        text.Line("long step = (long)Grid.DimX * Group.DimX;");
        text.Open($"for (long point = (long)Grid.IdxX * Group.DimX + Group.IdxX; point < {points}; point += step)");
        var writer = new ElementWriter(text, Name, piece.LaneType, GpuDialect.Instance);
        string rest = "point";
        for (int i = loops.Count - 1; i >= 0; i--)
        {
            string extent = Spelling.Index(loops[i].Extent, Name);
            text.Line(i == 0 ? $"long {Name(loops[i])} = {rest};" : $"long {Name(loops[i])} = {rest} % {extent};");
            if (i > 0)
            {
                text.Line($"long rest{i} = {rest} / {extent};");
                rest = $"rest{i}";
            }
            writer.Bind(loops[i]);
        }
        writer.Hoist([.. piece.Stores.Select(s => s.Value)]);
        foreach (Store store in piece.Stores)
        {
            // All values before the first store: where shared variables are updated in place, one root's target is what another reads.
            _ = writer.Scalar(store.Value);
        }
        foreach (Store store in piece.Stores)
        {
            writer.Store(store, nest.Buffers[store.Buffer].DType, lanes: false);
        }
        text.Close();
        text.Close();
    }
}
