using System.Text.Json;
using Symbolic.Caffe.Schema;

namespace Symbolic.Conformance.Caffe;

/// <summary>golden/manifest.json: layers, nets, solvers and data layers.</summary>
internal static class GoldenManifest
{
    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        string file = folder.Path("golden", "manifest.json");
        if (!File.Exists(file))
        {
            yield break;
        }
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(file));
        foreach (JsonElement element in manifest.RootElement.GetProperty("cases").EnumerateArray())
        {
            JsonElement entry = element.Clone();
            string Text(string name) => entry.GetProperty(name).GetString()!;
            string place = folder.Path("golden", Text("dir")), name = $"{Text("dir")}/{Text("name")}";
            switch (Text("group"))
            {
                case "layer" or "net":
                    yield return new Case(name, Text("layer_type"), () => new GoldenNet(place, entry).Run());
                    break;
                case "data_layer":
                    yield return new Case(name, Text("layer_type"), () => new GoldenData(place, entry).Run());
                    break;
                case "solver":
                    yield return new Case(name, Text("solver_type"), () => new GoldenSolver(folder, place, entry).Run());
                    if (entry.TryGetProperty("snapshot_at_10", out _))
                    {
                        yield return new Case($"{name}/snapshot", Text("solver_type"), () => new GoldenSolver(folder, place, entry).Snapshot());
                        yield return new Case($"{name}/resumed", Text("solver_type"), () => new GoldenSolver(folder, place, entry).Resume());
                    }
                    break;
                case var other:
                    yield return new Case(name, other, () => Verdict.Fail($"{other} is no group that this judge knows"));
                    break;
            }
        }
    }

    /// <summary>The phase of an entry.</summary>
    public static Phase Phase(this JsonElement entry) => entry.GetProperty("phase").GetString() == "TRAIN" ? Symbolic.Caffe.Schema.Phase.Train : Symbolic.Caffe.Schema.Phase.Test;
}
