namespace Symbolic.Fuzz.Mutations;

/// <summary>Damage to protobuf messages that keeps them well-formed where it does not mean to break that: fields, lengths and nesting.</summary>
internal static class Wire
{
    private const int MostNesting = 300;

    private readonly record struct Field(int Start, int End, int Content, int Type, int Number);

    /// <summary>One damage.</summary>
    public static byte[] Damage(byte[] file, byte[] other, Random random) => random.Next(4) == 0 ? Bytes.Damage(file, other, random) : Inside(file, other, random, 0);

    /// <summary>A field as bytes: its tag and its content.</summary>
    public static byte[] Message(int number, ReadOnlySpan<byte> content) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    // Goes down into a message with an even chance, and puts the damaged one in its place with its length right again.
    private static byte[] Inside(byte[] message, byte[] other, Random random, int depth)
    {
        List<Field> fields = Fields(message);
        if (fields.Count == 0)
        {
            return Bytes.Damage(message, other, random);
        }
        Field field = fields[random.Next(fields.Count)];
        byte[] content = message[field.Content..field.End];
        ReadOnlySpan<byte> before = message.AsSpan(0, field.Start), whole = message.AsSpan(field.Start, field.End - field.Start), after = message.AsSpan(field.End);
        if (field.Type == 2 && depth < 10 && random.Next(3) > 0 && content.Length > 0)
        {
            return [.. before, .. Message(field.Number, Inside(content, other, random, depth + 1)), .. after];
        }
        List<Field> others = Fields(other);
        return random.Next(11) switch
        {
            0 => [.. before, .. after],
            1 => [.. before, .. whole, .. whole, .. after],
            2 => [.. before, .. Varint(((ulong)field.Number << 3) | (uint)random.Next(8)), .. message.AsSpan(field.Content)],
            3 => [.. before, .. Varint(((ulong)random.Next(0, 200) << 3) | (uint)field.Type), .. whole[(VarintLength(whole))..], .. after],
            4 when field.Type == 2 => [.. before, .. Varint(((ulong)field.Number << 3) | 2), .. Varint((ulong)Bytes.Edge(random, content.Length)), .. content, .. after],
            5 when field.Type == 0 => [.. before, .. Varint((ulong)field.Number << 3), .. Varint((ulong)Bytes.Edge(random)), .. after],
            6 => [.. before, .. Deep(field.Number, content, random), .. after],
            7 when others.Count > 0 && others[random.Next(others.Count)] is var piece => [.. before, .. other.AsSpan(piece.Start, piece.End - piece.Start), .. whole, .. after],
            8 when field.Type == 2 => [.. before, .. Message(field.Number, Filled(random)), .. after],
            9 => [.. before, .. Many(whole, random), .. after],
            _ => Bytes.Damage(message, other, random),
        };
    }

    private static byte[] Deep(int number, byte[] content, Random random)
    {
        byte[] nested = content.Length > 1000 ? [] : content;
        for (int depth = random.Next(MostNesting); depth > 0; depth--)
        {
            nested = Message(number, nested);
        }
        return nested;
    }

    private static byte[] Many(ReadOnlySpan<byte> field, Random random)
    {
        int times = Math.Min(1 << random.Next(16), Math.Max(1, 200_000 / Math.Max(1, field.Length)));
        byte[] many = new byte[field.Length * times];
        for (int i = 0; i < times; i++)
        {
            field.CopyTo(many.AsSpan(i * field.Length));
        }
        return many;
    }

    private static byte[] Filled(Random random)
    {
        byte[] bytes = new byte[1 << random.Next(12)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<Field> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<Field>();
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            if (!Take(message, ref at, out ulong tag))
            {
                break;
            }
            int content = at, type = (int)(tag & 7);
            ulong length = type switch { 1 => 8, 5 => 4, _ => 0 };
            if (type is 3 or 4 or 6 or 7 || (type is 0 or 2 && !Take(message, ref at, out length)))
            {
                break;
            }
            if (type == 2)
            {
                content = at;
            }
            if (type != 0)
            {
                if (length > (ulong)(message.Length - at))
                {
                    break;
                }
                at += (int)length;
            }
            fields.Add(new Field(start, at, content, type, (int)Math.Min(tag >> 3, 0x1FFFFFFF)));
        }
        return fields;
    }

    private static bool Take(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }
        return false;
    }

    private static int VarintLength(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        Take(bytes, ref at, out _);
        return at;
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
