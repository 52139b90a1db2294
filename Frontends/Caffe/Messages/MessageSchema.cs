using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>
/// What caffe.proto says of a message. Protobuf's own descriptors say the same, but the first that is asked for makes two thousand types, with accessors of all fields of all messages:
/// 11 MB and 90 ms of a process that reads one small net.
/// </summary>
internal sealed class MessageSchema(string name, IReadOnlyList<FieldSchema> fields)
{
    private static readonly Lazy<Dictionary<string, MessageSchema>> All = new(() => SchemaFile.Read(typeof(NetParameter).Assembly).ToDictionary(message => message.Name));

    private readonly Dictionary<string, FieldSchema> byName = fields.ToDictionary(field => field.Name);

    /// <summary>Its name without the package's.</summary>
    public string Name { get; } = name;

    /// <summary>Its fields in the order in which they are declared.</summary>
    public IReadOnlyList<FieldSchema> Fields { get; } = fields;

    /// <summary>All messages of caffe.proto.</summary>
    public static IEnumerable<MessageSchema> Every => All.Value.Values;

    /// <summary>The schema of a message of caffe.proto.</summary>
    public static MessageSchema Of(IMessage message) => Of(message.GetType());

    /// <summary>The schema of a message class that protoc made of caffe.proto.</summary>
    public static MessageSchema Of(Type message) => Named(message.Name);

    /// <summary>The schema of the message of this name.</summary>
    public static MessageSchema Named(string name) => All.Value.TryGetValue(name, out MessageSchema? schema) ? schema : throw new ArgumentException($"caffe.proto has no message {name}", nameof(name));

    /// <summary>The field of this name, or null.</summary>
    public FieldSchema? Find(string field) => byName.GetValueOrDefault(field);
}
