using System.Buffers.Binary;

namespace Symbolic.Caffe.LevelDb;

/// <summary>The items of a block in order: each key is said by what it shares with the one before (leveldb's block_builder.cc).</summary>
internal sealed class LevelDbBlock
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly string where;
    private readonly int end;
    private byte[] key = [];
    private int keyLength, valueOffset, valueLength, position;

    public LevelDbBlock(ReadOnlyMemory<byte> bytes, string where)
    {
        (this.bytes, this.where) = (bytes, where);
        uint restarts = bytes.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[^sizeof(uint)..]) : uint.MaxValue;
        end = restarts <= (bytes.Length - sizeof(uint)) / sizeof(uint) ? bytes.Length - sizeof(uint) - ((int)restarts * sizeof(uint))
            : throw new InvalidDataException($"{where}: damaged: its {bytes.Length} bytes do not hold {restarts} restart points");
    }

    /// <summary>The key under the cursor; another after the next move.</summary>
    public ReadOnlySpan<byte> Key => key.AsSpan(0, keyLength);

    public ReadOnlySpan<byte> Value => bytes.Span.Slice(valueOffset, valueLength);

    /// <summary>Goes to the first or next item; false at the end.</summary>
    public bool MoveNext()
    {
        if (position == end)
        {
            return false;
        }
        var reader = new VarintReader(bytes.Span[position..end], where);
        ulong shared = reader.Number();
        ulong own = reader.Number();
        ulong length = reader.Number();
        if (shared > (ulong)keyLength || own > (ulong)end || length > (ulong)end)
        {
            throw reader.Bad($"a key of {shared} shared and {own} own bytes, a value of {length}, after a key of {keyLength}");
        }
        ReadOnlySpan<byte> added = reader.Take((int)own);
        int total = (int)shared + added.Length;
        if (key.Length < total)
        {
            Array.Resize(ref key, Math.Max(total, 2 * key.Length));
        }
        added.CopyTo(key.AsSpan((int)shared));
        keyLength = total;
        valueOffset = position + reader.Position;
        reader.Take((int)length);
        valueLength = (int)length;
        position += reader.Position;
        return true;
    }
}
