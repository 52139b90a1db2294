using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Labelled images in a fixed order, read one after the other without end: after the last comes the first again.</summary>
public interface IDatumSource : IDisposable
{
    /// <summary>The file or folder, for errors.</summary>
    string Name { get; }

    /// <summary>The number of items; at least one. A LevelDB must be read once to know it.</summary>
    long Count { get; }

    /// <summary>The item that <see cref="Next"/> gives next, from 0.</summary>
    long Position { get; }

    /// <summary>The next item.</summary>
    /// <exception cref="InvalidDataException">The item is damaged; names the file.</exception>
    Datum Next();

    /// <summary>Goes to where so many items have been given since the start, in as many rounds as that takes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged on the way.</exception>
    void Seek(long items);
}
