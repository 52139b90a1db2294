using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Nets and solvers of Caffe's older formats.</summary>
public class UpgradeTests
{
    [DataFact]
    public void NetsBecomeWhatCaffesToolMakesOfThem()
    {
        foreach (string name in new[] { "v0_net", "v0_data_net", "v1_net", "v1_data_transform", "input_fields_dim", "input_fields_shape", "batchnorm_params", "already_v2" })
        {
            PrototxtDocument<NetParameter> old = Read<NetParameter>(name, "in");
            NetParameter before = old.Message.Clone();
            UpgradedNet upgraded = NetUpgrade.Apply(old.Message, old.Places, name);
            Assert.Empty(upgraded.Problems);
            Assert.Equal(Read<NetParameter>(name, "out").Message, upgraded.Net);
            Assert.Equal(before, old.Message);
            Assert.Equal(name != "already_v2", NetUpgrade.IsNeeded(old.Message));
            Assert.False(NetUpgrade.IsNeeded(upgraded.Net));
            // A layer stands where its old form stood.
            Assert.All(upgraded.Net.Layer, layer => Assert.NotNull(old.Places.Of(layer)));
        }
    }

    [DataFact]
    public void SolversBecomeWhatCaffesToolMakesOfThem()
    {
        foreach (string name in new[] { "solver_type", "solver_new" })
        {
            PrototxtDocument<SolverParameter> old = Read<SolverParameter>(name, "in");
            Assert.Equal(Read<SolverParameter>(name, "out").Message, SolverUpgrade.Apply(old.Message, old.Places, name));
        }
    }

    [Theory]
    [InlineData("SGD", "SGD")]
    [InlineData("NESTEROV", "Nesterov")]
    [InlineData("ADAGRAD", "AdaGrad")]
    [InlineData("RMSPROP", "RMSProp")]
    [InlineData("ADADELTA", "AdaDelta")]
    [InlineData("ADAM", "Adam")]
    public void SolverTypesHaveNames(string old, string name) =>
        Assert.Equal(name, SolverUpgrade.Apply(Prototxt.Parse<SolverParameter>($"solver_type: {old}", "s").Message).Type);

    [DataFact]
    public void OldNetsAreReadAsTheyStand()
    {
        string path = ReferenceData.File("caffe", "models", "jayelm_neural-art", "models", "VGG_ILSVRC_19_layers_deploy.prototxt");
        NetParameter net = Prototxt.ReadNet(path).Message;
        Assert.Equal(("Input", "Convolution", "ReLU"), (net.Layer[0].Type, net.Layer[1].Type, net.Layer[2].Type));
        Assert.Empty(net.Layers);
        Assert.True(net.ForceBackward);
    }

    [DataFact]
    public void OldWeightFilesBecomeNewOnes()
    {
        Dictionary<string, NpyArray> golden = Npz.Read(ReferenceData.File("caffe", "golden", "weights_io", "tiny.npz"));
        foreach (string file in new[] { "tiny_v0_legacy4d", "tiny_v1_legacy4d" })
        {
            NetParameter net = NetUpgrade.Apply(BinaryProto.Read<NetParameter>(ReferenceData.File("caffe", "golden", "weights_io", file + ".caffemodel"))).Whole;
            Assert.Equal(golden["param.conv.0"].Values, Blobs.Values(net.Layer.First(layer => layer.Name == "conv").Blobs[0], file));
            Assert.Equal("Convolution", net.Layer.First(layer => layer.Name == "conv").Type);
        }
    }

    [Theory]
    [InlineData("layers { layer { name: 'a' type: 'Conv' } }", "1:28: Unknown layer name: Conv; did you mean 'conv'?")]
    [InlineData("layers { name: 'a' type: RELU } layer { name: 'b' }", "1:1: Refusing to upgrade inconsistent NetParameter input")]
    [InlineData("layers { layer { name: 'a' type: 'relu' } bottom: 'x' top: 'y' }", "1:43: Unknown blob input x to layer 'a'")]
    [InlineData("layers { layer { name: 'a' type: 'relu' pad: 2 } top: 'y' }", "1:41: Unknown parameter pad for layer type relu")]
    [InlineData("layers { layer { name: 'p' type: 'padding' } top: 'p' } layers { layer { name: 'a' type: 'relu' } bottom: 'p' top: 'y' }", "1:57: Padding layer input to non-convolutional / non-pooling layer type relu")]
    [InlineData("layers { layer { name: 'p' type: 'padding' } top: 'p' } layers { layer { name: 'a' type: 'pool' } bottom: 'p' top: 'y' }", "1:1: Padding Layer takes a single blob as input")]
    [InlineData("input: 'x' input_dim: 1", "1:1: the net names 1 input(s) and gives 0 input_shape(s) and 1 input_dim(s)")]
    [InlineData("input: 'x' input_shape { } input_shape { }", "1:1: the net names 1 input(s) and gives 2 input_shape(s)")]
    public void WhatCannotBeUpgradedSaysWhere(string text, string message)
    {
        PrototxtDocument<NetParameter> net = Prototxt.Parse<NetParameter>(text, "net");
        Assert.StartsWith($"net:{message}", Assert.Throws<PrototxtError>(() => NetUpgrade.Apply(net.Message, net.Places).Whole).Message, StringComparison.Ordinal);
        Assert.Throws<PrototxtError>(() => Net.Build(net.Message, new NetOptions { Places = net.Places }));
    }

    private static PrototxtDocument<T> Read<T>(string name, string which) where T : Google.Protobuf.IMessage, new() =>
        Prototxt.Read<T>(ReferenceData.File("caffe", "golden", "upgrade", $"{name}.{which}.prototxt"));
}
