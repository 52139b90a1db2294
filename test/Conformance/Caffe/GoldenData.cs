using System.Globalization;
using System.Text.Json;
using PureHDF;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>A data layer whose tops Caffe kept for several forwards.</summary>
internal sealed class GoldenData(string place, JsonElement entry)
{
    private readonly Dictionary<string, NpyArray> arrays = Npz.Read(Path.Combine(place, entry.GetProperty("npz").GetString()!));
    private readonly Findings findings = new();

    public Verdict Run()
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(Path.Combine(place, entry.GetProperty("prototxt").GetString()!));
        using Net net = Net.Build(document.Message, new NetOptions { Phase = entry.Phase(), Places = document.Places });
        foreach (NetData memory in net.Data.Where(data => data.Batches is MemoryBatches))
        {
            ((MemoryBatches)memory.Batches).Set(arrays[$"in.{memory.Tops[0].Name}"].Values, arrays[$"in.{memory.Tops[1].Name}"].Values);
        }
        if (net.Sinks.Count > 0)
        {
            return Written(net);
        }
        var feed = new NetFeed(net);
        Tolerance tolerance = Tolerance(document.Message);
        for (int forward = 0; forward < entry.GetProperty("forwards").GetInt32(); forward++)
        {
            feed.Next();
            (string Name, NpyArray Array)[] tops = [.. arrays.Under(string.Create(CultureInfo.InvariantCulture, $"f{forward}."))];
            using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), tops.Select(top => net.Blob(top.Name)).ToSeq());
            Tensor[] got = function.Call(feed.Tensors);
            for (int i = 0; i < tops.Length; i++)
            {
                findings.Compare($"f{forward}.{tops[i].Name}", tops[i].Array.Numbers(), got[i].Numbers(), tolerance);
            }
        }
        return findings.Verdict();
    }

    /// <summary>A layer that writes: its file against Caffe's, both read by the library alone.</summary>
    private Verdict Written(Net net)
    {
        string folder = Directory.CreateTempSubdirectory("symbolic-judge-").FullName, file = Path.Combine(folder, "output.h5");
        try
        {
            NetSink sink = net.Sinks[0] with { File = file };
            using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [sink.Data, sink.Label]);
            Tensor[] got = function.Call([.. net.Inputs.Select(input => Tensor.From(arrays[$"in.{input.Name}"].ToLiteral()))]);
            var output = new Hdf5Output(sink);
            output.Add(got[0], got[1]);
            output.Write();
            using var ours = H5File.OpenRead(file);
            using var caffes = H5File.OpenRead(Path.Combine(place, entry.GetProperty("h5").GetString()!));
            foreach (IH5Dataset expected in caffes.Children().OfType<IH5Dataset>())
            {
                IH5Dataset actual = ours.Dataset(expected.Name);
                double[] Numbers(IH5Dataset dataset) => [.. dataset.Space.Dimensions.Select(size => (double)size), .. dataset.Read<float[]>().Select(value => (double)value)];
                findings.Compare(expected.Name, Numbers(expected), Numbers(actual), default);
            }
            return findings.Verdict();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Pixels that come from JPEG files, which the layer's list or the case's note says, may differ by a level.</summary>
    private Tolerance Tolerance(NetParameter net)
    {
        bool jpeg = net.Layer.Any(layer => layer.ImageDataParam is { } images && File.Exists(images.Source) && IsJpeg(File.ReadAllText(images.Source)))
            || IsJpeg(entry.GetProperty("note").GetString()!) || IsJpeg(entry.GetProperty("name").GetString()!);
        float scale = net.Layer.Select(layer => layer.TransformParam?.Scale ?? 1).FirstOrDefault(1);
        return jpeg ? new Tolerance(Tolerances.Values.Relative, Tolerances.JpegLevels.Absolute * scale) : Tolerances.Values;

        static bool IsJpeg(string text) => text.Contains("jpg", StringComparison.OrdinalIgnoreCase) || text.Contains("jpeg", StringComparison.OrdinalIgnoreCase);
    }
}
