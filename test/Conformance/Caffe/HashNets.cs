using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>real_nets/NAME.json beside NAME.npz: a net of root/models with weights given by a formula, run forward.</summary>
internal static class HashNets
{
    public static IEnumerable<Case> Cases(CaffeFolder folder) => folder.Files("*.json", "real_nets")
        .Select(file => new Case($"real_nets/{Path.GetFileNameWithoutExtension(file)}", "Net", () => Run(folder, file)));

    private static Verdict Run(CaffeFolder folder, string file)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement root = golden.RootElement;
        var findings = new Findings();
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(Path.Combine(folder.Root, "models", root.GetProperty("net").GetString()!));
        NetShapes.SetInput(document.Message, root.GetProperty("input").GetString()!, [.. root.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt64())]);
        using Net net = Net.Build(document.Message, new NetOptions { Places = document.Places });
        JsonElement gamma = root.GetProperty("scale_gamma");
        FormulaWeights.Set(net, gamma[0].GetSingle(), gamma[1].GetSingle());
        findings.Equal("number of parameter blobs", root.GetProperty("param_blobs").GetInt32(), net.Parameters.Count);

        JsonElement[] summaries = [.. root.GetProperty("blobs").EnumerateArray()];
        (string Name, NpyArray Array)[] outputs = File.Exists(Path.ChangeExtension(file, ".npz")) ? [.. Npz.Read(Path.ChangeExtension(file, ".npz")).Under("out.")] : [];
        Seq<Expr> wanted = [.. summaries.Select(blob => net.Blob(blob.GetProperty("blob").GetString()!)), .. outputs.Select(output => net.Blob(output.Name))];
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), wanted);
        Tensor[] got = function.Call([.. net.Inputs.Select((input, q) => FormulaWeights.Filled(input.Variable.Type, FormulaWeights.FirstInput + q, u => 2 * u))]);
        for (int i = 0; i < summaries.Length; i++)
        {
            string name = summaries[i].GetProperty("blob").GetString()!;
            Summaries.CompareShape(findings, name, summaries[i], wanted[i].Tensor);
            Summaries.Compare(findings, name, summaries[i], got[i].Numbers());
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            findings.Compare($"out.{outputs[i].Name}", outputs[i].Array.Numbers(), got[summaries.Length + i].Numbers(), Tolerances.Values);
        }
        return findings.Verdict();
    }
}
