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
        KernelText.Engine(text, name, engine, planes.Phases);
    }
}
