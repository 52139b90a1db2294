using System.Reflection;
using Google.Protobuf;
using FieldLabel = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Symbolic.Caffe;

/// <summary>Reads what protoc writes of a .proto file by --descriptor_set_out: a FileDescriptorSet, whose fields descriptor.proto numbers.</summary>
internal static class SchemaFile
{
    private const string Resource = "caffe.desc";

    // Wire tags, the number of a field above three bits of its kind.
    private const uint File = 10, FileMessage = 34, FileEnum = 42;
    private const uint MessageName = 10, MessageField = 18, MessageEnum = 34;
    private const uint FieldName = 10, FieldNumber = 24, FieldLabelTag = 32, FieldTypeTag = 40, FieldTypeName = 50;
    private const uint EnumName = 10, EnumValues = 18, ValueName = 10, ValueNumber = 16;

    /// <summary>The messages of the assembly that protoc's classes are in.</summary>
    public static IReadOnlyList<MessageSchema> Read(Assembly classes)
    {
        using Stream stream = classes.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{classes} has no {Resource}");
        var messages = new List<Message>();
        var enums = new Dictionary<string, IReadOnlyList<EnumValue>>();
        using var set = new CodedInputStream(stream);
        Each(set, tag =>
        {
            bool isFile = tag == File;
            if (isFile)
            {
                ReadFile(set.ReadBytes().CreateCodedInput(), messages, enums);
            }
            return isFile;
        });
        return [.. messages.Select(message => new MessageSchema(message.Name, [.. message.Fields.Select(field => new FieldSchema(message.Name, field.Name, field.Number, field.Type, Plain(field.TypeName))
        {
            IsRepeated = field.Label == FieldLabel.Repeated,
            IsRequired = field.Label == FieldLabel.Required,
            Values = field.Type == FieldType.Enum ? enums[Plain(field.TypeName)] : [],
        })]))];
    }

    private static void ReadFile(CodedInputStream file, List<Message> messages, Dictionary<string, IReadOnlyList<EnumValue>> enums) => Each(file, tag =>
    {
        switch (tag)
        {
            case FileMessage:
                messages.Add(ReadMessage(file.ReadBytes().CreateCodedInput(), enums));
                return true;
            case FileEnum:
                ReadEnum(file.ReadBytes().CreateCodedInput(), "", enums);
                return true;
            default:
                return false;
        }
    });

    private static Message ReadMessage(CodedInputStream input, Dictionary<string, IReadOnlyList<EnumValue>> enums)
    {
        string name = "";
        var fields = new List<Field>();
        Each(input, tag =>
        {
            switch (tag)
            {
                case MessageName:
                    name = input.ReadString();
                    return true;
                case MessageField:
                    fields.Add(ReadField(input.ReadBytes().CreateCodedInput()));
                    return true;
                case MessageEnum:
                    ReadEnum(input.ReadBytes().CreateCodedInput(), name + ".", enums);
                    return true;
                default:
                    return false;
            }
        });
        return new Message(name, fields);
    }

    private static Field ReadField(CodedInputStream input)
    {
        var field = new Field("", 0, FieldLabel.Optional, default, "");
        Each(input, tag =>
        {
            switch (tag)
            {
                case FieldName:
                    field = field with { Name = input.ReadString() };
                    return true;
                case FieldNumber:
                    field = field with { Number = input.ReadInt32() };
                    return true;
                case FieldLabelTag:
                    field = field with { Label = (FieldLabel)input.ReadEnum() };
                    return true;
                case FieldTypeTag:
                    field = field with { Type = (FieldType)input.ReadEnum() };
                    return true;
                case FieldTypeName:
                    field = field with { TypeName = input.ReadString() };
                    return true;
                default:
                    return false;
            }
        });
        return field;
    }

    private static void ReadEnum(CodedInputStream input, string scope, Dictionary<string, IReadOnlyList<EnumValue>> enums)
    {
        string name = "";
        var values = new List<EnumValue>();
        Each(input, tag =>
        {
            switch (tag)
            {
                case EnumName:
                    name = input.ReadString();
                    return true;
                case EnumValues:
                    values.Add(ReadValue(input.ReadBytes().CreateCodedInput()));
                    return true;
                default:
                    return false;
            }
        });
        enums.Add(scope + name, values);
    }

    private static EnumValue ReadValue(CodedInputStream input)
    {
        var value = new EnumValue("", 0);
        Each(input, tag =>
        {
            switch (tag)
            {
                case ValueName:
                    value = value with { Name = input.ReadString() };
                    return true;
                case ValueNumber:
                    value = value with { Number = input.ReadInt32() };
                    return true;
                default:
                    return false;
            }
        });
        return value;
    }

    private static void Each(CodedInputStream input, Func<uint, bool> read)
    {
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (!read(tag))
            {
                input.SkipLastField();
            }
        }
    }

    /// <summary>A name without the package, of which there is one.</summary>
    private static string Plain(string name) => name[(name.IndexOf('.', Math.Min(1, name.Length)) + 1)..];

    private sealed record Message(string Name, IReadOnlyList<Field> Fields);

    private sealed record Field(string Name, int Number, FieldLabel Label, FieldType Type, string TypeName);
}
