using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The C# text of all kernels of one function: one class, compiled once. There is a file per lane type, since a file's aliases say
/// which vectors its kernels use. Kernels of one text are one: a net repeats its layers.
/// </summary>
internal static class KernelSource
{
    // Begins every name that a kernel declares, until it is known which kernels share them.
    private const string Anyone = "k\u00b7";

    /// <summary>The files for these kernels, and for each kernel by name the one that stands for it.</summary>
    public static (Seq<string> Files, IReadOnlyDictionary<string, string> Names) Write(IReadOnlyList<Kernel> kernels, CodegenOptions options)
    {
        var names = new Dictionary<string, string>();
        // A nest that runs within another kernel has vectors of its own, and so a file.
        Kernel[] texts = [.. kernels.SelectMany(kernel => kernel is Planes planes ? [planes.Outer, planes] : new[] { kernel })];
        Seq<string> files = texts.Select(Vector).Distinct().Order().Select(vector => Write(texts.Where(k => Vector(k) == vector), vector.Type, vector.Bits, options, names)).ToSeq();
        return (files, names);

        (DType Type, int Bits) Vector(Kernel kernel) => (LaneType(kernel), kernel is Nest { LaneType: not null } nest ? nest.VectorBits : options.VectorBits);
    }

    private static string Write(IEnumerable<Kernel> kernels, DType type, int bits, CodegenOptions options, Dictionary<string, string> names)
    {
        var text = new SourceText();
        string element = Spelling.Memory(type), vector = bits == 0 ? element : $"System.Runtime.Intrinsics.Vector{bits}<{element}>";
        string lanes = $"Symbolic.Codegen.Library.Lanes{(bits == 0 ? 1 : bits)}<{element}>";
        text.Line("using Symbolic.Codegen.Library;");
        text.Line($"using S = {lanes};");
        text.Line($"using V = {vector};");
        if (bits > 0)
        {
            text.Line($"using M = Symbolic.Codegen.Library.VectorMath<{lanes}, {vector}, {element}>;");
        }
        text.Line("");
        text.Line("namespace Symbolic.Emitted;");
        text.Line("");
        text.Open("public static unsafe partial class Kernels");
        var known = new Dictionary<string, string>();
        foreach (Kernel kernel in kernels)
        {
            string body = Body(kernel, options);
            bool isPart = kernel is Nest { PlaneSteps.Count: > 0 };
            if (isPart || known.TryAdd(body, kernel.Name))
            {
                text.Line($"// {kernel.Label}");
                text.Lines(body.Replace(Anyone, kernel.Name, StringComparison.Ordinal));
            }
            names.Add(kernel.Name, isPart ? kernel.Name : known[body]);
        }
        text.Close();
        return text.ToString();
    }

    private static string Body(Kernel kernel, CodegenOptions options)
    {
        var text = new SourceText(1);
        switch (kernel)
        {
            case Nest nest:
                NestWriter.Write(nest with { Name = Anyone }, text);
                break;
            case Product product:
                ProductWriter.Write(product with { Name = Anyone }, text, options);
                break;
            case Strips strips:
                StripsWriter.Write(strips with { Name = Anyone }, text, options);
                break;
            case Planes planes:
                PlanesWriter.Write(planes with { Name = Anyone }, text, options);
                break;
            default:
                throw new UnreachableException($"{kernel}");
        }
        return text.ToString();
    }

    /// <summary>Kernels without lanes stand in the file of float32.</summary>
    private static DType LaneType(Kernel kernel) => kernel switch
    {
        Nest { LaneType: { } type } => type,
        Product product => product.DType,
        Strips strips => strips.Outer.DType,
        Planes planes => planes.Inner.DType,
        _ => DType.Float32,
    };
}
