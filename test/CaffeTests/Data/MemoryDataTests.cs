using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>Data that a program sets.</summary>
public class MemoryDataTests
{
    [DataFact]
    public void BatchesAreCaffes()
    {
        Dictionary<string, NpyArray> golden = Npz.Read(ReferenceData.File("caffe", "golden", "data_layers", "MemoryData_basic.npz"));
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(ReferenceData.File("caffe", "golden", "data_layers", "MemoryData_basic.prototxt"));
        using Net net = Net.Build(document.Message);
        var feed = new NetFeed(net);
        Assert.Contains("needs to be initialized", Assert.Throws<InvalidOperationException>(() => feed.Next()).Message, StringComparison.Ordinal);
        ((MemoryBatches)net.Data[0].Batches).Set(golden["in.data"].Values, golden["in.label"].Values);
        for (int forward = 0; forward < 3; forward++)
        {
            feed.Next();
            Assert.Equal(golden[$"f{forward}.data"].Values, feed["data"].ToArray<float>());
            Assert.Equal(golden[$"f{forward}.label"].Values, feed["label"].ToArray<float>());
            Assert.Equal(golden[$"f{forward}.label"].Sizes, feed["label"].Sizes);
        }
    }

    [Theory]
    [InlineData("batch_size: 2 channels: 1 height: 3", "must be specified and positive")]
    [InlineData("batch_size: 4000000000 channels: 4000000000 height: 3 width: 4000000000", "with a product below 2^31")]
    public void SizesMustMakeSense(string text, string message)
    {
        PrototxtDocument<LayerParameter> layer = Prototxt.Parse<LayerParameter>($"name: 'd' memory_data_param {{ {text} }}", "net");
        Assert.Contains(message, Assert.Throws<PrototxtError>(() => new MemoryBatches(layer.Message, layer.Places)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesAreTransformed()
    {
        using var batches = new MemoryBatches(Prototxt.Parse<LayerParameter>(
            "memory_data_param { batch_size: 2 channels: 1 height: 1 width: 1 } transform_param { crop_size: 1 mean_value: 1 scale: 2 }", "net").Message, PrototxtPlaces.Nowhere);
        Datum Image(byte value) => new() { Channels = 1, Height = 3, Width = 3, Data = Google.Protobuf.ByteString.CopyFrom(0, 0, 0, 0, value, 0, 0, 0, 0), Label = value };
        batches.Set([Image(3), Image(4)]);
        Tensor[] tops = [Tensor.Zeros(DType.Float32, 2, 1, 1, 1), Tensor.Zeros(DType.Float32, 2, 1, 1, 1)];
        batches.Next(tops);
        Assert.Equal([4f, 6], tops[0].ToArray<float>());
        Assert.Equal([3f, 4], tops[1].ToArray<float>());
        Assert.Throws<ArgumentException>(() => batches.Set([Image(3)]));
    }

    [Fact]
    public void ValuesMustFillBatches()
    {
        using var batches = new MemoryBatches(Prototxt.Parse<LayerParameter>("memory_data_param { batch_size: 2 channels: 1 height: 1 width: 1 }", "net").Message, PrototxtPlaces.Nowhere);
        Assert.Throws<ArgumentException>(() => batches.Set([1, 2, 3], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => batches.Set([1], [1, 2]));
        Assert.Throws<InvalidDataException>(() => batches.SkipTo(3));
    }
}
