using Symbolic.Caffe;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Cli.Page;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Cli.Demo;

/// <summary>Reads digits with a net: its blob `ip2` is an expression, of which a function of its own is compiled here.</summary>
internal sealed class Reader(Net net)
{
    // As the transform of the net's data layer says.
    private const float Scale = 0.00390625f;

    /// <summary>What the net says about each digit.</summary>
    public Prediction[] Read(DigitSet digits)
    {
        Variable data = net.Inputs.First(input => input.Name == "data").Variable;
        int batch = (int)data.Type.Shape[0].Constant, size = digits.Rows * digits.Columns;
        using var read = Function.Compile([data.Expr], [Softmax(net.Blobs["ip2"])], options: new CompileOptions { Name = "read digits" });
        Tensor pictures = Tensor.Zeros(DType.Float32, batch, 1, digits.Rows, digits.Columns);
        var predictions = new Prediction[digits.Count];
        for (int first = 0; first < digits.Count; first += batch)
        {
            int count = Math.Min(batch, digits.Count - first);
            Span<float> pixels = pictures.AsSpan<float>();
            for (int p = 0; p < count * size; p++)
            {
                pixels[p] = digits.Pixels[(first * size) + p] * Scale;
            }
            float[] chances = read.Call(pictures)[0].ToArray<float>();
            for (int i = 0; i < count; i++)
            {
                float[] chance = chances[(i * 10)..((i + 1) * 10)];
                int best = Array.IndexOf(chance, chance.Max());
                predictions[first + i] = new(digits.Picture(first + i).ToArray(), digits.Rows, digits.Columns, digits.Labels[first + i], best, chance[best]);
            }
        }
        return predictions;
    }
}
