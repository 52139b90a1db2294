using System.Buffers.Binary;
using Symbolic.Caffe.LevelDb;

namespace Symbolic.Fuzz.Mutations;

/// <summary>
/// The files of a LevelDB as one, each with its name and length before it, and damage to them: what is behind a checksum is damaged with
/// the checksum right again, since nothing else would be read.
/// </summary>
internal static class LevelDbFiles
{
    private const int FooterSize = 48, TrailerSize = 5, HeaderSize = 7, LogBlock = 1 << 15;

    /// <summary>Joins files.</summary>
    public static byte[] Join(params IEnumerable<(string Name, byte[] Content)> files)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach ((string name, byte[] content) in files)
        {
            writer.Write(name);
            writer.Write(content.Length);
            writer.Write(content);
        }
        return stream.ToArray();
    }

    /// <summary>The files again.</summary>
    public static List<(string Name, byte[] Content)> Split(byte[] joined)
    {
        using var reader = new BinaryReader(new MemoryStream(joined));
        var files = new List<(string, byte[])>();
        while (reader.BaseStream.Position < joined.Length)
        {
            string name = reader.ReadString();
            files.Add((name, reader.ReadBytes(reader.ReadInt32())));
        }
        return files;
    }

    /// <summary>One damage to one of the files.</summary>
    public static byte[] Damage(byte[] joined, byte[] other, Random random)
    {
        List<(string Name, byte[] Content)> files = Split(joined);
        int which = random.Next(files.Count);
        (string name, byte[] content) = files[which];
        byte[] Damaged(byte[] bytes) => Bytes.Damage(bytes, other, random);
        files[which] = (name, random.Next(5) == 0 || content.Length < HeaderSize ? Damaged(content)
            : name.EndsWith(".ldb", StringComparison.Ordinal) ? Table(content, Damaged, random)
            : name == "CURRENT" ? Damaged(content)
            : Log(content, Damaged, random));
        return Join(files);
    }

    /// <summary>A block of a table: its content, how it is compressed, and its checksum.</summary>
    public static byte[] Block(ReadOnlySpan<byte> content, byte kind)
    {
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum.Masked(content, [kind]));
        return [.. content, kind, .. checksum];
    }

    /// <summary>A record of a log in one piece.</summary>
    public static byte[] Record(ReadOnlySpan<byte> content, byte kind = 1)
    {
        byte[] header = new byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Checksum.Masked([kind], content));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)content.Length);
        header[6] = kind;
        return [.. header, .. content];
    }

    // Damages the index, or the block that an entry of the index points to, keeping lengths so that the others stay in place; or the footer.
    private static byte[] Table(byte[] table, Func<byte[], byte[]> damage, Random random)
    {
        if (table.Length < FooterSize + TrailerSize)
        {
            return damage(table);
        }
        var footer = new VarintReader(table.AsSpan(table.Length - FooterSize), "footer");
        try
        {
            footer.Number();
            footer.Number();
            (int offset, int size) = ((int)footer.Number(), (int)footer.Number());
            if (random.Next(2) == 0)
            {
                var index = new VarintReader(table.AsSpan(offset, size), "index");
                index.Number();
                (int key, int value) = ((int)index.Number(), (int)index.Number());
                index.Take(key);
                var handle = new VarintReader(index.Take(value), "handle");
                (offset, size) = ((int)handle.Number(), (int)handle.Number());
            }
            byte[] content = damage(table[offset..(offset + size)]);
            Array.Resize(ref content, size);
            byte kind = random.Next(8) == 0 ? (byte)random.Next(3) : table[offset + size];
            return [.. table.AsSpan(0, offset), .. Block(content, kind), .. table.AsSpan(offset + size + TrailerSize)];
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            // Damaged before: its structure is no longer known.
            return damage(table);
        }
    }

    private static byte[] Log(byte[] log, Func<byte[], byte[]> damage, Random random)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(log.AsSpan(4));
        if (HeaderSize + length > log.Length)
        {
            return damage(log);
        }
        byte[] content = damage(log[HeaderSize..(HeaderSize + length)]);
        content = content.Length > LogBlock - HeaderSize ? content[..(LogBlock - HeaderSize)] : content;
        return [.. Record(content, random.Next(8) == 0 ? (byte)random.Next(6) : log[6]), .. log.AsSpan(HeaderSize + length)];
    }
}
