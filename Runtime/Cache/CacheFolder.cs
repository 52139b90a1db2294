using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Symbolic.Runtime;

/// <summary>
/// The folder of compiled programs: one file per key. Whoever can write to it can run code in our processes, so it belongs to its owner
/// alone: it is made with mode 0700, and one that others may write to, or that belongs to somebody else, is not used. The hash in
/// an entry guards against damage, not against its owner.
/// </summary>
internal sealed class CacheFolder
{
    /// <summary>Names the folder, ahead of the user's own.</summary>
    public const string Variable = "SYMBOLIC_CACHE";

    private const int MostBytes = 256 << 20;
    private const int MostEntries = 1000;
    private const int HashBytes = 16;
    private const string Extension = ".symbolic";

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("symbolic-cache 2");

    private readonly string path;

    private CacheFolder(string path) => this.path = path;

    /// <summary>Where it lies.</summary>
    public string Location => path;

    /// <summary>The folder to use; null, with a note on the clock, if there is none that is safe.</summary>
    public static CacheFolder? Find(string? chosen, CompileClock clock)
    {
        string? named = chosen ?? Environment.GetEnvironmentVariable(Variable);
        string own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string? path = !string.IsNullOrEmpty(named) ? named : own.Length > 0 ? Path.Combine(own, "symbolic", "cache") : null;
        if (path is null)
        {
            clock.CacheNote = $"not cached: the user has no folder for application data, and {Variable} names none";
            return null;
        }
        try
        {
            Prepare(path);
            return new CacheFolder(Path.GetFullPath(path));
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
            clock.CacheNote = $"not cached: {inner.Message}";
            return null;
        }
    }

    /// <summary>The contents of an entry; null if there is none, it is damaged, or it is another key's.</summary>
    public byte[]? Read(CacheKey key)
    {
        try
        {
            using Stream? file = Open(key);
            if (file is null)
            {
                return null;
            }
            var bytes = new byte[file.Length - file.Position];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>An entry, of which the key has been read; null if there is none, it is damaged, or it is another key's.</summary>
    public Stream? Open(CacheKey key)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            int head = Magic.Length + HashBytes + sizeof(int) + key.Bytes.Length;
            if (file.Length >= head && file.Length <= MostBytes + head)
            {
                var bytes = new byte[head];
                file.ReadExactly(bytes);
                ReadOnlySpan<byte> said = bytes.AsSpan(Magic.Length + HashBytes);
                bool isOfKey = bytes.AsSpan().StartsWith(Magic) && BinaryPrimitives.ReadInt32LittleEndian(said) == key.Bytes.Length && said[sizeof(int)..].SequenceEqual(key.Bytes);
                if (isOfKey && bytes.AsSpan(Magic.Length, HashBytes).SequenceEqual(HashOf(file, Magic.Length + HashBytes)))
                {
                    file.Position = head;
                    return file;
                }
            }
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
        }
        file?.Dispose();
        return null;
    }

    /// <summary>Writes an entry. Returns why it was not kept, or null.</summary>
    public string? Write(CacheKey key, byte[] contents) => Write(key, contents.Length, file => file.Write(contents));

    /// <summary>Writes an entry beside its place and renames it, so that nobody ever sees half of one. Returns why it was not kept, or null.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">How many bytes it has at least.</param>
    /// <param name="contents">Writes it.</param>
    public string? Write(CacheKey key, long least, Action<Stream> contents)
    {
        if (least > MostBytes)
        {
            return $"not cached: {TooLarge(least)}";
        }
        string beside = Path.Combine(path, $"{Guid.NewGuid():N}.tmp");
        try
        {
            byte[] head = [.. Magic, .. new byte[HashBytes + sizeof(int)], .. key.Bytes];
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length + HashBytes), key.Bytes.Length);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using (var file = new FileStream(beside, options))
            {
                file.Write(head);
                contents(file);
                if (file.Length > MostBytes + head.Length)
                {
                    throw new IOException(TooLarge(file.Length));
                }
                byte[] hash = HashOf(file, Magic.Length + HashBytes);
                file.Position = Magic.Length;
                file.Write(hash);
            }
            File.Move(beside, PathOf(key), overwrite: true);
            Prune();
            return null;
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
            TryDelete(beside);
            return $"not cached: {inner.Message}";
        }
    }

    /// <summary>The hash of a stream from a place to its end.</summary>
    internal static byte[] HashOf(Stream stream, long from)
    {
        var hash = new XxHash128();
        stream.Position = from;
        hash.Append(stream);
        return hash.GetCurrentHash();
    }

    private static string TooLarge(long bytes) => $"the program has {bytes:N0} bytes, more than an entry holds";

    private static void Prepare(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // The user's application data is the user's alone there.
            Directory.CreateDirectory(path);
            return;
        }
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new UnauthorizedAccessException($"others than its owner may write to the cache folder {path} (make it 0700)");
        }
        // Only the owner may change the mode, here to what it is: a folder of somebody else's is refused.
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Deletes the oldest entries where there are too many, and what interrupted writers left behind.</summary>
    private void Prune()
    {
        FileInfo[] files = new DirectoryInfo(path).GetFiles();
        DateTime old = DateTime.UtcNow.AddHours(-1);
        foreach (FileInfo file in files.Where(f => f.Extension == ".tmp" && f.LastWriteTimeUtc < old))
        {
            TryDelete(file.FullName);
        }
        foreach (FileInfo file in files.Where(f => f.Extension == Extension).OrderByDescending(f => f.LastWriteTimeUtc).Skip(MostEntries))
        {
            TryDelete(file.FullName);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
            // Another process has it open or was faster; the next writer tries again.
        }
    }

    private string PathOf(CacheKey key) => Path.Combine(path, key.Name + Extension);
}
