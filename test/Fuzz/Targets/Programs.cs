using System.Text;
using Symbolic.Codegen;
using Symbolic.Fuzz.Mutations;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Fuzz.Targets;

/// <summary>Programs for the corpora of our own formats: loops, branches, constants, counts and names with everything in them.</summary>
internal static class Programs
{
    public static IEnumerable<Lambda> All()
    {
        Expr x = Matrix("x", "n", "m"), v = Vector("v", "n"), a = Scalar("a");
        yield return Close([Softmax(Dot(x, Matrix("w", "m", 7)))]);
        yield return Close([Grad(Log(1 + Exp(x * a)).Sum(), x), (x > 0).Cast(DType.Int64).Sum()]);
        yield return Close(Loop(3, [v], [a], (step, carried, captures) =>
            IfElse(step < 2, [carried[0], captures[0]], c => Loop(2, [c[0]], [c[1]], (_, inner, b) => [inner[0] * b[0]]), c => [c[0] - c[1]])));
        yield return Close([Print(Require(Vector("odd \"name\"", (Dim)new NamedSymbol("size, \"of\" [", 2, 90)), Constant(1.0) > 0, "a \"quoted\" \\ message\nof two lines, é"), "label")]);
        yield return Close([Constant(Literal.Of<double>([0.0, -0.0, double.NaN, double.PositiveInfinity, double.Epsilon, 1.5], 2, 3)), Constant(Literal.Of<Half>([.. Enumerable.Range(0, 70).Select(i => (Half)i)], 7, 10))]);
        yield return Close([Full(DType.Float32, [SizeFrom((v > 0).Cast(DType.Int64).Sum(), v.Shape[0])], 1)]);
        yield return Close([Exp(Vector("z", "n", DType.Complex64) * Constant(new System.Numerics.Complex(1e-3, -2))), Constant(Literal.Of<System.Numerics.Complex>([new(-0.0, double.NaN), new(double.NegativeInfinity, 1)], 2))]);
        yield return Close([Convolve(Tensor4("i", "b", 3, 9, 9), Tensor4("k", 4, 3, 3, 3)).Sum([0])]);
    }

    private static Lambda Close(Seq<Expr> roots) => Closing.Of(Closing.Variables(roots), roots).Program;
}

/// <summary>Programs as text.</summary>
internal sealed class IrTarget : Target
{
    public override string Name => "ir";

    public override string Extension => ".ir";

    public override IEnumerable<byte[]> Own() => Programs.All().Select(program => Encoding.UTF8.GetBytes(IrText.Print(program)));

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file) => IrText.Print(IrText.Parse(File.ReadAllText(file)));

    // Line and column are the place; the text need not come from a file.
    public override bool IsClear(Exception error, string file) =>
        error is FormatException && System.Text.RegularExpressions.Regex.IsMatch(error.Message, "^[0-9]+:[0-9]+: ") && error.Message.Length < 4000;
}

/// <summary>Plans as text.</summary>
internal sealed class PlanTarget : Target
{
    public override string Name => "plan";

    public override string Extension => ".plan";

    public override IEnumerable<byte[]> Own() => Programs.All().Select(program => Encoding.UTF8.GetBytes(PlanText.Write(Planned(program).Plan)));

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file) => PlanText.Write(PlanText.Parse(File.ReadAllText(file)));

    public override bool IsClear(Exception error, string file) => error is FormatException && error.Message.Contains("plan", StringComparison.Ordinal);

    internal static GeneratedProgram Planned(Lambda program) => Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(256));
}

/// <summary>Entries of the cache behind their hash, as their owner's disk may have damaged them; their assembly is not loaded.</summary>
internal sealed class CacheTarget : Target
{
    public override string Name => "cache";

    public override string Extension => ".symbolic";

    public override IEnumerable<byte[]> Own() => Programs.All().Select(program =>
    {
        GeneratedProgram generated = PlanTarget.Planned(program);
        using var bytes = new MemoryStream();
        CacheEntry.Of(PlanText.Write(generated.Plan), generated.Constants, [], [0, 1], new byte[100]).WriteTo(bytes);
        return bytes.ToArray();
    });

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Bytes.Damage(valid, other, random);

    public override void Read(string file)
    {
        using FileStream stream = File.OpenRead(file);
        PlanText.Parse(CacheEntry.Read(stream).Plan);
    }

    public override bool IsClear(Exception error, string file) => error is FormatException;
}
