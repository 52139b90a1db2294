using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// real_nets/NAME.npz without a NAME.json: outputs of a net with real weights. The weights are the .caffemodel under the root whose name
/// NAME has in it; the net is the .prototxt beside them of the same name, else the shortest-named of the models whose name theirs begins with.
/// </summary>
internal static class TrainedNets
{
    public static IEnumerable<Case> Cases(CaffeFolder folder) => folder.Files("*.npz", "real_nets").Where(file => !File.Exists(Path.ChangeExtension(file, ".json")))
        .Select(file => new Case($"real_nets/{Path.GetFileNameWithoutExtension(file)}", "Net", () => Run(folder, file)));

    private static Verdict Run(CaffeFolder folder, string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        string? model = new[] { "weights", "lenet_run" }.SelectMany(place => folder.RootFiles("*.caffemodel", place))
            .Where(m => name.Contains(Stem(m), StringComparison.Ordinal)).MaxBy(m => Stem(m).Length);
        if (model is null)
        {
            return Verdict.Fail($"no weights under {folder.Root} whose name {name} has in it");
        }
        string beside = Path.ChangeExtension(model, ".prototxt");
        string? prototxt = File.Exists(beside) ? beside
            : folder.RootFiles("*.prototxt", "models").Where(m => Stem(model).StartsWith(Stem(m), StringComparison.Ordinal)).MinBy(m => Path.GetFileName(m).Length);
        if (prototxt is null)
        {
            return Verdict.Fail($"no prototxt of a net for {model}");
        }
        Dictionary<string, NpyArray> arrays = Npz.Read(file);
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(prototxt);
        foreach ((string input, NpyArray value) in arrays.Under("in."))
        {
            NetShapes.SetInput(document.Message, input, value.Sizes);
        }
        using Net net = Net.Build(document.Message, new NetOptions { Places = document.Places });
        WeightFiles.Load(net, model);
        (string Name, NpyArray Array)[] outputs = [.. arrays.Under("out.")];
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), outputs.Select(output => net.Blob(output.Name)).ToSeq(), options: Compiling.Options);
        Tensor[] got = function.Call([.. net.Inputs.Select(input => Tensor.From(arrays[$"in.{input.Name}"].ToLiteral()))]);
        var findings = new Findings();
        for (int i = 0; i < outputs.Length; i++)
        {
            // Of large blobs the file keeps the first images only.
            double[] expected = outputs[i].Array.Numbers(), ours = got[i].Numbers();
            findings.Compare($"out.{outputs[i].Name}", expected, ours.AsSpan(0, Math.Min(ours.Length, expected.Length)), Tolerances.Values);
        }
        return findings.Verdict();
    }

    private static string Stem(string file) => Path.GetFileNameWithoutExtension(file);
}
