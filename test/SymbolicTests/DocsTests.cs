using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>What is printed from the code is not stale, and what documents show is true.</summary>
public partial class DocsTests
{
    [Fact]
    public void TheListOfOpsIsPrintedFromTheCode()
    {
        Dictionary<string, XElement> docs = XDocument.Load(Path.ChangeExtension(typeof(Op).Assembly.Location, ".xml"))
            .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        var text = new StringBuilder("""
            # Ops

            Printed from the code by `DocsTests`; do not edit. Regenerate with `SYMBOLIC_REGENERATE=1 dotnet test test/SymbolicTests`.
            Names and parameters are those of IR text (`ir.md`). Elementwise ops want inputs of one shape: the functions that users call
            insert the casts and broadcasts. Ops that are not said to take complex numbers too refuse them.

            | op | parameters | kind | what it does |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (Type type in OpTable.Types)
        {
            string kind = typeof(Pointwise).IsAssignableFrom(type) ? "elementwise"
                : typeof(Ops.ReductionOp).IsAssignableFrom(type) ? "reduction"
                : typeof(FormulaOp).IsAssignableFrom(type) ? "formula"
                : typeof(CompositeOp).IsAssignableFrom(type) ? "composed"
                : typeof(ProcedureOp).IsAssignableFrom(type) ? "procedure"
                : typeof(EffectOp).IsAssignableFrom(type) ? "effect" : "structure";
            kind += OpTable.SamplesOf(type).Any(sample => sample.Op.TakesComplex) ? ", complex too" : "";
            string parameters = string.Join(", ", RecordShape.Of(type).Parameters.Select(p => $"{p.Name}: {Name(p.Type)}"));
            text.Append(CultureInfo.InvariantCulture, $"| `{RecordShape.Of(type).Name}` | {(parameters.Length == 0 ? "" : $"`{parameters}`")} | {kind} | {Summary(docs[$"T:{type.FullName}"])} |\n");
        }
        Golden.Agrees("docs/ops.md", text.ToString());
    }

    [Fact]
    public void TheProgramInTheGrammarsDocumentIsWhatIsPrinted()
    {
        Expr x = Matrix("x", "n", 784), w = Matrix("w", 784, 10), b = Vector("b", 10);
        Expr y = Loop(3, [Softmax(Dot(x, w) + b)], [], (step, carried, _) => [carried[0] * carried[0] + step.Cast(DType.Float32)])[0];
        string document = File.ReadAllText(Path.Combine(Golden.Root(), "docs", "ir.md")).ReplaceLineEndings("\n");
        string text = IrText.Print([y]);
        Assert.True(document.Contains(text, StringComparison.Ordinal), $"docs/ir.md should show:\n{text}");
        IrText.Parse(text);
    }

    private static string Name(Type type) =>
        type == typeof(Seq<int>) ? "ints" : type == typeof(double) ? "f64" : type == typeof(bool) ? "bool" : type == typeof(Action<Literal>) ? "delegate"
        : type == typeof(int) || type == typeof(long) ? "int" : type.Name.ToLowerInvariant();

    private static string Summary(XElement member)
    {
        XElement summary = member.Element("summary")!;
        foreach (XElement reference in summary.Descendants().ToArray())
        {
            reference.ReplaceWith((reference.Attribute("cref") ?? reference.Attribute("name"))?.Value.Split('.', ':')[^1] ?? reference.Value);
        }
        return Blanks().Replace(summary.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
