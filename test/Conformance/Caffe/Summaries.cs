using System.Text.Json;

namespace Symbolic.Conformance.Caffe;

/// <summary>What the reference data keep of a large array: shape, sums, norm, first and last values.</summary>
internal static class Summaries
{
    /// <summary>Compares one array with its summary.</summary>
    public static void Compare(Findings findings, string name, JsonElement summary, double[] values)
    {
        double absolute = summary.GetProperty("abssum").GetDouble();
        findings.Compare($"{name} sum", summary.GetProperty("sum").GetDouble(), values.Sum(), Tolerances.Sums * absolute);
        findings.Compare($"{name} abssum", absolute, values.Sum(Math.Abs), Tolerances.Sums * absolute);
        if (summary.TryGetProperty("l2", out JsonElement norm))
        {
            findings.Compare($"{name} l2", norm.GetDouble(), Math.Sqrt(values.Sum(v => v * v)), Tolerances.Sums * norm.GetDouble());
        }
        double[] first = [.. summary.GetProperty("first").EnumerateArray().Select(value => value.GetDouble())];
        findings.Compare($"{name} first", first, values.AsSpan(0, Math.Min(first.Length, values.Length)), Tolerances.Values);
        findings.Compare($"{name} last", [summary.GetProperty("last").GetDouble()], [values[^1]], Tolerances.Values);
    }

    /// <summary>Whether the shape that the reference data give is that of a type.</summary>
    public static void CompareShape(Findings findings, string name, JsonElement summary, TensorType type) =>
        findings.Equal($"{name} shape", string.Join(",", summary.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())), string.Join(",", type.Shape.Sizes.ToArray()));
}
