namespace Symbolic.Codegen;

/// <summary>The ILGPU kernels of one function: one class, compiled once.</summary>
internal static class GpuSource
{
    /// <summary>The file of these kernels.</summary>
    public static Seq<string> Write(IReadOnlyList<Kernel> kernels)
    {
        if (kernels.Count == 0)
        {
            return [];
        }
        var text = new SourceText();
        text.Line("using ILGPU;");
        text.Line("using Symbolic.Codegen.Library;");
        text.Line("");
        text.Line("namespace Symbolic.Emitted;");
        text.Line("");
        text.Open("public static class Kernels");
        foreach (Kernel kernel in kernels)
        {
            GpuNestWriter.Write(kernel as Nest ?? throw new NotSupportedException($"{kernel.Label}: contractions have no schedule for GPUs yet; without one they are nests (Contractions = false)"), text);
        }
        text.Close();
        return [text.ToString()];
    }
}
