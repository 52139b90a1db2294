namespace Symbolic.Test;

/// <summary>
/// The folder of reference data from the real systems: SYMBOLIC_DATA, else ../shared/data beside the repository.
/// Tests that need it are <see cref="DataFactAttribute"/>s, which say loudly that the data is absent instead of passing.
/// </summary>
internal static class ReferenceData
{
    /// <summary>What a skipped test says.</summary>
    public const string Absent = "REFERENCE DATA ABSENT: set SYMBOLIC_DATA or place it at ../shared/data";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the folder.</summary>
    public static string File(params string[] parts) =>
        Path.Combine([Root ?? throw new DirectoryNotFoundException("no reference data; mark the test [DataFact]"), .. parts]);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SYMBOLIC_DATA") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : throw new DirectoryNotFoundException($"SYMBOLIC_DATA names {named}, which does not exist");
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

/// <summary>A fact that needs the reference data; without it the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute()
    {
        if (ReferenceData.Root is null)
        {
            Skip = ReferenceData.Absent;
        }
    }
}
