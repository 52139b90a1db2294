using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// Writes a contraction as three small structs, two operands and the product with its epilogue, and the methods that hand them to the library's
/// class for its schedule, such as <see cref="Library.Panels{TLanes, TVector, T, TProduct, TRows, TColumns}"/>, which does the work.
/// </summary>
internal static class ProductWriter
{
    /// <summary>Appends the structs and methods of the product.</summary>
    public static void Write(Product product, SourceText text, CodegenOptions options)
    {
        string element = Spelling.Memory(product.DType), name = product.Name, lanes = Lanes(product, options);
        Structs(product, product.Buffers.Count, text, options);
        if (product.Convolution is not null || product.Gradient is not null)
        {
            ConvolutionWriter.Methods(product, lanes, text);
            return;
        }
        string engine = $"{product.Schedule}<{lanes}, {element}, {name}_product, {name}_rows, {name}_columns>";
        text.Line($"public static long {name}_scratch(long* s) => {engine}.Scratch(s);");
        if (product.Schedule is Schedule.MatrixVector or Schedule.InnerProducts)
        {
            text.Line($"public static long {name}_shared(long* s) => 0;");
            text.Line($"public static long {name}_reads(long* s) => {engine}.Reads(s);");
            text.Line($"public static long {name}_0_chunks(long* s) => {engine}.Chunks(s);");
            KernelText.Phase(text, name, 0, $"{engine}.Run(b, s, chunk, scratch)", product.Past.Count > 0);
            return;
        }
        text.Line($"public static long {name}_shared(long* s) => {engine}.Shared(s);");
        text.Line($"public static long {name}_packs(long* s) => {engine}.Packs(s);");
        text.Line($"public static long {name}_streams(long* s) => {engine}.Streams(s);");
        text.Line($"public static long {name}_streamed(long* s) => {engine}.StreamedBytes(s);");
        text.Line($"public static long {name}_choices(long* s, long* numbers) => {engine}.Choices(s, numbers);");
        text.Line($"public static void {name}_ahead(byte** b, long* s, long chunk, byte* scratch) => {engine}.PackAhead(b, s, chunk);");
        text.Line($"public static long {name}_0_chunks(long* s) => {engine}.PackChunks(s);");
        text.Line($"public static long {name}_1_chunks(long* s) => {engine}.Chunks(s);");
        text.Line($"public static long {name}_2_chunks(long* s) => {engine}.JoinChunks(s);");
        text.Line($"public static void {name}_0(byte** b, long* s, long chunk, byte* scratch) => {engine}.Pack(b, s, chunk);");
        KernelText.Phase(text, name, 1, $"{engine}.Run(b, s, chunk, scratch)", product.Past.Count > 0);
        KernelText.Phase(text, name, 2, $"{engine}.Join(b, s, chunk, scratch)", product.Past.Count > 0);
    }

    /// <summary>The vectors in which it is summed. Sums have the same bits at any width, so they may be wider than those of the epilogue that is written into it.</summary>
    public static string Lanes(Product product, CodegenOptions options)
    {
        string element = Spelling.Memory(product.DType);
        return product.VectorBits == options.VectorBits ? "S, V" : $"Lanes{product.VectorBits}<{element}>, System.Runtime.Intrinsics.Vector{product.VectorBits}<{element}>";
    }

    /// <summary>Appends the structs.</summary>
    /// <param name="product">The product.</param>
    /// <param name="shared">The position of the shared memory.</param>
    /// <param name="text">Where to.</param>
    /// <param name="options">What may be used.</param>
    public static void Structs(Product product, int shared, SourceText text, CodegenOptions options)
    {
        Seq<DimSymbol> sizes = product.Sizes;
        string Name(DimSymbol symbol) => symbol is LoopIndex index ? index.Name : $"n{sizes.IndexOf(symbol)}";
        string element = Spelling.Memory(product.DType), name = product.Name;
        if (product.Convolution is { } convolution)
        {
            text.Open($"public struct {name}_product : IConvolution<{element}>");
            Shape();
            Place(product, text, Name);
            ConvolutionWriter.Members(convolution, product, text, Name);
            text.Close();
            return;
        }
        if (product.Gradient is { } gradient)
        {
            text.Open($"public struct {name}_product : {(gradient.Pooled is null ? "IKernelGradient" : "IPooledGradient")}<{element}>");
            Shape();
            ConvolutionWriter.Members(gradient, product, text, Name);
            text.Close();
            return;
        }
        Operand(product, $"{name}_rows", product.RowOperand, product.Rows, [], null, text, Name);
        Operand(product, $"{name}_columns", product.ColumnOperand, product.Columns, product.Borders, product.Runs, text, Name);
        text.Open($"public struct {name}_product : IProduct<{element}>");
        Shape();
        text.Close();

        void Shape()
        {
            text.Line($"public static int Sizes => {sizes.Count};");
            text.Line($"public static int Shared => {shared};");
            text.Line($"public static bool IsTurned => {(product.IsTurned ? "true" : "false")};");
            text.Line($"public static bool Updates => {(product.UpdatedReads.Any() ? "true" : "false")};");
            Extent("Batches", product.Batch);
            Extent("Rows", product.Rows);
            Extent("Columns", product.Columns);
            Number("RunColumns", product.Runs?.Columns ?? Product.Extent(product.Columns), sizes, text, Name);
            Extent("Depth", product.Depth);
            Target(product, text, Name);
            EndingWriter.Write(product, text, Name);
            Updated(product, text, Name);
            Store(product, options.VectorBits / 8 / product.DType.Size(), text, Name);
        }

        void Extent(string property, Seq<LoopIndex> indices)
        {
            text.Open($"public static long {property}(long* s)");
            KernelText.Sizes(text, sizes);
            text.Line($"return {Spelling.Index(Product.Extent(indices), Name)};");
            text.Close();
        }
    }

    private static void Operand(Product product, string name, Element operand, Seq<LoopIndex> lines, Seq<Border> borders, ColumnRuns? runs, SourceText text, Func<DimSymbol, string> spelled)
    {
        string element = Spelling.Memory(product.DType);
        OperandSteps? parts = OperandSteps.Of(operand, lines, product.Depth);
        // An operand that is computed from constants alone reads no buffer, one joined of several more than one: nothing of it can be packed ahead.
        Element.Read[] reads = [.. Elements.All([operand]).OfType<Element.Read>().DistinctBy(read => read.Operand)];
        text.Open($"public struct {name} : IOperand<{element}>");
        text.Line($"public static bool IsSeparable => {(parts is null ? "false" : "true")};");
        OperandSteps? steps = runs?.Steps ?? parts;
        bool isMatrix = steps is { IsMatrix: true };
        text.Line($"public static bool IsMatrix => {(isMatrix ? "true" : "false")};");
        Number("LineStep", isMatrix ? steps!.LineStep! : 0, product.Sizes, text, spelled);
        Number("RunStep", runs?.Step ?? 0, product.Sizes, text, spelled);
        Number("DepthStep", isMatrix ? steps!.DepthStep! : 0, product.Sizes, text, spelled);
        text.Line($"public static bool HasBatch => {(isMatrix && reads.All(read => read.At.All(at => !product.Batch.Any(at.Contains))) ? "false" : "true")};");
        text.Line($"public static int Buffer => {(reads.Length == 1 ? reads[0].Operand : -1)};");
        text.Line($"public static bool HasBorders => {(borders.Count > 0 ? "true" : "false")};");
        text.Line($"public static long Alike => {(borders.Count > 0 ? lines[^1].Extent.Constant : 0)};");
        text.Line($"public static {element}* Base(byte** b) => {(reads.Length == 1 ? $"({element}*)b[Buffer]" : "null")};");
        text.Open("public static void Lines(long* s, long batch, long first, long count, long* offsets)");
        KernelText.Sizes(text, product.Sizes);
        Decode(product.Batch, "batch", text, spelled);
        Fill(lines, parts?.Line ?? 0, text, spelled);
        text.Close();
        text.Open("public static void Depths(long* s, long first, long count, long* offsets)");
        KernelText.Sizes(text, product.Sizes);
        Fill(product.Depth, parts?.Depth ?? 0, text, spelled);
        text.Close();
        Ranges(product, lines, borders, text, spelled);
        text.Open($"public static {element} At(byte** b, long* s, long batch, long line, long depth)");
        if (parts is not null)
        {
            text.Line("long l, d;");
            text.Line("Lines(s, batch, line, 1, &l);");
            text.Line("Depths(s, depth, 1, &d);");
            text.Line("return Base(b)[l + d];");
        }
        else
        {
            KernelText.Sizes(text, product.Sizes);
            KernelText.Buffers(text, product.Buffers);
            Decode(product.Batch, "batch", text, spelled);
            Decode(lines, "line", text, spelled);
            Decode(product.Depth, "depth", text, spelled);
            text.Line($"return {new ElementWriter(text, spelled, product.DType).Scalar(operand)};");
        }
        text.Close();
        text.Close();
    }

    /// <summary>The ranges of depth in which a line has elements: valid taps of all borders but the last one by one, those of the last as one range.</summary>
    private static void Ranges(Product product, Seq<LoopIndex> lines, Seq<Border> borders, SourceText text, Func<DimSymbol, string> name)
    {
        text.Open("public static int Ranges(long* s, long batch, long line, long* ranges)");
        if (borders.Count == 0)
        {
            text.Line("ranges[0] = 0;");
            text.Line("ranges[1] = long.MaxValue;");
            text.Line("return 1;");
            text.Close();
            return;
        }
        Decode(lines, "line", text, name);
        long inner = product.Depth[borders.Count..].Aggregate(1L, (a, d) => a * d.Extent.Constant);
        text.Line("int count = 0;");
        string position = "0L";
        for (int i = 0; i < borders.Count; i++)
        {
            Border border = borders[i];
            long extent = border.Depth.Extent.Constant, tap = Math.Abs(border.Tap);
            text.Line($"long at{i} = {(border.Line is null ? "" : $"{border.Step}L * {name(border.Line)} + ")}{border.Origin}L;");
            // 0 ≤ at + tap·d < extent of the axis, solved for d.
            (string from, string to) = border.Tap > 0
                ? ($"-Scalars.FloorDiv(at{i}, {tap}L)", $"Scalars.FloorDiv({border.Extent - 1}L - at{i}, {tap}L) + 1")
                : ($"-Scalars.FloorDiv({border.Extent - 1}L - at{i}, {tap}L)", $"Scalars.FloorDiv(at{i}, {tap}L) + 1");
            text.Line($"long from{i} = System.Math.Max(0L, {from}), to{i} = System.Math.Min({extent}L, {to});");
            if (i < borders.Count - 1)
            {
                text.Open($"for (long d{i} = from{i}; d{i} < to{i}; d{i}++)");
                position = $"({position} * {extent}L + d{i})";
            }
            else
            {
                text.Open($"if (from{i} < to{i})");
                text.Line($"ranges[2 * count] = ({position} * {extent}L + from{i}) * {inner}L;");
                text.Line($"ranges[2 * count + 1] = ({position} * {extent}L + to{i}) * {inner}L;");
                text.Line("count++;");
            }
        }
        foreach (Border _ in borders)
        {
            text.Close();
        }
        text.Line("return count;");
        text.Close();
    }

    private static void Number(string name, Dim value, Seq<DimSymbol> sizes, SourceText text, Func<DimSymbol, string> spelled)
    {
        if (value.IsConstant)
        {
            text.Line($"public static long {name}(long* s) => {Spelling.Index(value, spelled)};");
            return;
        }
        text.Open($"public static long {name}(long* s)");
        KernelText.Sizes(text, sizes);
        text.Line($"return {Spelling.Index(value, spelled)};");
        text.Close();
    }

    /// <summary>Fills offsets from the index list's position <paramref name="dim"/> on, counting the indices up instead of dividing.</summary>
    private static void Fill(Seq<LoopIndex> indices, Dim dim, SourceText text, Func<DimSymbol, string> name)
    {
        Decode(indices, "first", text, name);
        text.Open("for (long k = 0; k < count; k++)");
        text.Line($"offsets[k] = {Spelling.Index(dim, name)};");
        for (int i = indices.Count - 1; i > 0; i--)
        {
            text.Open($"if (++{name(indices[i])} == {Spelling.Index(indices[i].Extent, name)})");
            text.Line($"{name(indices[i])} = 0;");
        }
        if (indices.Count > 0)
        {
            text.Line($"{name(indices[0])}++;");
        }
        for (int i = indices.Count - 1; i > 0; i--)
        {
            text.Close();
        }
        text.Close();
    }

    /// <summary>The indices of a list from their row-major position.</summary>
    public static void Decode(Seq<LoopIndex> indices, string position, SourceText text, Func<DimSymbol, string> name)
    {
        string rest = position;
        for (int i = indices.Count - 1; i >= 0; i--)
        {
            string extent = Spelling.Divisor(indices[i].Extent, name);
            text.Line(i == 0 ? $"long {name(indices[i])} = {rest};" : $"long {name(indices[i])} = {rest} % {extent};");
            if (i > 0)
            {
                text.Line($"long {position}{i} = {rest} / {extent};");
                rest = $"{position}{i}";
            }
        }
    }

    /// <summary>Where tiles may be stored as they are.</summary>
    private static void Target(Product product, SourceText text, Func<DimSymbol, string> spelled)
    {
        string element = Spelling.Memory(product.DType);
        Store first = product.Stores[0];
        Dim offset = first.Offset;
        (LoopIndex Lane, Dim Pitch, Dim RunStep)? even = !product.IsTurned && product.Buffers[first.Buffer].DType == product.DType ? product.Even(offset) : null;
        Dim? pitch = product.Stores.Count == 1 && first.Value is Element.Read { Operand: -1 } ? even?.Pitch : null;
        text.Line($"public static bool IsPlain => {(pitch is null ? "false" : "true")};");
        Number("Pitch", pitch ?? 0, product.Sizes, text, spelled);
        Number("RunStep", even?.RunStep ?? 0, product.Sizes, text, spelled);
        if (pitch is null)
        {
            text.Line($"public static {element}* Target(byte** b, long* s, long batch) => null;");
            return;
        }
        text.Open($"public static {element}* Target(byte** b, long* s, long batch)");
        KernelText.Sizes(text, product.Sizes);
        Decode(product.Batch, "batch", text, spelled);
        Dim start = offset.Substitute(s => s is LoopIndex index && !product.Batch.Contains(index) ? (Dim)0 : null);
        text.Line($"return ({element}*)b[{first.Buffer}] + ({Spelling.Index(start, spelled)});");
        text.Close();
    }

    /// <summary>The arrays that are read where they are then stored, of those that lie as a plain result would.</summary>
    private static void Updated(Product product, SourceText text, Func<DimSymbol, string> spelled)
    {
        string element = Spelling.Memory(product.DType), header = $"public static int Updated(byte** b, long* s, long batch, {element}** arrays, long* pitch)";
        Element.Read[] reads = [.. product.UpdatedReads.Where(read => product.Buffers[read.Operand].DType == product.DType && product.Lanes.Count == 1 && Vectorizing.Stride(read.At[0], product.Lanes[0]) == 1)
            .DistinctBy(read => read.Operand).Take(Library.PanelFetch.MostUpdated)];
        if (reads.Length == 0 || OperandSteps.Even(reads[0].At[0], product.Down) is not { } pitch || reads.Any(read => !read.At[0].Equals(reads[0].At[0])))
        {
            text.Line($"{header} => 0;");
            return;
        }
        text.Open(header);
        KernelText.Sizes(text, product.Sizes);
        Decode(product.Batch, "batch", text, spelled);
        text.Line($"*pitch = {Spelling.Index(pitch, spelled)};");
        for (int i = 0; i < reads.Length; i++)
        {
            Dim start = reads[i].At[0].Substitute(s => s is LoopIndex index && !product.Batch.Contains(index) ? (Dim)0 : null);
            text.Line($"arrays[{i}] = ({element}*)b[{reads[i].Operand}] + ({Spelling.Index(start, spelled)});");
        }
        text.Line($"return {reads.Length};");
        text.Close();
    }

    /// <summary>Whether vectors that are filled get a text of their own, which asks nothing: where several arrays are read and little is computed.</summary>
    private static bool IsWorthTwo(IReadOnlyList<Element> values) =>
        Elements.All(values).OfType<Element.Read>().Skip(1).Any() && !Elements.All(values).Any(e => Elements.IsGuard(e) || (e is Element.Call call && Meaning.Cost(call.Function) > 1));

    /// <summary>Where the epilogue stores an element first, and how far the next row's is, so that memory can be fetched before.</summary>
    private static void Place(Product product, SourceText text, Func<DimSymbol, string> spelled)
    {
        Store first = product.Stores[0];
        Dim? step = product.Buffers[first.Buffer].DType == product.DType && product.Lanes.Count > 0 && Vectorizing.Stride(first.Offset, product.Lanes[^1]) == 1
            ? OperandSteps.Even(first.Offset, product.Down) : null;
        string element = Spelling.Memory(product.DType);
        Number("PlaceStep", step ?? 0, product.Sizes, text, spelled);
        if (step is null)
        {
            text.Line($"public static {element}* Place(byte** b, long* s, long batch, long row, long column) => null;");
            return;
        }
        text.Open($"public static {element}* Place(byte** b, long* s, long batch, long row, long column)");
        KernelText.Sizes(text, product.Sizes);
        Decode(product.Batch, "batch", text, spelled);
        Decode(product.Down, "row", text, spelled);
        Decode(product.Lanes, "column", text, spelled);
        text.Line($"return ({element}*)b[{first.Buffer}] + ({Spelling.Index(first.Offset, spelled)});");
        text.Close();
    }

    /// <summary>The epilogue: runs of columns within the last index, for each row, as many lanes at a time as the width has.</summary>
    private static void Store(Product product, int width, SourceText text, Func<DimSymbol, string> name)
    {
        string element = Spelling.Memory(product.DType);
        text.Open($"public static void Store(byte** b, long* s, {element}* tile, long pitch, long batch, long row, long rows, long column, long columns)");
        KernelText.Sizes(text, product.Sizes);
        KernelText.Buffers(text, product.Buffers);
        Decode(product.Batch, "batch", text, name);
        LoopIndex? last = product.Lanes.Count > 0 ? product.Lanes[^1] : null;
        string lane = last is null ? "0" : name(last);
        var writer = new ElementWriter(text, name, product.DType) { Tile = wide => wide ? $"S.Load(values + {lane})" : $"values[{lane}]" };
        foreach (int buffer in product.Past)
        {
            writer.Past.Add(buffer, "true");
        }
        List<Element> values = [.. product.Stores.Select(store => store.Value)];
        foreach (LoopIndex index in product.Batch)
        {
            writer.Bind(index);
        }
        text.Line("long end = column + columns;");
        text.Open("for (long at = column; at < end;)");
        foreach (LoopIndex index in product.Lanes)
        {
            if (index != last)
            {
                writer.Bind(index);
            }
        }
        if (last is not null)
        {
            Decode(product.Lanes.RemoveAt(product.Lanes.Count - 1).Add(new LoopIndex("start", last.Extent)), "at", text, name);
            text.Line($"long run = System.Math.Min(end - at, {Spelling.Index(last.Extent, name)} - start);");
        }
        else
        {
            text.Line("long start = 0, run = 1;");
        }
        text.Open("for (long r = 0; r < rows; r++)");
        text.Line("long line = row + r;");
        Decode(product.Down, "line", text, name);
        foreach (LoopIndex index in product.Down)
        {
            writer.Bind(index);
        }
        text.Line($"{element}* values = tile + (r * pitch) + (at - column) - start;");
        if (last is not null)
        {
            LaneLoop[] parts = !product.HasWideStore || !IsWorthTwo(values) ? [LaneLoop.Any]
                // Panels and chunks of columns begin at whole vectors; tiles of images and turned ones do not.
                : product.Schedule is Schedule.Panels or Schedule.MatrixVector or Schedule.InnerProducts && !product.IsTurned && product.Lanes.Count == 1 && product.Runs is null && last.Extent is { IsConstant: true } extent && extent.Constant % width == 0 ? [LaneLoop.Whole] : [LaneLoop.Begun, LaneLoop.Rest];
            foreach (LaneLoop part in parts)
            {
                if (product.HasWideStore)
                {
                    writer.OpenLanes(last, "start", "start + run", values, part);
                }
                else
                {
                    writer.OpenLoop(last, "start", "start + run", values);
                }
                Stores(product.HasWideStore);
                writer.CloseLoop(last);
            }
        }
        else
        {
            writer.Hoist(values);
            Stores(lanes: false);
        }
        text.Close();
        text.Line("at += run;");
        text.Close();
        text.Close();

        void Stores(bool lanes)
        {
            foreach (Store store in product.Stores)
            {
                writer.Store(store, product.Buffers[store.Buffer].DType, lanes);
            }
        }
    }
}
