using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Symbolic;

/// <summary>Writes one program as text: size symbols, nested lambdas from the innermost out, then the program's own block.</summary>
internal sealed class IrPrinter(Lambda program, TextWriter writer, Closing? names)
{
    // A literal of up to this many elements is written as numbers; a longer one by its bytes.
    private const int MostNumbers = 16;
    private const int Piece = 3 << 14;

    private readonly Dictionary<Lambda, int> lambdas = [];
    private readonly Dictionary<Delegate, int> callbacks = [];

    public void Print()
    {
        IReadOnlyList<Lambda> nested = Nested();
        Line(IrText.Header);
        foreach (DimSymbol symbol in Symbols([.. nested, program]))
        {
            Line(Declaration(symbol));
        }
        foreach (Lambda lambda in nested)
        {
            Block($"lambda @{lambdas[lambda]}", lambda, null);
        }
        Block("program", program, names);
    }

    public static string Text(Op op)
    {
        var printer = new IrPrinter(new Lambda([], []), TextWriter.Null, null);
        foreach (Lambda lambda in op.Lambdas)
        {
            printer.lambdas.TryAdd(lambda, printer.lambdas.Count);
        }
        var line = new StringBuilder(op.Name);
        printer.Arguments(line, op, '{', '}');
        return line.ToString();
    }

    /// <summary>Every lambda among the parameters of ops, each once, numbered so that inner ones come first.</summary>
    private List<Lambda> Nested()
    {
        var found = new List<Lambda>();
        var stack = new Stack<(Lambda Lambda, IEnumerator<Lambda> Inner)>();
        stack.Push((program, Inner(program)));
        while (stack.TryPeek(out (Lambda Lambda, IEnumerator<Lambda> Inner) top))
        {
            if (top.Inner.MoveNext())
            {
                if (!lambdas.ContainsKey(top.Inner.Current))
                {
                    stack.Push((top.Inner.Current, Inner(top.Inner.Current)));
                }
                continue;
            }
            stack.Pop();
            if (stack.Count > 0 && lambdas.TryAdd(top.Lambda, lambdas.Count))
            {
                found.Add(top.Lambda);
            }
        }
        return found;
    }

    private static IEnumerator<Lambda> Inner(Lambda lambda) =>
        Traversal.Order(lambda.Results).SelectMany(node => node.Op.Lambdas).GetEnumerator();

    /// <summary>Every size symbol in order of name, those of bounds ahead of what they bound.</summary>
    private static List<DimSymbol> Symbols(IEnumerable<Lambda> lambdas)
    {
        var found = new HashSet<DimSymbol>();
        void Add(DimSymbol symbol)
        {
            if (found.Add(symbol) && symbol is CountSymbol { UpperBound: { } bound })
            {
                foreach (DimSymbol inner in bound.Symbols)
                {
                    Add(inner);
                }
            }
        }
        foreach (Lambda lambda in lambdas)
        {
            foreach (DimSymbol symbol in lambda.Symbols())
            {
                Add(symbol);
            }
        }
        List<DimSymbol> sorted = [.. found.OrderBy(symbol => symbol is CountSymbol ? 1 : 0).ThenBy(symbol => symbol.Name.Length).ThenBy(symbol => symbol.Name, StringComparer.Ordinal)];
        for (int i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
            {
                throw new ArgumentException($"two different sizes of the program are called {sorted[i].Name}");
            }
        }
        return sorted;
    }

    private static string Declaration(DimSymbol symbol) => symbol switch
    {
        NamedSymbol named => $"size {DimText.Name(named.Name)}{(named.Lower != 0 ? $" >= {named.Lower}" : "")}{(named.Upper is long upper ? $" <= {upper}" : "")}",
        CountSymbol count => $"count {DimText.Name(count.Name)}{(count.UpperBound is { } bound ? $" <= [{bound}]" : "")}",
        _ => throw new ArgumentException($"the size {symbol} ({symbol.GetType().Name}) has no place in text; close the graph first, which names its sizes"),
    };

    private void Block(string head, Lambda lambda, Closing? names)
    {
        Line($"{head} {{");
        for (int i = 0; i < lambda.Parameters.Count; i++)
        {
            Line($"  param %p{i}: {lambda.Parameters[i]}{Comment(names?.Inputs[i].Name)}");
        }
        var numbers = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        string Reference(Expr node) => node.Op is Ops.Parameter parameter ? $"%p{parameter.Index}" : $"%{numbers[node]}";
        var line = new StringBuilder();
        foreach (Expr node in Traversal.Order(lambda.Results))
        {
            if (node.Op is Ops.Parameter)
            {
                continue;
            }
            numbers.Add(node, numbers.Count);
            line.Clear().Append(CultureInfo.InvariantCulture, $"  %{numbers.Count - 1}: {node.Type} = {node.Op.Name}");
            Arguments(line, node.Op, '{', '}');
            line.Append('(').AppendJoin(", ", node.Inputs.Select(Reference)).Append(')');
            Line(line.Append(Comment(names is null ? null : node.Name)).ToString());
        }
        Line($"  return {string.Join(", ", lambda.Results.Select(Reference))}".TrimEnd());
        Line("}");
    }

    private void Arguments(StringBuilder line, object record, char open, char close)
    {
        RecordShape shape = RecordShape.Of(record.GetType());
        for (int i = 0; i < shape.Parameters.Count; i++)
        {
            line.Append(i == 0 ? open : ',').Append(i == 0 ? "" : " ").Append(shape.Parameters[i].Name).Append('=');
            Value(line, shape.Value(record, i) ?? throw new UnreachableException($"{shape.Parameters[i].Name} of {record} is null"));
        }
        line.Append(shape.Parameters.Count == 0 ? "" : close);
    }

    private void Value(StringBuilder line, object value)
    {
        switch (value)
        {
            case int or long:
                line.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case bool truth:
                line.Append(truth ? "true" : "false");
                break;
            case double number:
                line.Append(ScalarValue.Of(DType.Float64, number).Text());
                break;
            case string text:
                Quote(line, text);
                break;
            case DType dtype:
                line.Append(dtype.Text());
                break;
            case ScalarValue scalar:
                line.Append(scalar.DType.Text()).Append(' ').Append(scalar.Text());
                break;
            case Seq<int> integers:
                line.Append('[').AppendJoin(',', integers).Append(']');
                break;
            case Seq<Dim> dims:
                line.Append('[').AppendJoin(',', dims).Append(']');
                break;
            case Shape or TensorType:
                line.Append(value);
                break;
            case Dim dim:
                line.Append('[').Append(dim).Append(']');
                break;
            case Literal literal:
                Data(line, literal);
                break;
            case Lambda lambda:
                line.Append('@').Append(lambdas[lambda]);
                break;
            case Action<Literal> action:
                callbacks.TryAdd(action, callbacks.Count);
                line.Append('!').Append(callbacks[action]);
                break;
            default:
                line.Append(RecordShape.Of(value.GetType()).Name);
                Arguments(line, value, '(', ')');
                break;
        }
    }

    private void Data(StringBuilder line, Literal literal)
    {
        line.Append(literal.Type);
        if (literal.Count > MostNumbers)
        {
            line.Append(" base64 \"");
            // Three bytes are four characters. What is long goes out piece by piece: the weights of a net as one string would be many times as large as they are.
            for (long at = 0; at < literal.Bytes.Length; at += Piece)
            {
                line.Append(Convert.ToBase64String(literal.Bytes.Slice((int)at, (int)Math.Min(Piece, literal.Bytes.Length - at))));
                Flush(line);
            }
            line.Append('"');
            return;
        }
        line.Append(" (");
        for (int i = 0; i < literal.Count; i++)
        {
            line.Append(i == 0 ? "" : ", ").Append(literal[i].Text());
        }
        line.Append(')');
    }

    internal static void Quote(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => line.Append('\\').Append(c),
                '\n' => line.Append("\\n"),
                >= ' ' and <= '~' => line.Append(c),
                _ => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }
        line.Append('"');
    }

    private static string Comment(string? name)
    {
        if (name is null)
        {
            return "";
        }
        var text = new StringBuilder("  # ");
        Quote(text, name);
        return text.ToString();
    }

    // An op alone is text without a writer.
    private void Flush(StringBuilder line)
    {
        if (writer != TextWriter.Null)
        {
            writer.Write(line);
            line.Clear();
        }
    }

    private void Line(string text)
    {
        writer.Write(text);
        writer.Write('\n');
    }
}
