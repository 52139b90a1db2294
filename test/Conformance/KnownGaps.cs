namespace Symbolic.Conformance;

/// <summary>A committed list of cases that are known to fail: one name a line, then its reason. '#' starts a comment.</summary>
internal sealed class KnownGaps
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

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
            known.names.Add(text[..space]);
        }
        return known;
    }

    public bool Contains(string name) => names.Contains(name);
}
