using System.Diagnostics;
using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Caffe's binary files: weights in every format it ever wrote, and damage.</summary>
public class BinaryProtoTests
{
    private static string LeNet => ReferenceData.File("caffe", "weights", "ethereon_caffe-tensorflow", "examples", "mnist", "lenet_iter_10000.caffemodel");

    [DataFact]
    public void WritingWhatWasReadGivesTheSameBytes()
    {
        string[] paths = [.. new[] { "caffemodel", "solverstate", "binaryproto" }
            .SelectMany(ending => Directory.EnumerateFiles(ReferenceData.File("caffe"), "*." + ending, SearchOption.AllDirectories))];
        string copy = Path.GetTempFileName();
        foreach (string path in paths)
        {
            IMessage message = Path.GetExtension(path) switch
            {
                ".caffemodel" => BinaryProto.Read<NetParameter>(path),
                ".solverstate" => BinaryProto.Read<SolverState>(path),
                _ => BinaryProto.Read<BlobProto>(path),
            };
            BinaryProto.Write(copy, message);
            if (path.Contains("MTCNN", StringComparison.Ordinal))
            {
                // A fork of Caffe with fields of its own wrote these.
                Assert.Equal(message, BinaryProto.Read<NetParameter>(copy));
                continue;
            }
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(copy)), path);
        }
        File.Delete(copy);
        Assert.Contains(LeNet, paths);
    }

    [DataFact]
    public void TrainedLeNetHasItsWeights()
    {
        Dictionary<string, LayerWeights> layers = LayerWeights.Read(LeNet).ToDictionary(layer => layer.Name);
        Assert.Equal("20,1,5,5", string.Join(',', Blobs.Shape(layers["conv1"].Blobs[0], "conv1")));
        Assert.Equal("500", string.Join(',', Blobs.Shape(layers["ip1"].Blobs[1], "ip1").Where(size => size != 1)));
        Assert.Equal(50 * 20 * 25, Blobs.Values(layers["conv2"].Blobs[0], "conv2").Length);
        Assert.Empty(layers["pool1"].Blobs);
    }

    [DataFact]
    public void EveryFormatGivesTheSameWeights()
    {
        Dictionary<string, NpyArray> golden = Npz.Read(ReferenceData.File("caffe", "golden", "weights_io", "tiny.npz"));
        foreach (string file in new[] { "tiny_v0_legacy4d", "tiny_v1_legacy4d", "tiny_v2_double", "tiny_v2_saved" })
        {
            int compared = 0;
            foreach (LayerWeights layer in LayerWeights.Read(ReferenceData.File("caffe", "golden", "weights_io", file + ".caffemodel")))
            {
                for (int i = 0; i < layer.Blobs.Count; i++)
                {
                    NpyArray expected = golden[$"param.{layer.Name}.{i}"];
                    Assert.Equal(expected.Values, Blobs.Values(layer.Blobs[i], file));
                    int[] sizes = [.. expected.Sizes.Select(size => (int)size)];
                    Assert.True(Blobs.Fits(layer.Blobs[i], sizes, file), $"{file} {layer.Name} {i}");
                    Assert.False(Blobs.Fits(layer.Blobs[i], [.. sizes, 2], file));
                    compared++;
                }
            }
            Assert.Equal(golden.Keys.Count(key => key.StartsWith("param.", StringComparison.Ordinal)), compared);
        }
    }

    [DataFact]
    public void SolverStateHoldsAHistoryLikeItsNet()
    {
        SolverState state = BinaryProto.Read<SolverState>(ReferenceData.File("caffe", "lenet_run", "lenet_iter_500.solverstate"));
        Assert.Equal(500, state.Iter);
        Assert.EndsWith("lenet_iter_500.caffemodel", state.LearnedNet, StringComparison.Ordinal);
        Assert.Equal(8, state.History.Count);
        Assert.Equal("20,1,5,5", string.Join(',', Blobs.Shape(state.History[0], "history")));
    }

    [DataFact]
    public void Hdf5IsRefusedByName() =>
        Assert.Contains("is an HDF5 file", Assert.Throws<InvalidDataException>(() =>
            BinaryProto.Read<NetParameter>(ReferenceData.File("caffe", "golden", "weights_io", "tiny_v2_saved.caffemodel.h5"))).Message, StringComparison.Ordinal);

    [Fact]
    public void BlobsComeBack()
    {
        BlobProto blob = BinaryProto.Parse<BlobProto>(Blobs.Of([2, 3], [1, 2, 3, 4, 5, 6]).ToByteArray(), "b");
        Assert.Equal([2, 3], Blobs.Shape(blob, "b"));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Blobs.Values(blob, "b"));
        Assert.Null(Blobs.Gradients(blob, "b"));
        Assert.Equal([7f], Blobs.Values(Blobs.Of([], [7]), "b"));
        Assert.Empty(Blobs.Values(Blobs.Of([0, 3], []), "b"));
        Assert.Throws<ArgumentException>(() => Blobs.Of([2, 3], [1]));
    }

    public static TheoryData<string, string> WrongBlobs => new()
    {
        { "shape { dim: 2 dim: 3 } data: 1", "w: holds 1 values, but its shape (2, 3) has 6" },
        { "shape { dim: -2 } data: 1", "w: has the size -2 in its shape (-2)" },
        { "shape { dim: 4294967296 }", "w: has the size 4294967296 in its shape (4294967296)" },
        { "shape { dim: [2147483647, 2147483647, 2147483647, 2147483647, 2147483647, 4] }", "w: holds 0 values, but its shape (2147483647, 2147483647, 2147483647, 2147483647, 2147483647, 4) has 18446744073709551616" },
        { "num: 2 channels: 1 height: -1 width: 1", "w: has the size -1 in its shape (2, 1, -1, 1)" },
        { "num: 2 data: 1 data: 2", "w: holds 2 values, but its shape (2, 0, 0, 0) has 0" },
        { "shape { dim: 3 } double_data: 1", "w: holds 1 values, but its shape (3) has 3" },
        { "data: 1 data: 2", "w: holds 2 values, but its shape () has 1" },
        { "shape { dim: [" + string.Join(',', Enumerable.Repeat(1, 33)) + "] } data: 1", "w: has 33 axes; more than 32 are refused" },
    };

    [Theory]
    [MemberData(nameof(WrongBlobs))]
    public void WrongBlobsAreRefused(string text, string message)
    {
        BlobProto blob = Prototxt.Parse<BlobProto>(text, "b").Message;
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Blobs.Values(blob, "w")).Message);
    }

    [Fact]
    public void EveryTruncationIsAnErrorOrAShorterNet()
    {
        byte[] bytes = SmallNet().ToByteArray();
        int refused = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                BinaryProto.Parse<NetParameter>(bytes.AsSpan(0, length), "net");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, bytes.Length - 8, bytes.Length - 2);
    }

    [Fact]
    public void FlippedBitsGiveAnErrorOrAnotherNet()
    {
        byte[] bytes = SmallNet().ToByteArray();
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                foreach (LayerWeights layer in LayerWeights.Of(BinaryProto.Parse<NetParameter>(flipped, "net")))
                {
                    foreach (BlobProto blob in layer.Blobs)
                    {
                        Blobs.Values(blob, "net");
                    }
                }
            }
            catch (InvalidDataException) { }
        }
    }

    [Fact]
    public void DamageIsNamedWithItsPlace()
    {
        string Message(params byte[] bytes) => Assert.Throws<InvalidDataException>(() => BinaryProto.Parse<NetParameter>(bytes, "net")).Message;
        Assert.Equal("net: damaged at byte 2 (NetParameter.name): a value of 5 bytes where 1 are left", Message(0x0A, 5, 1));
        Assert.Equal("net: damaged at byte 5 (NetParameter.layer.name): a value of 100 bytes where 1 are left", Message(0xA2, 0x06, 3, 0x0A, 100, 1));
        Assert.Equal("net: damaged at byte 1 (NetParameter): wire type 3", Message(0x0B));
        Assert.Equal("net: damaged at byte 1 (NetParameter): field number 0", Message(0x00));
        Assert.Equal("net: damaged at byte 1 (NetParameter): the data end within a number", Message(0x80));
        Assert.Equal("net: damaged at byte 10 (NetParameter): a number of more than 64 bits", Message([.. Enumerable.Repeat((byte)0xFF, 12)]));
    }

    [Fact]
    public void ManyEmptyMessagesAreRefused()
    {
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([0xA2, 0x06, 0], 300_000).SelectMany(layer => layer)];
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Contains("more than 250000 messages", Assert.Throws<InvalidDataException>(() => BinaryProto.Parse<NetParameter>(bytes, "net")).Message, StringComparison.Ordinal);
        Assert.True(clock.ElapsedMilliseconds < 2000);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, "x.caffemodel");
        BinaryProto.Write(path, SmallNet());
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<TimeoutException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            throw new TimeoutException();
        }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        Assert.Throws<DirectoryNotFoundException>(() => BinaryProto.Write(Path.Combine(folder, "absent", "x"), SmallNet()));
        Directory.Delete(folder, recursive: true);
    }

    private static NetParameter SmallNet()
    {
        var layer = new LayerParameter { Name = "ip", Type = "InnerProduct" };
        layer.Blobs.Add(Blobs.Of([2, 3], [1, 2, 3, 4, 5, 6]));
        layer.Blobs.Add(Blobs.Of([2], [1, 2]));
        return new NetParameter { Name = "net", Layer = { layer, new LayerParameter { Name = "relu" } } };
    }
}
