using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

public class NetErrorTests
{
    private const string Input = "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } } }\n";

    [Theory]
    [InlineData("layer { name: 't' type: 'Convolutional' bottom: 'x' top: 'y' }", "net.prototxt:2:19", "Unknown layer type: Convolutional (known types: AbsVal, Accuracy,")]
    [InlineData("layer { name: 't' type: 'Relu' bottom: 'x' top: 'y' }", "net.prototxt:2:19", "did you mean 'ReLU'?")]
    [InlineData("layer { name: 't' type: 'ReLU' bottom: 'nope' top: 'y' }", "net.prototxt:2:1", "layer 't' (ReLU): Unknown bottom blob 'nope' (layer 't', bottom index 0)")]
    [InlineData("layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' }\nlayer { name: 't' type: 'ReLU' bottom: 'x' top: 'y' }", "net.prototxt:3:1", "Top blob 'y' produced by multiple sources.")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: 2 } }", "2:", "kernel_size must be specified once, or once per spatial dimension (kernel_size specified 0 times; 2 spatial dims)")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: 2 kernel_size: 3 kernel_h: 3 } }", "2:", "either kernel_size or kernel_h/w should be specified; not both")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { kernel_size: 3 } }", "2:", "num_output must be at least 1; got 0")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: 4 kernel_size: 3 group: 2 } }", "2:", "group 2 must divide the 3 input channels")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: 2 kernel_size: 9 } }", "2:", "a window of 9 (dilation 1) does not fit into 8")]
    [InlineData("layer { name: 't' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: 'he' } } }", "2:", "Unknown filler name: he")]
    [InlineData("layer { name: 't' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 2147483647 } }", "2:", "fit into memory here")]
    [InlineData("layer { name: 't' type: 'Input' top: '' input_param { shape { dim: 2 } } }", "2:", "layer 't' (Input): top blob 0 has no name")]
    [InlineData("layer { name: 't' type: 'Pooling' bottom: 'x' top: 'y' pooling_param { } }", "2:", "filter size is kernel_size OR kernel_h and kernel_w; not both")]
    [InlineData("layer { name: 't' type: 'Pooling' bottom: 'x' top: 'y' pooling_param { global_pooling: true kernel_size: 2 } }", "2:", "the filter size cannot be specified")]
    [InlineData("layer { name: 't' type: 'Pooling' bottom: 'x' top: 'y' pooling_param { kernel_size: 2 pad: 2 } }", "2:", "pad_h 2 must be less than kernel_h 2")]
    [InlineData("layer { name: 't' type: 'SoftmaxWithLoss' bottom: 'x' top: 'y' }", "2:", "SoftmaxWithLoss Layer takes 2 bottom blob(s) as input; got 1")]
    [InlineData("layer { name: 't' type: 'ReLU' bottom: 'x' top: 'y' top: 'z' }", "2:", "ReLU Layer produces 1 top blob(s) as output; got 2")]
    [InlineData("layer { name: 't' type: 'SoftmaxWithLoss' bottom: 'x' bottom: 'x' top: 'y' }", "2:", "number of labels must match number of predictions")]
    [InlineData("layer { name: 't' type: 'Softmax' bottom: 'x' top: 'y' softmax_param { axis: 4 } }", "2:", "axis 4 out of range for 4-D Blob with shape 2 3 8 8 (384)")]
    [InlineData("layer { name: 't' type: 'ReLU' bottom: 'x' top: 'y' include { phase: TRAIN } exclude { phase: TEST } }", "2:", "specify either include rules or exclude rules; not both")]
    [InlineData("layer { name: 't' type: 'ReLU' bottom: 'x' top: 'y' propagate_down: true propagate_down: false }", "2:", "propagate_down param must be specified either 0 or bottom_size times (2 vs. 1)")]
    [InlineData("layer { name: 't' type: 'InnerProduct' bottom: 'x' top: 'y' param { } param { } param { } inner_product_param { num_output: 2 } }", "2:", "Too many params specified for layer t")]
    [InlineData("layer { name: 't' type: 'ReLU' bottom: 'x' top: 'y' loss_weight: 1 loss_weight: 2 }", "2:", "loss_weight must be unspecified or specified once per top blob")]
    [InlineData("layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'y' param { name: 'w' } inner_product_param { num_output: 2 } }\nlayer { name: 'b' type: 'InnerProduct' bottom: 'x' top: 'z' param { name: 'w' } inner_product_param { num_output: 3 } }",
        "3:1", "Cannot share param 'w' owned by layer 'a' with layer 'b'; shape mismatch.  Owner layer param shape is 2 192 (384); sharing layer expects shape 3 192 (576)")]
    [InlineData("layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'y' param { name: 'w' lr_mult: 1 } inner_product_param { num_output: 2 } }\nlayer { name: 'b' type: 'InnerProduct' bottom: 'x' top: 'z' param { name: 'w' lr_mult: 2 } inner_product_param { num_output: 2 } }",
        "3:1", "Shared param 'w' has mismatched lr_mult")]
    public void AMistakeIsNamedWithLayerAndPlace(string layers, string place, string message)
    {
        PrototxtDocument<NetParameter> document = Prototxt.Parse<NetParameter>(Input + layers, "net.prototxt");
        var error = Assert.Throws<PrototxtError>(() => Net.Build(document.Message, new NetOptions { Places = document.Places }));
        Assert.Contains(message, error.Message);
        Assert.Contains(place, error.Message);
    }

    [Fact]
    public void WeightsOfAnotherShapeAreRefusedAsCaffeSaysIt()
    {
        using Net small = Build("layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 2 } }");
        using Net large = Build("layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 3 } }");
        var error = Assert.Throws<InvalidDataException>(() => large.CopyFrom(small.ToMessage(), "ip2.caffemodel"));
        Assert.Contains("Cannot copy param 0 weights from layer 'ip'; shape mismatch.  Source param shape is 2 192 (384); target param shape is 3 192 (576). "
            + "To learn this layer's parameters from scratch rather than copying from a saved net, rename the layer.", error.Message);
    }

    private static Net Build(string layers) => Net.Build(Prototxt.Parse<NetParameter>(Input + layers, "net.prototxt").Message);
}
