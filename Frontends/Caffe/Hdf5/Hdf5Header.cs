namespace Symbolic.Caffe.Hdf5;

/// <summary>What a message of an object header is about, as far as it is read (HDF5 File Format Specification 3.0, IV.A.2).</summary>
internal static class Hdf5Message
{
    public const int Dataspace = 0x01, LinkInfo = 0x02, Datatype = 0x03, OldFill = 0x04, Fill = 0x05, Link = 0x06, ExternalFiles = 0x07, Layout = 0x08, Filters = 0x0B, Continuation = 0x10, SymbolTable = 0x11;
}

/// <summary>The messages of an object: of a group or a dataset (specification IV.A.1, both versions).</summary>
internal sealed class Hdf5Header
{
    private const int SharedFlag = 0x02;

    private readonly List<(int Type, byte[] Body)> messages = [];
    private readonly Hdf5Source source;

    public Hdf5Header(Hdf5Source source, ulong address)
    {
        this.source = source;
        bool isNew = source.Read(address, 4, "an object header") is [(byte)'O', (byte)'H', (byte)'D', (byte)'R'];
        var blocks = new Queue<(ulong Address, ulong Length)>();
        bool hasOrder = false;
        if (isNew)
        {
            hasOrder = ReadNewStart(address, blocks);
        }
        else
        {
            ReadOldStart(address, blocks);
        }
        var seen = new HashSet<ulong>();
        for (bool isFirst = true; blocks.TryDequeue(out (ulong Address, ulong Length) block); isFirst = false)
        {
            if (!seen.Add(block.Address))
            {
                throw source.Bad($"the header at byte {address} comes to byte {block.Address} twice");
            }
            ReadBlock(block, isNew, isFirst, hasOrder, blocks);
        }
    }

    /// <summary>The bodies of the messages of a type, in order.</summary>
    public IEnumerable<byte[]> All(int type) => messages.Where(message => message.Type == type).Select(message => message.Body);

    /// <summary>The body of the first message of a type, or null.</summary>
    public byte[]? First(int type) => All(type).FirstOrDefault();

    // Version 1: counts, then a block of messages.
    private void ReadOldStart(ulong address, Queue<(ulong, ulong)> blocks)
    {
        var cursor = new Hdf5Cursor(source.Read(address, 16, "an object header"), source, "an object header");
        int version = cursor.U8();
        if (version != 1)
        {
            throw source.Bad($"at byte {address} is no object header");
        }
        cursor.Position = 8;
        blocks.Enqueue((address + 16, cursor.U32()));
    }

    // Version 2: flags say what comes before the messages, and whether each has its number.
    private bool ReadNewStart(ulong address, Queue<(ulong, ulong)> blocks)
    {
        ulong room = Math.Min(34, (ulong)source.Length - address);
        var cursor = new Hdf5Cursor(source.Read(address, room, "an object header"), source, "an object header") { Position = 4 };
        int version = cursor.U8(), flags = cursor.U8();
        if (version != 2)
        {
            throw source.Unread($"an object header has version {version}");
        }
        cursor.Take(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        ulong length = cursor.Number(1 << (flags & 3));
        blocks.Enqueue((address + (ulong)cursor.Position, length));
        return (flags & 4) != 0;
    }

    private void ReadBlock((ulong Address, ulong Length) block, bool isNew, bool isFirst, bool hasOrder, Queue<(ulong, ulong)> blocks)
    {
        byte[] bytes = source.Read(block.Address, block.Length, "a block of messages");
        if (isNew && !isFirst)
        {
            // A continuation has its own mark in front and a checksum behind.
            if (bytes.Length < 8 || !bytes.AsSpan(0, 4).SequenceEqual("OCHK"u8))
            {
                throw source.Bad($"at byte {block.Address} is no continuation of a header");
            }
            bytes = bytes[4..^4];
        }
        var cursor = new Hdf5Cursor(bytes, source, "a header message");
        int head = isNew ? 4 + (hasOrder ? 2 : 0) : 8;
        while (cursor.Left >= head)
        {
            int type = isNew ? cursor.U8() : cursor.U16();
            int size = cursor.U16(), flags = cursor.U8();
            cursor.Take(head - (isNew ? 4 : 5));
            byte[] body = cursor.Take(size).ToArray();
            if (type == Hdf5Message.Continuation)
            {
                var inner = new Hdf5Cursor(body, source, "a continuation");
                blocks.Enqueue((inner.U64(), inner.U64()));
                continue;
            }
            if ((flags & SharedFlag) != 0 && type is Hdf5Message.Dataspace or Hdf5Message.Datatype or Hdf5Message.Layout or Hdf5Message.Filters)
            {
                throw source.Unread("types that stand apart from their datasets are not read");
            }
            messages.Add((type, body));
        }
    }
}
