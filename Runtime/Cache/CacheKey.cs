using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Symbolic.Codegen;
using Symbolic.Optimizer;
using Arm = System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace Symbolic.Runtime;

/// <summary>
/// What a compiled program depends on, as one hash: the canonical text of the graph before rewriting, the options, the identity of
/// our assemblies, the runtime, and the features of the CPU.
/// </summary>
internal static class CacheKey
{
    /// <summary>The key of a program.</summary>
    public static byte[] Of(ProgramBody body, Seq<EffectOp> effects, CompileOptions options, CodegenOptions codegen)
    {
        using var writer = new HashWriter();
        foreach (Type type in (Type[])[typeof(Expr), typeof(Pipeline), typeof(Generator), typeof(Function)])
        {
            writer.WriteLine(type.Module.ModuleVersionId);
        }
        writer.WriteLine($"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture} {Features}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{codegen} optimize {options.Optimize} {options.Rewrites}"));
        writer.WriteLine($"outputs {body.Outputs} updated {body.Updated}");
        // An entry names effects by their place; which of them are equal decides what that means.
        writer.WriteLine($"effects {effects.Map(effects.IndexOf)}");
        IrText.Print(body.Body, writer);
        return writer.Hash();
    }

    /// <summary>The key of what trials have found: the identity of the kernels' library and of the trials, the runtime, the features of the CPU, and the number of threads.</summary>
    public static byte[] OfChoices(int threads)
    {
        using var writer = new HashWriter();
        writer.WriteLine($"choices {typeof(Generator).Module.ModuleVersionId} {typeof(Function).Module.ModuleVersionId} {threads} threads");
        writer.WriteLine($"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture} {Features}");
        return writer.Hash();
    }

    /// <summary>The instruction sets that the code generator or the jitter may use.</summary>
    public static string Features { get; } = string.Join(' ', new (string Name, bool Has)[]
    {
        ("v128", Vector128.IsHardwareAccelerated), ("v256", Vector256.IsHardwareAccelerated), ("v512", Vector512.IsHardwareAccelerated),
        ("avx", X86.Avx.IsSupported), ("avx2", X86.Avx2.IsSupported), ("fma", X86.Fma.IsSupported), ("bmi2", X86.Bmi2.IsSupported),
        ("avx512f", X86.Avx512F.IsSupported), ("avx512bw", X86.Avx512BW.IsSupported), ("avx512dq", X86.Avx512DQ.IsSupported), ("avx512vbmi", X86.Avx512Vbmi.IsSupported),
        ("neon", Arm.AdvSimd.IsSupported), ("neon64", Arm.AdvSimd.Arm64.IsSupported), ("dp", Arm.Dp.IsSupported),
    }.Where(feature => feature.Has).Select(feature => feature.Name));

    /// <summary>Hashes what is written to it, so that the text of a large graph never exists as a whole.</summary>
    private sealed class HashWriter : TextWriter
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public HashWriter() => CoreNewLine = ['\n'];

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        // UTF-16 as it lies in memory: nothing is lost, and a pair of surrogates may be split.
        public override void Write(ReadOnlySpan<char> buffer) => hash.AppendData(MemoryMarshal.AsBytes(buffer));

        public byte[] Hash() => hash.GetHashAndReset();

        protected override void Dispose(bool disposing)
        {
            hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
