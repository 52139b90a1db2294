using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Test.Nets;

/// <summary>A net that real Caffe ran forward and backward, with everything that went in and came out.</summary>
internal sealed record GoldenCase(string Name, string Folder, string Prototxt, string Npz, Phase Phase, int Forwards, bool Random, string[] Types, Dictionary<string, string> Splits)
{
    /// <summary>All cases of a group of golden/manifest.json.</summary>
    public static IEnumerable<GoldenCase> Group(string group)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(ReferenceData.File("caffe", "golden", "manifest.json")));
        foreach (JsonElement entry in manifest.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("group").GetString() == group))
        {
            JsonElement[] layers = [.. entry.GetProperty("layers").EnumerateArray()];
            yield return new GoldenCase(
                entry.GetProperty("name").GetString()!,
                ReferenceData.File("caffe", "golden", entry.GetProperty("dir").GetString()!),
                entry.GetProperty("prototxt").GetString()!,
                entry.GetProperty("npz").GetString()!,
                entry.GetProperty("phase").GetString() == "TRAIN" ? Phase.Train : Phase.Test,
                entry.TryGetProperty("forwards", out JsonElement forwards) ? forwards.GetInt32() : 1,
                entry.TryGetProperty("random", out JsonElement random) && random.GetBoolean(),
                [.. layers.Select(layer => layer[1].GetString()!)],
                layers.Where(layer => layer[1].GetString() == "Split" && layer[0].GetString()!.EndsWith("_split", StringComparison.Ordinal))
                    .SelectMany(layer => layer[3].EnumerateArray().Select(top => (top.GetString()!, layer[2][0].GetString()!)))
                    .ToDictionary(pair => pair.Item1, pair => pair.Item2));
        }
    }

    /// <summary>Builds the net, runs it by the reference interpreter, and says what differs from Caffe.</summary>
    public List<string> Differences()
    {
        PrototxtDocument<NetParameter> document = Symbolic.Caffe.Prototxt.ReadNet(Path.Combine(Folder, Prototxt));
        using Net net = Net.Build(document.Message, new NetOptions { Phase = Phase, Places = document.Places });
        Dictionary<string, Literal> arrays = Near.Literals(Path.Combine(Folder, Npz));
        Dictionary<Variable, Literal> values = Values(net, arrays);
        for (int forward = 1; forward < Forwards; forward++)
        {
            Advance(net, values);
        }
        List<(string Key, Expr Value)> wanted = [.. arrays.Keys.Where(key => key.StartsWith("out.", StringComparison.Ordinal))
            .Select(key => (key, net.Blobs[Blob(key["out.".Length..])]))];
        wanted.AddRange(Gradients(net, arrays));
        Literal[] got = Reference.Evaluate([.. wanted.Select(w => w.Value)], values);
        List<(string Key, Literal Value)> all = [.. wanted.Select((w, i) => (w.Key, got[i]))];
        Advance(net, values);
        all.AddRange(arrays.Keys.Where(key => key.StartsWith("param_after.", StringComparison.Ordinal)).Select(key => (key, values[Weight(net, key.Split('.'))])));
        return [.. all.Select(w => (w.Key, Near.Difference(arrays[w.Key].Values<float>(), w.Value.Values<float>()))).Where(d => d.Item2 is not null).Select(d => $"{Name}: {d.Key}{d.Item2}")];
    }

    /// <summary>What a forward run leaves in the parameters.</summary>
    private static void Advance(Net net, Dictionary<Variable, Literal> values)
    {
        Literal[] left = Reference.Evaluate([.. net.Updates.Select(update => update.Value)], values);
        for (int i = 0; i < left.Length; i++)
        {
            values[net.Updates[i].Variable] = left[i];
        }
    }

    private static Dictionary<Variable, Literal> Values(Net net, Dictionary<string, Literal> arrays)
    {
        Dictionary<Variable, Literal> values = net.Inputs.ToDictionary(input => input.Variable, input => arrays[$"in.{input.Name}"]);
        foreach (Parameter parameter in net.Parameters)
        {
            values[parameter.Variable] = arrays[$"param.{parameter.Layer}.{parameter.Index}"];
        }
        foreach (SharedVariable kept in net.Updates.Map(update => update.Variable).Where(variable => !values.ContainsKey(variable)))
        {
            values[kept] = kept.Value.ToLiteral();
        }
        return values;
    }

    private IEnumerable<(string Key, Expr Value)> Gradients(Net net, Dictionary<string, Literal> arrays)
    {
        string[] starts = [.. arrays.Keys.Where(key => key.StartsWith("outdiff.", StringComparison.Ordinal))];
        Seq<Expr> outputs = starts.Length > 0 ? starts.Select(key => net.Blobs[Blob(key["outdiff.".Length..])]).ToSeq() : [net.Objective];
        Seq<Expr> arriving = starts.Length > 0 ? starts.Select(key => Functions.Constant(arrays[key])).ToSeq() : [Functions.Full(DType.Float32, Shape.Scalar, 1)];
        // What a split passes back to one of its tops has no expression of its own in a graph.
        List<(string Key, Expr Of)> wanted = [.. arrays.Keys.Where(key => key.StartsWith("diff.", StringComparison.Ordinal))
            .Where(key => !Splits.ContainsKey(key["diff.".Length..])).Select(key => (key, First(net, key["diff.".Length..])))];
        wanted.AddRange(arrays.Keys.Where(key => key.StartsWith("paramdiff.", StringComparison.Ordinal)).Select(key => (key, Weight(net, key.Split('.')).Expr)));
        if (wanted.Count == 0)
        {
            return [];
        }
        Derivative[] slopes = Differentiation.Gradient(wanted.Select(w => w.Of).ToSeq(), outputs, arriving);
        return wanted.Select((w, i) => (w.Key, slopes[i] is Derivative.Known(var slope) ? slope : Functions.Zeros(w.Of.Tensor)));
    }

    private string Blob(string name) => Splits.GetValueOrDefault(name, name);

    /// <summary>The blob as its first layer made it: Caffe's gradient of a blob worked on in place is that of its first value.</summary>
    private static Expr First(Net net, string blob) => net.Layers
        .SelectMany(layer => layer.Parameter.Top.Select((top, i) => (top, layer.Tops[i]))).Where(pair => pair.top == blob).Select(pair => pair.Item2)
        .FirstOrDefault() ?? net.Blobs[blob];

    private static Variable Weight(Net net, string[] key) =>
        net.Layers.First(layer => layer.Name == key[1]).Blobs[int.Parse(key[2], System.Globalization.CultureInfo.InvariantCulture)].Parameter.Variable;
}
