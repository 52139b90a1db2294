namespace Symbolic.Caffe.LevelDb;

/// <summary>Walks bytes that hold numbers of seven bits a byte, lengths and strings, as LevelDB's files do. Nothing is read beyond the end.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> bytes, string where)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly string where = where;
    private int position;

    public readonly bool AtEnd => position == bytes.Length;

    /// <summary>The next byte's index.</summary>
    public readonly int Position => position;

    public byte Byte() => position < bytes.Length ? bytes[position++] : throw Bad("the data end too early");

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw Bad("a number of more than 64 bits");
    }

    /// <summary>A count of bytes, of which so many must be left.</summary>
    public int Length()
    {
        ulong length = Number();
        return length <= (ulong)(bytes.Length - position) ? (int)length : throw Bad($"a length of {length} where {bytes.Length - position} bytes are left");
    }

    /// <summary>So many bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - position)
        {
            throw Bad($"{length} bytes are wanted where {bytes.Length - position} are left");
        }
        position += length;
        return bytes.Slice(position - length, length);
    }

    /// <summary>A length and so many bytes.</summary>
    public ReadOnlySpan<byte> String() => Take(Length());

    public readonly InvalidDataException Bad(string what) => new($"{where}: damaged at byte {position}: {what}");
}
