using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Symbolic.Codegen;

/// <summary>C# text of kernels to an assembly in memory, by Roslyn.</summary>
public static class KernelCompiler
{
    // Reading a reference's metadata is costly, so the objects live as long as the process. Kernels see the framework's core, its
    // vectors and complex numbers, the language's scalars (Philox, BFloat16) and the kernel library: nothing that touches files or the network.
    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        Reference(typeof(object).Assembly),
        Reference(Assembly.Load("System.Runtime")),
        Reference(Assembly.Load("System.Runtime.Intrinsics")),
        Reference(typeof(System.Numerics.Complex).Assembly),
        Reference(typeof(Philox).Assembly),
        Reference(typeof(KernelCompiler).Assembly),
    ]);

    private static readonly Lazy<MetadataReference[]> GpuReferences = new(() => [.. References.Value, Reference(typeof(ILGPU.ArrayView<>).Assembly)]);

    private static readonly CSharpCompilationOptions Options = new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true, metadataImportOptions: MetadataImportOptions.Public, deterministic: true, concurrentBuild: true);

    /// <summary>Compiles the files of one function.</summary>
    /// <exception cref="System.Diagnostics.UnreachableException">The text does not compile: a mistake of the writer's, shown with its message.</exception>
    public static byte[] Compile(IEnumerable<string> sources, string assemblyName = "Symbolic.Emitted") => Compile(sources, assemblyName, References.Value);

    /// <summary>Compiles kernels that were written for a GPU.</summary>
    /// <exception cref="System.Diagnostics.UnreachableException">The text does not compile: a mistake of the writer's, shown with its message.</exception>
    public static byte[] CompileForGpu(IEnumerable<string> sources) => Compile(sources, "Symbolic.Emitted.Gpu", GpuReferences.Value);

    private static byte[] Compile(IEnumerable<string> sources, string assemblyName, MetadataReference[] references)
    {
        CSharpParseOptions parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(assemblyName, sources.Select(s => CSharpSyntaxTree.ParseText(s, parse)), references, Options);
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            Diagnostic first = result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
            string line = first.Location.SourceTree?.GetText().Lines[first.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";
            throw new System.Diagnostics.UnreachableException($"emitted C# does not compile: {first.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} in '{line}'");
        }
        return image.ToArray();
    }

    /// <summary>
    /// Compiles a trifle, so that the compiler's own code is loaded and jitted while the caller still rewrites its graph: the first
    /// compilation in a process costs some two seconds, the next some milliseconds a kernel.
    /// </summary>
    public static void WarmUp() => Compile(["using S = Symbolic.Codegen.Library.Lanes256<float>; public static unsafe class W { public static void F(float* a, long n) { for (long i = 0; i < n; i += S.Width) { S.Store(a + i, S.Add(S.Load(a + i, n - i), S.Create(1f)), n - i); } } }"], "Symbolic.WarmUp");

    private static PortableExecutableReference Reference(Assembly assembly) => MetadataReference.CreateFromFile(assembly.Location);
}
