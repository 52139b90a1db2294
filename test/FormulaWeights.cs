using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>The formula of the reference data for weights and inputs: a number in [-0.5, 0.5) of the position in a blob and the blob's number.</summary>
internal static class FormulaWeights
{
    /// <summary>The blob number of a net's first input.</summary>
    public const int FirstInput = 1_000_000;

    /// <summary>Sets all parameters of a net; a Scale layer's factors are a + b·u.</summary>
    public static void Set(Net net, float a, float b)
    {
        Dictionary<string, string> types = net.Layers.Where(layer => layer.Blobs.Count > 0).DistinctBy(layer => layer.Name).ToDictionary(layer => layer.Name, layer => layer.Type, StringComparer.Ordinal);
        for (int p = 0; p < net.Parameters.Count; p++)
        {
            Parameter parameter = net.Parameters[p];
            float spread = (float)(2 * Math.Sqrt(6.0 * (parameter.Sizes.Count > 0 ? parameter.Sizes[0] : 1) / parameter.Sizes.Aggregate(1L, (x, y) => x * y)));
            Func<float, float> value = (types[parameter.Layer], parameter.Index) switch
            {
                ("BatchNorm", 0) => u => 0.2f * u,
                ("BatchNorm", 1) => u => 1 + u,
                ("BatchNorm", _) => _ => 1,
                ("Scale", 0) => u => a + b * u,
                (_, 0) => u => u * spread,
                _ => u => 0.2f * u,
            };
            int blob = p;
            // Where they lie: a copy of the weights of a large net would be the most memory that its process ever takes.
            if (parameter.Variable.Type.DType == DType.Float64)
            {
                parameter.Variable.Write<double>((doubles, _) => Fill(doubles, blob, value));
            }
            else
            {
                parameter.Variable.Write<float>((floats, _) => Fill(floats, blob, value));
            }
        }
    }

    /// <summary>A tensor whose elements are a function of the formula's numbers.</summary>
    public static Tensor Filled(TensorType type, int blob, Func<float, float> value)
    {
        Tensor tensor = Tensor.Zeros(type.DType, type.Shape.Sizes);
        if (type.DType == DType.Float64)
        {
            Fill(tensor.AsSpan<double>(), blob, value);
        }
        else
        {
            Fill(tensor.AsSpan<float>(), blob, value);
        }
        return tensor;
    }

    private static void Fill(Span<double> doubles, int blob, Func<float, float> value)
    {
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = value(Number(i, blob));
        }
    }

    private static void Fill(Span<float> floats, int blob, Func<float, float> value)
    {
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = value(Number(i, blob));
        }
    }

    /// <summary>The formula's number in [-0.5, 0.5) for element <paramref name="i"/> of a blob.</summary>
    public static float Number(int i, int blob)
    {
        unchecked
        {
            uint h = (uint)i * 2654435761u + ((uint)blob * 2246822519u + 374761393u);
            h ^= h >> 16;
            h *= 0x45d9f3b;
            h ^= h >> 16;
            h *= 0x45d9f3b;
            h ^= h >> 16;
            return (h & 0xffffff) * (1f / 16777216) - 0.5f;
        }
    }
}
