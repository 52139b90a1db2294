using System.Diagnostics;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Symbolic.Caffe;

/// <summary>Reads strings, numbers, bools and enum values as the type of their field asks, by the rules of protobuf's TextFormat.</summary>
internal static class PrototxtScalars
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Appends a value to the wire format of its message.</summary>
    public static void Write(CodedOutputStream output, FieldSchema field, ValueSyntax syntax, string file)
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

        switch (field.Type)
        {
            case FieldType.String when syntax is StringSyntax text:
                try
                {
                    StrictUtf8.GetCharCount(text.Bytes);
                }
                catch (DecoderFallbackException)
                {
                    throw Error($"the string of '{field.Name}' is not UTF-8");
                }
                Bytes(text.Bytes);
                break;
            case FieldType.Bytes when syntax is StringSyntax text:
                Bytes(text.Bytes);
                break;
            case FieldType.String or FieldType.Bytes:
                throw Error(Wrong("a string in quotes"));
            case FieldType.Bool:
                output.WriteTag(field.Number, WireFormat.WireType.Varint);
                output.WriteBool(Bool(syntax as LiteralSyntax) ?? throw Error(Wrong("true or false")));
                break;
            case FieldType.Float:
                // By way of double, as TextFormat does.
                output.WriteTag(field.Number, WireFormat.WireType.Fixed32);
                output.WriteFloat((float)(Number(syntax as LiteralSyntax) ?? throw Error(Wrong("a number"))));
                break;
            case FieldType.Double:
                output.WriteTag(field.Number, WireFormat.WireType.Fixed64);
                output.WriteDouble(Number(syntax as LiteralSyntax) ?? throw Error(Wrong("a number")));
                break;
            case FieldType.Int32:
                output.WriteTag(field.Number, WireFormat.WireType.Varint);
                output.WriteInt32((int)(Integer(syntax as LiteralSyntax, int.MinValue, int.MaxValue) ?? throw Error(Wrong("an integer of 32 bits"))));
                break;
            case FieldType.Int64:
                output.WriteTag(field.Number, WireFormat.WireType.Varint);
                output.WriteInt64((long)(Integer(syntax as LiteralSyntax, long.MinValue, long.MaxValue) ?? throw Error(Wrong("an integer of 64 bits"))));
                break;
            case FieldType.Uint32:
                output.WriteTag(field.Number, WireFormat.WireType.Varint);
                output.WriteUInt32((uint)(Integer(syntax as LiteralSyntax, 0, uint.MaxValue) ?? throw Error(Wrong("a nonnegative integer of 32 bits"))));
                break;
            case FieldType.Enum:
                output.WriteTag(field.Number, WireFormat.WireType.Varint);
                output.WriteEnum(EnumNumber(field.Values, syntax as LiteralSyntax) ?? throw Error(Wrong(Values(field.Values))
                    + (syntax is LiteralSyntax { Kind: LiteralKind.Word } word ? Spelling.DidYouMean(word.Text, field.Values.Select(value => value.Name)) : "")));
                break;
            default:
                throw new UnreachableException($"{field.FullName} is of type {field.Type}, which Caffe's schema does not use");
        }

        void Bytes(byte[] bytes)
        {
            output.WriteTag(field.Number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(bytes));
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

    private static int? EnumNumber(IReadOnlyList<EnumValue> values, LiteralSyntax? literal)
    {
        int? place = literal switch
        {
            { Kind: LiteralKind.Word, IsNegative: false } => Place(value => value.Name == literal.Text),
            _ => Integer(literal, int.MinValue, int.MaxValue) is { } number ? Place(value => value.Number == number) : null,
        };
        return place is { } known ? values[known].Number : null;

        int? Place(Predicate<EnumValue> isMeant) => values.ToList().FindIndex(isMeant) is >= 0 and var found ? found : null;
    }

    private static string Values(IReadOnlyList<EnumValue> values)
    {
        string[] names = [.. values.Select(value => value.Name)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
