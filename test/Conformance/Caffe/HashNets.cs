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
        var findings = new Findings();
        SecondOpinion.Judge(folder, findings, dtype => Checks(folder, file, golden.RootElement, dtype, findings));
        return findings.Verdict();
    }

    private static List<Check> Checks(CaffeFolder folder, string file, JsonElement root, DType dtype, Findings findings)
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(Path.Combine(folder.Root, "models", root.GetProperty("net").GetString()!));
        NetShapes.SetInput(document.Message, root.GetProperty("input").GetString()!, [.. root.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt64())]);
        using Net net = Net.Build(document.Message, new NetOptions { Places = document.Places, DType = dtype });
        JsonElement gamma = root.GetProperty("scale_gamma");
        FormulaWeights.Set(net, gamma[0].GetSingle(), gamma[1].GetSingle());
        findings.Equal("number of parameter blobs", root.GetProperty("param_blobs").GetInt32(), net.Parameters.Count);

        (string Name, JsonElement Summary)[] blobs = [.. root.GetProperty("blobs").EnumerateArray().Select(blob => (blob.GetProperty("blob").GetString()!, blob))];
        (string Name, NpyArray Array)[] outputs = File.Exists(Path.ChangeExtension(file, ".npz")) ? [.. Npz.Read(Path.ChangeExtension(file, ".npz")).Under("out.")] : [];
        Seq<Expr> wanted = [.. blobs.Select(blob => net.Blob(blob.Name)), .. outputs.Select(output => net.Blob(output.Name))];
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), wanted, options: Compiling.Options);
        Tensor[] got = function.Call([.. net.Inputs.Select((input, q) => FormulaWeights.Filled(input.Variable.Type, FormulaWeights.FirstInput + q, u => 2 * u))]);
        for (int i = 0; i < blobs.Length; i++)
        {
            Summaries.CompareShape(findings, blobs[i].Name, blobs[i].Summary, wanted[i].Tensor);
        }
        return
        [
            .. blobs.SelectMany((blob, i) => Summaries.Checks(blob.Name, blob.Summary, got[i].Numbers())),
            .. outputs.SelectMany((output, i) => Summaries.Checks($"out.{output.Name}", output.Array, got[blobs.Length + i].Numbers())),
        ];
    }
}
