using System.Globalization;
using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// golden/fillers: draws compared by their moments, since Caffe's are those of boost's generator; what is not drawn (bilinear) exactly.
/// </summary>
internal static class FillerMoments
{
    // Draws within a range span less than this many of their standard deviations (an even spread 3.5), normal ones more.
    private const double RangeOfBounded = 4.5;

    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        foreach (string file in folder.Files("*.json", "golden", "fillers"))
        {
            long seed = Seed(file);
            using JsonDocument moments = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonProperty entry in moments.RootElement.EnumerateObject())
            {
                JsonElement golden = entry.Value.Clone();
                yield return new Case($"fillers/{entry.Name}", "Filler", () => Compare(golden, Filled(golden, seed)));
            }
        }
        foreach (string file in folder.Files("*.npz", "golden", "fillers"))
        {
            string[] exact = [.. Npz.Read(file).Keys.Where(key => key.StartsWith("bilinear_k", StringComparison.Ordinal))];
            foreach (string key in exact)
            {
                yield return new Case($"fillers/{key}", "Filler", () => Bilinear(Npz.Read(file)[key]));
            }
            foreach (string key in Npz.Read(file).Keys.Where(key => key.StartsWith("dropout_", StringComparison.Ordinal)))
            {
                yield return new Case($"fillers/{key}", "Dropout", () => Dropped(folder.Path("golden", "fillers", "drop.prototxt"), Npz.Read(file)[key], Seed(file)));
            }
            foreach (string key in Npz.Read(file).Keys.Where(key => key.StartsWith("dummy_fwd", StringComparison.Ordinal)))
            {
                yield return new Case($"fillers/{key}", "DummyData", () => Dummy(folder.Path("golden", "fillers", "dummy.prototxt"), Npz.Read(file)[key], key[(key.LastIndexOf('_') + 1)..], Seed(file)));
            }
        }
    }

    private static long Seed(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && name.IndexOf("seed", StringComparison.Ordinal) is var at and >= 0 ? long.Parse(name[(at + 4)..], CultureInfo.InvariantCulture) : 0;

    private static double[] Filled(JsonElement golden, long seed)
    {
        long[] sizes = [.. golden.GetProperty("blob_shape").EnumerateArray().Select(size => size.GetInt64())];
        return Weights($"num_output: {sizes[0]} kernel_size: {sizes[2]} weight_filler {{ {golden.GetProperty("filler").GetString()} }}", sizes[1], sizes[2], seed);
    }

    private static double[] Weights(string convolution, long channels, long kernel, long seed)
    {
        using Net net = Net.Build(Prototxt.Parse<NetParameter>($$"""
            input: 'x' input_shape { dim: 1 dim: {{channels}} dim: {{kernel}} dim: {{kernel}} }
            layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { {{convolution}} } }
            """, "filler").Message, new NetOptions { Seed = seed });
        return net.Parameters[0].Variable.Value.Numbers();
    }

    /// <summary>Compares drawn values with drawn values.</summary>
    public static void Compare(Findings findings, string name, double[] golden, double[] values) =>
        Compare(findings, name, golden.Length, golden.Average(), Deviation(golden), golden.Min(), golden.Max(), golden.Count(v => v != 0), values);

    private static Verdict Compare(JsonElement golden, double[] values)
    {
        var findings = new Findings();
        double Golden(string name) => golden.GetProperty(name).GetDouble();
        Compare(findings, "values", values.Length, Golden("mean"), Golden("std"), Golden("min"), Golden("max"), Golden("nonzero"), values);
        return findings.Verdict();
    }

    private static void Compare(Findings findings, string name, int count, double mean, double deviation, double least, double most, double nonzero, double[] values)
    {
        findings.Equal($"{name}: how many", count, values.Length);
        // Few draws spread more: what is allowed was chosen for the 1200 of a filler's case.
        double few = Math.Max(1, Math.Sqrt(1200.0 / count));
        findings.Compare($"{name}: mean", mean, values.Average(), 1e-6 + Tolerances.FillerMean * deviation / Math.Sqrt(count));
        findings.Compare($"{name}: standard deviation", deviation, Deviation(values), 1e-6 + Tolerances.FillerDeviation * few * deviation);
        if (most - least < RangeOfBounded * deviation)
        {
            findings.Compare($"{name}: least", least, values.Min(), 1e-6 + Tolerances.FillerRange * few * few * (most - least));
            findings.Compare($"{name}: greatest", most, values.Max(), 1e-6 + Tolerances.FillerRange * few * few * (most - least));
        }
        findings.Compare($"{name}: share that is not zero", nonzero / count, values.Count(v => v != 0) / (double)count, Tolerances.FillerNonzero);
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private static Verdict Bilinear(NpyArray golden)
    {
        var findings = new Findings();
        double[] values = Weights($"num_output: {golden.Sizes[0]} group: {golden.Sizes[0] / golden.Sizes[1]} kernel_size: {golden.Sizes[2]} weight_filler {{ type: 'bilinear' }}", golden.Sizes[0], golden.Sizes[2], 0);
        findings.Compare("weights", golden.Numbers(), values, Tolerances.Values);
        return findings.Verdict();
    }

    /// <summary>Dropout of ones: each is 0 or 1/(1 - ratio), and about as many pass as in Caffe.</summary>
    private static Verdict Dropped(string file, NpyArray golden, long seed)
    {
        using Net net = Net.Build(Prototxt.ReadNet(file).Message, new NetOptions { Phase = Phase.Train, Seed = seed });
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Outputs[0].Value]);
        double[] values = function.Call(Tensor.Of<float>(golden.Values.Select(_ => 1f).ToArray(), net.Inputs[0].Variable.Type.Shape.Sizes))[0].Numbers(), caffes = golden.Numbers();
        var findings = new Findings();
        findings.Compare("values", [.. values.Select(v => v == 0 ? 0 : caffes.Max())], values, Tolerances.Values);
        double share = caffes.Count(v => v != 0) / (double)caffes.Length;
        findings.Compare("share that passes", share, values.Count(v => v != 0) / (double)values.Length, 5 * Math.Sqrt(2 * share * (1 - share) / caffes.Length));
        return findings.Verdict();
    }

    private static Verdict Dummy(string file, NpyArray golden, string blob, long seed)
    {
        using Net net = Net.Build(Prototxt.ReadNet(file).Message, new NetOptions { Phase = Phase.Train, Seed = seed });
        var feed = new NetFeed(net);
        feed.Next();
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Blob(blob)]);
        var findings = new Findings();
        Compare(findings, blob, golden.Numbers(), function.Call(feed.Tensors)[0].Numbers());
        return findings.Verdict();
    }
}
