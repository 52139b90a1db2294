using System.Text.Json;

namespace Symbolic.Conformance.Caffe;

/// <summary>One number of ours beside one of Caffe's.</summary>
internal readonly record struct Check(string Name, double Expected, double Actual, double Allowed)
{
    public bool IsNear => Expected.Equals(Actual) || Math.Abs(Expected - Actual) <= Allowed;
}

/// <summary>What the reference data keep of a large array: shape, sums, norm, first and last values.</summary>
internal static class Summaries
{
    /// <summary>The numbers of one array beside those of its summary.</summary>
    public static IEnumerable<Check> Checks(string name, JsonElement summary, double[] values)
    {
        double absolute = summary.GetProperty("abssum").GetDouble();
        yield return new Check($"{name} sum", summary.GetProperty("sum").GetDouble(), values.Sum(), Tolerances.Sums * absolute);
        yield return new Check($"{name} abssum", absolute, values.Sum(Math.Abs), Tolerances.Sums * absolute);
        if (summary.TryGetProperty("l2", out JsonElement norm))
        {
            yield return new Check($"{name} l2", norm.GetDouble(), Math.Sqrt(values.Sum(v => v * v)), Tolerances.Sums * norm.GetDouble());
        }
        int index = 0;
        foreach (JsonElement first in summary.GetProperty("first").EnumerateArray())
        {
            yield return Value($"{name}[{index}]", first.GetDouble(), index < values.Length ? values[index] : double.NaN);
            index++;
        }
        yield return Value($"{name}[{values.Length - 1}]", summary.GetProperty("last").GetDouble(), values[^1]);
    }

    /// <summary>The elements of one array beside Caffe's.</summary>
    public static IEnumerable<Check> Checks(string name, NpyArray expected, double[] values) => expected.Values.Length == values.Length
        ? expected.Values.Select((value, i) => Value($"{name}[{i}]", value, values[i]))
        : [new Check($"{name}: number of values", expected.Values.Length, values.Length, 0)];

    /// <summary>One value.</summary>
    public static Check Value(string name, double expected, double actual) => new(name, expected, actual, Tolerances.Values.At(expected));

    /// <summary>Whether the shape that the reference data give is that of a type.</summary>
    public static void CompareShape(Findings findings, string name, JsonElement summary, TensorType type) =>
        findings.Equal($"{name} shape", string.Join(",", summary.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())), string.Join(",", type.Shape.Sizes.ToArray()));
}
