namespace Symbolic.Caffe;

/// <summary>
/// Refuses texts that are too large or too deeply nested before anything recursive reads them: a stack that overflows cannot
/// be caught. The depth is that of protobuf's own binary reader.
/// </summary>
internal static class PrototxtLimits
{
    public const int MostCharacters = 1 << 20;

    public const int MostNesting = 100;

    public static void Check(string text, string file)
    {
        if (text.Length > MostCharacters)
        {
            throw new PrototxtError($"{file}: has {text.Length} characters; a prototxt of more than {MostCharacters} is refused");
        }
        (int line, int lineStart, int depth) = (1, 0, 0);
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\n':
                    (line, lineStart) = (line + 1, i + 1);
                    break;
                case '#':
                    int newline = text.IndexOf('\n', i);
                    i = newline < 0 ? text.Length : newline - 1;
                    break;
                case '"' or '\'':
                    i = PastString(text, i);
                    break;
                case '{' or '<' or '[':
                    if (++depth > MostNesting)
                    {
                        throw new PrototxtError(new TextPlace(file, line, i - lineStart + 1), $"nested more than {MostNesting} deep");
                    }
                    break;
                case '}' or '>' or ']':
                    depth = Math.Max(0, depth - 1);
                    break;
                default:
                    break;
            }
        }
    }

    // The closing quote, or the last character of the line if there is none: the grammar will complain about that.
    private static int PastString(string text, int open)
    {
        for (int i = open + 1; i < text.Length; i++)
        {
            if (text[i] == text[open])
            {
                return i;
            }
            if (text[i] == '\n')
            {
                return i - 1;
            }
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] != '\n')
            {
                i++;
            }
        }
        return text.Length;
    }
}
