using Symbolic.Caffe;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Cli.Page;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Cli.Demo;

/// <summary>Reads digits with a net: its blob `ip2` is an expression, of which a function of its own is compiled here.</summary>
internal sealed class Reader(Net net)
{
    /// <summary>What the net says about each digit.</summary>
    public Prediction[] Read(DigitSet digits)
    {
        Variable data = net.Inputs.First(input => input.Name == "data").Variable;
        int batch = (int)data.Type.Shape[0].Constant, size = digits.Rows * digits.Columns;
        using var read = Function.Compile([data.Expr], [Softmax(net.Blobs["ip2"])], options: new CompileOptions { Name = "read digits" });
        Tensor pictures = Tensor.Zeros(DType.Float32, batch, 1, digits.Rows, digits.Columns), labels = Tensor.Zeros(DType.Float32, batch);
        using var source = new DigitBatches(digits, batch, 1 / 256f);
        var predictions = new Prediction[digits.Count];
        for (int first = 0; first < digits.Count; first += batch)
        {
            source.Next([pictures, labels]);
            float[] chances = read.Call(pictures)[0].ToArray<float>();
            for (int i = 0; i < Math.Min(batch, digits.Count - first); i++)
            {
                float[] chance = chances[(i * 10)..((i + 1) * 10)];
                int best = Array.IndexOf(chance, chance.Max());
                predictions[first + i] = new(digits.Picture(first + i).ToArray(), digits.Rows, digits.Columns, digits.Labels[first + i], best, chance[best]);
            }
        }
        return predictions;
    }
}
