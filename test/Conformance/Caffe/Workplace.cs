namespace Symbolic.Conformance.Caffe;

/// <summary>
/// A temporary folder that looks like the root with the judged folder laid over it, made of links, and is the current folder
/// while cases run: names inside prototxts mean what they meant to Caffe, and what a run writes lands here.
/// </summary>
internal sealed class Workplace : IDisposable
{
    private readonly string before = Environment.CurrentDirectory;

    public Workplace(string root, string folder)
    {
        Path = Directory.CreateTempSubdirectory("conformance").FullName;
        Lay(root, Path);
        if (folder != root)
        {
            Lay(folder, Path);
        }
        // Command lines of the error cases name their files from within that folder.
        Lay(System.IO.Path.Combine(folder, "golden", "errors"), Path);
        Lay(System.IO.Path.Combine(root, "golden", "errors"), Path);
        Environment.CurrentDirectory = Path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A new name inside it.</summary>
    public string Scratch(string ending) => System.IO.Path.Combine(Path, $"scratch-{Guid.NewGuid():N}{ending}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.CurrentDirectory = before;
        Directory.Delete(Path, recursive: true);
    }

    private static void Lay(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            return;
        }
        foreach (string entry in Directory.EnumerateFileSystemEntries(from))
        {
            string here = System.IO.Path.Combine(to, System.IO.Path.GetFileName(entry));
            if (Directory.Exists(entry))
            {
                Directory.CreateDirectory(here);
                Lay(entry, here);
            }
            else if (!File.Exists(here))
            {
                File.CreateSymbolicLink(here, entry);
            }
        }
    }
}
