using System.Runtime.CompilerServices;
using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>
/// The C# of some canonical kernels, whole: these files are documentation too. SYMBOLIC_REGENERATE=1 writes them anew; the
/// difference is reviewed like code.
/// </summary>
public sealed class GoldenTests
{
    private static readonly TensorType Table = new(DType.Float32, [new NamedSymbol("rows"), 100]);

    [Fact]
    public void A_chain_of_elementwise_ops_is_one_pass() => Check("pointwise", Lambda.Of([Table, Table], p => [Tanh(p[0] * p[1]) + Exp<Expr>(-p[0])]));

    [Fact]
    public void A_sum_of_rows_adds_vectors() => Check("row_sums", Lambda.Of([Table], p => [p[0].Sum([1])]));

    [Fact]
    public void A_sum_of_columns_keeps_its_lanes() => Check("column_sums", Lambda.Of([Table], p => [p[0].Sum([0])]));

    [Fact]
    public void Bias_and_rectifier_are_stored_with_the_product() =>
        Check("dot_bias_relu", Lambda.Of([Table, new(DType.Float32, [100, 50]), new(DType.Float32, [50])], p => [Relu<Expr>(Dot(p[0], p[1]) + p[2])]));

    [Fact]
    public void The_gradient_of_pooling_is_a_split_loop() =>
        Check("unpool", Lambda.Of([new(DType.Float32, [8, 3, 12, 12]), new(DType.Int32, [8, 3, 12, 12])], p => [Expr.Of(new Ops.WindowPut(Ops.Window.Of([2, 2], [2, 2]), [8, 3, 24, 24]), p[0], p[1])]));

    [Fact]
    public void The_parts_of_a_concatenation_are_loops_of_their_own() => Check("concatenate", Lambda.Of([Table, Table], p => [Concatenate([Exp<Expr>(p[0]), -p[1]], 1)]));

    [Fact]
    public void Rows_at_positions_are_read_in_lanes() =>
        Check("gather", Lambda.Of([Table, new(DType.Int64, [new NamedSymbol("k")])], p => [Expr.Of(new Ops.Gather(0), p[0], p[1]) * 2]));

    [Theory]
    [InlineData("n\n} evil();")]
    [InlineData("*/ \" ' { ; class")]
    [InlineData("\u2028int x;")]
    [InlineData("public")]
    public void A_name_from_a_file_reaches_no_code(string name)
    {
        Lambda program = Lambda.Of([new TensorType(DType.Float32, [new NamedSymbol(name), 3])], p => [Exp(p[0]), p[0].Sum([1])]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(256));
        Assert.All(generated.Sources, text => Assert.DoesNotContain(name == "public" ? "[public" : name, text.Replace("f32[public,3]", "").Replace("f32[public]", ""), StringComparison.Ordinal));
        Literal x = Literal.Of<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal(Reference.Evaluate(program, [x])[1], KernelRun.Run(generated, [x])[1]);
    }

    private static void Check(string name, Lambda program, [CallerFilePath] string here = "")
    {
        string text = string.Join("\n", Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(256)).Sources);
        string file = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name + ".cs.txt");
        if (Environment.GetEnvironmentVariable("SYMBOLIC_REGENERATE") == "1")
        {
            File.WriteAllText(file, text);
        }
        Assert.Equal(File.ReadAllText(file), text);
    }
}
