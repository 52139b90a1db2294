using System.Globalization;
using System.Text;

namespace Symbolic.Codegen;

/// <summary>Reads the fields of one line of a plan's text.</summary>
internal sealed class PlanCursor(string line, int number, Dictionary<string, DimSymbol> symbols)
{
    private const int LongestMessage = 1000;

    // As in the text of programs: simplifying a long hostile size takes a noticeable time.
    private const int LongestSize = 2000;

    private int position = line.Length - line.TrimStart(' ').Length;

    /// <summary>A text between quotes, on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c) : c < ' ' ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Whether everything has been read.</summary>
    public bool IsAtEnd => Skip() == line.Length;

    /// <summary>What stands up to the next space.</summary>
    public string Word()
    {
        int start = Skip();
        while (position < line.Length && line[position] != ' ')
        {
            position++;
        }
        return position > start ? line[start..position] : throw Error("a word is missing");
    }

    /// <summary>A certain word.</summary>
    public void Expect(string word)
    {
        if (IsAtEnd || Word() is var found && found != word)
        {
            throw Error($"expected {word}");
        }
    }

    /// <summary>Whether a certain word comes next, which is then read.</summary>
    public bool Takes(string word)
    {
        int start = Skip();
        if (IsAtEnd || Word() != word)
        {
            position = start;
            return false;
        }
        return true;
    }

    /// <summary>A number from 0 to below a limit.</summary>
    public int Below(int limit)
    {
        string word = Word();
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < limit ? value : throw Error($"{word} is no number below {limit}");
    }

    /// <summary>A signed number.</summary>
    public long Long()
    {
        string word = Word();
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw Error($"{word} is no number");
    }

    /// <summary>Numbers below a limit, in brackets.</summary>
    public Seq<int> List(int limit) => Brackets().Select(item => int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < limit
        ? value
        : throw Error($"{item} is no number below {limit}")).ToSeq();

    /// <summary>Size expressions in brackets.</summary>
    public Seq<Dim> Dims() =>
        Brackets().Select(item => Size(item, name => symbols.TryGetValue(name, out DimSymbol? symbol) ? symbol : throw new FormatException($"the size {name} is not declared"))).ToSeq();

    /// <summary>One size expression in brackets.</summary>
    public Dim Dim1() => Dims() is [var only] ? only : throw Error("expected one size");

    /// <summary>A name written as a size expression.</summary>
    public string Name()
    {
        // A name in quotes may hold spaces, so it is read as the size that it is.
        string? name = null;
        int start = Skip();
        if (position < line.Length && line[position] == '"')
        {
            SkipQuoted();
        }
        else
        {
            Word();
        }
        Size(line[start..position], found => new NamedSymbol(name = found));
        return name ?? throw Error("expected a name");
    }

    /// <summary>A type: a dtype and sizes in brackets.</summary>
    public TensorType Type()
    {
        int start = Skip();
        while (position < line.Length && line[position] != '[')
        {
            position++;
        }
        return DTypes.TryParse(line[start..position], out DType dtype) ? new TensorType(dtype, new Shape(Dims())) : throw Error($"{line[start..position]} is no dtype");
    }

    /// <summary>A text in quotes.</summary>
    public string Text()
    {
        int start = Skip();
        if (start == line.Length || line[start] != '"')
        {
            throw Error("expected a text in quotes");
        }
        SkipQuoted();
        var text = new StringBuilder();
        for (int i = start + 1; i < position - 1; i++)
        {
            if (line[i] != '\\')
            {
                text.Append(line[i]);
            }
            else if (line[++i] != 'u')
            {
                text.Append(line[i]);
            }
            else if (i + 4 < position && ushort.TryParse(line.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                text.Append((char)code);
                i += 4;
            }
            else
            {
                throw Error("a bad escape in a text");
            }
        }
        return text.ToString();
    }

    /// <summary>Nothing may follow.</summary>
    public void End()
    {
        if (!IsAtEnd)
        {
            throw Error($"unexpected '{line[position..]}'");
        }
    }

    /// <summary>An error that names the line. What it quotes of a damaged text may be long.</summary>
    public FormatException Error(string what) => new($"line {number} of a plan: {(what.Length > LongestMessage ? what[..LongestMessage] + "..." : what)}");

    private Dim Size(string text, Func<string, DimSymbol> symbolOf)
    {
        if (text.Length > LongestSize)
        {
            throw Error($"a size of {text.Length} characters; at most {LongestSize} are read");
        }
        try
        {
            return Dim.Parse(text, symbolOf);
        }
        catch (Exception inner) when (inner is FormatException or ArgumentException or OverflowException or DivideByZeroException)
        {
            throw Error(inner.Message);
        }
    }

    private int Skip()
    {
        while (position < line.Length && line[position] == ' ')
        {
            position++;
        }
        return position;
    }

    /// <summary>The parts between brackets, split at commas outside of parentheses and quotes.</summary>
    private List<string> Brackets()
    {
        if (Skip() == line.Length || line[position] != '[')
        {
            throw Error("expected '['");
        }
        var items = new List<string>();
        int start = ++position, depth = 0;
        while (position < line.Length)
        {
            char c = line[position];
            if (c == '"')
            {
                SkipQuoted();
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && c is ',' or ']')
            {
                string item = line[start..position].Trim();
                if (item.Length > 0 || items.Count > 0 || c == ',')
                {
                    items.Add(item);
                }
                start = position + 1;
                if (c == ']')
                {
                    position++;
                    return items;
                }
            }
            position++;
        }
        throw Error("a '[' without its ']'");
    }

    private void SkipQuoted()
    {
        for (position++; position < line.Length && line[position] != '"'; position++)
        {
            position += line[position] == '\\' ? 1 : 0;
        }
        if (position >= line.Length)
        {
            throw Error("a text without its closing quote");
        }
        position++;
    }
}
