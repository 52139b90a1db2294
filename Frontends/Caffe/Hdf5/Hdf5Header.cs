namespace Symbolic.Caffe.Hdf5;

/// <summary>One message of an object's header.</summary>
/// <param name="Type">What it is about.</param>
/// <param name="Flags">Bit 1: the message stands elsewhere.</param>
/// <param name="Data">Its content.</param>
internal readonly record struct Hdf5Message(int Type, int Flags, byte[] Data);

/// <summary>The header of a group or an array: its messages, of both versions (specification IV.A.1).</summary>
internal sealed class Hdf5Header
{
    public const int Dataspace = 0x01, LinkInfo = 0x02, Datatype = 0x03, Link = 0x06, Layout = 0x08, Filters = 0x0B, SymbolTable = 0x11;

    private const int Continuation = 0x10, ChecksumSize = 4, IsShared = 0x02;

    private readonly Hdf5File file;
    private readonly List<Hdf5Message> messages = [];

    public Hdf5Header(Hdf5File file, ulong address)
    {
        this.file = file;
        Hdf5Cursor prefix = file.Structure(address, 6, "an object's header");
        if (prefix.Byte() == 1)
        {
            Hdf5Cursor whole = file.Structure(address, 16, "an object's header");
            whole.Skip(8);
            uint size = whole.Int();
            Read(file.Structure(address + 16, size, "an object's messages"), hasSignature: false, creationOrder: false);
            return;
        }
        prefix = file.Structure(address, 6, "an object's header");
        prefix.Expect("OHDR");
        (int version, int flags) = (prefix.Byte(), prefix.Byte());
        if (version != 2)
        {
            throw file.Bad($"an object's header of version {version}");
        }
        int fields = ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0), width = 1 << (flags & 3);
        Hdf5Cursor rest = file.Structure(address + 6, (ulong)(fields + width), "an object's header");
        rest.Skip(fields);
        Read(file.Structure(address + 6 + (ulong)(fields + width), rest.Sized(flags), "an object's messages"), hasSignature: true, (flags & 0x04) != 0);
    }

    /// <summary>The messages of a type.</summary>
    public IEnumerable<byte[]> All(int type) => messages.Where(message => message.Type == type)
        .Select(message => (message.Flags & IsShared) == 0 ? message.Data : throw file.Bad("a message that several objects share"));

    /// <summary>The first message of a type as something to walk, or null.</summary>
    public Hdf5Cursor? First(int type, string what) => All(type).FirstOrDefault() is { } data ? new Hdf5Cursor(data, file.Name, what) : null;

    private void Read(Hdf5Cursor block, bool hasSignature, bool creationOrder)
    {
        var waiting = new Queue<Hdf5Cursor>([block]);
        while (waiting.TryDequeue(out Hdf5Cursor? piece))
        {
            int prefix = hasSignature ? 4 + (creationOrder ? 2 : 0) : 8;
            // What is left and too small for a message is a gap.
            while (piece.Left >= prefix)
            {
                int type = hasSignature ? piece.Byte() : piece.Short(), size = piece.Short(), flags = piece.Byte();
                piece.Skip(hasSignature ? (creationOrder ? 2 : 0) : 3);
                byte[] data = piece.Take(size).ToArray();
                if (type == Continuation)
                {
                    waiting.Enqueue(Continued(new Hdf5Cursor(data, file.Name, "a continuation"), hasSignature));
                }
                else
                {
                    messages.Add(new Hdf5Message(type, flags, data));
                }
            }
        }
    }

    private Hdf5Cursor Continued(Hdf5Cursor where, bool hasSignature)
    {
        (ulong address, ulong length) = (where.Long(), where.Long());
        Hdf5Cursor next = file.Structure(address, hasSignature && length >= ChecksumSize ? length - ChecksumSize : length, "an object's further messages");
        if (hasSignature)
        {
            next.Expect("OCHK");
        }
        return next;
    }
}
