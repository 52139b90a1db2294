using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// Inputs as fields of the net turned into an Input layer in front (upgrade_proto.cpp, UpgradeNetInput). Inputs without any
/// sizes, as some weight files have them, are dropped as in Caffe.
/// </summary>
internal static class InputFields
{
    public static bool AreUsed(NetParameter net) => net.Input.Count > 0;

    public static NetParameter Upgrade(NetParameter net, PrototxtPlaces places, List<PrototxtError> problems)
    {
        NetParameter upgraded = SharedCopy.Of(net, places);
        upgraded.Input.Clear();
        upgraded.InputShape.Clear();
        upgraded.InputDim.Clear();
        if (net.InputShape.Count > 0 || net.InputDim.Count > 0)
        {
            upgraded.Layer.Insert(0, InputLayer(net, places));
        }
        return upgraded;
    }

    private static LayerParameter InputLayer(NetParameter net, PrototxtPlaces places)
    {
        bool hasShapes = net.InputShape.Count > 0;
        if (hasShapes ? net.InputShape.Count != net.Input.Count : net.InputDim.Count != 4L * net.Input.Count)
        {
            throw places.Error(net, "input", $"the net names {net.Input.Count} input(s) and gives {net.InputShape.Count} input_shape(s) and {net.InputDim.Count} input_dim(s); it wants one shape, or 4 dims, per input");
        }
        var parameter = new InputParameter();
        parameter.Shape.AddRange(hasShapes ? net.InputShape : net.InputDim.Chunk(4).Select(dims => new BlobShape { Dim = { dims.Select(dim => (long)dim) } }));
        var layer = new LayerParameter { Name = "input", Type = "Input", InputParam = parameter };
        layer.Top.AddRange(net.Input);
        if (places.Of(net, "input") is { } place)
        {
            places.Set(layer, place);
            places.Set(parameter, place);
        }
        return layer;
    }
}
