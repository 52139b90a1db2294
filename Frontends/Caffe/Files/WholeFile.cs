namespace Symbolic.Caffe;

/// <summary>Writes files so that a reader never sees half of one, whatever happens: beside, to the disk, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes or replaces a file. When the writer throws, the old file stays and the half-written one is deleted.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> writer)
    {
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                writer(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
