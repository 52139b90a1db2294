using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Writes a new database. Nothing is at its place before it is complete.</summary>
public interface IDatumWriter : IDisposable
{
    /// <summary>Adds an item.</summary>
    /// <param name="key">Its key, after all keys before in the order of bytes.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The key is not after the one before, empty or too long.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Ends the database and puts it at its place.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    void Complete();
}

/// <summary>Databases of items, as Caffe's tools write them.</summary>
public static class DatumWriter
{
    /// <summary>A new database.</summary>
    /// <param name="folder">The folder, which must not be there yet.</param>
    /// <param name="backend">What kind.</param>
    /// <exception cref="IOException">The folder is there already, or cannot be made.</exception>
    public static IDatumWriter Create(string folder, DataParameter.Types.DB backend) =>
        backend == DataParameter.Types.DB.Lmdb ? new LmdbWriter(folder) : new LevelDbWriter(folder);

    /// <summary>Adds an item.</summary>
    public static void Add(this IDatumWriter writer, string key, Datum datum) => writer.Add(System.Text.Encoding.UTF8.GetBytes(key), datum.ToByteArray());

    // Keys of both kinds of database, and what LMDB has of room for them.
    internal static void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> last, int most)
    {
        if (key.Length == 0 || key.Length > most || key.SequenceCompareTo(last) <= 0)
        {
            throw new ArgumentException(key.Length is 0 || key.Length > most ? $"a key of {key.Length} bytes; from 1 to {most} are possible"
                : $"the key '{System.Text.Encoding.UTF8.GetString(key)}' is not after '{System.Text.Encoding.UTF8.GetString(last)}'", nameof(key));
        }
    }
}
