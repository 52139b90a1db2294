using System.Reflection;
using System.Text;
using Google.Protobuf;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Symbolic.Caffe;

/// <summary>A value of an enum as caffe.proto spells it.</summary>
internal readonly record struct EnumValue(string Name, int Number);

/// <summary>What caffe.proto says of a field, and the field of a message of that kind.</summary>
/// <param name="owner">The name of its message.</param>
/// <param name="name">Its name.</param>
/// <param name="number">Its number.</param>
/// <param name="type">The type of its values.</param>
/// <param name="typeName">The name of the message or enum that its values are of, else empty.</param>
internal sealed class FieldSchema(string owner, string name, int number, FieldType type, string typeName)
{
    private readonly string property = PropertyName(name);
    private PropertyInfo? value, presence;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The name of its message and its own.</summary>
    public string FullName => $"{owner}.{Name}";

    /// <summary>Its number.</summary>
    public int Number { get; } = number;

    /// <summary>The type of its values.</summary>
    public FieldType Type { get; } = type;

    /// <summary>Whether it is a list.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Whether no message is without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The values of its enum in the order in which they are declared; none where it is of another type.</summary>
    public IReadOnlyList<EnumValue> Values { get; init; } = [];

    /// <summary>The schema of the messages in it.</summary>
    public MessageSchema Message => MessageSchema.Named(typeName);

    /// <summary>The class of its values, or of those in its list.</summary>
    public Type Class(IMessage message) => Value(message).PropertyType is var own && IsRepeated ? own.GetGenericArguments()[0] : own;

    /// <summary>Its value in a message: the list if it is repeated, the default or null if it is not set.</summary>
    public object? Get(IMessage message) => Value(message).GetValue(message);

    /// <summary>Sets it in a message; not for lists.</summary>
    public void Set(IMessage message, object own) => Value(message).SetValue(message, own);

    /// <summary>Whether it is set in a message; not for lists.</summary>
    public bool IsSet(IMessage message) => Type == FieldType.Message
        ? Get(message) is not null
        : (bool)(presence ??= Property(message, "Has" + property)).GetValue(message)!;

    /// <summary>Takes it from a message; not for lists nor messages.</summary>
    public void Clear(IMessage message) => message.GetType().GetMethod("Clear" + property)!.Invoke(message, null);

    private PropertyInfo Value(IMessage message) => value ??= Property(message, property);

    private static PropertyInfo Property(IMessage message, string name) =>
        message.GetType().GetProperty(name) ?? throw new System.Diagnostics.UnreachableException($"{message.GetType()} has no {name}");

    /// <summary>What protoc calls it in C#: letters behind underscores and digits are large.</summary>
    private static string PropertyName(string field)
    {
        var text = new StringBuilder();
        bool large = true;
        foreach (char letter in field)
        {
            if (letter != '_')
            {
                text.Append(large ? char.ToUpperInvariant(letter) : letter);
            }
            large = letter == '_' || char.IsAsciiDigit(letter);
        }
        return text.ToString();
    }
}
