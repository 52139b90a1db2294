using System.Text;
using Symbolic.Peers.Contestants;

namespace Symbolic.Peers.Rounds;

/// <summary>What parent and child say to each other: lines of a word and an argument. Answers begin with "ok" or "error"; numbers travel as base64.</summary>
internal static class Message
{
    /// <summary>The words that a parent says.</summary>
    public const string Prepare = "prepare", Outputs = "outputs", Run = "run", Drop = "drop", Peak = "peak", Quit = "quit";

    /// <summary>How an answer begins.</summary>
    public const string Ok = "ok", Error = "error";

    /// <summary>Elements of an array that are sent.</summary>
    private const int MostSamples = 2048;

    /// <summary>Numbers as text.</summary>
    public static string Encode(ReadOnlySpan<double> values) => Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    /// <summary>The other way.</summary>
    public static double[] Decode(string text) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(Convert.FromBase64String(text)).ToArray();

    /// <summary>A text in one line.</summary>
    public static string Quote(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>The other way.</summary>
    public static string Unquote(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    /// <summary>Count, sum of magnitudes and, evenly spread, some of the elements.</summary>
    public static double[] Digest(float[] values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Abs((double)value);
        }
        int samples = Math.Min(values.Length, MostSamples);
        return [values.Length, sum, .. Enumerable.Range(0, samples).Select(i => (double)values[(long)i * values.Length / samples])];
    }

    /// <summary>Digests of arrays in one line.</summary>
    public static string Encode(IEnumerable<Output> outputs) => string.Join(' ', outputs.Select(output => $"{Quote(output.Name)}:{Encode(Digest(output.Values))}"));

    /// <summary>The other way.</summary>
    public static (string Name, double[] Digest)[] DecodeDigests(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(':')).Select(part => (Unquote(part[0]), Decode(part[1])))];
}
