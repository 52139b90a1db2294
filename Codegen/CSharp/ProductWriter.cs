namespace Symbolic.Codegen;

internal static class ProductWriter
{
    public static void Write(Product product, SourceText text, CodegenOptions options) => throw new System.Diagnostics.UnreachableException($"{product}{text}{options}");
}
