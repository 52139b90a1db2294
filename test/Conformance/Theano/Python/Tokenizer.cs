using System.Globalization;
using System.Numerics;
using System.Text;

namespace Symbolic.Conformance.Theano.Python;

internal enum TokenKind
{
    Name,
    Number,
    Text,
    Symbol,
    Newline,
    Indent,
    Dedent,
    End,
}

/// <summary>A word of the program; numbers and strings carry their value.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, object? Value = null)
{
    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Name && Text == text;
}

/// <summary>Splits Python text into tokens, with indentation as tokens of its own (The Python Language Reference, section 2).</summary>
internal sealed class Tokenizer(string source)
{
    private static readonly string[] Symbols =
        ["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "<", ">", "&", "|", "^", "~", ";"];

    private readonly List<Token> tokens = [];
    private readonly Stack<int> indents = new([0]);
    private int at;
    private int brackets;

    public static IReadOnlyList<Token> Tokens(string source)
    {
        var tokenizer = new Tokenizer(source);
        tokenizer.Run();
        return tokenizer.tokens;
    }

    private void Run()
    {
        Indentation();
        while (at < source.Length)
        {
            Next();
        }
        tokens.Add(new Token(TokenKind.Newline, "\n"));
        for (; indents.Peek() > 0; indents.Pop())
        {
            tokens.Add(new Token(TokenKind.Dedent, ""));
        }
        tokens.Add(new Token(TokenKind.End, ""));
    }

    private void Next()
    {
        char c = source[at];
        if (c == '\n')
        {
            at++;
            if (brackets == 0)
            {
                tokens.Add(new Token(TokenKind.Newline, "\n"));
                Indentation();
            }
        }
        else if (char.IsWhiteSpace(c))
        {
            at++;
        }
        else if (char.IsAsciiLetter(c) || c == '_')
        {
            tokens.Add(new Token(TokenKind.Name, While(static d => char.IsAsciiLetterOrDigit(d) || d == '_')));
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        {
            tokens.Add(Number());
        }
        else if (c is '"' or '\'')
        {
            tokens.Add(String(c));
        }
        else
        {
            string symbol = Array.Find(Symbols, s => source.AsSpan(at).StartsWith(s, StringComparison.Ordinal)) ?? throw new PythonError("SyntaxError", $"invalid character '{c}'");
            at += symbol.Length;
            brackets += symbol is "(" or "[" or "{" ? 1 : symbol is ")" or "]" or "}" ? -1 : 0;
            tokens.Add(symbol == ";" ? new Token(TokenKind.Newline, ";") : new Token(TokenKind.Symbol, symbol));
        }
    }

    private void Indentation()
    {
        int depth = While(static c => c == ' ').Length;
        if (at == source.Length || source[at] == '\n')
        {
            return;
        }
        if (depth > indents.Peek())
        {
            indents.Push(depth);
            tokens.Add(new Token(TokenKind.Indent, ""));
        }
        for (; depth < indents.Peek(); indents.Pop())
        {
            tokens.Add(new Token(TokenKind.Dedent, ""));
        }
    }

    private Token Number()
    {
        int start = at;
        While(char.IsAsciiDigit);
        bool isFloat = false;
        if (at < source.Length && source[at] == '.')
        {
            isFloat = true;
            at++;
            While(char.IsAsciiDigit);
        }
        if (at < source.Length && source[at] is 'e' or 'E')
        {
            isFloat = true;
            at += at + 1 < source.Length && source[at + 1] is '+' or '-' ? 2 : 1;
            While(char.IsAsciiDigit);
        }
        string text = source[start..at];
        if (at < source.Length && source[at] == 'j')
        {
            at++;
            return new Token(TokenKind.Number, source[start..at], new Complex(0, double.Parse(text, CultureInfo.InvariantCulture)));
        }
        return new Token(TokenKind.Number, text, isFloat ? double.Parse(text, CultureInfo.InvariantCulture) : BigInteger.Parse(text, CultureInfo.InvariantCulture));
    }

    private Token String(char quote)
    {
        var text = new StringBuilder();
        for (at++; source[at] != quote; at++)
        {
            text.Append(source[at] == '\\' ? source[++at] : source[at]);
        }
        at++;
        return new Token(TokenKind.Text, text.ToString(), text.ToString());
    }

    private string While(Predicate<char> holds)
    {
        int start = at;
        while (at < source.Length && holds(source[at]))
        {
            at++;
        }
        return source[start..at];
    }
}
