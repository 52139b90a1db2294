using System.Collections;
using Google.Protobuf;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

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
        foreach (FieldSchema field in MessageSchema.Of(message).Fields)
        {
            Field(field, message, field, copy);
        }
        places.Carry(message, copy);
        return copy;
    }

    /// <summary>Sets a field as one of another message, if that is set there.</summary>
    public static void Field(FieldSchema source, IMessage from, FieldSchema target, IMessage to)
    {
        if (source.IsRepeated)
        {
            var values = (IList)target.Get(to)!;
            foreach (object value in (IList)source.Get(from)!)
            {
                values.Add(value);
            }
        }
        else if (source.IsSet(from))
        {
            Set(target, to, source.Get(from)!);
        }
    }

    /// <summary>Sets a field, or adds to it if it is repeated. Enums of equal numbers stand for each other, as do signed and unsigned.</summary>
    public static void Set(FieldSchema field, IMessage message, object value)
    {
        object own = (field.Type, value) switch
        {
            (FieldType.Enum, _) => Enum.ToObject(field.Class(message), Convert.ToInt32(value, null)),
            // As in C++; a negative size then is one that nothing has.
            (FieldType.Uint32, int number) => unchecked((uint)number),
            _ => value,
        };
        if (field.IsRepeated)
        {
            ((IList)field.Get(message)!).Add(own);
        }
        else
        {
            field.Set(message, own);
        }
    }

    /// <summary>The message in a field, made if it is not there, in which case it stands at the place of <paramref name="origin"/>.</summary>
    public static IMessage Inner(FieldSchema field, IMessage message, IMessage origin, PrototxtPlaces places)
    {
        if (field.Get(message) is IMessage inner)
        {
            return inner;
        }
        inner = (IMessage)Activator.CreateInstance(field.Class(message))!;
        field.Set(message, inner);
        places.Carry(origin, inner);
        return inner;
    }
}
