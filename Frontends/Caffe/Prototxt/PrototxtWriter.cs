using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace Symbolic.Caffe;

/// <summary>Writes messages in protobuf's text format, character for character as protobuf's TextFormat prints them.</summary>
public static class PrototxtWriter
{
    /// <summary>The text of a message: its set fields by field number, one value a line, two spaces of indent a level.</summary>
    public static string Write(IMessage message)
    {
        var text = new StringBuilder();
        Fields(text, message, indent: 0);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, IMessage message, int indent)
    {
        foreach (FieldSchema field in MessageSchema.Of(message).Fields.OrderBy(field => field.Number))
        {
            if (field.IsRepeated)
            {
                foreach (object value in (IList)field.Get(message)!)
                {
                    Field(text, field, value, indent);
                }
            }
            else if (field.IsSet(message))
            {
                Field(text, field, field.Get(message)!, indent);
            }
        }
    }

    private static void Field(StringBuilder text, FieldSchema field, object value, int indent)
    {
        text.Append(' ', indent).Append(field.Name);
        if (value is IMessage message)
        {
            text.Append(" {\n");
            Fields(text, message, indent + 2);
            text.Append(' ', indent).Append("}\n");
        }
        else
        {
            text.Append(": ").Append(Scalar(field, value)).Append('\n');
        }
    }

    private static string Scalar(FieldSchema field, object value) => value switch
    {
        string words => Quoted(Encoding.UTF8.GetBytes(words)),
        ByteString bytes => Quoted(bytes.Span),
        bool truth => truth ? "true" : "false",
        float number => Number(number, number.ToString("G6", CultureInfo.InvariantCulture) is var six
            && float.Parse(six, CultureInfo.InvariantCulture) == number ? six : number.ToString("G9", CultureInfo.InvariantCulture)),
        double number => Number(number, number.ToString("G15", CultureInfo.InvariantCulture) is var fifteen
            && double.Parse(fifteen, CultureInfo.InvariantCulture) == number ? fifteen : number.ToString("G17", CultureInfo.InvariantCulture)),
        Enum member => field.Values.Where(value => value.Number == Convert.ToInt32(member, CultureInfo.InvariantCulture)).Select(value => value.Name).FirstOrDefault()
            ?? member.ToString("D"),
        int or long or uint => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw new UnreachableException($"{field.FullName}: {value.GetType()}"),
    };

    // C's %g: a small letter before an exponent.
    private static string Number(double number, string digits) =>
        double.IsNaN(number) ? "nan" : double.IsInfinity(number) ? (number > 0 ? "inf" : "-inf") : digits.Replace('E', 'e');

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'"' or (byte)'\'' or (byte)'\\' => text.Append('\\').Append((char)b),
                >= 0x20 and < 0x7F => text.Append((char)b),
                _ => text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0')),
            };
        }
        return text.Append('"').ToString();
    }
}
