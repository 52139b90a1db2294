namespace Symbolic.Caffe;

/// <summary>A value as written: a string, a literal, a list or a message, and where it begins.</summary>
internal abstract class ValueSyntax(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>One or more adjacent string literals, joined, as the bytes they stand for.</summary>
internal sealed class StringSyntax(int line, int column, byte[] bytes) : ValueSyntax(line, column)
{
    public byte[] Bytes { get; } = bytes;
}

/// <summary>What a literal looks like; the field's type decides what it means.</summary>
internal enum LiteralKind
{
    Integer,
    Float,
    Word,
}

/// <summary>A number or a word (an enum value, true, inf), without its sign.</summary>
internal sealed class LiteralSyntax(int line, int column, LiteralKind kind, string text, bool isNegative) : ValueSyntax(line, column)
{
    public LiteralKind Kind { get; } = kind;

    public string Text { get; } = text;

    public bool IsNegative { get; } = isNegative;

    public override string ToString() => IsNegative ? "-" + Text : Text;
}

/// <summary>Values between brackets: shorthand for a repeated field.</summary>
internal sealed class ListSyntax(int line, int column, IReadOnlyList<ValueSyntax> items) : ValueSyntax(line, column)
{
    public IReadOnlyList<ValueSyntax> Items { get; } = items;
}

/// <summary>Fields between braces or angle brackets, or a whole file.</summary>
internal sealed class MessageSyntax(int line, int column, IReadOnlyList<FieldSyntax> fields) : ValueSyntax(line, column)
{
    public IReadOnlyList<FieldSyntax> Fields { get; } = fields;
}

/// <summary>A field's name, where it stands, and its value.</summary>
internal sealed class FieldSyntax(int line, int column, string name, bool hasColon, ValueSyntax value)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    public string Name { get; } = name;

    public bool HasColon { get; } = hasColon;

    public ValueSyntax Value { get; } = value;
}
