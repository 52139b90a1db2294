namespace Symbolic.Fuzz;

/// <summary>The valid files of a reader: its own small ones, and those of a folder.</summary>
internal static class Corpus
{
    // Larger files make slow variants and find nothing that small ones do not.
    private const int MostBytes = 20_000;
    private const int MostFiles = 200;

    /// <summary>All of them, in an order that does not depend on the machine.</summary>
    public static List<byte[]> Of(Target target, string? folder)
    {
        List<byte[]> files = [.. target.Own()];
        if ((folder ?? ReferenceData()) is { } place)
        {
            files.AddRange(Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(file => target.Takes(file) && new FileInfo(file).Length is > 0 and <= MostBytes).Take(MostFiles).Select(File.ReadAllBytes));
        }
        return files;
    }

    /// <summary>SYMBOLIC_DATA, else ../shared/data beside the repository; null where there is none.</summary>
    private static string? ReferenceData()
    {
        if (Environment.GetEnvironmentVariable("SYMBOLIC_DATA") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Symbolic.sln")))
            {
                string beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
                return Directory.Exists(beside) ? beside : null;
            }
        }
        return null;
    }
}
