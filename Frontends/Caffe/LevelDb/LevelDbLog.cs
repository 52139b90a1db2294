using System.Buffers.Binary;
using System.Numerics;

namespace Symbolic.Caffe.LevelDb;

/// <summary>
/// The records of a LevelDB log or MANIFEST (leveldb's doc/log_format.md): blocks of 32 KB, in which a record is one piece or
/// several, each with a checksum. A record that is cut off by the end of the file was never finished and is left out, as by LevelDB.
/// </summary>
internal static class LevelDbLog
{
    private const int BlockSize = 1 << 15, HeaderSize = 7;
    private const int Full = 1, First = 2, Middle = 3, Last = 4;

    /// <summary>The records in order.</summary>
    /// <exception cref="InvalidDataException">A checksum is wrong or the pieces do not fit together; names file and byte.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Records(ReadOnlyMemory<byte> file, string name)
    {
        MemoryStream? begun = null;
        for (int at = 0; at + HeaderSize <= file.Length;)
        {
            int room = BlockSize - (at % BlockSize);
            if (room < HeaderSize)
            {
                at += room;
                continue;
            }
            ReadOnlyMemory<byte> header = file.Slice(at, HeaderSize);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(header.Span[4..]), kind = header.Span[6];
            if (kind == 0 && length == 0)
            {
                // A file that was given its size in advance ends in zeros.
                at += room;
                continue;
            }
            if (length > room - HeaderSize)
            {
                throw Bad(name, at, $"a piece of {length} bytes where {room - HeaderSize} are left in its block");
            }
            if (at + HeaderSize + length > file.Length)
            {
                yield break;
            }
            ReadOnlyMemory<byte> piece = file.Slice(at + HeaderSize, length);
            if (Checksum.Masked(header.Span[6..], piece.Span) != BinaryPrimitives.ReadUInt32LittleEndian(header.Span))
            {
                throw Bad(name, at, "the checksum is wrong");
            }
            bool starts = kind is Full or First;
            if (kind is < Full or > Last || starts != begun is null)
            {
                throw Bad(name, at, kind is < Full or > Last ? $"a piece of kind {kind}" : starts ? "a record begins within a record" : "a record goes on that has not begun");
            }
            at += HeaderSize + length;
            if (kind == Full)
            {
                yield return piece;
                continue;
            }
            begun ??= new MemoryStream();
            begun.Write(piece.Span);
            if (kind == Last)
            {
                yield return begun.ToArray();
                begun = null;
            }
        }
    }

    /// <summary>Writes a record as the first of a file.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> record)
    {
        byte[] header = new byte[HeaderSize];
        int at = 0;
        do
        {
            ReadOnlySpan<byte> piece = record[at..Math.Min(at + BlockSize - HeaderSize, record.Length)];
            int end = at + piece.Length;
            header[6] = (byte)((at == 0, end == record.Length) switch { (true, true) => Full, (true, false) => First, (false, false) => Middle, (false, true) => Last });
            BinaryPrimitives.WriteUInt32LittleEndian(header, Checksum.Masked(header.AsSpan(6), piece));
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)piece.Length);
            stream.Write(header);
            stream.Write(piece);
            at = end;
        }
        while (at < record.Length);
    }

    private static InvalidDataException Bad(string name, int at, string what) => new($"{name}: damaged at byte {at}: {what}");
}

/// <summary>LevelDB's checksums: CRC-32C, rotated and shifted so that a checksum of data with checksums is another number.</summary>
internal static class Checksum
{
    /// <summary>The checksum of two pieces, one after the other.</summary>
    public static uint Masked(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        uint crc = ~Add(Add(~0u, first), second);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }
        return crc;
    }
}
