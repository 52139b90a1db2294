using System.Globalization;

namespace Symbolic.Conformance.Caffe;

/// <summary>What the comparisons of one case found: which values are beyond their tolerance, and the one farthest beyond.</summary>
internal sealed class Findings
{
    private readonly List<string> wrong = [];
    private double worst = 1;
    private string worstText = "";

    /// <summary>Nothing compared says nothing, so a case must compare at least one value.</summary>
    private long compared;

    /// <summary>Compares an array, element by element.</summary>
    public void Compare(string name, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, Tolerance tolerance)
    {
        if (expected.Length != actual.Length)
        {
            Differ($"{name}: {actual.Length} values instead of {expected.Length}");
            return;
        }
        bool isWrong = false;
        for (int i = 0; i < expected.Length; i++)
        {
            isWrong |= !IsNear(expected[i], actual[i], tolerance.At(expected[i]), expected.Length == 1 ? name : $"{name}[{i}]");
        }
        compared += expected.Length;
        if (isWrong)
        {
            wrong.Add(name);
        }
    }

    /// <summary>Compares one number.</summary>
    public void Compare(string name, double expected, double actual, double allowed)
    {
        compared++;
        if (!IsNear(expected, actual, allowed, name))
        {
            wrong.Add(name);
        }
    }

    /// <summary>Compares what is not a number.</summary>
    public void Equal<T>(string name, T expected, T actual)
    {
        compared++;
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Differ($"{name}: {actual} instead of {expected}");
        }
    }

    /// <summary>Something differs that no deviation measures.</summary>
    public void Differ(string text)
    {
        wrong.Add(text);
        if (worst < double.PositiveInfinity)
        {
            (worst, worstText) = (double.PositiveInfinity, text);
        }
    }

    /// <summary>The verdict.</summary>
    public Verdict Verdict() => wrong.Count == 0 && compared == 0 ? Conformance.Verdict.Fail("nothing was compared")
        : wrong.Count == 0 ? Conformance.Verdict.Pass
        : Conformance.Verdict.Fail($"{worstText}{(wrong.Count == 1 ? "" : $" (of {wrong.Count}: {string.Join(", ", wrong.Where(w => w != worstText).Take(6))})")}");

    private bool IsNear(double expected, double actual, double allowed, string name)
    {
        if (expected.Equals(actual) || Math.Abs(expected - actual) <= allowed)
        {
            return true;
        }
        double ratio = Math.Abs(expected - actual) / allowed;
        if (!(ratio <= worst))
        {
            worst = double.IsNaN(ratio) ? double.PositiveInfinity : ratio;
            worstText = string.Create(CultureInfo.InvariantCulture, $"{name}: {actual:g7} instead of {expected:g7}, off by {Math.Abs(expected - actual):g2}, {ratio:g3} times what is allowed");
        }
        return false;
    }
}
