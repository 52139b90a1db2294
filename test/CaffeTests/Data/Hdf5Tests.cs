using Symbolic.Caffe;
using Symbolic.Caffe.Hdf5;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using Symbolic.Test.Solvers;

namespace Symbolic.Test;

/// <summary>HDF5: weights, states, data and output, Caffe's files and ours.</summary>
public class Hdf5Tests
{
    private static string LeNetNet => ReferenceData.File("caffe", "models", "BVLC_caffe", "examples", "mnist", "lenet.prototxt");

    [DataFact]
    public void WeightsAreThoseOfTheBinaryFile()
    {
        using Net fromHdf5 = Net.Build(Prototxt.ReadNet(LeNetNet).Message), fromBinary = Net.Build(Prototxt.ReadNet(LeNetNet).Message);
        Seq<string> ignored = fromHdf5.CopyFrom(ReferenceData.File("caffe", "lenet_run", "lenet_h5_iter_1000.caffemodel.h5"));
        fromBinary.CopyFrom(ReferenceData.File("caffe", "lenet_run", "lenet_iter_1000.caffemodel"));
        Assert.Contains("loss", ignored);
        Assert.Equal(8, fromHdf5.Parameters.Count);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(fromBinary.Parameters[i].ToFloats(), fromHdf5.Parameters[i].ToFloats());
        }
    }

    [DataFact]
    public void OurWeightsComeBack()
    {
        using var folder = new TemporaryFolder();
        using Net net = Net.Build(Prototxt.ReadNet(LeNetNet).Message, new NetOptions { Seed = 1 }), other = Net.Build(Prototxt.ReadNet(LeNetNet).Message, new NetOptions { Seed = 2 });
        Hdf5Weights.Write(folder.Path("w.h5"), net);
        Assert.Empty(other.CopyFrom(folder.Path("w.h5")));
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(net.Parameters[i].ToFloats(), other.Parameters[i].ToFloats()));
    }

    [Fact]
    public void SharedWeightsAreKeptByTheirOwnerAlone()
    {
        const string text = """
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [2, 3] } } }
            layer { name: 'deep/a' type: 'InnerProduct' bottom: 'x' top: 'a' inner_product_param { num_output: 3 weight_filler { type: 'xavier' } } param { name: 'w' } }
            layer { name: 'deep/b' type: 'InnerProduct' bottom: 'a' top: 'b' inner_product_param { num_output: 3 } param { name: 'w' } }
            """;
        using var folder = new TemporaryFolder();
        Net Build(long seed) => Net.Build(Prototxt.Parse<NetParameter>(text, "n").Message, new NetOptions { Seed = seed });
        using Net net = Build(1), other = Build(2);
        Hdf5Weights.Write(folder.Path("w.h5"), net);
        using (Hdf5Reader reader = Hdf5Reader.Open(folder.Path("w.h5"), ModelFiles.Anywhere))
        {
            Assert.True(reader.Has("data/deep/a/0"));
            Assert.False(reader.Has("data/deep/b/0"));
            Assert.True(reader.Has("data/deep/b/1"));
        }
        Assert.Empty(other.CopyFrom(folder.Path("w.h5")));
        Assert.All(Enumerable.Range(0, net.Parameters.Count), i => Assert.Equal(net.Parameters[i].ToFloats(), other.Parameters[i].ToFloats()));
        using Net apart = Net.Build(Prototxt.Parse<NetParameter>(text.Replace("param { name: 'w' }", "", StringComparison.Ordinal), "n").Message);
        Assert.Contains("Incompatible number of blobs for layer deep/b: 1 in the file, 2 in the net",
            Assert.Throws<InvalidDataException>(() => apart.CopyFrom(folder.Path("w.h5"))).Message, StringComparison.Ordinal);
    }

    [DataFact]
    public void StatesAreThoseOfTheBinaryFile()
    {
        string file = ReferenceData.File("caffe", "lenet_run", "lenet_h5_iter_1000.solverstate.h5");
        SolverState state = Hdf5Weights.ReadState(file, ModelFiles.Anywhere), expected = BinaryProto.Read<SolverState>(ReferenceData.File("caffe", "lenet_run", "lenet_iter_1000.solverstate"));
        Assert.Equal((1000, expected.CurrentStep), (state.Iter, state.CurrentStep));
        Assert.EndsWith("_iter_1000.caffemodel.h5", state.LearnedNet, StringComparison.Ordinal);
        Assert.Equal(expected.History, state.History);
        using var folder = new TemporaryFolder();
        Hdf5Weights.WriteState(folder.Path("s.h5"), state);
        Assert.Equal(state, Hdf5Weights.ReadState(folder.Path("s.h5"), ModelFiles.Anywhere));
    }

    [DataFact]
    public void RowsGoOverTheEndsOfFiles()
    {
        using Hdf5Batches batches = Open(batchSize: 3, shuffle: false);
        Dictionary<string, NpyArray> expected = Npz.Read(ReferenceData.File("caffe", "golden", "data_layers", "HDF5Data_batch3.npz"));
        Tensor[] tops = Tops(batches);
        for (int forward = 0; forward < 6; forward++)
        {
            batches.Next(tops);
            Assert.Equal(expected[$"f{forward}.data"].Values, tops[0].ToArray<float>());
            Assert.Equal(expected[$"f{forward}.label"].Values, tops[1].ToArray<float>());
        }
        Assert.Equal((18, 1), (batches.ItemsRead, batches.Restarts));
    }

    [DataTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void SkippingAheadGivesTheSameRows(bool shuffle)
    {
        using Hdf5Batches straight = Open(1, shuffle), skipped = Open(1, shuffle);
        Tensor[] tops = Tops(straight), again = Tops(skipped);
        var rounds = new List<List<float[]>> { new(), new(), new() };
        for (int item = 0; item < 33; item++)
        {
            straight.Next(tops);
            skipped.SkipTo(item);
            skipped.Next(again);
            Assert.Equal(tops[0].ToArray<float>(), again[0].ToArray<float>());
            rounds[item / 11].Add(tops[0].ToArray<float>());
        }
        // Each round has each row once, in another order if shuffled.
        string[][] sorted = [.. rounds.Select(round => round.Select(row => string.Join(' ', row)).Order().ToArray())];
        Assert.Equal(11, sorted[0].Distinct().Count());
        Assert.Equal(sorted[0], sorted[1]);
        Assert.Equal(!shuffle, rounds[0].SelectMany(row => row).SequenceEqual(rounds[1].SelectMany(row => row)));
    }

    [DataFact]
    public void OutputIsCaffes()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, NpyArray> given = Npz.Read(ReferenceData.File("caffe", "golden", "data_layers", "HDF5Output_basic.npz"));
        NetParameter message = Prototxt.ReadNet(ReferenceData.File("caffe", "golden", "data_layers", "HDF5Output_basic.prototxt")).Message;
        message.Layer[^1].Hdf5OutputParam.FileName = folder.Path("out.h5");
        using Net net = Net.Build(message);
        var output = new Hdf5Output(Assert.Single(net.Sinks));
        output.Add(Tensor.Of<float>(given["in.a"].Values, 3, 2, 2), Tensor.Of<float>(given["in.l"].Values, 3));
        output.Write();
        using Hdf5Reader ours = Hdf5Reader.Open(folder.Path("out.h5"), ModelFiles.Anywhere), caffes = Hdf5Reader.Open(ReferenceData.File("caffe", "golden", "data_layers", "HDF5Output_result.h5"), ModelFiles.Anywhere);
        Assert.Equal(["data", "label"], caffes.Arrays("/").Order());
        foreach (string name in new[] { "data", "label" })
        {
            Hdf5Array expected = caffes.Read(name), actual = ours.Read(name);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(expected.Values, actual.Values);
        }
        Assert.Throws<UnauthorizedAccessException>(() => new Hdf5Output(net.Sinks[0], new ModelFiles(AppContext.BaseDirectory)));
    }

    [Fact]
    public void ATestWritesTheBatchesOfARun()
    {
        using var folder = new TemporaryFolder();
        string text = $$"""
            layer { name: 'd' type: 'MemoryData' top: 'x' top: 'l' memory_data_param { batch_size: 2 channels: 1 height: 1 width: 1 } }
            layer { name: 'o' type: 'HDF5Output' bottom: 'x' bottom: 'l' hdf5_output_param { file_name: '{{folder.Path("o.h5")}}' } }
            """;
        using Net net = Net.Build(Prototxt.Parse<NetParameter>(text, "n").Message);
        ((MemoryBatches)net.Data[0].Batches).Set([1, 2, 3, 4], [5, 6, 7, 8]);
        using (var tester = new Tester(net))
        {
            tester.Run(2);
        }
        using Hdf5Reader reader = Hdf5Reader.Open(folder.Path("o.h5"), ModelFiles.Anywhere);
        Assert.Equal([1f, 2, 3, 4], reader.Read("data").Values);
        Assert.Equal([5f, 6, 7, 8], reader.Read("label").Values);
    }

    [Fact]
    public void DamageIsRefused()
    {
        using var folder = new TemporaryFolder();
        var writer = new Hdf5Writer();
        writer.Add("data/a/0", [2, 3], [1, 2, 3, 4, 5, 6]);
        writer.Write(folder.Path("w.h5"));
        byte[] good = File.ReadAllBytes(folder.Path("w.h5"));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Blobs.Values(LayerWeights.Read(folder.Path("w.h5"))[0].Blobs[0], "w"));
        for (int length = 8; length < good.Length; length += 7)
        {
            File.WriteAllBytes(folder.Path("cut.h5"), good[..length]);
            Assert.Throws<InvalidDataException>(() => LayerWeights.Read(folder.Path("cut.h5")));
        }
        var random = new Random(1);
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] bytes = [.. good];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder.Path("bad.h5"), bytes);
            Assert.True(Record.Exception(() => LayerWeights.Read(folder.Path("bad.h5"))) is null or InvalidDataException);
        }
    }

    private static Hdf5Batches Open(int batchSize, bool shuffle)
    {
        using var folder = new TemporaryFolder();
        string list = folder.Path("list.txt");
        File.WriteAllLines(list, Enumerable.Range(0, 3).Select(part => ReferenceData.File("caffe", "golden", "data_layers", $"part{part}.h5")));
        PrototxtDocument<LayerParameter> layer = Prototxt.Parse<LayerParameter>($"name: 'd' top: 'data' top: 'label' hdf5_data_param {{ source: '{list}' batch_size: {batchSize} shuffle: {(shuffle ? "true" : "false")} }}", "n");
        return Hdf5Batches.Open(layer.Message, seed: 7, layer.Places);
    }

    private static Tensor[] Tops(Hdf5Batches batches) => [.. batches.Shapes.Select(shape => Tensor.Zeros(DType.Float32, [.. shape.Select(size => (long)size)]))];
}
