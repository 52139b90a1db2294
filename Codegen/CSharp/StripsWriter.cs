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
        KernelText.Engine(text, name, engine, strips.Phases);
    }
}
