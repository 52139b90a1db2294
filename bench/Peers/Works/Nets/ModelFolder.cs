namespace Symbolic.Peers.Works.Nets;

/// <summary>Where Caffe's model files are: below the folder that SYMBOLIC_DATA names, else below shared/data beside the repository.</summary>
internal static class ModelFolder
{
    /// <summary>The path of a model file.</summary>
    /// <exception cref="NotSupportedException">The folder is not there.</exception>
    public static string File(string name) => Path.Combine(Root() ?? throw new NotSupportedException("needs Caffe's model files: set SYMBOLIC_DATA or place them at ../shared/data"), "caffe", "models", name);

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable("SYMBOLIC_DATA") is { Length: > 0 } named)
        {
            return named;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Symbolic.sln")))
            {
                string beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
                return Directory.Exists(beside) ? beside : null;
            }
        }
        return null;
    }
}
