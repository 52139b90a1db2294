using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using FieldLabel = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Symbolic.Caffe;

/// <summary>Reads what protoc writes of a .proto file by --descriptor_set_out: a FileDescriptorSet.</summary>
internal static class SchemaFile
{
    private const string Resource = "caffe.desc";

    /// <summary>The messages of the assembly that protoc's classes are in.</summary>
    public static IReadOnlyList<MessageSchema> Read(Assembly classes)
    {
        using Stream stream = classes.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{classes} has no {Resource}");
        using var input = new CodedInputStream(stream);
        // Not its parser: that asks for the class's descriptor to check required fields, and with the first descriptor come all.
        var set = new FileDescriptorSet();
        set.MergeFrom(input);
        var enums = new Dictionary<string, IReadOnlyList<EnumValue>>();
        foreach (FileDescriptorProto file in set.File)
        {
            AddEnums("", file.EnumType);
            foreach (DescriptorProto message in file.MessageType)
            {
                AddEnums(message.Name + ".", message.EnumType);
            }
        }
        return [.. set.File.SelectMany(file => file.MessageType).Select(message => new MessageSchema(message.Name, [.. message.Field.Select(field => new FieldSchema(message.Name, field.Name, field.Number, field.Type, Plain(field.TypeName))
        {
            IsRepeated = field.Label == FieldLabel.Repeated,
            IsRequired = field.Label == FieldLabel.Required,
            Values = field.Type == FieldType.Enum ? enums[Plain(field.TypeName)] : [],
        })]))];

        void AddEnums(string scope, IEnumerable<EnumDescriptorProto> types)
        {
            foreach (EnumDescriptorProto type in types)
            {
                enums.Add(scope + type.Name, [.. type.Value.Select(value => new EnumValue(value.Name, value.Number))]);
            }
        }
    }

    /// <summary>A name without the package, of which there is one.</summary>
    private static string Plain(string name) => name[(name.IndexOf('.', Math.Min(1, name.Length)) + 1)..];
}
