namespace Symbolic.Codegen;

/// <summary>Writes a nest as one C# method that runs one chunk of a piece's outermost loop, and one that counts the chunks.</summary>
internal static class NestWriter
{
    /// <summary>Appends the methods of the nest.</summary>
    public static void Write(Nest nest, SourceText text)
    {
        Seq<DimSymbol> sizes = nest.Sizes;
        string Name(DimSymbol symbol) => symbol is LoopIndex index ? index.Name : $"n{sizes.IndexOf(symbol)}";
        Seq<(string Outer, string Work)> chunks = nest.Pieces.Map(piece => Chunks(piece, Name));

        text.Open($"public static long {nest.Name}_0_chunks(long* s)");
        KernelText.Sizes(text, sizes);
        text.Line($"return {(chunks.Count == 0 ? "0" : string.Join(" + ", chunks.Select(c => $"Chunking.Count({c.Outer}, {c.Work})")))};");
        text.Close();
        KernelText.NoScratch(text, nest.Name);
        text.Open($"public static void {nest.Name}_0(byte** b, long* s, long chunk, byte* scratch)");
        KernelText.Sizes(text, sizes);
        KernelText.Buffers(text, nest.Buffers);
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            bool last = i == nest.Pieces.Count - 1;
            if (!last)
            {
                text.Line($"long chunks{i} = Chunking.Count({chunks[i].Outer}, {chunks[i].Work});");
                text.Open($"if (chunk < chunks{i})");
            }
            else if (i > 0)
            {
                text.Block();
            }
            Write(nest.Pieces[i], nest, chunks[i], Name, text);
            if (!last)
            {
                text.Line("return;");
                text.Close();
                text.Line($"chunk -= chunks{i};");
            }
            else if (i > 0)
            {
                text.Close();
            }
        }
        text.Close();
    }

    private static Seq<LoopIndex> Loops(Piece piece) => piece.Space.Where(i => !i.Extent.Is(1)).ToSeq();

    /// <summary>Steps of the outermost loop, and an estimate of the work in one of them: points below it times arithmetic and stores per point.</summary>
    private static (string Outer, string Work) Chunks(Piece piece, Func<DimSymbol, string> name)
    {
        Seq<LoopIndex> loops = Loops(piece);
        return loops.Count == 0
            ? ("1L", "1L")
            : (Spelling.Index(loops[0].Extent, name), Work(piece, loops, name));
    }

    /// <summary>Of sums of columns a chunk takes so many that it reads whole lines of memory, long ones of each row.</summary>
    private static string Work(Piece piece, Seq<LoopIndex> loops, Func<DimSymbol, string> name)
    {
        string work = Spelling.Index(loops[1..].Aggregate((Dim)1, (a, i) => a * i.Extent) * (piece.PerPoint + (2 * piece.Stores.Count)), name);
        return loops.Count == 1 && ElementWriter.OfColumns(piece) is not null ? $"Chunking.OfColumns({Spelling.Index(loops[0].Extent, name)}, {work})" : work;
    }

    private static void Write(Piece piece, Nest nest, (string Outer, string Work) chunks, Func<DimSymbol, string> name, SourceText text)
    {
        Seq<LoopIndex> loops = Loops(piece);
        List<Element> values = [.. piece.Stores.Select(s => s.Value)];
        bool lanesOutermost = piece.Lanes == Lanes.Space && loops.Count == 1;
        Element.Reduce? columns = ElementWriter.OfColumns(piece);
        var writer = new ElementWriter(text, name, piece.LaneType) { LanesInReductions = piece.Lanes == Lanes.Reduction };
        if (loops.Count > 0)
        {
            text.Line($"long rows = Chunking.Rows({chunks.Outer}, {chunks.Work});");
            text.Line($"long first = chunk * rows, last = System.Math.Min(first + rows, {chunks.Outer});");
        }
        if (!lanesOutermost)
        {
            writer.Hoist(values);
        }
        for (int i = 0; i < loops.Count; i++)
        {
            bool lanes = piece.Lanes == Lanes.Space && i == loops.Count - 1;
            if (lanes && columns is not null)
            {
                writer.OpenColumns(columns, loops[i], i == 0 ? "first" : "0", i == 0 ? "last" : Spelling.Index(loops[i].Extent, name), values);
                continue;
            }
            writer.OpenLoop(loops[i], i == 0 ? "first" : "0", i == 0 ? "last" : Spelling.Index(loops[i].Extent, name), values, lanes);
        }
        bool wide = piece.Lanes == Lanes.Space && loops.Count > 0;
        foreach (Store store in piece.Stores)
        {
            // All values before the first store: where shared variables are updated in place, one root's target is what another reads.
            _ = wide ? writer.Lanes(Vectorizing.Whole(store.Value) ?? store.Value) : writer.Scalar(store.Value);
        }
        for (int i = 0; i < piece.Stores.Count; i++)
        {
            Store store = piece.Stores[i];
            if (wide && i + 1 < piece.Stores.Count && writer.ArePair(store, piece.Stores[i + 1]))
            {
                writer.StorePair(store, piece.Stores[++i]);
                continue;
            }
            writer.Store(store, nest.Buffers[store.Buffer].DType, wide);
        }
        foreach (LoopIndex index in loops.Reverse())
        {
            if (columns is not null && index == loops[^1])
            {
                writer.CloseColumns(index);
                continue;
            }
            writer.CloseLoop(index);
        }
    }
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
