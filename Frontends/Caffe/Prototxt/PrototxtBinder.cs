using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Symbolic.Caffe;

/// <summary>
/// Fills messages from syntax by their descriptors, with the strictness of protobuf's TextFormat: no unknown field, no
/// non-repeated field twice, no required field missing, no value of another type.
/// </summary>
internal sealed class PrototxtBinder(string file)
{
    public PrototxtPlaces Places { get; } = new(file);

    public void Fill(IMessage message, MessageSyntax syntax, TextPlace place)
    {
        Places.Set(message, place);
        foreach (FieldSyntax written in syntax.Fields)
        {
            FieldDescriptor field = message.Descriptor.FindFieldByName(written.Name)
                ?? throw Unknown(message.Descriptor, written);
            Set(message, field, written);
        }
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRequired && !field.Accessor.HasValue(message))
            {
                throw new PrototxtError(place, $"{message.Descriptor.Name} needs the field '{field.Name}'");
            }
        }
    }

    private void Set(IMessage message, FieldDescriptor field, FieldSyntax written)
    {
        TextPlace place = Place(written.Line, written.Column);
        bool isMessage = field.FieldType == FieldType.Message;
        if (!written.HasColon && !isMessage)
        {
            throw new PrototxtError(place, $"'{field.Name}' needs ':' before its value");
        }
        if (field.IsRepeated)
        {
            var values = (IList)field.Accessor.GetValue(message);
            foreach (ValueSyntax item in written.Value is ListSyntax list ? list.Items : [written.Value])
            {
                TextPlace itemPlace = written.Value is ListSyntax ? Place(item.Line, item.Column) : place;
                Places.Set(message, field.Name, values.Count, itemPlace);
                values.Add(Value(field, item, itemPlace));
            }
        }
        else if (field.Accessor.HasValue(message))
        {
            throw new PrototxtError(place, $"'{field.Name}' is given a second time, and {message.Descriptor.Name} has only one"
                + (Places.Of(message, field.Name) is { } first ? $" (first in line {first.Line})" : ""));
        }
        else
        {
            Places.Set(message, field.Name, 0, place);
            field.Accessor.SetValue(message, Value(field, written.Value, place));
        }
    }

    private object Value(FieldDescriptor field, ValueSyntax syntax, TextPlace place)
    {
        if (field.FieldType != FieldType.Message)
        {
            return PrototxtScalars.Value(field, syntax, file);
        }
        if (syntax is not MessageSyntax fields)
        {
            throw new PrototxtError(Place(syntax.Line, syntax.Column), $"'{field.Name}' is a message; write its fields between '{{' and '}}'");
        }
        var message = (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;
        Fill(message, fields, place);
        return message;
    }

    private PrototxtError Unknown(MessageDescriptor message, FieldSyntax written) =>
        new(Place(written.Line, written.Column), $"{message.Name} has no field '{written.Name}'"
            + Spelling.DidYouMean(written.Name, message.Fields.InDeclarationOrder().Select(field => field.Name)));

    private TextPlace Place(int line, int column) => new(file, line, column);
}
