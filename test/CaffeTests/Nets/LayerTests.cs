using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

/// <summary>What the reference data do not show of layers, worked out by hand from Caffe's source.</summary>
public class LayerTests
{
    [Theory]
    // Of equal values the one at the higher position comes first, with an axis too.
    [InlineData("type: 'ArgMax' argmax_param { axis: 1 top_k: 3 }", "1 4", "3 1 3 2", "2 0 3")]
    [InlineData("type: 'ArgMax' argmax_param { top_k: 2 out_max_val: true }", "1 4", "3 1 3 2", "2 0 3 3")]
    [InlineData("type: 'Log' log_param { base: 2 scale: 2 shift: 4 }", "2", "0 2", "2 3")]
    [InlineData("type: 'Exp' exp_param { base: 2 scale: 2 shift: 1 }", "2", "0 1.5", "2 16")]
    [InlineData("type: 'Power' power_param { power: 0 scale: 3 shift: 2 }", "2", "5 -7", "1 1")]
    [InlineData("type: 'Power' power_param { power: 2 scale: 3 shift: 1 }", "2", "1 -1", "16 4")]
    [InlineData("type: 'PReLU' prelu_param { channel_shared: true filler { value: 0.5 } }", "1 2", "-4 3", "-2 3")]
    [InlineData("type: 'Reduction' reduction_param { operation: MEAN axis: 1 coeff: 3 }", "2 2", "1 3 5 7", "6 18")]
    [InlineData("type: 'Reshape' reshape_param { shape { dim: 3 dim: -1 } axis: 1 num_axes: 1 }", "1 6 1", "1 2 3 4 5 6", "1 2 3 4 5 6")]
    [InlineData("type: 'Tile' tile_param { axis: 0 tiles: 2 }", "2 1", "1 2", "1 2 1 2")]
    [InlineData("type: 'Dropout' dropout_param { dropout_ratio: 0.5 }", "2", "1 2", "1 2")]
    [InlineData("type: 'MVN'", "1 1 3", "1 2 3", "-1.2247449 0 1.2247449")]
    [InlineData("type: 'SPP' spp_param { pyramid_height: 1 }", "1 1 2 2", "1 4 3 2", "4")]
    [InlineData("type: 'Pooling' pooling_param { pool: AVE kernel_size: 2 stride: 2 }", "1 1 3 3", "1 2 3 4 5 6 7 8 9", "3 4.5 7.5 9")]
    public void OneBottomGivesOneTop(string layer, string shape, string values, string expected)
    {
        Net net = Build($"layer {{ name: 't' bottom: 'x' top: 'y' {layer} }}", [("x", shape)]);
        Assert.Equal(Numbers(expected), Run(net, [("x", values)], net.Blobs["y"]), Close);
    }

    [Theory]
    // A score of 0.5 for the label's class lacks 0.5; one of 3 for another is 4 too much.
    [InlineData("type: 'HingeLoss' hinge_loss_param { norm: L2 }", "0.5 -2 3 0", (0.25f + 0 + 16 + 1) / 2)]
    [InlineData("type: 'MultinomialLogisticLoss'", "0.5 0.5 1 0", (0.69314718f + 46.051702f) / 2)]
    public void LossesAreMeansOverItems(string layer, string scores, float expected)
    {
        Net net = Build($"layer {{ name: 't' bottom: 'x' bottom: 'l' top: 'y' {layer} }}", [("x", "2 2"), ("l", "2")]);
        Assert.Equal([expected], Run(net, [("x", scores), ("l", "0 1")], net.Objective), Close);
    }

    [Fact]
    public void LegacyContrastiveLossTakesTheMarginFromTheSquare()
    {
        Net net = Build("layer { name: 't' type: 'ContrastiveLoss' bottom: 'x' bottom: 'z' bottom: 'l' top: 'y' contrastive_loss_param { margin: 5 legacy_version: true } }",
            [("x", "2 2"), ("z", "2 2"), ("l", "2")]);
        // The distances are 1 and √2; the first pair is alike.
        Assert.Equal([(1f + (5 - 2)) / 4], Run(net, [("x", "1 0 1 1"), ("z", "0 0 0 0"), ("l", "1 0")], net.Objective), Close);
    }

    [Fact]
    public void TheMaximumOfThreeKeepsTheEarlierOfEqualsAfterTheSecond()
    {
        Net net = Build("layer { name: 't' type: 'Eltwise' bottom: 'a' bottom: 'b' bottom: 'c' top: 'y' eltwise_param { operation: MAX } }", [("a", "2"), ("b", "2"), ("c", "2")]);
        Expr[] slopes = Functions.Grad(net.Blobs["y"].Sum(), [net.Blobs["a"], net.Blobs["b"], net.Blobs["c"]]);
        (string, string)[] values = [("a", "1 2"), ("b", "1 2"), ("c", "1 3")];
        Assert.Equal([0, 0], Run(net, values, slopes[0]));
        Assert.Equal([1, 0], Run(net, values, slopes[1]));
        Assert.Equal([0, 1], Run(net, values, slopes[2]));
    }

    [Fact]
    public void AnEvenImageHasAGradientThroughMVN()
    {
        Net net = Build("layer { name: 't' type: 'MVN' bottom: 'x' top: 'y' }", [("x", "1 1 2 2")]);
        Assert.All(Run(net, [("x", "3 3 3 3")], Functions.Grad((net.Blobs["y"] * net.Blobs["x"]).Sum(), net.Blobs["x"])), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void InfogainWithTheIdentityIsSoftmaxWithLoss()
    {
        Net net = Build("""
            layer { name: 'i' type: 'InfogainLoss' bottom: 'x' bottom: 'l' bottom: 'h' top: 'y' }
            layer { name: 's' type: 'SoftmaxWithLoss' bottom: 'x' bottom: 'l' top: 'z' }
            """, [("x", "2 3"), ("l", "2"), ("h", "1 1 3 3")]);
        (string, string)[] values = [("x", "1 2 0.5 3 -1 0"), ("l", "2 0"), ("h", "1 0 0 0 1 0 0 0 1")];
        Assert.Equal(Run(net, values, net.Blobs["z"]), Run(net, values, net.Blobs["y"]), Close);
        Assert.Equal(Run(net, values, Functions.Grad(net.Blobs["z"], net.Blobs["x"])), Run(net, values, Functions.Grad(net.Blobs["y"], net.Blobs["x"])), Close);
    }

    [Fact]
    public void Float64NetsComputeInFloat64()
    {
        NetParameter message = Prototxt.Parse<NetParameter>("""
            layer { name: 'in' type: 'Input' top: 'x' top: 'l' input_param { shape { dim: 2 dim: 2 dim: 4 dim: 4 } shape { dim: 2 } } }
            layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c' convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: 'xavier' } } }
            layer { name: 'b' type: 'BatchNorm' bottom: 'c' top: 'c' }
            layer { name: 'd' type: 'Dropout' bottom: 'c' top: 'c' }
            layer { name: 'a' type: 'Accuracy' bottom: 'c' bottom: 'l' top: 'a' exclude { phase: TRAIN } }
            layer { name: 'i' type: 'InnerProduct' bottom: 'c' top: 'i' inner_product_param { num_output: 2 weight_filler { type: 'xavier' } } }
            layer { name: 's' type: 'SoftmaxWithLoss' bottom: 'i' bottom: 'l' top: 's' loss_param { ignore_label: 1 } }
            """, "net").Message;
        using Net net = Net.Build(message, new NetOptions { Phase = Phase.Train, DType = DType.Float64 });
        Assert.All(net.Parameters, p => Assert.Equal(DType.Float64, p.Variable.Type.DType));
        Assert.All(net.Blobs, blob => Assert.Equal(DType.Float64, blob.Value.DType));
        Assert.Equal(DType.Float64, net.Objective.DType);
        Assert.Equal(3, net.Updates.Count);
        net.Parameters[0].SetValues(net.Parameters[0].ToFloats());
        Assert.Contains("f16", Assert.Throws<PrototxtError>(() => Net.Build(message, new NetOptions { DType = DType.Float16 })).Message, StringComparison.Ordinal);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a));

    private static Net Build(string layers, (string Name, string Shape)[] inputs) => Net.Build(Prototxt.Parse<NetParameter>(string.Concat(inputs.Select(input =>
        $"layer {{ name: '{input.Name}' type: 'Input' top: '{input.Name}' input_param {{ shape {{ {string.Concat(input.Shape.Split(' ').Select(size => $"dim: {size} "))} }} }} }}")) + layers, "net").Message);

    private static float[] Numbers(string text) => [.. text.Split(' ').Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static float[] Run(Net net, (string Name, string Values)[] inputs, Expr wanted)
    {
        Dictionary<Variable, Literal> values = net.Inputs.ToDictionary(input => input.Variable, input => Literal.Of<float>(Numbers(inputs.Single(i => i.Name == input.Name).Values), input.Variable.Type.Shape.Sizes));
        foreach (Parameter parameter in net.Parameters)
        {
            values[parameter.Variable] = parameter.Variable.Value.ToLiteral();
        }
        return Reference.Evaluate([wanted], values)[0].Values<float>().ToArray();
    }
}
