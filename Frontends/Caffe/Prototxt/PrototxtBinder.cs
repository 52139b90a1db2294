using System.Collections;
using Google.Protobuf;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Symbolic.Caffe;

/// <summary>
/// Fills messages from syntax by what caffe.proto says of them, with the strictness of protobuf's TextFormat: no unknown field, no
/// non-repeated field twice, no required field missing, no value of another type.
/// </summary>
internal sealed class PrototxtBinder(string file)
{
    public PrototxtPlaces Places { get; } = new(file);

    public void Fill(IMessage message, MessageSyntax syntax, TextPlace place)
    {
        Places.Set(message, place);
        MessageSchema schema = MessageSchema.Of(message);
        // How many values each field has been given.
        var given = new Dictionary<FieldSchema, int>();
        // Strings and numbers go by way of the wire format: a class reads all of its own without reflection.
        using var bytes = new MemoryStream();
        using (var scalars = new CodedOutputStream(bytes, leaveOpen: true))
        {
            foreach (FieldSyntax written in syntax.Fields)
            {
                FieldSchema field = schema.Find(written.Name) ?? throw Unknown(schema, written);
                given[field] = given.GetValueOrDefault(field) + Set(message, schema, field, written, given.GetValueOrDefault(field), scalars);
            }
        }
        message.MergeFrom(bytes.ToArray());
        foreach (FieldSchema field in schema.Fields)
        {
            if (field.IsRequired && !given.ContainsKey(field))
            {
                throw new PrototxtError(place, $"{schema.Name} needs the field '{field.Name}'");
            }
        }
    }

    /// <summary>Sets what is written once; returns how many values that were.</summary>
    private int Set(IMessage message, MessageSchema schema, FieldSchema field, FieldSyntax written, int before, CodedOutputStream scalars)
    {
        TextPlace place = Place(written.Line, written.Column);
        if (!written.HasColon && field.Type != FieldType.Message)
        {
            throw new PrototxtError(place, $"'{field.Name}' needs ':' before its value");
        }
        if (field.IsRepeated)
        {
            int count = before;
            foreach (ValueSyntax item in written.Value is ListSyntax list ? list.Items : [written.Value])
            {
                TextPlace itemPlace = written.Value is ListSyntax ? Place(item.Line, item.Column) : place;
                Places.Set(message, field.Name, count++, itemPlace);
                Set(message, field, item, itemPlace, scalars);
            }
            return count - before;
        }
        if (before > 0)
        {
            throw new PrototxtError(place, $"'{field.Name}' is given a second time, and {schema.Name} has only one"
                + (Places.Of(message, field.Name) is { } first ? $" (first in line {first.Line})" : ""));
        }
        Places.Set(message, field.Name, 0, place);
        Set(message, field, written.Value, place, scalars);
        return 1;
    }

    private void Set(IMessage message, FieldSchema field, ValueSyntax syntax, TextPlace place, CodedOutputStream scalars)
    {
        if (field.Type != FieldType.Message)
        {
            PrototxtScalars.Write(scalars, field, syntax, file);
            return;
        }
        if (syntax is not MessageSyntax fields)
        {
            throw new PrototxtError(Place(syntax.Line, syntax.Column), $"'{field.Name}' is a message; write its fields between '{{' and '}}'");
        }
        var inner = (IMessage)Activator.CreateInstance(field.Class(message))!;
        Fill(inner, fields, place);
        if (field.IsRepeated)
        {
            ((IList)field.Get(message)!).Add(inner);
        }
        else
        {
            field.Set(message, inner);
        }
    }

    private PrototxtError Unknown(MessageSchema message, FieldSyntax written) =>
        new(Place(written.Line, written.Column), $"{message.Name} has no field '{written.Name}'"
            + Spelling.DidYouMean(written.Name, message.Fields.Select(field => field.Name)));

    private TextPlace Place(int line, int column) => new(file, line, column);
}
