using System.Text.RegularExpressions;
using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>No text from a file reaches emitted source: with any name the code is that of a harmless one, and comments stay comments.</summary>
public sealed class HostileNamesTests
{
    public static TheoryData<string> Names { get; } =
    [
        "\"; } } public class Evil { static Evil() { System.Environment.Exit(1); } } //", "n\n} evil();", "n\r\nevil();", "\u0085evil();", "\u2028evil();", "\u2029evil();",
        "*/ evil(); /*", "*/\" ' { ; class", "{evil}", "{{0}}", "$\"{evil}\"", "\\u000aevil();", "\\", "\\\"", "@evil", "#error evil", "public", "float", "k0_0", "s", "b[0]", "long n0 = s[0];",
        "évil\u0301", "\u202Eevil", "\U0001F600", "\0evil", " ", new('x', 5000), "../../evil", "%s%n",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Code_is_that_of_a_harmless_name(string name)
    {
        foreach (int bits in (int[])[0, 256])
        {
            Seq<string> hostile = Sources(name, bits), harmless = Sources("harmless", bits);
            Assert.Equal(harmless.Count, hostile.Count);
            for (int i = 0; i < hostile.Count; i++)
            {
                Assert.Equal(Tokens(harmless[i]), Tokens(hostile[i]));
                // Whatever ends a line in C# (its specification, 6.3.3) would end a comment.
                Assert.All(Comments(hostile[i]), comment => Assert.Matches(@"^\s*// [A-Za-z0-9 _\[\](),.+\-*/%?]*$", comment));
            }
            Assert.NotEmpty(KernelCompiler.Compile(hostile));
        }
    }

    /// <summary>The name as a size, as the label of effects, and in an origin; nests, products, windows, loops and branches.</summary>
    private static Seq<string> Sources(string name, int bits)
    {
        Dim size = new NamedSymbol(name, 1, 1000);
        TensorType table = new(DType.Float32, [size, 12]), images = new(DType.Float32, [size, 3, 8, 8]);
        Lambda program = Lambda.Of([table, images, new(DType.Float32, [])], p =>
        {
            using Origin.Scope scope = Origin.At(name);
            Expr rows = Exp<Expr>(p[0] * p[2]).Sum([1]);
            return
            [
                Print(rows, name),
                Require(p[0], p[2] > 0, name),
                Dot(p[0], p[0].Transpose()).Named(name),
                Convolve(p[1], Full(DType.Float32, [4, 3, 3, 3], 1)),
                .. Loop(3, [rows], [p[2]], (step, carried, captures) => IfElse(captures[0] > 0, [carried[0]], c => [c[0] * 2], c => [c[0] + 1])),
                p[0].Reshape([size * 3, 4]),
            ];
        });
        return Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits)).Sources;
    }

    // Sorted, since sizes stand in a product in the order of their names.
    private static IEnumerable<string> Tokens(string source) =>
        Regex.Matches(string.Join("\n", source.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))), @"\w+|\S").Select(token => token.Value).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Comments(string source) => source.Split('\n').Where(line => line.Contains("//", StringComparison.Ordinal));
}
