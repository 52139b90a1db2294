using Symbolic.Test;

namespace Symbolic.Peers.Works.Nets;

/// <summary>Weights and inputs of nets by the tests' formula; the same rules as there.</summary>
internal static class NetNumbers
{
    /// <summary>Fills a learned array.</summary>
    public static void Fill(Span<float> values, NetStep step, NetArray array, NetSource source)
    {
        float spread = (float)(2 * Math.Sqrt(6.0 * array.Sizes[0] / array.Count));
        (float gain, float slope) = source.Scale;
        Func<float, float> value = (step.Type, array.Index) switch
        {
            ("BatchNorm", 0) => u => 0.2f * u,
            ("BatchNorm", 1) => u => 1 + u,
            ("BatchNorm", _) => _ => 1,
            ("Scale", 0) => u => gain + slope * u,
            (_, 0) => u => u * spread,
            _ => u => 0.2f * u,
        };
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(FormulaWeights.Number(i, array.Number));
        }
    }

    /// <summary>Fills the images.</summary>
    public static void FillImages(Span<float> values, NetSource source)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float u = FormulaWeights.Number(i, FormulaWeights.FirstInput);
            values[i] = source.Positive ? u + 0.5f : 2 * u;
        }
    }

    /// <summary>The label of an image.</summary>
    public static int Label(int image, NetSource source) => (int)((FormulaWeights.Number(image, FormulaWeights.FirstInput + 1) + 0.5f) * source.Classes);
}
