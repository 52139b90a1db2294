using Symbolic.Test;

namespace Symbolic.Peers.Works;

/// <summary>The numbers that all contestants are given: those of the tests' formula, which need no file.</summary>
internal static class Numbers
{
    /// <summary>Fills an array with the formula's numbers in [-scale, scale); each array of a work has a number of its own.</summary>
    public static void Fill(Span<float> values, int array, float scale = 1)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 2 * scale * FormulaWeights.Number(i, array);
        }
    }
}
