using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>A layer or a small net that Caffe ran forward and backward, with everything that went in and came out.</summary>
internal sealed class GoldenNet(string place, JsonElement entry)
{
    private readonly Dictionary<string, NpyArray> arrays = Npz.Read(Path.Combine(place, entry.GetProperty("npz").GetString()!));
    private readonly Findings findings = new();

    public Verdict Run()
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(Path.Combine(place, entry.GetProperty("prototxt").GetString()!));
        using Net net = Net.Build(document.Message, new NetOptions
        {
            Phase = entry.Phase(),
            Level = entry.TryGetProperty("level", out JsonElement level) ? level.GetInt32() : 0,
            Stages = entry.TryGetProperty("stages", out JsonElement stages) ? stages.EnumerateArray().Select(s => s.GetString()!).ToSeq() : [],
            Places = document.Places,
        });
        findings.Equal("layers", LayersOfCaffe(), string.Join(" ", net.Layers.Select(layer => layer.Name)));
        foreach ((string key, NpyArray value) in arrays.Under("param."))
        {
            net.Parameter(key).SetValues(value.Values);
        }
        (string Key, Expr Value)[] wanted = [.. Outputs(net), .. Gradients(net)];
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), wanted.Select(w => w.Value).ToSeq(), net.Updates, Compiling.Options);
        Tensor[] inputs = [.. net.Inputs.Select(input => Tensor.From(arrays[$"in.{input.Name}"].ToLiteral()))], got = [];
        for (int forward = 0; forward < entry.GetProperty("forwards").GetInt32(); forward++)
        {
            got = function.Call(inputs);
        }
        if (entry.GetProperty("random").GetBoolean())
        {
            CompareDrawn(wanted.Select(w => w.Key).Zip(got).ToDictionary(pair => pair.First, pair => pair.Second.Numbers(), StringComparer.Ordinal));
            return findings.Verdict();
        }
        for (int i = 0; i < wanted.Length; i++)
        {
            findings.Compare(wanted[i].Key, arrays[wanted[i].Key].Numbers(), got[i].Numbers(), Tolerances.Values);
        }
        foreach ((string key, NpyArray value) in arrays.Under("param_after."))
        {
            findings.Compare($"param_after.{key}", value.Numbers(), net.Parameter(key).Variable.Value.Numbers(), Tolerances.Values);
        }
        return findings.Verdict();
    }

    /// <summary>The layers that Caffe kept, without the Split layers that it inserted.</summary>
    private string LayersOfCaffe() => string.Join(" ", entry.GetProperty("layers").EnumerateArray()
        .Where(layer => layer[1].GetString() != "Split" || !layer[0].GetString()!.EndsWith("_split", StringComparison.Ordinal)).Select(layer => layer[0].GetString()));

    private IEnumerable<(string Key, Expr Value)> Outputs(Net net) => arrays.Under("out.").Select(output => ($"out.{output.Name}", net.Blob(output.Name)));

    private IEnumerable<(string Key, Expr Value)> Gradients(Net net)
    {
        (string Name, NpyArray Array)[] starts = [.. arrays.Under("outdiff.")];
        Seq<Expr> outputs = starts.Length > 0 ? starts.Select(start => net.Blob(start.Name)).ToSeq() : [net.Objective];
        Seq<Expr>? arriving = starts.Length > 0 ? starts.Select(start => Functions.Constant(start.Array.ToLiteral())).ToSeq() : null;
        // What a Split layer passes back to one of its tops has no expression of its own in a graph.
        List<(string Key, Expr Of)> wanted = [.. arrays.Under("diff.").Where(diff => NetNumbers.BaseName(net, diff.Name) == diff.Name)
            .Select(diff => ($"diff.{diff.Name}", net.FirstValue(diff.Name)))];
        wanted.AddRange(arrays.Under("paramdiff.").Select(diff => ($"paramdiff.{diff.Name}", net.Parameter(diff.Name).Variable.Expr)));
        return wanted.Count == 0 ? [] : wanted.Select(w => w.Key).Zip(NetNumbers.Gradients(wanted.Select(w => w.Of).ToSeq(), outputs, arriving));
    }

    /// <summary>What is drawn from nothing is compared by its moments, what is drawn of an input by its mask.</summary>
    private void CompareDrawn(Dictionary<string, double[]> got)
    {
        if (arrays.Under("in.").Count() == 1 && arrays.Under("out.").Count() == 1)
        {
            CompareMasks(got);
            return;
        }
        foreach ((string name, NpyArray value) in arrays.Under("out."))
        {
            FillerMoments.Compare(findings, $"out.{name}", value.Numbers(), got[$"out.{name}"]);
        }
    }

    /// <summary>
    /// Where a mask is drawn at random, each value is 0 or its input times one factor, Caffe's; the gradient has the same mask; and as many
    /// values pass as in Caffe, within five standard deviations of two draws.
    /// </summary>
    private void CompareMasks(Dictionary<string, double[]> got)
    {
        (string output, NpyArray caffe) = arrays.Under("out.").Single();
        double[] input = arrays.Under("in.").Single().Array.Numbers(), caffes = caffe.Numbers(), ours = got[$"out.{output}"];
        double factor = Factor(input, caffes);
        bool[] mask = Array.ConvertAll(ours, value => value != 0);
        double[] Masked(double[] values) => [.. values.Zip(mask, (value, passes) => passes ? value * factor : 0)];
        findings.Compare($"out.{output}", Masked(input), ours, Tolerances.Values);
        foreach ((string name, _) in arrays.Under("diff."))
        {
            findings.Compare($"diff.{name}", Masked(arrays[$"outdiff.{output}"].Numbers()), got[$"diff.{name}"], Tolerances.Values);
        }
        double share = caffes.Count(value => value != 0) / (double)caffes.Length;
        findings.Compare("share that passes", share, mask.Count(passes => passes) / (double)mask.Length, 5 * Math.Sqrt(2 * share * (1 - share) / caffes.Length));
    }

    private static double Factor(double[] input, double[] output) =>
        input.Zip(output).Where(pair => pair.First != 0 && pair.Second != 0).Select(pair => pair.Second / pair.First).First();
}
