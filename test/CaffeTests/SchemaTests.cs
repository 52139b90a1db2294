using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Symbolic.Caffe;
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

    /// <summary>What is read without protobuf's reflection is what that says, and every field has its property.</summary>
    [Fact]
    public void MessagesAreReadAsTheDescriptorsSayThem()
    {
        Assert.Equal(CaffeReflection.Descriptor.MessageTypes.Count, MessageSchema.Every.Count());
        foreach (MessageDescriptor descriptor in CaffeReflection.Descriptor.MessageTypes)
        {
            var message = (IMessage)Activator.CreateInstance(descriptor.ClrType)!;
            MessageSchema schema = MessageSchema.Of(message);
            Assert.Equal(descriptor.Fields.InDeclarationOrder().Select(field => (field.Name, field.FieldNumber, field.IsRepeated, field.IsRequired, field.ToProto().Type, field.FieldType == FieldType.Message ? field.MessageType.Name : "")),
                schema.Fields.Select(field => (field.Name, field.Number, field.IsRepeated, field.IsRequired, field.Type, field.Type == FieldDescriptorProto.Types.Type.Message ? field.Message.Name : "")));
            foreach ((FieldDescriptor known, FieldSchema field) in descriptor.Fields.InDeclarationOrder().Zip(schema.Fields))
            {
                Assert.Same(field, schema.Find(known.Name));
                Assert.Equal(known.FieldType == FieldType.Enum ? known.EnumType.Values.Select(value => new EnumValue(value.Name, value.Number)) : [], field.Values);
                Assert.Equal(known.Accessor.GetValue(message), field.Get(message));
                Assert.True(known.FieldType != FieldType.Message || field.Class(message) == known.MessageType.ClrType);
                Assert.False(!known.IsRepeated && field.IsSet(message));
            }
        }
    }

    private static IEnumerable<string> Table(string name) => File.ReadLines(ReferenceData.File("..", "features", name)).Skip(1);

    private static MessageDescriptor? Message(string name) => CaffeReflection.Descriptor.FindTypeByName<MessageDescriptor>(name);

    private static string Label(FieldDescriptor field) => field.IsRepeated ? "repeated" : field.IsRequired ? "required" : "optional";

    private static string Type(FieldDescriptorProto proto) =>
        proto.HasTypeName && proto.TypeName.Length > 0 ? proto.TypeName.TrimStart('.') : proto.Type.ToString().ToLowerInvariant();

    // Two spellings of one default: 1e-08 and 1e-8.
    private static string Canonical(string row) => row.Replace("e-0", "e-", StringComparison.Ordinal);
}
