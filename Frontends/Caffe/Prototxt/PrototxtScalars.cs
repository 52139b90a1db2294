using System.Diagnostics;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Symbolic.Caffe;

/// <summary>Reads strings, numbers, bools and enum values as the type of their field asks, by the rules of protobuf's TextFormat.</summary>
internal static class PrototxtScalars
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static object Value(FieldDescriptor field, ValueSyntax syntax, string file)
    {
        PrototxtError Error(string what) => new(new TextPlace(file, syntax.Line, syntax.Column), what);

        string Wrong(string wanted) => $"'{field.Name}' wants {wanted}, not " + syntax switch
        {
            StringSyntax => "a string",
            MessageSyntax => "a message",
            ListSyntax => "a list: it has one value",
            LiteralSyntax literal => literal.ToString(),
            _ => throw new UnreachableException(syntax.ToString()),
        };

        switch (field.FieldType)
        {
            case FieldType.String when syntax is StringSyntax text:
                try
                {
                    return StrictUtf8.GetString(text.Bytes);
                }
                catch (DecoderFallbackException)
                {
                    throw Error($"the string of '{field.Name}' is not UTF-8");
                }
            case FieldType.Bytes when syntax is StringSyntax text:
                return ByteString.CopyFrom(text.Bytes);
            case FieldType.String or FieldType.Bytes:
                throw Error(Wrong("a string in quotes"));
            case FieldType.Bool:
                return Bool(syntax as LiteralSyntax) ?? throw Error(Wrong("true or false"));
            case FieldType.Float or FieldType.Double:
                double number = Number(syntax as LiteralSyntax) ?? throw Error(Wrong("a number"));
                // By way of double, as TextFormat does.
                return field.FieldType == FieldType.Float ? (object)(float)number : number;
            case FieldType.Int32:
                return (int)(Integer(syntax as LiteralSyntax, int.MinValue, int.MaxValue) ?? throw Error(Wrong("an integer of 32 bits")));
            case FieldType.Int64:
                return (long)(Integer(syntax as LiteralSyntax, long.MinValue, long.MaxValue) ?? throw Error(Wrong("an integer of 64 bits")));
            case FieldType.UInt32:
                return (uint)(Integer(syntax as LiteralSyntax, 0, uint.MaxValue) ?? throw Error(Wrong("a nonnegative integer of 32 bits")));
            case FieldType.Enum:
                return EnumNumber(field.EnumType, syntax as LiteralSyntax) ?? throw Error(Wrong(Values(field.EnumType))
                    + (syntax is LiteralSyntax { Kind: LiteralKind.Word } word ? Spelling.DidYouMean(word.Text, field.EnumType.Values.Select(value => value.Name)) : ""));
            default:
                throw new UnreachableException($"{field.FullName} is of type {field.FieldType}, which Caffe's schema does not use");
        }
    }

    private static bool? Bool(LiteralSyntax? literal) => literal switch
    {
        { IsNegative: true } or { Kind: LiteralKind.Float } or null => null,
        { Kind: LiteralKind.Integer } => Integer(literal, 0, 1) is { } bit ? bit == 1 : null,
        { Text: "true" or "True" or "t" } => true,
        { Text: "false" or "False" or "f" } => false,
        _ => null,
    };

    private static double? Number(LiteralSyntax? literal)
    {
        double? size = literal switch
        {
            null => null,
            { Kind: LiteralKind.Word } => literal.Text.ToLowerInvariant() switch
            {
                "inf" or "infinity" => double.PositiveInfinity,
                "nan" => double.NaN,
                _ => null,
            },
            // TextFormat takes hex and octal only where it wants an integer.
            { Kind: LiteralKind.Integer } => IsDecimal(literal.Text) ? double.Parse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            _ => double.Parse(literal.Text.TrimEnd('f', 'F'), NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return literal is { IsNegative: true } ? -size : size;
    }

    private static Int128? Integer(LiteralSyntax? literal, Int128 least, Int128 most)
    {
        if (literal is not { Kind: LiteralKind.Integer })
        {
            return null;
        }
        int radix = IsDecimal(literal.Text) ? 10 : literal.Text[1] is 'x' or 'X' ? 16 : 8;
        Int128 value = 0;
        foreach (char digit in literal.Text.AsSpan(radix == 16 ? 2 : 0))
        {
            int worth = char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
            value = (value * radix) + worth;
            if (worth >= radix || value > ulong.MaxValue)
            {
                return null;
            }
        }
        value = literal.IsNegative ? -value : value;
        return value >= least && value <= most ? value : null;
    }

    // A leading 0 makes the digits octal, as in C.
    private static bool IsDecimal(string digits) => digits.Length == 1 || digits[0] != '0';

    // The accessor takes the number for the enum.
    private static object? EnumNumber(EnumDescriptor type, LiteralSyntax? literal)
    {
        EnumValueDescriptor? value = literal switch
        {
            { Kind: LiteralKind.Word, IsNegative: false } => type.FindValueByName(literal.Text),
            _ => Integer(literal, int.MinValue, int.MaxValue) is { } number ? type.FindValueByNumber((int)number) : null,
        };
        return value is null ? null : Enum.ToObject(type.ClrType, value.Number);
    }

    private static string Values(EnumDescriptor type)
    {
        string[] names = [.. type.Values.Select(value => value.Name)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
