using System.Text;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>The items of an LMDB as Caffe's convert tools write them: each value is a <see cref="Datum"/>, in the order of the keys.</summary>
public sealed class LmdbSource : IDatumSource
{
    private readonly LmdbFile file;
    private LmdbCursor cursor;

    private LmdbSource(LmdbFile file) => (this.file, cursor) = (file, new LmdbCursor(file));

    /// <summary>Opens a database: a folder with <c>data.mdb</c>, or that file.</summary>
    /// <exception cref="InvalidDataException">It is no LMDB of version 0.9, is damaged, or is empty.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static LmdbSource Open(string name, ModelFiles? files = null)
    {
        LmdbFile file = LmdbFile.Open(name, files ?? ModelFiles.Anywhere);
        if (file.Entries > 0)
        {
            return new LmdbSource(file);
        }
        file.Dispose();
        throw new InvalidDataException($"{file.Name}: the database is empty");
    }

    /// <inheritdoc/>
    public string Name => file.Name;

    /// <inheritdoc/>
    public long Count => file.Entries;

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public Datum Next()
    {
        Advance();
        Datum datum = BinaryProto.Parse<Datum>(cursor.Value, $"{Name}, item '{Encoding.UTF8.GetString(cursor.Key)}'");
        if (Position == Count)
        {
            // The walk's end is where it finds that the file has more items than it says.
            cursor.MoveNext();
            Rewind();
        }
        return datum;
    }

    /// <inheritdoc/>
    public void Seek(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        long position = items % Count;
        if (position < Position)
        {
            Rewind();
        }
        while (Position < position)
        {
            Advance();
        }
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => file.Dispose();

    private void Rewind() => (cursor, Position) = (new LmdbCursor(file), 0);

    private void Advance()
    {
        if (!cursor.MoveNext())
        {
            throw file.Bad(file.Root, $"it ends before its item {Position}");
        }
        Position++;
    }
}
