using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The C# text of all kernels of one function: one class, compiled once. There is a file per lane type, since a file's aliases say
/// which vectors its kernels use.
/// </summary>
internal static class KernelSource
{
    /// <summary>The files for these kernels.</summary>
    public static Seq<string> Write(IReadOnlyList<Kernel> kernels, CodegenOptions options) =>
        kernels.Select(LaneType).Distinct().Order().Select(type => Write(kernels.Where(k => LaneType(k) == type), type, options)).ToSeq();

    private static string Write(IEnumerable<Kernel> kernels, DType type, CodegenOptions options)
    {
        var text = new SourceText();
        string element = Spelling.Memory(type), vector = options.VectorBits == 0 ? element : $"System.Runtime.Intrinsics.Vector{options.VectorBits}<{element}>";
        string lanes = $"Symbolic.Codegen.Library.Lanes{(options.VectorBits == 0 ? 1 : options.VectorBits)}<{element}>";
        text.Line("using Symbolic.Codegen.Library;");
        text.Line($"using S = {lanes};");
        text.Line($"using V = {vector};");
        if (options.VectorBits > 0)
        {
            text.Line($"using M = Symbolic.Codegen.Library.VectorMath<{lanes}, {vector}, {element}>;");
        }
        text.Line("");
        text.Line("namespace Symbolic.Emitted;");
        text.Line("");
        text.Open("public static unsafe partial class Kernels");
        foreach (Kernel kernel in kernels)
        {
            switch (kernel)
            {
                case Nest nest:
                    NestWriter.Write(nest, text);
                    break;
                case Product product:
                    ProductWriter.Write(product, text, options);
                    break;
                default:
                    throw new UnreachableException($"{kernel}");
            }
        }
        text.Close();
        return text.ToString();
    }

    /// <summary>Kernels without lanes stand in the file of float32.</summary>
    private static DType LaneType(Kernel kernel) => kernel switch
    {
        Nest { LaneType: { } type } => type,
        Product product => product.DType,
        _ => DType.Float32,
    };
}
