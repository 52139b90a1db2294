using System.Buffers.Binary;

namespace Symbolic.Fuzz.Mutations;

/// <summary>Damage that knows nothing of a format.</summary>
internal static class Bytes
{
    private const int LongestPiece = 64;
    private const int MostBytes = 1 << 20;

    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];

    /// <summary>One damage.</summary>
    public static byte[] Damage(byte[] file, byte[] other, Random random)
    {
        if (file.Length == 0)
        {
            return Piece(other, random);
        }
        int at = random.Next(file.Length), length = Math.Min(1 + random.Next(LongestPiece), file.Length - at);
        return random.Next(9) switch
        {
            0 => Changed(file, at, (byte)(file[at] ^ (1 << random.Next(8)))),
            1 => Changed(file, at, (byte)random.Next(256)),
            2 => Number(file, at, random),
            3 => [.. file.AsSpan(0, at), .. file.AsSpan(at + length)],
            4 => file[..at],
            5 => Insert(file, at, Piece(other, random)),
            6 => Insert(file, at, file.AsSpan(at, length).ToArray()),
            7 => Overwrite(file, at, Piece(other, random)),
            _ => Insert(file, at, Repeated(file[at], random)),
        };
    }

    /// <summary>A number that is an edge, or one beside what was there.</summary>
    public static long Edge(Random random, long was = 0) => random.Next(4) == 0 ? was + random.Next(-2, 3) : Edges[random.Next(Edges.Length)] + (random.Next(4) == 0 ? random.Next(-1, 2) : 0);

    private static byte[] Number(byte[] file, int at, Random random)
    {
        byte[] copy = [.. file];
        Span<byte> place = copy.AsSpan(at);
        long value = Edge(random, place.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(place) : place[0]);
        Span<byte> bytes = stackalloc byte[8];
        bool isBig = random.Next(4) == 0;
        int width = 1 << random.Next(4);
        if (isBig)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            bytes = bytes[(8 - width)..];
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            bytes = bytes[..width];
        }
        bytes[..Math.Min(width, place.Length)].CopyTo(place);
        return copy;
    }

    public static byte[] Changed(byte[] file, int at, byte value)
    {
        byte[] copy = [.. file];
        copy[at] = value;
        return copy;
    }

    private static byte[] Insert(byte[] file, int at, byte[] piece) => file.Length + piece.Length > MostBytes ? file : [.. file.AsSpan(0, at), .. piece, .. file.AsSpan(at)];

    private static byte[] Overwrite(byte[] file, int at, byte[] piece)
    {
        byte[] copy = [.. file];
        piece.AsSpan(0, Math.Min(piece.Length, copy.Length - at)).CopyTo(copy.AsSpan(at));
        return copy;
    }

    private static byte[] Piece(byte[] other, Random random)
    {
        int at = other.Length == 0 ? 0 : random.Next(other.Length);
        return other.AsSpan(at, Math.Min(1 + random.Next(LongestPiece), other.Length - at)).ToArray();
    }

    private static byte[] Repeated(byte value, Random random)
    {
        byte[] many = new byte[1 << random.Next(16)];
        Array.Fill(many, value);
        return many;
    }
}
