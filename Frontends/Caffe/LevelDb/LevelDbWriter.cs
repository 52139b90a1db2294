using System.Buffers.Binary;
using System.Text;
using Symbolic.Caffe.LevelDb;

namespace Symbolic.Caffe;

/// <summary>Writes a LevelDB from items in the order of their keys: tables that follow each other, a MANIFEST that lists them, no log.</summary>
public sealed class LevelDbWriter : IDatumWriter
{
    // As large as tables may be before LevelDB's own compaction would look odd beside them.
    private const long TableSize = 1 << 25;
    private const int Level = 2, MostKey = 1 << 16;
    private const ulong ManifestNumber = 1;

    private readonly string folder;
    private readonly List<(ulong Number, long Length, byte[] Smallest, byte[] Largest)> tables = [];
    private LevelDbTableWriter? table;
    private byte[] last = [];
    private ulong sequence;
    private ulong nextNumber = ManifestNumber + 1;
    private bool isComplete;

    /// <summary>Makes the folder; it is a database once it is complete.</summary>
    /// <exception cref="IOException">The folder is there already, or cannot be made.</exception>
    public LevelDbWriter(string folder)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
        {
            throw new IOException($"Failed to open leveldb {folder}: exists (error_if_exists is true)");
        }
        Directory.CreateDirectory(folder);
        this.folder = folder;
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        DatumWriter.Check(key, last, MostKey);
        if (table is null)
        {
            table = new LevelDbTableWriter(Path.Combine(folder, $"{nextNumber:D6}.ldb"));
            tables.Add((nextNumber++, 0, [], []));
        }
        // A number behind the key says when it was written, and that it was not deleted.
        byte[] marked = [.. key, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt64LittleEndian(marked.AsSpan(key.Length), (++sequence << 8) | 1);
        table.Add(marked, value);
        last = key.ToArray();
        if (table.Length >= TableSize)
        {
            EndTable();
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        EndTable();
        using var edit = new MemoryStream();
        Text(edit, 1, Encoding.ASCII.GetBytes(LevelDbVersion.Comparator));
        foreach ((ulong tag, ulong value) in new[] { (2UL, nextNumber), (9UL, 0UL), (3UL, nextNumber + 1), (4UL, sequence) })
        {
            Varint.Write(edit, tag);
            Varint.Write(edit, value);
        }
        foreach ((ulong number, long length, byte[] smallest, byte[] largest) in tables)
        {
            foreach (ulong value in new ulong[] { 7, Level, number, (ulong)length })
            {
                Varint.Write(edit, value);
            }
            Text(edit, null, smallest);
            Text(edit, null, largest);
        }
        string manifest = $"MANIFEST-{ManifestNumber:D6}";
        WholeFile.Write(Path.Combine(folder, manifest), stream => LevelDbLog.Write(stream, edit.ToArray()));
        // The last file: with it the folder is a database.
        WholeFile.Write(Path.Combine(folder, "CURRENT"), stream => stream.Write(Encoding.ASCII.GetBytes(manifest + "\n")));
        isComplete = true;
    }

    /// <summary>Closes the files; if the database was not completed they are deleted.</summary>
    public void Dispose()
    {
        table?.Dispose();
        if (!isComplete && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void EndTable()
    {
        if (table is null)
        {
            return;
        }
        tables[^1] = (tables[^1].Number, table.Complete(), table.Smallest ?? [], table.Largest);
        table.Dispose();
        table = null;
    }

    private static void Text(MemoryStream stream, ulong? tag, byte[] text)
    {
        if (tag is { } kind)
        {
            Varint.Write(stream, kind);
        }
        Varint.Write(stream, (ulong)text.Length);
        stream.Write(text);
    }
}
