namespace Symbolic.Codegen;

/// <summary>Writes a direct convolution and the nest behind it as the convolution's struct and the methods that hand both to the library's class; the nest is a text of its own.</summary>
internal static class PlanesWriter
{
    /// <summary>Appends the structs and methods.</summary>
    public static void Write(Planes planes, SourceText text, CodegenOptions options)
    {
        string name = planes.Name;
        ProductWriter.Structs(planes.Inner with { Name = name }, planes.Buffers.Count, text, options);
        string engine = $"DirectPlanes<{ProductWriter.Lanes(planes.Inner, options)}, {Spelling.Memory(planes.Inner.DType)}, {name}_product, {planes.Outer.Name}_planes>";
        text.Line($"public static long {name}_scratch(long* s) => {engine}.Scratch(s);");
        text.Line($"public static long {name}_shared(long* s) => {engine}.Shared(s);");
        text.Line($"public static long {name}_packs(long* s) => {engine}.Packs(s);");
        text.Line($"public static long {name}_streams(long* s) => -1;");
        text.Line($"public static long {name}_streamed(long* s) => 0;");
        text.Line($"public static void {name}_ahead(byte** b, long* s, long chunk, byte* scratch) {{ }}");
        for (int phase = 0; phase < planes.Phases; phase++)
        {
            text.Line($"public static long {name}_{phase}_chunks(long* s) => {engine}.Chunks({phase}, s);");
            text.Line($"public static void {name}_{phase}(byte** b, long* s, long chunk, byte* scratch) => {engine}.Run({phase}, b, s, chunk, scratch);");
        }
    }
}
