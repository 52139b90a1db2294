using System.Buffers.Binary;
using Snappier;

namespace Symbolic.Caffe.LevelDb;

/// <summary>Builds a block of items in the order of their keys, as <see cref="LevelDbBlock"/> reads it (leveldb's block_builder.cc).</summary>
/// <param name="interval">After how many items a key is written whole.</param>
internal sealed class LevelDbBlockBuilder(int interval)
{
    private readonly MemoryStream bytes = new();
    private readonly List<int> restarts = [0];
    private byte[] last = [];
    private int sinceRestart;

    public int Size => (int)bytes.Length + (restarts.Count * sizeof(uint));

    public bool IsEmpty => bytes.Length == 0;

    /// <summary>The key that was added last.</summary>
    public byte[] Last => last;

    public void Add(byte[] key, ReadOnlySpan<byte> value)
    {
        int shared = 0;
        if (sinceRestart == interval)
        {
            restarts.Add((int)bytes.Length);
            sinceRestart = 0;
        }
        else if (!IsEmpty)
        {
            shared = last.AsSpan().CommonPrefixLength(key);
        }
        Varint.Write(bytes, (ulong)shared);
        Varint.Write(bytes, (ulong)(key.Length - shared));
        Varint.Write(bytes, (ulong)value.Length);
        bytes.Write(key, shared, key.Length - shared);
        bytes.Write(value);
        last = key;
        sinceRestart++;
    }

    /// <summary>The block as it stands in a file, compressed where that saves an eighth, with kind and checksum; afterwards it is empty again.</summary>
    public byte[] Take()
    {
        byte[] word = new byte[sizeof(uint)];
        foreach (int restart in restarts.Append(restarts.Count))
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, restart);
            bytes.Write(word);
        }
        byte[] raw = bytes.ToArray(), packed = Snappy.CompressToArray(raw);
        bool isPacked = packed.Length < raw.Length - (raw.Length / 8);
        byte[] content = isPacked ? packed : raw;
        byte[] block = [.. content, (byte)(isPacked ? 1 : 0), 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(content.Length + 1), Checksum.Masked(content, block.AsSpan(content.Length, 1)));
        bytes.SetLength(0);
        restarts.Clear();
        restarts.Add(0);
        sinceRestart = 0;
        return block;
    }
}

/// <summary>Writes numbers of seven bits a byte.</summary>
internal static class Varint
{
    public static void Write(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }
        stream.WriteByte((byte)value);
    }
}
