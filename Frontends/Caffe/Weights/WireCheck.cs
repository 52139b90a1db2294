using Google.Protobuf.Reflection;

namespace Symbolic.Caffe;

/// <summary>
/// Walks the wire format of a message before protobuf builds objects from it: every length must fit what holds it, nesting
/// and the number of messages are bounded (a message of two bytes becomes an object of hundreds). See protobuf's "Encoding".
/// </summary>
internal ref struct WireCheck
{
    // protobuf's own limit for nesting.
    private const int MostNesting = 100;

    // The largest nets have thousands of layers with a handful of blobs each.
    private const int MostMessages = 250_000;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly string file;
    private int position;
    private int messages;

    private WireCheck(ReadOnlySpan<byte> bytes, string file)
    {
        this.bytes = bytes;
        this.file = file;
    }

    /// <summary>Throws <see cref="InvalidDataException"/>, naming the file, the byte and the field, unless the bytes are a well-formed message.</summary>
    public static void Check(ReadOnlySpan<byte> bytes, MessageDescriptor type, string file) =>
        new WireCheck(bytes, file).Message(type, bytes.Length, type.Name, nesting: 0);

    private void Message(MessageDescriptor type, int end, string path, int nesting)
    {
        if (++messages > MostMessages)
        {
            throw Bad($"more than {MostMessages} messages", path);
        }
        if (nesting > MostNesting)
        {
            throw Bad($"messages nested more than {MostNesting} deep", path);
        }
        while (position < end)
        {
            ulong tag = Varint(end, path);
            if (tag >> 3 is 0 or > 0x1FFFFFFF)
            {
                throw Bad($"field number {tag >> 3}", path);
            }
            FieldDescriptor? field = type.FindFieldByNumber((int)(tag >> 3));
            switch (tag & 7)
            {
                case 0:
                    Varint(end, path);
                    break;
                case 1:
                    Skip(8, end, path);
                    break;
                case 2:
                    ulong length = Varint(end, path);
                    if (field?.FieldType == FieldType.Message && length <= (ulong)(end - position))
                    {
                        Message(field.MessageType, position + (int)length, $"{path}.{field.Name}", nesting + 1);
                    }
                    else
                    {
                        Skip(length, end, field is null ? path : $"{path}.{field.Name}");
                    }
                    break;
                case 5:
                    Skip(4, end, path);
                    break;
                default:
                    throw Bad($"wire type {tag & 7}", path);
            }
        }
    }

    private ulong Varint(int end, string path)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (position == end)
            {
                throw Bad("the data end within a number", path);
            }
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw Bad("a number of more than 64 bits", path);
    }

    private void Skip(ulong length, int end, string path)
    {
        if (length > (ulong)(end - position))
        {
            throw Bad($"a value of {length} bytes where {end - position} are left", path);
        }
        position += (int)length;
    }

    private readonly InvalidDataException Bad(string what, string path) => new($"{file}: damaged at byte {position} ({path}): {what}");
}
