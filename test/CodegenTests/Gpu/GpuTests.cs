using System.Runtime.CompilerServices;
using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>The second writer of the loop IR: the same kernels as C# that ILGPU compiles.</summary>
public sealed class GpuTests(GpuRun gpu) : IClassFixture<GpuRun>
{
    private static readonly TensorType Table = new(DType.Float32, [new NamedSymbol("rows"), 100]);

    public static TheoryData<string> Ops() => [.. typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(FormulaOp)) && !t.IsAbstract && SampleTable.Of(t.Name).Count > 0).Select(t => t.Name)];

    /// <summary>Ops of functions that have no entry in the GPU's table yet; each is refused by its name.</summary>
    private static readonly string[] NotYet =
        ["Exp2", "Log2", "Log10", "Tan", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
         "Erf", "Erfc", "Erfcx", "ErfInv", "ErfcInv", "LogErfc", "Gamma", "GammaLn", "Polygamma", "GammaP", "GammaQ", "BesselJ", "BesselI"];

    private static readonly string[] OfComplexNumbers = ["Complex", "Real", "Imag", "Conj"];

    [Theory]
    [MemberData(nameof(Ops))]
    public void Every_formula_equals_the_interpreter(string op)
    {
        if (OfComplexNumbers.Contains(op))
        {
            Sample refused = SampleTable.Of(op)[0];
            Lambda lambda = Lambda.Of(SampleTable.Draw(refused, DType.Float32).Select(a => a.Type).ToSeq(), p => [Expr.Of(refused.Op, p.AsSpan())]);
            Assert.Equal("kernels for GPUs do not compute in c128 yet; compute with the real and the imaginary part", Assert.Throws<NotSupportedException>(() => GpuRun.Generate(lambda)).Message);
            return;
        }
        if (NotYet.Contains(op))
        {
            Sample refused = SampleTable.Of(op)[0];
            Lambda lambda = Lambda.Of(refused.Inputs.Select(i => new TensorType(DType.Float32, new Shape(i.Sizes.Select(n => (Dim)n).ToSeq()))).ToSeq(), p => [Expr.Of(refused.Op, p.AsSpan())]);
            Assert.Contains("has no kernel for GPUs yet", Assert.Throws<NotSupportedException>(() => GpuRun.Generate(lambda)).Message, StringComparison.Ordinal);
            return;
        }
        // ILGPU's CPU accelerator takes milliseconds a launch: small samples, up to four of an op. A device runs all.
        // Halves are refused (below).
        IEnumerable<Sample> samples = SampleTable.Of(op).Where(s => s.Op is not Ops.Cast { To: DType.Float16 or DType.BFloat16 });
        foreach (Sample sample in GpuRun.OnDevice ? samples : samples.Where(s => s.Inputs.Sum(i => i.Sizes.Aggregate(1L, (a, b) => a * b)) <= 200).Take(4))
        {
            Literal[] arguments = SampleTable.Draw(sample, DType.Float32);
            Lambda program = Lambda.Of(arguments.Select(a => a.Type).ToSeq(), p => [Expr.Of(sample.Op, p.AsSpan())]);
            Literal expected = Reference.Evaluate(program, arguments)[0];
            SampleTable.AssertClose(expected, gpu.Run(program, arguments)[0], $"{sample.Op.Name} {string.Join(" ", arguments.Select(a => a.Type))}");
        }
    }

    [Fact]
    public void A_model_runs_from_kernel_to_kernel()
    {
        var random = new Random(5);
        Literal Draw(params ReadOnlySpan<long> sizes) => Literal.Build(DType.Float32, sizes.ToArray().ToSeq(), _ => ScalarValue.Of(DType.Float32, random.NextDouble() - 0.5));
        Literal[] arguments = [Draw(4, 5), Draw(5, 3), Draw(3)];
        Lambda program = Lambda.Of(arguments.Select(a => a.Type).ToSeq(), p =>
        {
            Expr loss = -LogSoftmax(Tanh<Expr>(Dot(p[0], p[1]) + p[2]), 1).Sum();
            return [loss, .. Grad(loss, [p[1], p[2]])];
        });
        Literal[] expected = Reference.Evaluate(program, arguments);
        Literal[] actual = gpu.Run(program, arguments);
        for (int i = 0; i < expected.Length; i++)
        {
            SampleTable.AssertClose(expected[i], actual[i], $"result {i}");
        }
    }

    [Fact]
    public void What_is_not_written_yet_is_refused_by_name()
    {
        var half = new TensorType(DType.Float16, [4]);
        Assert.Equal("kernels for GPUs do not compute in f16 yet; cast to f32", Assert.Throws<NotSupportedException>(() => GpuRun.Generate(Lambda.Of([half], p => [Exp(p[0])]))).Message);
        Lambda product = Lambda.Of([Table, new(DType.Float32, [100, 50])], p => [Dot(p[0], p[1])]);
        Assert.Contains("contractions have no schedule for GPUs yet",
            Assert.Throws<NotSupportedException>(() => Generator.Generate(new ProgramBody(product, 1, []), CodegenOptions.Gpu with { Contractions = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pointwise_kernel() => Check("pointwise", Lambda.Of([Table, Table], p => [Tanh(p[0] * p[1]) + Exp<Expr>(-p[0])]));

    [Fact]
    public void Movement_kernel() => Check("transpose", Lambda.Of([new(DType.Float32, [new NamedSymbol("rows"), 7])], p => [p[0].Transpose() * 2]));

    [Fact]
    public void Reduction_kernel() => Check("row_sums", Lambda.Of([Table], p => [p[0].Sum([1])]));

    /// <summary>C# and PTX of a kernel, whole, as documentation: SYMBOLIC_REGENERATE=1 writes them anew.</summary>
    private static void Check(string name, Lambda program, [CallerFilePath] string here = "")
    {
        GeneratedProgram generated = GpuRun.Generate(program);
        Same($"{name}.cs.txt", string.Join("\n", generated.Sources));
        Type kernels = GpuRun.Kernels(generated);
        string ptx = PtxCompiler.Compile(kernels.GetMethod("k0")!, (8, 0));
        Assert.DoesNotContain(".approx", ptx, StringComparison.Ordinal);
        Assert.DoesNotContain(".extern", ptx, StringComparison.Ordinal);
        Same($"{name}.ptx.txt", ptx);

        void Same(string file, string text)
        {
            string path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", file);
            if (Environment.GetEnvironmentVariable("SYMBOLIC_REGENERATE") == "1")
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
            Assert.Equal(File.ReadAllText(path), text);
        }
    }
}
