using System.Text.RegularExpressions;

namespace Symbolic.Conformance;

/// <summary>
/// A committed list of cases that are known to fail: one name a line, then its reason. '#' starts a comment; a '*' in a name stands for
/// anything, for what is missing throughout.
/// </summary>
internal sealed class KnownGaps
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<Regex> patterns = [];

    public static KnownGaps None { get; } = new();

    public static KnownGaps Read(string path)
    {
        var known = new KnownGaps();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }
            int space = text.IndexOfAny([' ', '\t']);
            if (space < 0)
            {
                throw new FormatException($"{path}:{number}: {text} has no reason beside it");
            }
            string name = text[..space];
            if (name.Contains('*', StringComparison.Ordinal))
            {
                known.patterns.Add(new Regex($"^{Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant));
            }
            else
            {
                known.names.Add(name);
            }
        }
        return known;
    }

    public bool Contains(string name) => names.Contains(name) || patterns.Exists(pattern => pattern.IsMatch(name));
}
