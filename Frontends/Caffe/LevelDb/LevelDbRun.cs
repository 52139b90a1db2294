using System.Buffers.Binary;

namespace Symbolic.Caffe.LevelDb;

/// <summary>Items in the order of their keys, each with when it was written.</summary>
internal interface ILevelDbRun : IDisposable
{
    /// <summary>The key under the cursor, as the user gave it.</summary>
    ReadOnlySpan<byte> Key { get; }

    ReadOnlySpan<byte> Value { get; }

    /// <summary>When it was written: of equal keys the highest counts.</summary>
    ulong Sequence { get; }

    /// <summary>Whether the item says that the key is no more.</summary>
    bool IsDeletion { get; }

    /// <summary>Goes to the first or next item, whose keys ascend; false at the end.</summary>
    bool MoveNext();
}

/// <summary>Tables whose keys follow each other, one open at a time.</summary>
internal sealed class TableRun(string folder, IReadOnlyList<ulong> numbers, ModelFiles files) : ILevelDbRun
{
    private const int MarkSize = 8;

    private LevelDbTable? table;
    private LevelDbBlock? block;
    private byte[] last = [];
    private ulong lastMark;
    private int opened;

    public ReadOnlySpan<byte> Key => block!.Key[..^MarkSize];

    public ReadOnlySpan<byte> Value => block!.Value;

    public ulong Sequence => Mark >> 8;

    public bool IsDeletion => (byte)Mark == 0;

    private ulong Mark => BinaryPrimitives.ReadUInt64LittleEndian(block!.Key[^MarkSize..]);

    public bool MoveNext()
    {
        while (block is null || !block.MoveNext())
        {
            block = table?.Next();
            if (block is not null)
            {
                continue;
            }
            table?.Dispose();
            if (opened == numbers.Count)
            {
                return false;
            }
            table = LevelDbTable.Open(folder, numbers[opened++], files);
        }
        Check();
        return true;
    }

    public void Dispose() => table?.Dispose();

    private void Check()
    {
        if (block!.Key.Length < MarkSize || (byte)Mark > 1)
        {
            throw new InvalidDataException($"{table!.Name}: damaged: a key of {block.Key.Length} bytes{(block.Key.Length < MarkSize ? "" : $" and kind {(byte)Mark}")}");
        }
        int order = Key.SequenceCompareTo(last);
        if (last.Length > 0 && (order < 0 || (order == 0 && Mark >= lastMark)))
        {
            throw new InvalidDataException($"{table!.Name}: damaged: its keys do not ascend");
        }
        (last, lastMark) = (Key.ToArray(), Mark);
    }
}

/// <summary>What logs hold, sorted in memory: the latest writes, which are in no table yet.</summary>
internal sealed class LogRun : ILevelDbRun
{
    private readonly List<(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ulong Sequence, bool IsDeletion)> items = [];
    private int position = -1;

    /// <summary>Reads the write batches of a log (leveldb's write_batch.cc).</summary>
    public void Add(ReadOnlyMemory<byte> file, string name)
    {
        foreach (ReadOnlyMemory<byte> record in LevelDbLog.Records(file, name))
        {
            var reader = new VarintReader(record.Span, name);
            ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(reader.Take(8));
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(reader.Take(4));
            for (uint i = 0; i < count; i++)
            {
                byte kind = reader.Byte();
                if (kind > 1)
                {
                    throw reader.Bad($"an entry of kind {kind}");
                }
                ReadOnlyMemory<byte> key = Part(record, ref reader);
                ReadOnlyMemory<byte> value = kind == 0 ? default : Part(record, ref reader);
                items.Add((key, value, sequence + i, kind == 0));
            }
            if (!reader.AtEnd)
            {
                throw reader.Bad($"more than the {count} entries that the batch says");
            }
        }
    }

    /// <summary>To be called once all logs are read.</summary>
    public void Sort() => items.Sort((a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span) is not 0 and int order ? order : b.Sequence.CompareTo(a.Sequence));

    public ReadOnlySpan<byte> Key => items[position].Key.Span;

    public ReadOnlySpan<byte> Value => items[position].Value.Span;

    public ulong Sequence => items[position].Sequence;

    public bool IsDeletion => items[position].IsDeletion;

    public bool MoveNext() => ++position < items.Count;

    /// <summary>Goes back before the first item.</summary>
    public void Reset() => position = -1;

    public void Dispose() { }

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> record, ref VarintReader reader)
    {
        int length = reader.Length(), from = reader.Position;
        reader.Take(length);
        return record.Slice(from, length);
    }
}
