using System.Globalization;
using System.Text;
using Sprache;

namespace Symbolic.Caffe;

/// <summary>The words of a prototxt as Sprache parsers, by the rules of protobuf's tokenizer; each also takes the space and comments behind it.</summary>
internal static class PrototxtTokens
{
    /// <summary>Takes nothing; gives the line and column.</summary>
    public static readonly Parser<(int Line, int Column)> Here = input => Result.Success((input.Line, input.Column), input);

    /// <summary>Succeeds only at the end of the file.</summary>
    public static readonly Parser<bool> End = input => input.AtEnd ? Result.Success(true, input) : Result.Failure<bool>(input, "", ["the name of a field", "the end of the file"]);

    /// <summary>One punctuation character.</summary>
    public static Parser<char> Symbol(char symbol) => input =>
        !input.AtEnd && input.Current == symbol ? Result.Success(symbol, At(input).Past(1)) : Expected<char>(input, $"'{symbol}'");

    /// <summary>The name of a field.</summary>
    public static readonly Parser<string> Name = input =>
    {
        int length = WordLength(At(input), 0);
        return length > 0
            ? Result.Success(input.Source.Substring(input.Position, length), At(input).Past(length))
            : Expected<string>(input, "the name of a field");
    };

    /// <summary>A number or a word with its optional sign.</summary>
    public static readonly Parser<LiteralSyntax> Literal = input =>
    {
        PrototxtInput start = At(input);
        bool isNegative = start.Ahead(0) == '-';
        PrototxtInput token = isNegative ? start.Past(1) : start;
        int length = NumberLength(token, out LiteralKind kind);
        if (length == 0)
        {
            kind = LiteralKind.Word;
            length = WordLength(token, 0);
        }
        else if (WordLength(token, length) > 0 || char.IsAsciiDigit(token.Ahead(length)) || token.Ahead(length) == '.')
        {
            return Result.Failure<LiteralSyntax>(token.Skip(length), $"the number '{token.Source.AsSpan(token.Position, length)}' runs into '{token.Ahead(length)}'", []);
        }
        return length > 0
            ? Result.Success(new LiteralSyntax(start.Line, start.Column, kind, token.Source.Substring(token.Position, length), isNegative), token.Past(length))
            : Expected<LiteralSyntax>(isNegative ? token : input, "a value");
    };

    /// <summary>One string literal as the bytes it stands for.</summary>
    public static readonly Parser<byte[]> String = input =>
    {
        PrototxtInput start = At(input);
        char quote = start.Ahead(0);
        if (quote is not ('"' or '\''))
        {
            return Expected<byte[]>(input, "a string");
        }
        var bytes = new MemoryStream();
        int i = 1;
        while (start.Ahead(i) != quote)
        {
            string? wrong = start.Position + i >= start.Source.Length || start.Ahead(i) == '\n' ? "a string without its closing quote"
                : start.Ahead(i) == '\0' ? "a string with a NUL character"
                : start.Ahead(i) == '\uFFFD' ? "a string that is not UTF-8"
                : null;
            wrong ??= Character(start, ref i, bytes);
            if (wrong is not null)
            {
                return Result.Failure<byte[]>(start.Skip(Math.Min(i, start.Source.Length - start.Position)), wrong, []);
            }
        }
        return Result.Success(bytes.ToArray(), start.Past(i + 1));
    };

    /// <summary>A failure that says what would have been right here.</summary>
    public static IResult<T> Expected<T>(IInput input, string what) => Result.Failure<T>(input, "", [what]);

    // Copies one character or escape; on success null, with i behind it, else what is wrong.
    private static string? Character(PrototxtInput start, ref int i, MemoryStream bytes)
    {
        if (start.Ahead(i) != '\\')
        {
            int length = char.IsHighSurrogate(start.Ahead(i)) && char.IsLowSurrogate(start.Ahead(i + 1)) ? 2 : 1;
            bytes.Write(Encoding.UTF8.GetBytes(start.Source.Substring(start.Position + i, length)));
            i += length;
            return null;
        }
        char escape = start.Ahead(i + 1);
        if ("abfnrtv\\?'\"".IndexOf(escape, StringComparison.Ordinal) is >= 0 and int known)
        {
            bytes.WriteByte((byte)"\a\b\f\n\r\t\v\\?'\""[known]);
            i += 2;
            return null;
        }
        (int first, int most, int radix) = escape switch
        {
            >= '0' and <= '7' => (i + 1, 3, 8),
            'x' or 'X' => (i + 2, 2, 16),
            'u' => (i + 2, 4, 16),
            'U' => (i + 2, 8, 16),
            _ => (0, 0, 0),
        };
        int digits = 0;
        while (digits < most && (radix == 8 ? start.Ahead(first + digits) is >= '0' and <= '7' : char.IsAsciiHexDigit(start.Ahead(first + digits))))
        {
            digits++;
        }
        bool isRune = escape is 'u' or 'U';
        if (digits == 0 || (isRune && digits < most))
        {
            return $"'\\{(escape == '\0' ? "" : escape)}' is no escape";
        }
        uint code = 0;
        for (int d = 0; d < digits; d++)
        {
            code = (code * (uint)radix) + (uint)Convert.ToInt32(start.Ahead(first + d).ToString(), 16);
        }
        if (isRune ? !Rune.IsValid(code) : code > 255)
        {
            return string.Create(CultureInfo.InvariantCulture, $"an escape of value {code} is no character");
        }
        bytes.Write(isRune ? Encoding.UTF8.GetBytes(new Rune(code).ToString()) : [(byte)code]);
        i = first + digits;
        return null;
    }

    private static int WordLength(PrototxtInput input, int from)
    {
        int length = 0;
        while (char.IsAsciiLetter(input.Ahead(from + length)) || input.Ahead(from + length) == '_' || (length > 0 && char.IsAsciiDigit(input.Ahead(from + length))))
        {
            length++;
        }
        return length;
    }

    private static int NumberLength(PrototxtInput input, out LiteralKind kind)
    {
        kind = LiteralKind.Integer;
        if (!char.IsAsciiDigit(input.Ahead(0)) && !(input.Ahead(0) == '.' && char.IsAsciiDigit(input.Ahead(1))))
        {
            return 0;
        }
        int i = 0;
        if (input.Ahead(0) == '0' && input.Ahead(1) is 'x' or 'X' && char.IsAsciiHexDigit(input.Ahead(2)))
        {
            for (i = 3; char.IsAsciiHexDigit(input.Ahead(i)); i++) { }
            return i;
        }
        for (; char.IsAsciiDigit(input.Ahead(i)); i++) { }
        if (input.Ahead(i) == '.')
        {
            kind = LiteralKind.Float;
            for (i++; char.IsAsciiDigit(input.Ahead(i)); i++) { }
        }
        int sign = input.Ahead(i + 1) is '+' or '-' ? 1 : 0;
        if (input.Ahead(i) is 'e' or 'E' && char.IsAsciiDigit(input.Ahead(i + 1 + sign)))
        {
            kind = LiteralKind.Float;
            for (i += 1 + sign; char.IsAsciiDigit(input.Ahead(i)); i++) { }
        }
        if (input.Ahead(i) is 'f' or 'F')
        {
            kind = LiteralKind.Float;
            i++;
        }
        return i;
    }

    private static PrototxtInput At(IInput input) => (PrototxtInput)input;
}
