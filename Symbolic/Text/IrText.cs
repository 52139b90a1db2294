namespace Symbolic;

/// <summary>
/// Programs as text, <c>symbolic-ir 1</c>, and back; docs/ir.md has the grammar. The text is canonical: it depends on the structure
/// of the program alone, so that equal programs built in two processes, in any order, print the same.
/// </summary>
public static class IrText
{
    /// <summary>The first line of every program.</summary>
    public const string Header = "symbolic-ir 1";

    /// <summary>A longer text is refused before it is read.</summary>
    public const int MostCharacters = 1 << 28;

    /// <summary>The text of a closed program, which <see cref="Parse"/> reads back to the same nodes.</summary>
    /// <exception cref="ArgumentException">A size in it is neither a <see cref="NamedSymbol"/> nor a <see cref="CountSymbol"/>
    /// (<see cref="Closing"/> makes them so), or two different sizes share a name.</exception>
    public static string Print(Lambda program)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Print(program, writer);
        return writer.ToString();
    }

    /// <summary>Writes the text of a closed program, for instance into a hash.</summary>
    /// <exception cref="ArgumentException">As <see cref="Print(Lambda)"/>.</exception>
    public static void Print(Lambda program, TextWriter writer) => new IrPrinter(program, writer, null).Print();

    /// <summary>
    /// The text of an open graph for people: it is closed over the variables that it reads, in the order of first need, and names
    /// stand beside in comments.
    /// </summary>
    public static string Print(Seq<Expr> roots)
    {
        Closing closing = Closing.Of(Closing.Variables(roots), roots);
        using var writer = new StringWriter { NewLine = "\n" };
        new IrPrinter(closing.Program, writer, closing).Print();
        return writer.ToString();
    }

    /// <summary>An op and its parameters as they stand in a program, with the graphs among them numbered in their order: <c>sum{axes=[0]}</c>.</summary>
    public static string Print(Op op) => IrPrinter.Text(op);

    /// <summary>Reads an op that <see cref="Print(Op)"/> printed; it can have no graphs among its parameters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="symbolOf">What the name of a size stands for; null if nothing.</param>
    /// <exception cref="FormatException">The text is no op; the message begins with line:column.</exception>
    public static Op ParseOp(string text, Func<string, DimSymbol?> symbolOf) => new IrParser(text, symbolOf).OpAlone();

    /// <summary>Reads a program. Text from anywhere is safe to read: it ends in a program or in an error.</summary>
    /// <exception cref="FormatException">The text is no program; the message begins with line:column.</exception>
    public static Lambda Parse(string text) => new IrParser(text).Program();
}
