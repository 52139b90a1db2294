namespace Symbolic.Test;

/// <summary>Files of the repository that are printed from the code: a test fails when one is stale, and SYMBOLIC_REGENERATE=1 writes it anew.</summary>
internal static class Golden
{
    public static void Agrees(string path, string text)
    {
        string file = Path.Combine([Root(), .. path.Split('/')]);
        if (Environment.GetEnvironmentVariable("SYMBOLIC_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.True(File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text, $"{path} is stale: run the tests with SYMBOLIC_REGENERATE=1 and look at the difference");
    }

    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Symbolic.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("the tests do not run from within the repository");
    }
}
