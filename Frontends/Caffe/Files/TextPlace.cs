namespace Symbolic.Caffe;

/// <summary>A place in a text file: line and column count characters and begin at 1. Prints as <c>file:line:column</c>.</summary>
/// <param name="File">The file's name as the user gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1; a tab counts as one.</param>
public readonly record struct TextPlace(string File, int Line, int Column)
{
    /// <summary>The place as editors and compilers write it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
