namespace Symbolic.Codegen;

/// <summary>Writes a nest as one C# method that runs one chunk of a piece's outermost loop, and one that counts the chunks.</summary>
internal static class NestWriter
{
    /// <summary>Appends the methods of the nest.</summary>
    public static void Write(Nest nest, SourceText text)
    {
        Seq<DimSymbol> sizes = nest.Sizes;
        string Name(DimSymbol symbol) => symbol is LoopIndex index ? index.Name : $"n{sizes.IndexOf(symbol)}";
        if (nest.PlaneSteps.Count > 0)
        {
            WritePlanes(nest, Name, text);
            return;
        }
        Seq<(string Outer, string Work)> chunks = nest.Pieces.Map(piece => Chunks(piece, Name));
        if (nest.Visit is { } visit)
        {
            WriteVisit(nest, visit, chunks.Map(chunk => chunk.Work), Name, text);
            return;
        }
        bool side = StandSideBySide(nest.Pieces);
        if (side)
        {
            string all = string.Join(" + ", chunks.Select(c => c.Work));
            chunks = chunks.Map(c => (c.Outer, all));
        }

        text.Open($"public static long {nest.Name}_0_chunks(long* s)");
        KernelText.Sizes(text, sizes);
        text.Line($"return {(chunks.Count == 0 ? "0" : string.Join(" + ", chunks.Take(side ? 1 : chunks.Count).Select(c => $"Chunking.Count({c.Outer}, {c.Work})")))};");
        text.Close();
        KernelText.NoScratch(text, nest.Name);
        Uncleared(nest.Pieces.Count == 1 ? nest.Pieces[0] : null, text);
        text.Open($"public static void {nest.Name}_0(byte** b, long* s, long chunk, byte* scratch)");
        KernelText.Sizes(text, sizes);
        if (nest.Pieces is [var only])
        {
            KernelText.Buffers(text, nest.Buffers);
            Write(only, nest, chunks[0], $"{nest.Name}_0", Name, text);
            return;
        }
        for (int i = 0; i < nest.Pieces.Count && side; i++)
        {
            text.Line($"{nest.Name}_0_{i}(b, s, chunk);");
        }
        for (int i = 0; i < nest.Pieces.Count && !side; i++)
        {
            text.Line($"long chunks{i} = Chunking.Count({chunks[i].Outer}, {chunks[i].Work});");
            text.Open($"if (chunk < chunks{i})");
            text.Line($"{nest.Name}_0_{i}(b, s, chunk);");
            text.Line("return;");
            text.Close();
            text.Line($"chunk -= chunks{i};");
        }
        text.Close();
        // A method each: of a long one the JIT leaves calls as they are, and a call for every operation on a vector costs ten times as much.
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            Uncleared(nest.Pieces[i], text);
            text.Open($"private static void {nest.Name}_0_{i}(byte** b, long* s, long chunk)");
            KernelText.Sizes(text, sizes);
            KernelText.Buffers(text, nest.Buffers);
            Write(nest.Pieces[i], nest, chunks[i], $"{nest.Name}_0_{i}", Name, text);
        }
    }

    /// <summary>Few rows at a time, with a method for each piece; what is kept of these rows alone lies in the scratch memory of whoever runs the chunk.</summary>
    private static void WriteVisit(Nest nest, RowVisit visit, Seq<string> works, Func<DimSymbol, string> name, SourceText text)
    {
        Seq<DimSymbol> sizes = nest.Sizes;
        string rows = Spelling.Index(visit.Batches is { } batches ? batches * Strips(visit) : visit.Rows, name);
        string work = visit.Batches is null ? string.Join(" + ", works) : Spelling.Index(nest.Pieces.Aggregate((Dim)0, (sum, piece) => sum + StripWork(piece, visit)), name);
        long[] places = new long[visit.Passing.Count + 1];
        for (int k = 0; k < visit.Passing.Count; k++)
        {
            places[k + 1] = places[k] + (((visit.Group * visit.Passing[k].Elements * visit.Passing[k].DType.Size()) + 63) & ~63L);
        }
        text.Open($"public static long {nest.Name}_0_chunks(long* s)");
        KernelText.Sizes(text, sizes);
        text.Line($"return Chunking.Count({rows}, {work});");
        text.Close();
        text.Line($"public static long {nest.Name}_scratch(long* s) => {places[^1]};");
        text.Line($"public static long {nest.Name}_shared(long* s) => 0;");
        text.Open($"public static void {nest.Name}_0(byte** b, long* s, long chunk, byte* scratch)");
        KernelText.Sizes(text, sizes);
        text.Line($"long rows = Chunking.Rows({rows}, {work});");
        text.Line($"long last = System.Math.Min((chunk + 1) * rows, {rows});");
        text.Open($"for (long first = chunk * rows; first < last; first += {(visit.Batches is null ? visit.Group : 1)})");
        string range = $"first, System.Math.Min(first + {visit.Group}, last)";
        if (visit.Batches is not null)
        {
            text.Line($"long batch = first / {Strips(visit)}, column = first % {Strips(visit)} * {visit.Group};");
            range = $"batch, column, System.Math.Min(column + {visit.Group}, {visit.Rows})";
        }
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            text.Line($"{nest.Name}_0_{i}(b, s, scratch, {range});");
        }
        text.Close();
        text.Close();
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            Uncleared(nest.Pieces[i], text);
            text.Open($"private static void {nest.Name}_0_{i}(byte** b, long* s, byte* scratch, {(visit.Batches is null ? "" : "long batch, ")}long first, long last)");
            KernelText.Sizes(text, sizes);
            KernelText.Buffers(text, nest.Buffers);
            for (int k = 0; k < visit.Passing.Count; k++)
            {
                (int slot, string type) = (visit.Passing[k].Slot, Spelling.Memory(visit.Passing[k].DType));
                text.Line($"{type}* b{slot} = ({type}*)(scratch + {places[k]}) - {(visit.Batches is null ? $"({visit.Passing[k].Elements} * first)" : "first")};");
            }
            WriteRange(nest.Pieces[i], nest, $"{nest.Name}_0_{i}", name, text);
        }
    }

    /// <summary>A struct that runs all pieces for some planes, with a method for each.</summary>
    private static void WritePlanes(Nest nest, Func<DimSymbol, string> name, SourceText text)
    {
        text.Open($"public struct {nest.Name}_planes : INestOfPlanes");
        text.Open("public static void Run(byte** b, long* s, long first, long last)");
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            text.Line($"{nest.Name}_{i}(b, s, first * {nest.PlaneSteps[i]}L, last * {nest.PlaneSteps[i]}L);");
        }
        text.Close();
        for (int i = 0; i < nest.Pieces.Count; i++)
        {
            Uncleared(nest.Pieces[i], text);
            text.Open($"private static void {nest.Name}_{i}(byte** b, long* s, long first, long last)");
            KernelText.Sizes(text, nest.Sizes);
            KernelText.Buffers(text, nest.Buffers);
            WriteRange(nest.Pieces[i], nest, $"{nest.Name}_{i}", name, text);
        }
        text.Close();
    }

    /// <summary>How many strips of columns there are side by side.</summary>
    private static long Strips(RowVisit visit) => (visit.Rows.Constant + visit.Group - 1) / visit.Group;

    /// <summary>The work of a piece for the columns that are visited at a time.</summary>
    private static Dim StripWork(Piece piece, RowVisit visit)
    {
        Seq<LoopIndex> loops = piece.Loops;
        return loops[(visit.Batches!.Is(1) ? 0 : 1)..^1].Aggregate((Dim)visit.Group, (product, index) => product * index.Extent) * (piece.PerPoint + (2 * piece.Stores.Count));
    }

    /// <summary>What a method takes from the stack for its stages or its sums of columns is written before it is read: the runtime need not clear it.</summary>
    private static void Uncleared(Piece? piece, SourceText text)
    {
        if (piece is { Lanes: Lanes.Space } && piece.Loops.Count > 0 && (ElementWriter.Stages(piece).Count > 0 || ElementWriter.OfColumns(piece) is not null))
        {
            text.Line("[System.Runtime.CompilerServices.SkipLocalsInit]");
        }
    }

    /// <summary>
    /// Whether a chunk does its part of all pieces, which share an outermost loop, such as that over planes whose borders are pieces of their own: so memory is
    /// gone through once.
    /// </summary>
    private static bool StandSideBySide(Seq<Piece> pieces) => pieces.Count > 1 && pieces.All(piece => piece.Lanes != Lanes.Tiles && ElementWriter.OfColumns(piece) is null
        && piece.Loops is { Count: > 1 } loops && loops[0].Extent.Equals(pieces[0].Loops[0].Extent));

    // Text is what compilation takes long for.
    private const int MostElementsTwice = 64;
    private const int FunctionWeight = 10;

    /// <summary>Steps of the outermost loop, and an estimate of the work in one of them: points below it times arithmetic and stores per point.</summary>
    private static (string Outer, string Work) Chunks(Piece piece, Func<DimSymbol, string> name)
    {
        Seq<LoopIndex> loops = piece.Loops;
        return loops.Count == 0
            ? ("1L", "1L")
            : (Spelling.Index(loops[0].Extent, name), Work(piece, loops, name));
    }

    // What operations on single elements and on lanes that are gathered one by one count, and what a sum along lanes and a short run of vectors take beyond theirs.
    private const long SingleWeight = 2, GatheredWeight = 8, SumWeight = 96, RunWeight = 32, ShortRun = 64;

    /// <summary>Of sums of columns a chunk takes so many that it reads whole lines of memory, long ones of each row; so it does of what is turned in tiles.</summary>
    private static string Work(Piece piece, Seq<LoopIndex> loops, Func<DimSymbol, string> name)
    {
        Dim each = piece.PerPoint + (2 * piece.Stores.Count);
        Dim all = piece.Lanes switch
        {
            Lanes.None => Extents(loops[1..]) * each * SingleWeight,
            Lanes.Reduction => Extents(loops[1..]) * (each + SumWeight),
            Lanes.Space when IsGathered(piece, loops[^1]) => Extents(loops[1..]) * each * GatheredWeight,
            _ when loops.Count > 1 && loops[^1].Extent is { IsConstant: true, Constant: < ShortRun } => Extents(loops[1..^1]) * ((loops[^1].Extent * each) + RunWeight),
            _ => Extents(loops[1..]) * each,
        };
        string work = Spelling.Index(all, name);
        string? kind = loops.Count == 1 && ElementWriter.OfColumns(piece) is not null ? "OfColumns" : piece.Lanes == Lanes.Tiles && loops[0] == TileWriter.Row(piece) ? "OfTiles" : null;
        if (kind is null && piece.Lanes == Lanes.Space)
        {
            Dim bytes = piece.Space.Aggregate((Dim)piece.LaneType.Size(), (all, index) => all * index.Extent);
            return bytes.Upper <= Library.Chunking.MostInCache ? work : $"Chunking.OfLarge({Spelling.Index(bytes, name)}, {work})";
        }
        return kind is null ? work : $"Chunking.{kind}({Spelling.Index(loops[0].Extent, name)}, {work}), Chunking.Together";

        static Dim Extents(Seq<LoopIndex> indices) => indices.Aggregate((Dim)1, (product, index) => product * index.Extent);
    }

    /// <summary>Whether consecutive values of the lanes' index lie apart in what is read.</summary>
    private static bool IsGathered(Piece piece, LoopIndex lane) =>
        Elements.All(piece.Stores.Select(s => s.Value)).OfType<Element.Read>().Any(read => Vectorizing.Stride(read.At[0], lane) is not (0 or 1));

    private static void Write(Piece piece, Nest nest, (string Outer, string Work) chunks, string method, Func<DimSymbol, string> name, SourceText text)
    {
        if (piece.Loops.Count > 0)
        {
            text.Line($"long rows = Chunking.Rows({chunks.Outer}, {chunks.Work});");
            text.Line($"long first = chunk * rows, last = System.Math.Min(first + rows, {chunks.Outer});");
        }
        WriteRange(piece, nest, method, name, text);
    }

    /// <summary>A piece from the first value of its outermost index to the last, with the end of its method and the methods of its stages.</summary>
    private static void WriteRange(Piece piece, Nest nest, string method, Func<DimSymbol, string> name, SourceText text)
    {
        Seq<LoopIndex> loops = piece.Loops;
        List<Element> values = [.. piece.Stores.Select(s => s.Value)];
        int width = piece.Lanes == Lanes.None ? 1 : nest.VectorBits / 8 / piece.LaneType.Size();
        var writer = new ElementWriter(text, name, piece.LaneType) { LanesInReductions = piece.Lanes == Lanes.Reduction, Width = width, Reductions = [.. Elements.All(values).OfType<Element.Reduce>()] };
        var stages = new SourceText(1);
        DeclarePast(piece, nest, name, writer.Past, text);
        if (piece.Lanes == Lanes.Tiles)
        {
            TileWriter.Write(piece, nest, writer, name, text);
        }
        else
        {
            WriteLoops(piece, nest, loops, values, writer, (method, stages), name, text);
        }
        if (writer.Past.Count > 0)
        {
            text.Open($"if ({string.Join(" | ", writer.Past.Values)})");
            text.Line("Chunking.Finish();");
            text.Close();
        }
        text.Close();
        text.Lines(stages.ToString());
    }

    private static void WriteLoops(Piece piece, Nest nest, Seq<LoopIndex> loops, List<Element> values, ElementWriter writer, (string Name, SourceText Text) methods, Func<DimSymbol, string> name, SourceText text)
    {
        Element.Reduce? columns = ElementWriter.OfColumns(piece);
        bool wide = piece.Lanes == Lanes.Space && loops.Count > 0;
        List<Element> stages = wide ? ElementWriter.Stages(piece) : [];
        if (columns is not null)
        {
            writer.ReserveColumns(columns);
        }
        if (stages.Count > 0)
        {
            // Its methods find out for themselves what they need.
            values = [];
            writer.ReserveStages(stages, loops.Count == 1 ? "first" : "0");
        }
        if (!(wide && loops.Count == 1))
        {
            writer.Hoist(values);
        }
        (string, string) Bounds(LoopIndex index)
        {
            bool isFirst = index == loops[0], isLast = index == loops[^1];
            return nest.Visit?.Batches is { } batches
                ? isLast && Strips(nest.Visit) > 1 ? ("first", "last") : isFirst && !isLast && !batches.Is(1) ? ("batch", "batch + 1") : ("0", Spelling.Index(index.Extent, name))
                : isFirst ? ("first", "last") : ("0", Spelling.Index(index.Extent, name));
        }
        foreach (LoopIndex index in wide ? loops[..^1] : loops)
        {
            (string first, string last) = Bounds(index);
            writer.OpenLoop(index, first, last, values);
        }
        if (!wide)
        {
            writer.Store(piece, nest, wide);
        }
        else
        {
            LoopIndex lane = loops[^1];
            (string first, string last) = Bounds(lane);
            if (stages.Count > 0)
            {
                writer.WriteStages(piece, nest, stages, loops, (first, last), FillsAll(piece, nest, loops, writer.Width), methods);
            }
            else if (columns is not null)
            {
                writer.OpenColumns(columns, lane, first, last, values, FillsAll(piece, nest, loops, writer.Width) ? LaneLoop.Whole : LaneLoop.Any);
                writer.Store(piece, nest, wide);
                writer.CloseColumns(lane);
            }
            else if (FillsAll(piece, nest, loops, writer.Width) || !IsWorthTwo(piece, lane, writer.Width))
            {
                bool one = loops.Count > 1 && lane.Extent.IsConstant && lane.Extent.Constant <= writer.Width;
                writer.OpenLanes(lane, first, last, values, one ? LaneLoop.One : FillsAll(piece, nest, loops, writer.Width) ? LaneLoop.Whole : LaneLoop.Any);
                writer.Store(piece, nest, wide);
                writer.CloseLoop(lane);
            }
            else
            {
                text.Block();
                foreach (LaneLoop part in new[] { LaneLoop.Begun, LaneLoop.Rest })
                {
                    writer.OpenLanes(lane, first, last, values, part);
                    writer.Store(piece, nest, wide);
                    writer.CloseLoop(lane);
                }
                text.Close();
            }
        }
        foreach (LoopIndex index in loops.Reverse().Skip(wide ? 1 : 0))
        {
            writer.CloseLoop(index);
        }
    }

    /// <summary>Whether no vector along the last loop is filled in part: chunks of a loop of their own are multiples of 64 where its steps are not much work, and those of columns of 16.</summary>
    private static bool FillsAll(Piece piece, Nest nest, Seq<LoopIndex> loops, int width) => loops[^1].Extent is { IsConstant: true } extent && extent.Constant % width == 0
        && (loops.Count > 1 || (nest.Visit is null && (ElementWriter.OfColumns(piece) is not null || piece.PerPoint + (2 * piece.Stores.Count) is { IsConstant: true, Constant: <= 1024 })));

    private static bool HasGuards(Piece piece) => Elements.All(piece.Stores.Select(s => s.Value)).Any(Elements.IsGuard);

    /// <summary>Whether the last vector of a loop gets a text of its own, so that those before it ask nothing.</summary>
    private static bool IsWorthTwo(Piece piece, LoopIndex lane, int width) =>
        !(lane.Extent.Upper < 8 * width) && !HasGuards(piece) && Weight(piece) <= MostElementsTwice;

    /// <summary>Elements of a piece; a function that the library computes is a text of its own.</summary>
    private static int Weight(Piece piece) => Elements.All(piece.Stores.Select(s => s.Value)).Sum(e => e is Element.Call call && Meaning.Cost(call.Function) > 1 ? FunctionWeight : 1);

    /// <summary>Truths whether stores pass the cache by: where the result is large, and is not written over what is read.</summary>
    private static void DeclarePast(Piece piece, Nest nest, Func<DimSymbol, string> name, Dictionary<int, string> past, SourceText text)
    {
        if (piece.Lanes is not (Lanes.Space or Lanes.Tiles))
        {
            return;
        }
        // What a piece of a visit stores another may be about to read.
        int[] reads = [.. Elements.All((nest.Visit is null ? piece.Stores : nest.Pieces.SelectMany(other => other.Stores)).Select(s => s.Value)).OfType<Element.Read>().Select(read => read.Operand).Distinct()];
        LoopIndex lane = piece.Space.Last(i => !i.Extent.Is(1));
        foreach (Store store in piece.Stores.Where(s => Vectorizing.Whole(s.Value) is null && Vectorizing.Stride(s.Offset, lane) == 1))
        {
            if (nest.Past.Contains(store.Buffer))
            {
                past[store.Buffer] = "true";
                continue;
            }
            Dim bytes = piece.Space.Aggregate((Dim)store.Value.DType.Size(), (all, index) => all * index.Extent);
            if (!reads.Contains(store.Buffer) && !(bytes.Upper <= Library.Chunking.MostInCache) && past.TryAdd(store.Buffer, $"past{store.Buffer}"))
            {
                text.Line($"bool past{store.Buffer} = {string.Concat(reads.Select(read => $"(void*)b{read} != b{store.Buffer} && "))}{Spelling.Index(bytes, name)} > Chunking.MostInCache;");
            }
        }
    }
}
