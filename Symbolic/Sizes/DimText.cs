using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Symbolic;

/// <summary>The text of a <see cref="Dim"/>, in the operators and precedence of Python.</summary>
internal static class DimText
{
    public static string Write(Dim dim)
    {
        var text = new StringBuilder();
        foreach (DimTerm term in dim.Terms)
        {
            text.Append(text.Length == 0 ? (term.Coefficient < 0 ? "-" : "") : Sign(term.Coefficient));
            Int128 size = Int128.Abs(term.Coefficient);
            bool isAlone = term.Coefficient == 1 && term.Factors.Count == 1;
            if (size != 1)
            {
                text.Append(size).Append('*');
            }
            text.AppendJoin('*', term.Factors.Select(atom => Write(atom, isAlone)));
        }
        if (dim.Offset != 0 || dim.IsConstant)
        {
            text.Append(dim.IsConstant ? dim.Offset.ToString(CultureInfo.InvariantCulture) : $"{Sign(dim.Offset)}{Int128.Abs(dim.Offset)}");
        }
        return text.ToString();
    }

    // The least number has no positive counterpart, which is why it is added and not subtracted.
    private static string Sign(long value) => value == long.MinValue ? " + -" : value < 0 ? " - " : " + ";

    private static string Write(DimAtom atom, bool isAlone)
    {
        string text = atom switch
        {
            SymbolAtom { Symbol.Name: var name } => Name(name),
            DivAtom division => $"{Operand(division.Dividend)}//{Operand(division.Divisor)}",
            ModAtom remainder => $"{Operand(remainder.Dividend)}%{Operand(remainder.Divisor)}",
            MinAtom least => $"min({least.Left}, {least.Right})",
            MaxAtom greatest => $"max({greatest.Left}, {greatest.Right})",
            _ => throw new UnreachableException($"no such kind of atom: {atom.GetType()}"),
        };
        return isAlone || atom is not (DivAtom or ModAtom) ? text : $"({text})";
    }

    // A name that is no identifier stands in quotes, so that whatever the user chose can be read back.
    internal static string Name(string name)
    {
        bool isPlain = name.Length > 0 && name.Select((c, i) => DimParser.IsPartOfName(c, i == 0)).All(fits => fits);
        return isPlain ? name : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Operand(Dim dim)
    {
        bool isSimple = dim is { IsConstant: true, Offset: >= 0 }
            or { Offset: 0, Terms: [{ Coefficient: 1, Factors: [SymbolAtom or MinAtom or MaxAtom] }] };
        return isSimple ? dim.ToString() : $"({dim})";
    }

    public static Dim Parse(string text, Func<string, DimSymbol> symbolOf) => new DimParser(text, symbolOf).Whole();
}
