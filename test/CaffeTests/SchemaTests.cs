using System.Globalization;
using Google.Protobuf.Reflection;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>caffe.proto says all that Caffe's own schema says, and nothing else.</summary>
public class SchemaTests
{
    [DataFact]
    public void EveryFieldIsAsInCaffe()
    {
        string[] rows = [.. Table("caffe-fields.csv")];
        var differences = new List<string>();
        foreach (string row in rows)
        {
            string[] cells = row.Split(',');
            string said = "absent";
            if (Message(cells[0])?.FindFieldByNumber(int.Parse(cells[1], CultureInfo.InvariantCulture)) is { } field)
            {
                FieldDescriptorProto proto = field.ToProto();
                said = string.Join(',', cells[0], field.FieldNumber, field.Name, Label(field), Type(proto), proto.HasDefaultValue ? proto.DefaultValue : "",
                    proto.Options is { HasPacked: true, Packed: true } ? "packed" : "", "");
            }
            if (Canonical(row) != Canonical(said))
            {
                differences.Add($"{row}: {said}");
            }
        }
        Assert.Empty(differences);
        Assert.Equal(rows.Length, CaffeReflection.Descriptor.MessageTypes.Sum(message => message.Fields.InDeclarationOrder().Count));
    }

    [DataFact]
    public void EveryEnumIsAsInCaffe()
    {
        string[] rows = [.. Table("caffe-enums.csv")];
        IEnumerable<EnumDescriptor> enums = CaffeReflection.Descriptor.EnumTypes.Concat(CaffeReflection.Descriptor.MessageTypes.SelectMany(message => message.EnumTypes));
        IEnumerable<string> ours = enums.SelectMany(type => type.Values.Select(value => $"{type.FullName["caffe.".Length..]},{value.Name},{value.Number}"));
        Assert.Equal(rows.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Table(string name) => File.ReadLines(ReferenceData.File("..", "features", name)).Skip(1);

    private static MessageDescriptor? Message(string name) => CaffeReflection.Descriptor.FindTypeByName<MessageDescriptor>(name);

    private static string Label(FieldDescriptor field) => field.IsRepeated ? "repeated" : field.IsRequired ? "required" : "optional";

    private static string Type(FieldDescriptorProto proto) =>
        proto.HasTypeName && proto.TypeName.Length > 0 ? proto.TypeName.TrimStart('.') : proto.Type.ToString().ToLowerInvariant();

    // Two spellings of one default: 1e-08 and 1e-8.
    private static string Canonical(string row) => row.Replace("e-0", "e-", StringComparison.Ordinal);
}
