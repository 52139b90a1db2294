using System.Globalization;

namespace Symbolic.Runtime;

/// <summary>
/// Shows the levels of a function as text: <c>graph</c>, <c>optimized</c>, <c>plan</c>, <c>csharp</c>, or <c>all</c>, on the error output or, after
/// a colon, in a folder.
/// </summary>
internal sealed class Dump
{
    private static int made;

    private readonly HashSet<Level> levels = [];
    private readonly string? folder;
    private readonly int number = Interlocked.Increment(ref made);

    private Dump(string? setting)
    {
        if (string.IsNullOrEmpty(setting))
        {
            return;
        }
        string[] parts = setting.Split(':', 2);
        folder = parts.Length == 2 && parts[1].Length > 0 ? parts[1] : null;
        foreach (string word in parts[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "all")
            {
                levels.UnionWith(Enum.GetValues<Level>());
            }
            else if (Enum.GetValues<Level>().Where(l => Word(l) == word) is var found && found.Any())
            {
                levels.UnionWith(found);
            }
            else
            {
                throw new ArgumentException($"'{word}' is no level to dump; the levels are {string.Join(", ", Enum.GetValues<Level>().Select(Word))} and all", nameof(setting));
            }
        }
    }

    /// <summary>A level of the way from graph to code.</summary>
    public enum Level
    {
        Graph,
        Optimized,
        Plan,
        CSharp,
    }

    /// <summary>Whether a level is wanted that the cache does not hold.</summary>
    public bool NeedsGeneration => levels.Contains(Level.Optimized) || levels.Contains(Level.CSharp);

    /// <summary>What the options say, else the environment.</summary>
    /// <exception cref="ArgumentException">No such level.</exception>
    public static Dump Of(CompileOptions options) => new(options.Dump ?? Environment.GetEnvironmentVariable("SYMBOLIC_DUMP"));

    /// <summary>Writes one level, if it is wanted.</summary>
    public void Write(string name, Level level, Func<string> text)
    {
        if (!levels.Contains(level))
        {
            return;
        }
        if (folder is null)
        {
            Console.Error.WriteLine($"---- {name}: {Word(level)}\n{text()}");
            return;
        }
        // The name is the user's: only its plain characters reach the file system.
        string plain = new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);
        Directory.CreateDirectory(folder);
        string file = string.Create(CultureInfo.InvariantCulture, $"{plain}-{number}.{Word(level)}.{(level == Level.CSharp ? "cs" : "txt")}");
        File.WriteAllText(Path.Combine(folder, file), text());
    }

    private static string Word(Level level) => level.ToString().ToLowerInvariant();
}
