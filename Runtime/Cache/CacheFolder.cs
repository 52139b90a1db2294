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
            using var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            int head = Magic.Length + HashBytes + sizeof(int) + key.Bytes.Length;
            if (file.Length < head || file.Length > MostBytes + head)
            {
                return null;
            }
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            ReadOnlySpan<byte> hash = bytes.AsSpan(Magic.Length, HashBytes), hashed = bytes.AsSpan(Magic.Length + HashBytes);
            bool isSound = bytes.AsSpan().StartsWith(Magic) && hash.SequenceEqual(XxHash128.Hash(hashed));
            bool isOfKey = BinaryPrimitives.ReadInt32LittleEndian(hashed) == key.Bytes.Length && hashed[sizeof(int)..].StartsWith(key.Bytes);
            return isSound && isOfKey ? bytes[head..] : null;
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes an entry beside its place and renames it, so that nobody ever sees half of one. Returns why it was not kept, or null.</summary>
    public string? Write(CacheKey key, byte[] contents)
    {
        if (contents.Length > MostBytes)
        {
            return $"not cached: the program has {contents.Length:N0} bytes, more than an entry holds";
        }
        string beside = Path.Combine(path, $"{Guid.NewGuid():N}.tmp");
        try
        {
            byte[] bytes = [.. Magic, .. new byte[HashBytes + sizeof(int)], .. key.Bytes, .. contents];
            Span<byte> hashed = bytes.AsSpan(Magic.Length + HashBytes);
            BinaryPrimitives.WriteInt32LittleEndian(hashed, key.Bytes.Length);
            XxHash128.Hash(hashed, bytes.AsSpan(Magic.Length));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using (var file = new FileStream(beside, options))
            {
                file.Write(bytes);
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
