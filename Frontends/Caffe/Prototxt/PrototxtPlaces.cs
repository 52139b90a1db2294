using Google.Protobuf;

namespace Symbolic.Caffe;

/// <summary>
/// Where each message and field of a parsed prototxt stands, so that whoever finds later that it makes no sense can say where.
/// Messages are known by identity: a clone has no place until <see cref="Carry"/> gives it its original's.
/// </summary>
public sealed class PrototxtPlaces
{
    private readonly Dictionary<IMessage, TextPlace> ofMessages = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<IMessage, Dictionary<(string Field, int Index), TextPlace>> ofFields = new(ReferenceEqualityComparer.Instance);

    internal PrototxtPlaces(string file) => File = file;

    /// <summary>For messages that come from no file: errors then begin with no place.</summary>
    public static PrototxtPlaces Nowhere { get; } = new("");

    /// <summary>The file's name as the user gave it.</summary>
    public string File { get; }

    /// <summary>Where a message stands: the name of its field, or the first field of the file. Null if it is not of this file.</summary>
    public TextPlace? Of(IMessage message) => ofMessages.TryGetValue(message, out TextPlace place) ? place : null;

    /// <summary>
    /// Where a message sets a field (its proto name, such as <c>num_output</c>), or the index-th value of a repeated field;
    /// where it sets no such thing, the place of the message.
    /// </summary>
    public TextPlace? Of(IMessage message, string field, int index = 0) =>
        ofFields.TryGetValue(message, out var places) && places.TryGetValue((field, index), out TextPlace place) ? place : Of(message);

    /// <summary>An error at the place of a message.</summary>
    public PrototxtError Error(IMessage message, string what) => At(Of(message), what);

    /// <summary>An error at the place where a message sets a field.</summary>
    public PrototxtError Error(IMessage message, string field, string what) => At(Of(message, field), what);

    /// <summary>Gives a message that was made from another (an upgrade, a clone) the other's places.</summary>
    public void Carry(IMessage from, IMessage to)
    {
        if (ofMessages.TryGetValue(from, out TextPlace place))
        {
            ofMessages[to] = place;
        }
        if (ofFields.TryGetValue(from, out var places))
        {
            ofFields[to] = places;
        }
    }

    internal void Set(IMessage message, TextPlace place)
    {
        ofMessages[message] = place;
        ofFields[message] = [];
    }

    internal void Set(IMessage message, string field, int index, TextPlace place) => ofFields[message][(field, index)] = place;

    private PrototxtError At(TextPlace? place, string what) =>
        place is { } known ? new PrototxtError(known, what) : new PrototxtError(File.Length > 0 ? $"{File}: {what}" : what);
}
