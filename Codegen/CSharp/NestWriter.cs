namespace Symbolic.Codegen;

/// <summary>Writes a nest as one C# method that runs one chunk of its outermost loop, and one that counts the chunks.</summary>
internal static class NestWriter
{
    /// <summary>Appends the methods of the nest.</summary>
    public static void Write(Nest nest, SourceText text)
    {
        Seq<DimSymbol> sizes = nest.Sizes;
        string Name(DimSymbol symbol) => symbol is LoopIndex index ? index.Name : $"n{sizes.IndexOf(symbol)}";
        Seq<LoopIndex> loops = nest.Space.Where(i => !i.Extent.Is(1)).ToSeq();
        List<Element> values = [.. nest.Stores.Select(s => s.Value)];
        string outer = loops.Count == 0 ? "1L" : Spelling.Index(loops[0].Extent, Name);
        string work = loops.Count == 0 ? "1L" : Spelling.Index(WorkPerRow(nest, loops), Name);
        bool lanesOutermost = nest.Lanes == Lanes.Space && loops.Count == 1;

        text.Line($"// {nest.Label}");
        text.Open($"public static long {nest.Name}_0_chunks(long* s)");
        KernelText.Sizes(text, sizes);
        text.Line($"return Chunking.Count({outer}, {work});");
        text.Close();
        KernelText.NoScratch(text, nest.Name);
        text.Open($"public static void {nest.Name}_0(byte** b, long* s, long chunk, byte* scratch)");
        KernelText.Sizes(text, sizes);
        KernelText.Buffers(text, nest.Buffers);
        var writer = new ElementWriter(text, Name, nest.LaneType) { LanesInReductions = nest.Lanes == Lanes.Reduction };
        if (loops.Count > 0)
        {
            text.Line($"long rows = Chunking.Rows({outer}, {work});");
            text.Line($"long first = chunk * rows, last = System.Math.Min(first + rows, {outer});");
        }
        if (!lanesOutermost)
        {
            writer.Hoist(values);
        }
        for (int i = 0; i < loops.Count; i++)
        {
            bool lanes = nest.Lanes == Lanes.Space && i == loops.Count - 1;
            writer.OpenLoop(loops[i], i == 0 ? "first" : "0", i == 0 ? "last" : Spelling.Index(loops[i].Extent, Name), values, lanes);
        }
        bool wide = nest.Lanes == Lanes.Space && loops.Count > 0;
        foreach (Store store in nest.Stores)
        {
            // All values before the first store: where shared variables are updated in place, one root's target is what another reads.
            _ = wide ? writer.Lanes(store.Value) : writer.Scalar(store.Value);
        }
        foreach (Store store in nest.Stores)
        {
            writer.Store(store, nest.Buffers[store.Buffer].DType, wide);
        }
        foreach (LoopIndex index in loops.Reverse())
        {
            writer.CloseLoop(index);
        }
        text.Close();
    }

    /// <summary>An estimate of the work in one step of the outermost loop, by which chunks are cut: points below it times arithmetic and stores per point.</summary>
    private static Dim WorkPerRow(Nest nest, Seq<LoopIndex> loops) =>
        loops[1..].Aggregate((Dim)1, (a, i) => a * i.Extent) * (nest.PerPoint + (2 * nest.Stores.Count));
}

/// <summary>What the texts of all kernels have in common.</summary>
internal static class KernelText
{
    /// <summary>Size symbols as locals.</summary>
    public static void Sizes(SourceText text, Seq<DimSymbol> sizes)
    {
        for (int i = 0; i < sizes.Count; i++)
        {
            text.Line($"long n{i} = s[{i}];");
        }
    }

    /// <summary>Buffers as typed pointers.</summary>
    public static void Buffers(SourceText text, Seq<KernelBuffer> buffers)
    {
        for (int i = 0; i < buffers.Count; i++)
        {
            string type = Spelling.Memory(buffers[i].DType);
            text.Line($"{type}* b{i} = ({type}*)b[{i}];");
        }
    }

    /// <summary>The methods of a kernel that needs no scratch memory.</summary>
    public static void NoScratch(SourceText text, string kernel)
    {
        text.Line($"public static long {kernel}_scratch(long* s) => 0;");
        text.Line($"public static long {kernel}_shared(long* s) => 0;");
    }
}
