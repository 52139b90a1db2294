using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Symbolic.Codegen;

/// <summary>Emitted ILGPU kernels to PTX text. No GPU is needed.</summary>
public static partial class PtxCompiler
{
    /// <summary>The PTX of one kernel.</summary>
    /// <param name="kernel">A method of the emitted class.</param>
    /// <param name="architecture">The least capable device that must run it; ILGPU 1.5.3 targets sm_80 at most, which newer drivers compile further.</param>
    public static string Compile(MethodInfo kernel, (int Major, int Minor) architecture)
    {
        using Context context = Context.Create(builder => builder.Math(MathMode.Default));
        var target = new CudaArchitecture(architecture.Major, architecture.Minor);
        using var backend = new PTXBackend(context, new CudaCapabilityContext(target), target, CudaInstructionSet.ISA_70, null!);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization());
        // ILGPU numbers its names by how much it has compiled before; the text of a kernel is to depend on the kernel alone.
        var names = new Dictionary<string, string>();
        return Numbered().Replace(compiled.PTXAssembly, match =>
        {
            if (!names.TryGetValue(match.Value, out string? name))
            {
                names.Add(match.Value, name = $"{match.Groups[1].Value}_{names.Count}");
            }
            return name;
        });
    }

    [GeneratedRegex(@"\b(\w*?)_\d{3,}\b")]
    private static partial Regex Numbered();
}
