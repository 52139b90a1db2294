namespace Symbolic.Test;

/// <summary>Numbers of another system: how to read them as literals, and how near ours must be.</summary>
internal static class Near
{
    /// <summary>The arrays of an .npz.</summary>
    public static Dictionary<string, Literal> Literals(string path) => Npz.Read(path)
        .ToDictionary(entry => entry.Key, entry => entry.Value.ToLiteral());

    /// <summary>The first element that is farther off than 1e-4 of the value and 1e-5, which the reference data suggest; or null.</summary>
    public static string? Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double relative = 1e-4, double absolute = 1e-5)
    {
        if (expected.Length != actual.Length)
        {
            return $"{actual.Length} elements instead of {expected.Length}";
        }
        for (int i = 0; i < expected.Length; i++)
        {
            bool near = float.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                : expected[i].Equals(actual[i]) || Math.Abs(expected[i] - (double)actual[i]) <= absolute + relative * Math.Abs((double)expected[i]);
            if (!near)
            {
                return $"[{i}] is {actual[i]:g9} instead of {expected[i]:g9}";
            }
        }
        return null;
    }
}
