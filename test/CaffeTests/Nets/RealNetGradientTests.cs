using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Test.Nets;

/// <summary>Whole training nets with weights given by a formula: loss, blobs and all gradients beside those of real Caffe, compiled.</summary>
public class RealNetGradientTests
{
    [DataTheory]
    [InlineData("lenet")]
    [InlineData("mnist_autoencoder")]
    public void LossBlobsAndGradientsAreCaffes(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(ReferenceData.File("caffe", "real_nets", "gradients", $"{name}.json")));
        NetParameter message = Prototxt.ReadNet(ReferenceData.File("caffe", "real_nets", "gradients", $"{name}.prototxt")).Message;
        using Net net = Net.Build(message, new NetOptions { Phase = Phase.Test });
        FormulaWeights.Set(net, 1, 0);
        Tensor[] inputs = [.. net.Inputs.Select((input, q) => FormulaWeights.Filled(input.Variable.Type, FormulaWeights.FirstInput + q,
            u => input.Name == "label" ? MathF.Floor((u + 0.5f) * 10) : u + 0.5f))];

        List<(string Name, Expr Value, JsonElement Expected)> wanted = [.. golden.RootElement.GetProperty("blobs").EnumerateObject()
            .Where(blob => net.Blobs.ContainsKey(blob.Name)).Select(blob => (blob.Name, net.Blobs[blob.Name], blob.Value))];
        Expr[] slopes = Functions.Grad(net.Objective, [.. net.Parameters.Select(p => p.Variable.Expr)]);
        wanted.AddRange(net.Parameters.Select((p, i) => ($"{p.Layer}.{p.Index}", slopes[i], golden.RootElement.GetProperty("param_gradients").GetProperty($"{p.Layer}.{p.Index}"))));
        Assert.Equal(golden.RootElement.GetProperty("param_gradients").EnumerateObject().Count(), net.Parameters.Count);

        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Objective, .. wanted.Select(w => w.Value)]);
        Tensor[] got = function.Call(inputs);
        Assert.Equal(golden.RootElement.GetProperty("loss").GetDouble(), got[0].Item<float>(), 1e-5 * golden.RootElement.GetProperty("loss").GetDouble());
        string[] wrong = [.. wanted.SelectMany((w, i) => Differences(w.Name, w.Expected, got[i + 1].ToArray<float>()))];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    private static IEnumerable<string> Differences(string name, JsonElement expected, float[] values)
    {
        double absolute = expected.GetProperty("abssum").GetDouble();
        // A sum cancels: it is as exact as its terms are large.
        (string What, double Expected, double Got, double Tolerance)[] checks =
        [
            ("sum", expected.GetProperty("sum").GetDouble(), values.Sum(v => (double)v), 1e-5 * absolute),
            ("abssum", absolute, values.Sum(v => Math.Abs((double)v)), 1e-5 * absolute),
            ("l2", expected.GetProperty("l2").GetDouble(), Math.Sqrt(values.Sum(v => (double)v * v)), 1e-5 * expected.GetProperty("l2").GetDouble()),
            ("last", expected.GetProperty("last").GetDouble(), values[^1], Element(values[^1])),
            .. expected.GetProperty("first").EnumerateArray().Select((first, i) => ($"[{i}]", first.GetDouble(), (double)values[i], Element(values[i]))),
        ];
        return checks.Where(c => !(Math.Abs(c.Expected - c.Got) <= c.Tolerance)).Select(c => $"{name} {c.What}: {c.Got:g9} instead of {c.Expected:g9}");

        double Element(float value) => 1e-4 * Math.Abs(value) + 1e-5 * absolute / values.Length;
    }
}
