using System.Text;

namespace Symbolic.Codegen;

/// <summary>C# text under construction, with its indentation.</summary>
internal sealed class SourceText(int depth = 0)
{
    private readonly StringBuilder text = new();
    private int depth = depth;

    /// <summary>One line at the current depth.</summary>
    public void Line(string line)
    {
        text.Append(' ', 4 * depth).Append(line).Append('\n');
    }

    /// <summary>An opening brace.</summary>
    public void Block()
    {
        Line("{");
        depth++;
    }

    /// <summary>A line and an opening brace.</summary>
    public void Open(string line)
    {
        Line(line);
        Line("{");
        depth++;
    }

    /// <summary>The closing brace.</summary>
    public void Close()
    {
        depth--;
        Line("}");
    }

    /// <summary>Lines that have their indentation.</summary>
    public void Lines(string lines) => text.Append(lines);

    /// <summary>All text so far.</summary>
    public override string ToString() => text.ToString();
}
