using System.Globalization;
using System.Text.RegularExpressions;
using Symbolic.Caffe;
using Symbolic.Runtime;

namespace Symbolic.Test.Solvers;

public partial class DebugInfoTests
{
    /// <summary>
    /// Real Caffe with debug_info printed the mean of |x| of every blob, parameter and gradient in the first iterations of
    /// LeNet. The same numbers from the compiled graph, as near as Caffe's sums in float32 of up to 737,280 terms are exact.
    /// </summary>
    [DataFact]
    public void EveryBlobAndGradientOfLenetIsCaffes()
    {
        string log = File.ReadAllText(ReferenceData.File("caffe", "lenet_run", "train_debug_info.log"));
        string[] iterations = [.. log[log.IndexOf("Solving LeNet", StringComparison.Ordinal)..].Split("[Backward] All net params").Take(3)];
        using var folder = new TemporaryFolder();
        using Solver solver = LenetRun.Solver(folder, "lenet_init.caffemodel", parameter => parameter.TestInitialization = false);
        List<(string Key, Expr Value)> probes = Probes(solver.Net);
        using Function function = Function.Compile(solver.Net.Inputs.Map(input => input.Variable.Expr), probes.Select(probe => probe.Value).ToSeq());
        var wrong = new List<string>();
        foreach (string iteration in iterations)
        {
            Tensor[] before = [.. solver.Net.Parameters.Select(p => p.Variable.Value)];
            solver.Step(1);
            Tensor[] after = [.. solver.Net.Parameters.Select(p => p.Variable.Value)];
            Set(solver.Net, before);
            Tensor[] got = function.Call([.. solver.Net.Inputs.Select(input => solver.Input(input.Name))]);
            Set(solver.Net, after);
            Dictionary<string, float> expected = Line().Matches(iteration).ToDictionary(
                match => match.Groups[1].Value.Trim(), match => float.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            Assert.True(expected.Count is 33 or 18, $"{expected.Count} lines");
            (string Key, int Index)[] told = [.. probes.Select((probe, i) => (probe.Key, i)).Where(probe => expected.ContainsKey(probe.Key))];
            Assert.Equal(expected.Count, told.Length);
            wrong.AddRange(told.Select(probe => (probe.Key, Near.Difference([expected[probe.Key]], [Mean(got[probe.Index])], relative: 1e-4, absolute: 0)))
                .Where(difference => difference.Item2 is not null).Select(difference => $"{difference.Key} {difference.Item2}"));
        }
        Assert.True(wrong.Count == 0, string.Join("; ", wrong));
    }

    private static float Mean(Tensor tensor) => (float)(tensor.ToArray<float>().Sum(value => Math.Abs((double)value)) / tensor.Count);

    private static void Set(Net net, Tensor[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            net.Parameters[i].Variable.SetValue(values[i]);
        }
    }

    /// <summary>What debug_info prints, under the words with which it prints it.</summary>
    private static List<(string Key, Expr Value)> Probes(Net net)
    {
        var forward = new List<(string, Expr)>();
        var backward = new List<(string Key, Expr Of)>();
        foreach (NetLayer layer in net.Layers)
        {
            for (int top = 0; top < layer.Tops.Count; top++)
            {
                forward.Add(($"[Forward] Layer {layer.Name}, top blob {layer.Parameter.Top[top]} data", layer.Tops[top]));
            }
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                forward.Add(($"[Forward] Layer {layer.Name}, param blob {i} data", layer.Blobs[i].Parameter.Variable));
                backward.Add(($"[Backward] Layer {layer.Name}, param blob {i} diff", layer.Blobs[i].Parameter.Variable));
            }
            for (int bottom = 0; bottom < layer.Bottoms.Count; bottom++)
            {
                if (layer.Parameter.Bottom[bottom] is not ("data" or "label"))
                {
                    backward.Add(($"[Backward] Layer {layer.Name}, bottom blob {layer.Parameter.Bottom[bottom]} diff", layer.Bottoms[bottom]));
                }
            }
        }
        Expr[] slopes = Functions.Grad(net.Objective, [.. backward.Select(b => b.Of)]);
        return [.. forward, .. backward.Select((b, i) => (b.Key, slopes[i]))];
    }

    [GeneratedRegex(@"(\[(?:Forward|Backward)\] Layer .*(?:data|diff)): (\S+)")]
    private static partial Regex Line();
}
