namespace Symbolic.Caffe;

/// <summary>
/// A mistake in a prototxt file: in its grammar, in a field's name or value, or in what a net or solver makes of it.
/// The message begins with the place where it is known. Damaged binary files raise <see cref="InvalidDataException"/> instead.
/// </summary>
public sealed class PrototxtError : FormatException
{
    // The longest of ours lists the types of layers.
    private const int LongestMessage = 2000;

    /// <summary>A mistake at a place; the message becomes <c>file:line:column: message</c>.</summary>
    public PrototxtError(TextPlace place, string message) : base($"{place}: {Short(message)}") => Place = place;

    /// <summary>A mistake about which only the file, or nothing, is known.</summary>
    public PrototxtError(string message) : base(Short(message)) { }

    /// <summary>Where it is, or null where only the message says.</summary>
    public TextPlace? Place { get; }

    // What a message quotes of a damaged file may be as long as the file.
    private static string Short(string message) => message.Length > LongestMessage ? message[..LongestMessage] + "..." : message;
}
