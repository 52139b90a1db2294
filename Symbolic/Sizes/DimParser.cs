using System.Globalization;
using System.Text;

namespace Symbolic;

/// <summary>Reads the text of an integer expression: <c>+ - * // %</c> with Python's precedence, <c>min</c>, <c>max</c>, parentheses.</summary>
internal sealed class DimParser(string text, Func<string, DimSymbol> symbolOf)
{
    // Deep enough for whatever is written by hand or printed, shallow enough for any stack.
    private const int MostNesting = 200;

    private int position;
    private int nesting;

    public Dim Whole()
    {
        Dim whole;
        try
        {
            whole = Sum();
        }
        catch (Exception inner) when (inner is OverflowException or DivideByZeroException)
        {
            throw Error(inner.Message);
        }
        return Next() == '\0' ? whole : throw Error($"unexpected '{text[position]}'");
    }

    private Dim Sum()
    {
        if (++nesting > MostNesting)
        {
            throw Error($"nested more than {MostNesting} deep");
        }
        Dim sum = Product();
        while (true)
        {
            if (Take("+"))
            {
                sum += Product();
            }
            else if (Take("-"))
            {
                sum -= Product();
            }
            else
            {
                nesting--;
                return sum;
            }
        }
    }

    private Dim Product()
    {
        Dim product = Signed();
        while (true)
        {
            if (Take("*"))
            {
                product *= Signed();
            }
            else if (Take("//"))
            {
                product = product.FloorDiv(Signed());
            }
            else if (Take("%"))
            {
                product = product.Mod(Signed());
            }
            else
            {
                return product;
            }
        }
    }

    private Dim Signed()
    {
        bool isNegative = false;
        while (Take("-"))
        {
            isNegative = !isNegative;
        }
        return char.IsAsciiDigit(Next()) ? Number(isNegative) : isNegative ? -Operand() : Operand();
    }

    private Dim Number(bool isNegative)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }
        string digits = (isNegative ? "-" : "") + text[start..position];
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Error($"{digits} does not fit 64 bits", start);
    }

    private Dim Operand()
    {
        if (Take("("))
        {
            Dim inner = Sum();
            Expect(")");
            return inner;
        }
        if (Take("\""))
        {
            return symbolOf(Quoted());
        }
        int start = position;
        while (position < text.Length && IsPartOfName(text[position], position == start))
        {
            position++;
        }
        string name = text[start..position];
        if (name is "min" or "max" && Take("("))
        {
            Dim left = Sum();
            Expect(",");
            Dim right = Sum();
            Expect(")");
            return name == "min" ? Dim.Min(left, right) : Dim.Max(left, right);
        }
        return name.Length > 0 ? symbolOf(name) : throw Error("expected a number, a name or '('");
    }

    private string Quoted()
    {
        var name = new StringBuilder();
        for (int start = position; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && ++position == text.Length)
            {
                throw Error("a name without its closing quote", start);
            }
            name.Append(text[position]);
        }
        Expect("\"");
        return name.ToString();
    }

    internal static bool IsPartOfName(char c, bool isFirst) =>
        char.IsAsciiLetter(c) || c == '_' || (!isFirst && (char.IsAsciiDigit(c) || c is '.' or '$' or '#' or '@'));

    private char Next()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
        return position < text.Length ? text[position] : '\0';
    }

    private bool Take(string token)
    {
        Next();
        if (string.CompareOrdinal(text, position, token, 0, token.Length) != 0)
        {
            return false;
        }
        position += token.Length;
        return true;
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw Error($"expected '{token}'");
        }
    }

    private FormatException Error(string what, int? at = null) =>
        new($"'{text}' is no size: {what} at position {(at ?? position).ToString(CultureInfo.InvariantCulture)}");
}
