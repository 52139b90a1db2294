using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>An array of a numpy file as float32, in which Caffe computed it.</summary>
internal sealed record NpyArray(long[] Sizes, float[] Values)
{
    public double[] Numbers() => Array.ConvertAll(Values, value => (double)value);

    public Literal ToLiteral() => Literal.Of<float>(Values, Sizes);
}

/// <summary>The arrays of numpy's .npz files as float32.</summary>
internal static class Npz
{
    /// <summary>All arrays by name.</summary>
    public static Dictionary<string, NpyArray> Read(string path) =>
        NumpyFile.ReadArchive(path).ToDictionary(entry => entry.Key, entry => new NpyArray([.. entry.Value.Sizes], Floats(entry.Value)), StringComparer.Ordinal);

    /// <summary>The arrays whose name begins so, by the rest of their name.</summary>
    public static IEnumerable<(string Name, NpyArray Array)> Under(this Dictionary<string, NpyArray> arrays, string start) =>
        arrays.Where(entry => entry.Key.StartsWith(start, StringComparison.Ordinal)).Select(entry => (entry.Key[start.Length..], entry.Value));

    private static float[] Floats(Tensor array) => array.DType switch
    {
        DType.Float32 => array.ToArray<float>(),
        DType.Float64 => Array.ConvertAll(array.ToArray<double>(), value => (float)value),
        DType.Int64 => Array.ConvertAll(array.ToArray<long>(), value => (float)value),
        DType.Int32 => Array.ConvertAll(array.ToArray<int>(), value => (float)value),
        DType.UInt8 => Array.ConvertAll(array.ToArray<byte>(), value => (float)value),
        var other => throw new InvalidDataException($"a reference array of {other.Text()}"),
    };
}
