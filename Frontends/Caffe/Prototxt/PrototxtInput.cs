using Sprache;

namespace Symbolic.Caffe;

/// <summary>
/// A position in a prototxt. Unlike Sprache's own input it skips a whole token at once, which makes parsing of a megabyte
/// a matter of tenths of a second.
/// </summary>
internal sealed class PrototxtInput : IInput
{
    private Dictionary<object, object>? memos;

    /// <summary>The first token: past leading space and comments.</summary>
    public static PrototxtInput Start(string source) => new PrototxtInput(source, 0, 1, 1).Past(0);

    private PrototxtInput(string source, int position, int line, int column) =>
        (Source, Position, Line, Column) = (source, position, line, column);

    public string Source { get; }

    public int Position { get; }

    public int Line { get; }

    public int Column { get; }

    public bool AtEnd => Position == Source.Length;

    public char Current => Source[Position];

    public IDictionary<object, object> Memos => memos ??= [];

    public IInput Advance() => Skip(1);

    /// <summary>The character some way ahead, or NUL past the end.</summary>
    public char Ahead(int offset) => Position + offset < Source.Length ? Source[Position + offset] : '\0';

    public PrototxtInput Skip(int count)
    {
        int line = Line, column = Column;
        for (int i = Position; i < Position + count; i++)
        {
            (line, column) = Source[i] == '\n' ? (line + 1, 1) : (line, column + 1);
        }
        return new PrototxtInput(Source, Position + count, line, column);
    }

    /// <summary>The next token: past a token of this length and the space and comments behind it.</summary>
    public PrototxtInput Past(int length)
    {
        int end = Position + length;
        while (end < Source.Length)
        {
            if (Source[end] == '#')
            {
                int newline = Source.IndexOf('\n', end);
                end = newline < 0 ? Source.Length : newline;
            }
            else if (Source[end] is ' ' or (>= '\t' and <= '\r'))
            {
                end++;
            }
            else
            {
                break;
            }
        }
        return Skip(end - Position);
    }

    // Sprache compares inputs to see whether a parser consumed anything.
    public bool Equals(IInput? other) => other is not null && other.Position == Position;

    public override bool Equals(object? obj) => obj is IInput other && Equals(other);

    public override int GetHashCode() => Position;
}
