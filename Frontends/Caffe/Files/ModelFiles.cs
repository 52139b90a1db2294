namespace Symbolic.Caffe;

/// <summary>
/// The one place where files are opened that a model, a solver or a command line names. As in Caffe a relative name means the
/// current folder, not the folder of the file that names it. With a root, names that lead outside it are refused.
/// </summary>
public sealed class ModelFiles
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    private readonly string? root;

    /// <summary>Files below a root folder, or anywhere if it is null.</summary>
    public ModelFiles(string? root = null) => this.root = root is null ? null : Real(Path.GetFullPath(root));

    /// <summary>No restriction: what the user's own command line gets.</summary>
    public static ModelFiles Anywhere { get; } = new();

    /// <summary>The full path that a name stands for. The file need not exist.</summary>
    /// <exception cref="UnauthorizedAccessException">The name leads outside the root, by itself or by a symbolic link.</exception>
    /// <exception cref="InvalidDataException">The name is empty or no path.</exception>
    public string Resolve(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            throw new InvalidDataException(name.Length == 0 ? "a file name is empty" : "a file name contains a NUL character");
        }
        string full = Path.GetFullPath(name);
        if (root is not null)
        {
            string fromRoot = Path.GetRelativePath(root, Real(full));
            if (Path.IsPathRooted(fromRoot) || fromRoot == ".." || fromRoot.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new UnauthorizedAccessException($"'{name}' lies outside {root}, where files named by models must be");
            }
        }
        return full;
    }

    /// <summary>The bytes of a file of at most so many bytes.</summary>
    /// <exception cref="InvalidDataException">The file is larger, or its name is no path.</exception>
    /// <exception cref="UnauthorizedAccessException">The name leads outside the root.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public byte[] ReadAll(string name, long most)
    {
        using FileStream file = Open(name);
        // A pipe or a device has no length; its end would be anybody's guess.
        if (!file.CanSeek || file.Length > most)
        {
            throw new InvalidDataException(file.CanSeek ? $"{name}: has {file.Length} bytes; more than {most} are refused" : $"{name}: is no regular file");
        }
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="UnauthorizedAccessException">The name leads outside the root, or is a folder.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public FileStream Open(string name) => new(Resolve(name), FileMode.Open, FileAccess.Read, FileShare.Read);

    // The path with every symbolic link on the way replaced by what it points to.
    private static string Real(string full, int links = 0)
    {
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            string? target = new FileInfo(next).LinkTarget;
            real = target is null ? next
                : links < MostLinks ? Real(Path.GetFullPath(target, real), links + 1)
                : throw new InvalidDataException($"{full}: more than {MostLinks} symbolic links on the way");
        }
        return real;
    }
}
