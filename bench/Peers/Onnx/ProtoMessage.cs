using System.Text;

namespace Symbolic.Peers.Onnx;

/// <summary>
/// A message in protobuf's wire format (protobuf.dev, "Encoding"), as pieces that are written one after the other: large arrays are not copied.
/// </summary>
internal sealed class ProtoMessage
{
    private const int VarintWire = 0, BytesWire = 2, FixedWire = 5;

    private readonly List<ReadOnlyMemory<byte>> pieces = [];

    /// <summary>Bytes of all pieces.</summary>
    public long Length { get; private set; }

    /// <summary>An integer or enum.</summary>
    public ProtoMessage Add(int field, long value) => Tag(field, VarintWire).Varint((ulong)value);

    /// <summary>A float.</summary>
    public ProtoMessage Add(int field, float value) => Tag(field, FixedWire).Piece(BitConverter.GetBytes(value));

    /// <summary>A text.</summary>
    public ProtoMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes, which must stay as they are until the message is written.</summary>
    public ProtoMessage Add(int field, ReadOnlyMemory<byte> value) => Tag(field, BytesWire).Varint((ulong)value.Length).Piece(value);

    /// <summary>A message inside this one, which takes no more fields afterwards.</summary>
    public ProtoMessage Add(int field, ProtoMessage value)
    {
        Tag(field, BytesWire).Varint((ulong)value.Length);
        pieces.AddRange(value.pieces);
        Length += value.Length;
        return this;
    }

    /// <summary>Writes all.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            stream.Write(piece.Span);
        }
    }

    private ProtoMessage Tag(int field, int wire) => Varint((ulong)(field << 3 | wire));

    private ProtoMessage Varint(ulong value)
    {
        var bytes = new List<byte>(10);
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        bytes.Add((byte)value);
        return Piece(bytes.ToArray());
    }

    private ProtoMessage Piece(ReadOnlyMemory<byte> bytes)
    {
        pieces.Add(bytes);
        Length += bytes.Length;
        return this;
    }
}
