namespace Symbolic.Test;

/// <summary>The files of this repository, found from where the tests run.</summary>
internal static class Repository
{
    /// <summary>The folder with Symbolic.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of a file.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(Path.Combine([Root, .. parts]));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Symbolic.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("Symbolic.sln is in no folder above the tests");
    }
}
