using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>Weights of a net, with all arrays taken out.</summary>
internal sealed class CaffemodelTarget : CaffeTarget
{
    public override string Name => "caffemodel";

    public override string Extension => ".caffemodel";

    public override IEnumerable<byte[]> Own()
    {
        var old = new BlobProto { Num = 1, Channels = 1, Height = 2, Width = 3 };
        old.DoubleData.AddRange([1, 2, 3, 4, 5, 6]);
        BlobProto blob = Blobs.Of([2, 3], [1, 2, 3, 4, 5, 6]);
        return
        [
            new NetParameter { Name = "n", Layer = { new LayerParameter { Name = "a", Type = "InnerProduct", Blobs = { blob, Blobs.Of([2], [1, 2]) } } } }.ToByteArray(),
            new NetParameter { Layers = { new V1LayerParameter { Name = "a", Type = V1LayerParameter.Types.LayerType.InnerProduct, Blobs = { old } } } }.ToByteArray(),
        ];
    }

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Wire.Damage(valid, other, random);

    public override void Read(string file)
    {
        foreach (LayerWeights layer in LayerWeights.Read(file))
        {
            foreach (BlobProto blob in layer.Blobs)
            {
                Blobs.Values(blob, file);
                Blobs.Gradients(blob, file);
            }
        }
    }
}

/// <summary>The state of a solver.</summary>
internal sealed class SolverstateTarget : CaffeTarget
{
    public override string Name => "solverstate";

    public override string Extension => ".solverstate";

    public override IEnumerable<byte[]> Own() =>
        [new SolverState { Iter = 10, LearnedNet = "n_iter_10.caffemodel", CurrentStep = 1, History = { Blobs.Of([2, 3], [1, 2, 3, 4, 5, 6]), Blobs.Of([], [1]) } }.ToByteArray()];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Wire.Damage(valid, other, random);

    public override void Read(string file)
    {
        foreach (BlobProto blob in BinaryProto.Read<SolverState>(file).History)
        {
            Blobs.Values(blob, file);
        }
    }
}

/// <summary>A mean image.</summary>
internal sealed class MeanTarget : CaffeTarget
{
    public override string Name => "mean";

    public override string Extension => ".binaryproto";

    public override IEnumerable<byte[]> Own() => [Blobs.Of([1, 3, 2, 2], new float[12]).ToByteArray()];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Wire.Damage(valid, other, random);

    public override void Read(string file) =>
        _ = new DataTransform(new TransformationParameter { MeanFile = file }, Phase.Test, 0, PrototxtPlaces.Nowhere);
}
