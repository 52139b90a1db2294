using System.Text;

namespace Symbolic.Fuzz.Mutations;

/// <summary>Damage to texts: words, numbers, quotes and brackets are taken out, doubled, exchanged and nested.</summary>
internal static class Tokens
{
    private const int MostCharacters = 1 << 20;

    private static readonly string[] Hostile =
    [
        "", "0", "-1", "1", "2147483647", "-2147483648", "4294967295", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "1e400", "-0.0",
        "nan", "inf", "0x7fffffffffffffff", "077", "\"", "'", "\\", "{", "}", "<", ">", "[", "]", "(", ")", ":", ",", ";", "#", "//", "%", "*", "-", "\0", "\n", "\t", "\uFEFF", "\uFFFD",
        "é", "\"\\xff\"", "\"\\u0000\"", "\"../../../etc/passwd\"", "\"a\\\"; } class X {\"", "TRUE", "true", "lambda", "size", "param", "return",
    ];

    /// <summary>One damage.</summary>
    public static byte[] Damage(byte[] file, byte[] other, Random random)
    {
        if (random.Next(8) == 0)
        {
            return Bytes.Damage(file, other, random);
        }
        List<string> tokens = Split(Encoding.UTF8.GetString(file));
        Lazy<List<string>> others = new(() => Split(Encoding.UTF8.GetString(other)));
        if (tokens.Count == 0)
        {
            return Encoding.UTF8.GetBytes(Hostile[random.Next(Hostile.Length)]);
        }
        int at = random.Next(tokens.Count), length = Math.Min(1 + random.Next(20), tokens.Count - at);
        string Piece() => random.Next(4) == 0 && others.Value.Count > 0 ? others.Value[random.Next(others.Value.Count)] : Hostile[random.Next(Hostile.Length)];
        switch (random.Next(9))
        {
            case 0:
                tokens.RemoveRange(at, length);
                break;
            case 1:
                tokens[at] = Piece();
                break;
            case 2:
                tokens.Insert(at, Piece());
                break;
            case 3:
                tokens.InsertRange(at, tokens.GetRange(at, length));
                break;
            case 4:
                int where = random.Next(tokens.Count);
                (tokens[at], tokens[where]) = (tokens[where], tokens[at]);
                break;
            case 5:
                tokens.RemoveRange(at, tokens.Count - at);
                break;
            case 6:
                tokens.Insert(at, string.Concat(Enumerable.Repeat(tokens[at], Math.Min(1 << random.Next(14), Math.Max(1, 100_000 / Math.Max(1, tokens[at].Length))))));
                break;
            case 7:
                // Brackets within brackets.
                string open = "{<[("[random.Next(4)].ToString();
                tokens.Insert(at, string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? open : $"{tokens[at]}{open}", Math.Min(1 << random.Next(14), Math.Max(1, 100_000 / (tokens[at].Length + 1))))));
                break;
            default:
                tokens.InsertRange(at, others.Value.Skip(random.Next(1 + others.Value.Count)).Take(20).ToList());
                break;
        }
        string text = string.Concat(tokens);
        return Encoding.UTF8.GetBytes(text.Length > MostCharacters ? text[..MostCharacters] : text);
    }

    /// <summary>Words, numbers, runs of blanks, and single other characters; together they are the text.</summary>
    private static List<string> Split(string text)
    {
        var tokens = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            for (int kind = Kind(text[start]); kind > 0 && end < text.Length && Kind(text[end]) == kind; end++) { }
            tokens.Add(text[start..end]);
            start = end;
        }
        return tokens;
    }

    private static int Kind(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' ? 1 : char.IsWhiteSpace(c) ? 2 : 0;
}
