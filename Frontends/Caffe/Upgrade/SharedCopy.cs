using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// Copies of messages that share what lies inside them: an upgrade replaces a few fields and must neither change the message
/// that it was given nor copy hundreds of megabytes of weights.
/// </summary>
internal static class SharedCopy
{
    /// <summary>A message with the same fields, at the same place.</summary>
    public static T Of<T>(T message, PrototxtPlaces places) where T : IMessage, new()
    {
        var copy = new T();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            Field(field, message, field, copy);
        }
        places.Carry(message, copy);
        return copy;
    }

    /// <summary>Sets a field as one of another message, if that is set there.</summary>
    public static void Field(FieldDescriptor source, IMessage from, FieldDescriptor target, IMessage to)
    {
        if (source.IsRepeated)
        {
            var values = (IList)target.Accessor.GetValue(to);
            foreach (object value in (IList)source.Accessor.GetValue(from))
            {
                values.Add(value);
            }
        }
        else if (source.Accessor.HasValue(from))
        {
            Set(target, to, source.Accessor.GetValue(from));
        }
    }

    /// <summary>Sets a field, or adds to it if it is repeated. Enums of equal numbers stand for each other, as do signed and unsigned.</summary>
    public static void Set(FieldDescriptor field, IMessage message, object value)
    {
        object own = (field.FieldType, value) switch
        {
            (FieldType.Enum, _) => Enum.ToObject(field.EnumType.ClrType, Convert.ToInt32(value, null)),
            // As in C++; a negative size then is one that nothing has.
            (FieldType.UInt32, int number) => unchecked((uint)number),
            _ => value,
        };
        if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(message)).Add(own);
        }
        else
        {
            field.Accessor.SetValue(message, own);
        }
    }

    /// <summary>The message in a field, made if it is not there, in which case it stands at the place of <paramref name="origin"/>.</summary>
    public static IMessage Inner(FieldDescriptor field, IMessage message, IMessage origin, PrototxtPlaces places)
    {
        if (field.Accessor.GetValue(message) is IMessage inner)
        {
            return inner;
        }
        inner = (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;
        field.Accessor.SetValue(message, inner);
        places.Carry(origin, inner);
        return inner;
    }
}
