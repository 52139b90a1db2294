using System.Text;
using Symbolic.Caffe.LevelDb;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>The items of a LevelDB as Caffe's convert tools write them: each value is a <see cref="Datum"/>, in the order of the keys.</summary>
public sealed class LevelDbSource : IDatumSource
{
    private readonly LevelDbFolder folder;
    private LevelDbCursor cursor;
    private long? count;

    private LevelDbSource(LevelDbFolder folder)
    {
        this.folder = folder;
        cursor = folder.Walk();
        if (!cursor.MoveNext())
        {
            cursor.Dispose();
            throw new InvalidDataException($"{folder.Name}: the database is empty");
        }
    }

    /// <summary>Opens a database, a folder with a file CURRENT.</summary>
    /// <exception cref="InvalidDataException">It is no LevelDB, is damaged, or is empty.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static LevelDbSource Open(string name, ModelFiles? files = null) => new(LevelDbFolder.Open(name, files ?? ModelFiles.Anywhere));

    /// <inheritdoc/>
    public string Name => folder.Name;

    /// <inheritdoc/>
    public long Count => count ??= Counted();

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public Datum Next()
    {
        Datum datum = BinaryProto.Parse<Datum>(cursor.Value, $"{Name}, item '{Encoding.UTF8.GetString(cursor.Key)}'");
        Advance();
        return datum;
    }

    /// <inheritdoc/>
    public void Seek(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        // Most often it is within the first round, which need not be read to its end then.
        Rewind();
        for (long passed = 0; passed < items; passed++)
        {
            Advance();
            if (Position == 0)
            {
                items = passed + 1 + ((items - passed - 1) % Count);
            }
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => cursor.Dispose();

    private void Advance()
    {
        Position++;
        if (!cursor.MoveNext())
        {
            count = Position;
            Rewind();
        }
    }

    private void Rewind()
    {
        cursor.Dispose();
        cursor = folder.Walk();
        Position = 0;
        cursor.MoveNext();
    }

    private long Counted()
    {
        long position = Position;
        while (count is null)
        {
            Advance();
        }
        long found = count.Value;
        Seek(position);
        return found;
    }
}
