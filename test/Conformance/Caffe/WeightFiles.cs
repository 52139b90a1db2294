using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// golden/weights_io: NAME.npz has weights, input and output of the net NAME*.prototxt, NAME*.caffemodel(.h5) the same weights in every
/// format; NAME_reshape.npz has several input shapes of one net; a prototxt without arrays is finetuned from those weights.
/// </summary>
internal static class WeightFiles
{
    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        string[] nets = folder.Files("*.prototxt", "golden", "weights_io"), models = folder.Files("*.caffemodel*", "golden", "weights_io");
        var used = new HashSet<string>(StringComparer.Ordinal);
        var trained = new List<(string Model, Dictionary<string, NpyArray> Arrays)>();
        foreach (string file in folder.Files("*.npz", "golden", "weights_io"))
        {
            string name = Path.GetFileNameWithoutExtension(file), stem = name.Replace("_reshape", "", StringComparison.Ordinal);
            string? net = nets.FirstOrDefault(n => Path.GetFileName(n).StartsWith(stem, StringComparison.Ordinal));
            if (net is null)
            {
                yield return new Case($"weights_io/{name}", "Weights", () => Verdict.Fail($"no prototxt of a net {stem} beside the arrays"));
                continue;
            }
            used.Add(net);
            if (name != stem)
            {
                yield return new Case($"weights_io/{name}", "Weights", () => Reshaped(net, Npz.Read(file)));
                continue;
            }
            foreach (string model in models.Where(m => Path.GetFileName(m).StartsWith(stem, StringComparison.Ordinal)))
            {
                trained.Add((model, Npz.Read(file)));
                yield return new Case($"weights_io/{Path.GetFileName(model)}", "Weights", () => Loaded(net, model, Npz.Read(file)));
            }
        }
        foreach (string net in nets.Where(net => !used.Contains(net)))
        {
            foreach ((string model, Dictionary<string, NpyArray> arrays) in trained)
            {
                yield return new Case($"weights_io/{Path.GetFileName(net)}/{Path.GetFileName(model)}", "Weights", () => Finetuned(net, model, arrays));
            }
        }
    }

    /// <summary>The weights of any file of Caffe's set into a net.</summary>
    public static Seq<string> Load(Net net, string model) => net.CopyFrom(model);

    private static Verdict Loaded(string file, string model, Dictionary<string, NpyArray> arrays)
    {
        var findings = new Findings();
        using Net net = Net.Build(Prototxt.ReadNet(file).Message);
        Load(net, model);
        foreach ((string key, NpyArray value) in arrays.Under("param."))
        {
            findings.Compare($"param.{key}", value.Numbers(), net.Parameter(key).Variable.Value.Numbers(), Tolerances.Values);
        }
        Forward(net, arrays, "", findings);
        return findings.Verdict();
    }

    private static Verdict Reshaped(string file, Dictionary<string, NpyArray> arrays)
    {
        var findings = new Findings();
        Net? first = null;
        for (int round = 0; arrays.Keys.Any(key => key.StartsWith($"r{round}.", StringComparison.Ordinal)); round++)
        {
            NetParameter message = Prototxt.ReadNet(file).Message;
            foreach ((string input, NpyArray value) in arrays.Under($"r{round}.in."))
            {
                NetShapes.SetInput(message, input, value.Sizes);
            }
            Net net = Net.Build(message, new NetOptions { SharedWith = first });
            if (first is null)
            {
                first = net;
                foreach ((string key, NpyArray value) in arrays.Under("param."))
                {
                    net.Parameter(key).SetValues(value.Values);
                }
            }
            Forward(net, arrays, $"r{round}.", findings);
        }
        return findings.Verdict();
    }

    /// <summary>Layers of the same name get the weights, the renamed ones keep what their fillers gave.</summary>
    private static Verdict Finetuned(string file, string model, Dictionary<string, NpyArray> arrays)
    {
        var findings = new Findings();
        using Net net = Net.Build(Prototxt.ReadNet(file).Message);
        (Parameter Parameter, double[] Before)[] own = [.. net.Parameters.Select(p => (p, p.Variable.Value.Numbers()))];
        Load(net, model);
        foreach (Parameter parameter in net.Parameters)
        {
            string key = $"param.{parameter.Layer}.{parameter.Index}";
            if (arrays.TryGetValue(key, out NpyArray? value))
            {
                findings.Compare(key, value.Numbers(), parameter.Variable.Value.Numbers(), Tolerances.Values);
            }
            else
            {
                findings.Compare(key, own.Single(o => o.Parameter == parameter).Before, parameter.Variable.Value.Numbers(), default);
            }
        }
        return findings.Verdict();
    }

    private static void Forward(Net net, Dictionary<string, NpyArray> arrays, string round, Findings findings)
    {
        (string Name, NpyArray Array)[] outputs = [.. arrays.Under($"{round}out.")];
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), outputs.Select(output => net.Blob(output.Name)).ToSeq());
        Tensor[] got = function.Call([.. net.Inputs.Select(input => Tensor.From(arrays[$"{round}in.{input.Name}"].ToLiteral()))]);
        for (int i = 0; i < outputs.Length; i++)
        {
            findings.Compare($"{round}out.{outputs[i].Name}", outputs[i].Array.Numbers(), got[i].Numbers(), Tolerances.Values);
        }
    }
}
