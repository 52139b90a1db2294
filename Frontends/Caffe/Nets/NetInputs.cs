using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Nets;

/// <summary>The old spelling of inputs, as fields of the net, turned into an Input layer in front (upgrade_proto.cpp, UpgradeNetInput).</summary>
internal static class NetInputs
{
    public static IEnumerable<LayerParameter> Layers(NetParameter net, NetOptions options)
    {
        if (net.Layers.Count > 0)
        {
            throw options.Error(net, "layers", "the net is written in the format before 2014-12, with 'layers' instead of 'layer', which is not supported yet");
        }
        return net.Input.Count == 0 ? net.Layer : net.Layer.Prepend(InputLayer(net, options));
    }

    private static LayerParameter InputLayer(NetParameter net, NetOptions options)
    {
        var parameter = new InputParameter();
        if (net.InputShape.Count > 0)
        {
            parameter.Shape.AddRange(net.InputShape);
        }
        else
        {
            for (int input = 0; input + 4 <= net.InputDim.Count; input += 4)
            {
                var shape = new BlobShape();
                shape.Dim.AddRange(net.InputDim.Skip(input).Take(4).Select(dim => (long)dim));
                parameter.Shape.Add(shape);
            }
        }
        if (parameter.Shape.Count != net.Input.Count || net.InputDim.Count % 4 != 0)
        {
            throw options.Error(net, "input", $"the net names {net.Input.Count} input(s) and gives {net.InputShape.Count} input_shape(s) and {net.InputDim.Count} input_dim(s); it wants one shape, or 4 dims, per input");
        }
        var layer = new LayerParameter { Name = "input", Type = "Input", InputParam = parameter };
        layer.Top.AddRange(net.Input);
        return layer;
    }
}
