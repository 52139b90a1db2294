using System.Globalization;
using System.Text;

namespace Symbolic;

/// <summary>A place in a text, and the small pieces that text is made of. Blanks, line ends and comments (from # to the end of a line) separate.</summary>
internal sealed class IrCursor(string text)
{
    // The longest size expression read, and the length of all different ones: simplifying a hostile one takes a noticeable time.
    private const int LongestSize = 2000;
    private const int MostSizeText = 200_000;
    private const int LongestMessage = 1000;

    private readonly Dictionary<string, Dim> known = [];
    private int sizeText;

    private int countedTo;
    private int countedLines = 1;

    public int Position { get; private set; }

    public bool AtEnd => Next() == '\0' && Position >= text.Length;

    /// <summary>The next character that is not blank; NUL at the end.</summary>
    public char Next()
    {
        while (Position < text.Length)
        {
            if (text[Position] == '#')
            {
                int end = text.IndexOf('\n', Position);
                Position = end < 0 ? text.Length : end;
            }
            else if (!char.IsWhiteSpace(text[Position]))
            {
                return text[Position];
            }
            else
            {
                Position++;
            }
        }
        return '\0';
    }

    public bool Take(string token)
    {
        Next();
        if (string.CompareOrdinal(text, Position, token, 0, token.Length) != 0)
        {
            return false;
        }
        Position += token.Length;
        return true;
    }

    public void Expect(string token)
    {
        if (!Take(token))
        {
            throw Error($"expected '{token}'");
        }
    }

    /// <summary>A word of letters, digits and underscores; empty where there is none.</summary>
    public string Word()
    {
        Next();
        int start = Position;
        while (Position < text.Length && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] == '_'))
        {
            Position++;
        }
        return text[start..Position];
    }

    /// <summary>The given word, as a whole.</summary>
    public bool TakeWord(string word)
    {
        Next();
        int start = Position;
        if (Word() == word)
        {
            return true;
        }
        Position = start;
        return false;
    }

    /// <summary>The characters of a number or of one of its special values.</summary>
    public string Number()
    {
        Next();
        int start = Position;
        while (Position < text.Length && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] is '+' or '-' or '.' or ':'))
        {
            Position++;
        }
        return text[start..Position];
    }

    public long Integer(long least, long most)
    {
        Next();
        int start = Position;
        while (Position < text.Length && (char.IsAsciiDigit(text[Position]) || (text[Position] == '-' && Position == start)))
        {
            Position++;
        }
        return long.TryParse(text.AsSpan(start, Position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw Error($"expected an integer from {least} to {most}", start);
    }

    public string Quoted()
    {
        Expect("\"");
        int start = Position - 1;
        var content = new StringBuilder();
        while (Position < text.Length && text[Position] != '"')
        {
            char c = text[Position++];
            content.Append(c == '\\' ? Escaped(start) : c);
        }
        if (Position >= text.Length)
        {
            throw Error("a string without its closing quote", start);
        }
        Position++;
        return content.ToString();
    }

    private char Escaped(int start)
    {
        char c = Position < text.Length ? text[Position++] : throw Error("a string without its closing quote", start);
        if (c == 'u' && Position + 4 <= text.Length && ushort.TryParse(text.AsSpan(Position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            Position += 4;
            return (char)code;
        }
        return c switch
        {
            '"' or '\\' => c,
            'n' => '\n',
            _ => throw Error($"there is no escape \\{c}", Position - 2),
        };
    }

    /// <summary>The name of a size: an identifier, or anything in quotes.</summary>
    public string SizeName()
    {
        if (Next() == '"')
        {
            // As DimText writes it, where a backslash stands before what it protects.
            int open = Position++;
            var name = new StringBuilder();
            while (Position < text.Length && text[Position] != '"')
            {
                Position += text[Position] == '\\' ? 1 : 0;
                name.Append(Position < text.Length ? text[Position++] : throw Error("a name without its closing quote", open));
            }
            return Take("\"") ? name.ToString() : throw Error("a name without its closing quote", open);
        }
        int start = Position;
        while (Position < text.Length && DimParser.IsPartOfName(text[Position], Position == start))
        {
            Position++;
        }
        return Position > start ? text[start..Position] : throw Error("expected the name of a size");
    }

    /// <summary>The size expressions between brackets.</summary>
    public Seq<Dim> Sizes(Func<string, DimSymbol> symbolOf)
    {
        Expect("[");
        if (Take("]"))
        {
            return [];
        }
        var sizes = new List<Dim>();
        while (true)
        {
            int start = Position, end = EndOfSize();
            sizes.Add(Size(text[start..end], start, symbolOf));
            Position = end;
            if (Take("]"))
            {
                return sizes.ToSeq();
            }
            Expect(",");
        }
    }

    private Dim Size(string size, int start, Func<string, DimSymbol> symbolOf)
    {
        if (known.TryGetValue(size, out Dim? same))
        {
            return same;
        }
        sizeText += size.All(char.IsAsciiDigit) ? 0 : size.Length;
        if (sizeText > MostSizeText)
        {
            throw Error($"different sizes of more than {MostSizeText} characters", start);
        }
        try
        {
            return known[size] = Dim.Parse(size, symbolOf);
        }
        catch (FormatException inner)
        {
            throw Error(inner.Message, start);
        }
    }

    private int EndOfSize()
    {
        int depth = 0;
        for (int at = Position; at < text.Length && at - Position <= LongestSize; at++)
        {
            switch (text[at])
            {
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case '"':
                    for (at++; at < text.Length && text[at] != '"'; at++)
                    {
                        at += text[at] == '\\' ? 1 : 0;
                    }
                    break;
                case ',' when depth == 0:
                case ']':
                    return at;
            }
        }
        throw Error($"a size that does not end within {LongestSize} characters");
    }

    /// <summary>The current line, for the origins of what is read there; counts on from where it was asked last.</summary>
    public string Place()
    {
        countedLines += text.AsSpan(countedTo, Position - countedTo).Count('\n');
        countedTo = Position;
        return string.Create(CultureInfo.InvariantCulture, $"line {countedLines} of the program's text");
    }

    /// <summary>An error at a place, the current one if none is given. What it quotes of a damaged text may be long.</summary>
    public FormatException Error(string message, int? at = null)
    {
        message = message.Length > LongestMessage ? message[..LongestMessage] + "..." : message;
        int place = Math.Min(at ?? Position, text.Length);
        ReadOnlySpan<char> before = text.AsSpan(0, place);
        int line = before.Count('\n') + 1, column = place - before.LastIndexOf('\n');
        return new FormatException(string.Create(CultureInfo.InvariantCulture, $"{line}:{column}: {message}"));
    }
}
