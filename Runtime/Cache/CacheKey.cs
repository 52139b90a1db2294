using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
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
/// What an entry of the cache depends on: for a compiled program the canonical text of the graph before rewriting, the options, the
/// identity of our assemblies, the runtime, and the features of the CPU. An entry holds its key, and is for nobody whose key differs in a
/// byte; so the name of its file need not be safe against those who craft graphs, and is a fast hash. A long text, such as one with frozen weights, is its SHA-256 instead.
/// </summary>
internal sealed class CacheKey
{
    private CacheKey(byte[] bytes)
    {
        Bytes = bytes;
        Name = Convert.ToHexStringLower(XxHash128.Hash(bytes));
    }

    /// <summary>What an entry holds of the key, and is compared with.</summary>
    public byte[] Bytes { get; }

    /// <summary>The name of the file.</summary>
    public string Name { get; }

    /// <summary>The key of a program.</summary>
    public static CacheKey Of(ProgramBody body, Seq<EffectOp> effects, CompileOptions options, CodegenOptions codegen)
    {
        using var writer = new KeyWriter();
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
        return writer.Key();
    }

    /// <summary>The key of what trials have found: the identity of the kernels' library and of the trials, the runtime, the features of the CPU, and the number of threads.</summary>
    public static CacheKey OfChoices(int threads) =>
        Of($"choices {typeof(Generator).Module.ModuleVersionId} {typeof(Function).Module.ModuleVersionId} {threads} threads\n{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture} {Features}\n");

    /// <summary>The key of what depends on this text alone.</summary>
    public static CacheKey Of(string text)
    {
        using var writer = new KeyWriter();
        writer.Write(text);
        return writer.Key();
    }

    /// <summary>The key that an entry holds.</summary>
    public static CacheKey FromBytes(byte[] bytes) => new(bytes);

    /// <summary>The instruction sets that the code generator or the jitter may use.</summary>
    public static string Features { get; } = string.Join(' ', new (string Name, bool Has)[]
    {
        ("v128", Vector128.IsHardwareAccelerated), ("v256", Vector256.IsHardwareAccelerated), ("v512", Vector512.IsHardwareAccelerated),
        ("avx", X86.Avx.IsSupported), ("avx2", X86.Avx2.IsSupported), ("fma", X86.Fma.IsSupported), ("bmi2", X86.Bmi2.IsSupported),
        ("avx512f", X86.Avx512F.IsSupported), ("avx512bw", X86.Avx512BW.IsSupported), ("avx512dq", X86.Avx512DQ.IsSupported), ("avx512vbmi", X86.Avx512Vbmi.IsSupported),
        ("neon", Arm.AdvSimd.IsSupported), ("neon64", Arm.AdvSimd.Arm64.IsSupported), ("dp", Arm.Dp.IsSupported),
    }.Where(feature => feature.Has).Select(feature => feature.Name));

    /// <summary>Keeps what is written to it, or hashes it from where it is long, so that the text of a large graph never exists as a whole.</summary>
    private sealed class KeyWriter : TextWriter
    {
        /// <summary>A longer text is hashed (a training step of LeNet has 16 KiB): OpenSSL, with its 5 MB, is then little beside the program.</summary>
        private const int MostBytes = 1 << 17;

        private readonly ArrayBufferWriter<byte> text = new();
        private LongText? hash;

        public KeyWriter() => CoreNewLine = ['\n'];

        public override Encoding Encoding => Encoding.Unicode;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        // UTF-16 as it lies in memory: nothing is lost, and a pair of surrogates may be split.
        public override void Write(ReadOnlySpan<char> buffer)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(buffer);
            if (hash is null && text.WrittenCount + bytes.Length <= MostBytes)
            {
                text.Write(bytes);
                return;
            }
            if (hash is null)
            {
                hash = new LongText();
                hash.Append(text.WrittenSpan);
                text.Clear();
            }
            hash.Append(bytes);
        }

        public CacheKey Key() => new(hash is null ? text.WrittenSpan.ToArray() : hash.Hash());

        protected override void Dispose(bool disposing)
        {
            hash?.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>The hash of a long text; apart, so that who has none does not load the assembly of hashes either.</summary>
    private sealed class LongText : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public byte[] Hash() => hash.GetHashAndReset();

        public void Dispose() => hash.Dispose();
    }
}
