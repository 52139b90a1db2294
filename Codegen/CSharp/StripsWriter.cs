namespace Symbolic.Codegen;

/// <summary>Writes a 1x1 convolution and the depthwise convolution behind it as the structs of both, and the methods that hand them to the library's class.</summary>
internal static class StripsWriter
{
    /// <summary>Appends the structs and methods.</summary>
    public static void Write(Strips strips, SourceText text, CodegenOptions options)
    {
        string name = strips.Name;
        Product inner = strips.Inner with { Name = $"{name}_inner" }, outer = strips.Outer with { Name = $"{name}_outer" };
        ProductWriter.Structs(inner, strips.Buffers.Count, text, options);
        ProductWriter.Structs(outer, strips.Buffers.Count, text, options);
        string engine = $"DepthwiseStrips<{ProductWriter.Lanes(outer, options)}, {Spelling.Memory(outer.DType)}, {name}_inner_product, {name}_inner_rows, {name}_inner_columns, {name}_outer_product>";
        text.Line($"public static long {name}_scratch(long* s) => {engine}.Scratch(s);");
        text.Line($"public static long {name}_shared(long* s) => {engine}.Shared(s);");
        text.Line($"public static long {name}_packs(long* s) => {engine}.Packs(s);");
        text.Line($"public static long {name}_streams(long* s) => -1;");
        text.Line($"public static long {name}_streamed(long* s) => 0;");
        text.Line($"public static void {name}_ahead(byte** b, long* s, long chunk, byte* scratch) {{ }}");
        for (int phase = 0; phase < strips.Phases; phase++)
        {
            text.Line($"public static long {name}_{phase}_chunks(long* s) => {engine}.Chunks({phase}, s);");
            text.Line($"public static void {name}_{phase}(byte** b, long* s, long chunk, byte* scratch) => {engine}.Run({phase}, b, s, chunk, scratch);");
        }
    }
}
