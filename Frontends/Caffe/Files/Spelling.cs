namespace Symbolic.Caffe;

/// <summary>Finds what a misspelt name may have meant, for the errors about unknown fields, layer types and enum values.</summary>
public static class Spelling
{
    /// <summary>The candidate that differs least from the name, or null where none is near enough to be a slip of the fingers.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        // A third of the letters may be wrong; beyond that a suggestion misleads.
        int least = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) < least && Distance(name, candidate) is int distance && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }
        return nearest;
    }

    /// <summary>"; did you mean 'candidate'?" for the nearest candidate, or the empty string.</summary>
    public static string DidYouMean(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    // Edits to get from one to the other, regardless of case (V. I. Levenshtein, 1965), one row at a time.
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < to.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(from[i]) == char.ToLowerInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[^1];
    }
}
