namespace Symbolic.Codegen;

/// <summary>
/// Writes what a contraction that is run as a convolution says of itself beyond its epilogue: the members of
/// <see cref="Library.IConvolution{T}"/>, and the methods that hand it to its schedule's class.
/// </summary>
internal static class ConvolutionWriter
{
    /// <summary>Where the operands lie, and all extents and steps.</summary>
    public static void Members(ConvolutionShape shape, Product product, SourceText text, Func<DimSymbol, string> name)
    {
        string element = Spelling.Memory(product.DType);
        Library.ConvolutionGeometry g = shape.Geometry;
        text.Line($"public static bool FiltersAreLanes => {(shape.FiltersAreLanes ? "true" : "false")};");
        text.Line($"public static int KernelBuffer => {shape.KernelBuffer};");
        text.Line($"public static {element}* Image(byte** b, long* s) => ({element}*)b[{shape.ImageBuffer}] + {shape.ImageOrigin}L;");
        text.Line($"public static {element}* Kernel(byte** b, long* s) => ({element}*)b[{shape.KernelBuffer}] + {shape.KernelOrigin}L;");
        Geometry(g, shape.Images, $"UpY = {g.UpY}L, UpX = {g.UpX}L, "
            + $"KernelGroup = {g.KernelGroup}L, KernelFilter = {g.KernelFilter}L, KernelChannel = {g.KernelChannel}L, KernelY = {g.KernelY}L, KernelX = {g.KernelX}L", product, text, name);
    }

    /// <summary>Likewise of a gradient with respect to kernels: of results, or of windows of them.</summary>
    public static void Members(KernelGradientShape shape, Product product, SourceText text, Func<DimSymbol, string> name)
    {
        string element = Spelling.Memory(product.DType);
        Library.ConvolutionGeometry g = shape.Geometry;
        text.Line($"public static {element}* Image(byte** b, long* s) => ({element}*)b[{shape.ImageBuffer}] + {shape.ImageOrigin}L;");
        if (shape.Pooled is { } pooled)
        {
            Geometry(g, shape.Images, "", product, text, name);
            Windows(pooled, element, text);
            return;
        }
        text.Line($"public static {element}* Result(byte** b, long* s) => ({element}*)b[{shape.ResultBuffer}] + {shape.ResultOrigin}L;");
        Geometry(g, shape.Images, $"ResultGroup = {g.ResultGroup}L, ResultStep = {g.ResultStep}L, ResultFilter = {g.ResultFilter}L, ResultRow = {g.ResultRow}L, ResultColumn = {g.ResultColumn}L", product, text, name);
    }

    private static void Windows(PooledShape pooled, string element, SourceText text)
    {
        Library.PooledWindow w = pooled.Window;
        text.Line($"public static {element}* Values(byte** b, long* s) => ({element}*)b[{pooled.ValueBuffer}] + {pooled.ValueOrigin}L;");
        text.Line($"public static int* Positions(byte** b, long* s) => (int*)b[{pooled.PositionBuffer}] + {pooled.PositionOrigin}L;");
        text.Line("public static PooledWindow Window(long* s) => new PooledWindow { "
            + $"Rows = {w.Rows}L, Columns = {w.Columns}L, SizeY = {w.SizeY}L, SizeX = {w.SizeX}L, StrideY = {w.StrideY}L, StrideX = {w.StrideX}L, DilationY = {w.DilationY}L, DilationX = {w.DilationX}L, Top = {w.Top}L, Left = {w.Left}L, "
            + $"ValueGroup = {w.ValueGroup}L, ValueStep = {w.ValueStep}L, ValueFilter = {w.ValueFilter}L, ValueRow = {w.ValueRow}L, ValueColumn = {w.ValueColumn}L, "
            + $"PositionGroup = {w.PositionGroup}L, PositionStep = {w.PositionStep}L, PositionFilter = {w.PositionFilter}L, PositionRow = {w.PositionRow}L, PositionColumn = {w.PositionColumn}L }};");
    }

    private static void Geometry(in Library.ConvolutionGeometry g, Dim images, string others, Product product, SourceText text, Func<DimSymbol, string> name)
    {
        text.Open("public static ConvolutionGeometry Geometry(long* s)");
        KernelText.Sizes(text, product.Sizes);
        text.Line("return new ConvolutionGeometry { "
            + $"Choice = s[{product.Sizes.Count}L + KernelRoom.Choice], Groups = {g.Groups}L, Images = {Spelling.Index(images, name)}, Channels = {g.Channels}L, Filters = {g.Filters}L, Height = {g.Height}L, Width = {g.Width}L, OutHeight = {g.OutHeight}L, OutWidth = {g.OutWidth}L, "
            + $"TapsY = {g.TapsY}L, TapsX = {g.TapsX}L, StrideY = {g.StrideY}L, StrideX = {g.StrideX}L, DilationY = {g.DilationY}L, DilationX = {g.DilationX}L, Top = {g.Top}L, Left = {g.Left}L, "
            + $"ImageGroup = {g.ImageGroup}L, ImageStep = {g.ImageStep}L, ImageChannel = {g.ImageChannel}L, ImageRow = {g.ImageRow}L, ImageColumn = {g.ImageColumn}L, {others} }};");
        text.Close();
    }

    /// <summary>The library's class for a product's schedule.</summary>
    /// <param name="product">The product.</param>
    /// <param name="lanes">Its vectors.</param>
    public static string Engine(Product product, string lanes)
    {
        string element = Spelling.Memory(product.DType);
        return product.Schedule switch
        {
            Schedule.WinogradComplex when Library.OverlapLayout.Pays(product.Convolution!.Geometry) => $"WinogradOverlap<{lanes}, {element}, {product.Name}_product>",
            Schedule.WinogradComplex => $"{Winograd(product)}<{lanes}, {element}, {product.Name}_product, {Complex(product.Convolution!.Geometry.TapsX)}>",
            Schedule.Winograd7 => $"{Winograd(product)}<{lanes}, {element}, {product.Name}_product, WinogradTile7>",
            Schedule.Winograd4 => $"{Winograd(product)}<{lanes}, {element}, {product.Name}_product, WinogradTile4>",
            Schedule.Winograd2 => $"{Winograd(product)}<{lanes}, {element}, {product.Name}_product, {Tile(product.Convolution!.Geometry.TapsX)}>",
            Schedule.Transposed => $"Transposed<{lanes}, {element}, {product.Name}_product>",
            Schedule.Direct when ConvolutionScheduling.HasRowLanes(product.Convolution!) => $"DirectRows<{lanes}, {element}, {product.Name}_product>",
            Schedule.Direct => $"Direct<{lanes}, {element}, {product.Name}_product>",
            Schedule.Depthwise when product.Convolution!.FiltersAreLanes => $"DepthwiseLanes<{lanes}, {element}, {product.Name}_product>",
            Schedule.Depthwise => $"Depthwise<{lanes}, {element}, {product.Name}_product>",
            Schedule.WinogradGradient => $"{WinogradGradient(product)}<{lanes}, {element}, {product.Name}_product, {Tile(product.Gradient!.Geometry.TapsX)}>",
            Schedule.WinogradGradientComplex => $"{WinogradGradient(product)}<{lanes}, {element}, {product.Name}_product, {Complex(product.Gradient!.Geometry.TapsX)}>",
            Schedule.WinogradGradient7 => $"{WinogradGradient(product)}<{lanes}, {element}, {product.Name}_product, WinogradTile7>",
            Schedule.PooledGradient => $"PooledGradient<{lanes}, {element}, {product.Name}_product>",
            Schedule.KernelGradient => $"KernelGradient<{lanes}, {element}, {product.Name}_product>",
            _ => throw new System.Diagnostics.UnreachableException($"{product.Schedule}"),
        };
    }

    private static string Winograd(Product product) => ConvolutionScheduling.IsByFilters(product.Schedule, product.Convolution!) ? "WinogradByFilters" : "Winograd";

    private static string WinogradGradient(Product product) => KernelGradientScheduling.IsByKernels(product.Schedule, product.Gradient!.Geometry) ? "WinogradGradientByKernels" : "WinogradGradient";

    /// <summary>Winograd's tile of 2x2 results for so many taps along an axis.</summary>
    private static string Tile(long taps) => taps == 5 ? "WinogradTile2Of5" : "WinogradTile2";

    /// <summary>Winograd's tile with complex points for so many taps along an axis.</summary>
    private static string Complex(long taps) => taps == 5 ? "WinogradRoots4Of5" : "WinogradComplex4";

    /// <summary>The methods that the runtime calls.</summary>
    public static void Methods(Product product, string lanes, SourceText text)
    {
        string name = product.Name, engine = Engine(product, lanes);
        KernelText.Engine(text, name, engine, product.Phases, product.Past.Count > 0);
        if (product.Schedule is Schedule.Direct or Schedule.Depthwise or Schedule.Transposed)
        {
            text.Line($"public static long {name}_choices(long* s, long* numbers) => ConvolutionChoices.List({name}_product.Geometry(s), {product.VectorBits}, s + {product.Sizes.Count}L + KernelRoom.Choice, s, &{engine}.Chunks, numbers);");
        }
    }
}
