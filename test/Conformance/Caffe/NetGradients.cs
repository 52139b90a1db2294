using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>real_nets/gradients/NAME.prototxt beside NAME.json: a training net with weights given by a formula, one forward and one backward.</summary>
internal static class NetGradients
{
    // MNIST's and CIFAR's images have at most 32 pixels a side; ImageNet's nets have a thousand classes.
    private const long SmallImage = 32;

    public static IEnumerable<Case> Cases(CaffeFolder folder) => folder.Files("*.json", "real_nets", "gradients")
        .Select(file => new Case($"gradients/{Path.GetFileNameWithoutExtension(file)}", "Net", () => Run(folder, file)));

    private static Verdict Run(CaffeFolder folder, string file)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(file));
        var findings = new Findings();
        SecondOpinion.Judge(folder, findings, dtype => Checks(file, golden.RootElement, dtype, 0, findings), seed => Checks(file, golden.RootElement, DType.Float32, seed, findings));
        return findings.Verdict();
    }

    private static List<Check> Checks(string file, JsonElement root, DType dtype, int seed, Findings findings)
    {
        NetParameter message = Prototxt.ReadNet(Path.ChangeExtension(file, ".prototxt")).Message;
        using Net net = Net.Build(message, new NetOptions { Phase = root.Phase(), DType = dtype });
        FormulaWeights.Set(net, 1, 0.5f);
        if (seed > 0)
        {
            Courses.Perturb(net, seed);
        }
        bool small = net.Inputs.All(input => input.Variable.Type.Shape.Rank < 4 || input.Variable.Type.Shape.Sizes[^1] <= SmallImage);
        Tensor[] inputs = [.. net.Inputs.Select((input, q) => FormulaWeights.Filled(input.Variable.Type, FormulaWeights.FirstInput + q, Input(input.Name, small)))];

        (string Name, JsonElement Golden)[] blobs = [.. Summarized(root.GetProperty("blobs")).Where(blob => net.HasBlob(blob.Name))];
        findings.Equal("number of blobs", Summarized(root.GetProperty("blobs")).Count(), blobs.Length);
        (string Name, JsonElement Golden)[] gradients = [.. Summarized(root.GetProperty("param_gradients"))];
        Expr[] slopes = NetNumbers.Gradients(gradients.Select(g => net.Parameter(g.Name).Variable.Expr).ToSeq(), [net.Objective]);
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Objective, .. blobs.Select(blob => net.Blob(blob.Name)), .. slopes], options: Compiling.Options);
        Tensor[] got = function.Call(inputs);
        for (int i = 0; i < gradients.Length; i++)
        {
            Summaries.CompareShape(findings, gradients[i].Name, gradients[i].Golden, slopes[i].Tensor);
        }
        return
        [
            Summaries.Value("loss", root.GetProperty("loss").GetDouble(), got[0].Numbers()[0]),
            .. blobs.SelectMany((blob, i) => Summaries.Checks(blob.Name, blob.Golden, got[1 + i].Numbers())),
            .. gradients.SelectMany((gradient, i) => Summaries.Checks($"gradient of {gradient.Name}", gradient.Golden, got[1 + blobs.Length + i].Numbers())),
        ];
    }

    private static IEnumerable<(string Name, JsonElement Golden)> Summarized(JsonElement table) => table.EnumerateObject().Select(entry => (entry.Name, entry.Value));

    private static Func<float, float> Input(string name, bool small) => (name, small) switch
    {
        ("sim", _) => u => MathF.Floor((u + 0.5f) * 2),
        ("label", true) => u => MathF.Floor((u + 0.5f) * 10),
        ("label", false) => u => MathF.Floor((u + 0.5f) * 1000),
        (_, true) => u => u + 0.5f,
        (_, false) => u => 2 * u,
    };
}
