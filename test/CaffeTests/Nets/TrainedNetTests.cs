using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Test.Nets;

public class TrainedNetTests
{
    /// <summary>The first 64 digits through trained LeNets, compiled: the blobs that Caffe computed.</summary>
    [DataTheory]
    [InlineData("lenet_iter_10000_first64.npz", "weights/ethereon_caffe-tensorflow/examples/mnist/lenet_iter_10000.caffemodel")]
    [InlineData("lenet_iter_1000_first64.npz", "lenet_run/lenet_iter_1000.caffemodel")]
    public void LenetsBlobsAreCaffes(string outputs, string weights)
    {
        Dictionary<string, Literal> golden = Near.Literals(ReferenceData.File("caffe", "real_nets", outputs));
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(ReferenceData.File("caffe", "models", "BVLC_caffe", "examples", "mnist", "lenet.prototxt"));
        using Net net = Net.Build(document.Message, new NetOptions { Places = document.Places, Batch = new NamedSymbol("n") });
        string file = ReferenceData.File(["caffe", .. weights.Split('/')]);
        Assert.Equal(["mnist", "loss"], net.CopyFrom(BinaryProto.Read<NetParameter>(file), file));
        string[] names = [.. golden.Keys.Where(key => key.StartsWith("out.", StringComparison.Ordinal)).Select(key => key["out.".Length..]).Where(net.Blobs.ContainsKey)];
        Assert.Contains("prob", names);
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), names.Select(name => net.Blobs[name]).ToSeq());
        Tensor[] got = function.Call(Tensor.From(golden["in.data"]));
        for (int i = 0; i < names.Length; i++)
        {
            // Of large blobs the file keeps the first images only.
            ReadOnlySpan<float> expected = golden[$"out.{names[i]}"].Values<float>();
            Assert.True(Near.Difference(expected, got[i].AsSpan<float>()[..expected.Length]) is null, names[i]);
        }
    }
}
