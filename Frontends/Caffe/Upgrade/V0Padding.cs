using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Upgrade;

/// <summary>Padding layers of V0 folded into the convolution or pooling that reads them (upgrade_proto.cpp, UpgradeV0PaddingLayers).</summary>
internal static class V0Padding
{
    private const string Padding = "padding";

    /// <summary>The layers without padding layers.</summary>
    public static IEnumerable<V1LayerParameter> Fold(NetParameter net, PrototxtPlaces places)
    {
        // The layer that gives each blob; null: the net's input.
        var sources = net.Input.Distinct(StringComparer.Ordinal).ToDictionary(input => input, _ => (V1LayerParameter?)null, StringComparer.Ordinal);
        var layers = new List<V1LayerParameter>();
        foreach (V1LayerParameter layer in net.Layers)
        {
            V1LayerParameter folded = layer;
            for (int i = 0; i < layer.Bottom.Count; i++)
            {
                if (!sources.TryGetValue(layer.Bottom[i], out V1LayerParameter? source))
                {
                    throw places.Error(layer, "bottom", $"Unknown blob input {layer.Bottom[i]} to layer '{layer.Layer?.Name}'");
                }
                if (source?.Layer?.Type == Padding)
                {
                    folded = Padded(layer, source, places);
                }
            }
            if (layer.Layer?.Type != Padding)
            {
                layers.Add(folded);
            }
            foreach (string top in layer.Top)
            {
                sources[top] = layer;
            }
        }
        return layers;
    }

    private static V1LayerParameter Padded(V1LayerParameter layer, V1LayerParameter padding, PrototxtPlaces places)
    {
        string type = layer.Layer?.Type ?? "";
        if (type is not ("conv" or "pool"))
        {
            throw places.Error(layer, $"Padding layer input to non-convolutional / non-pooling layer type {type}");
        }
        if (layer.Bottom.Count != 1 || padding.Bottom.Count != 1 || padding.Top.Count != 1)
        {
            throw places.Error(layer.Bottom.Count != 1 ? layer : padding, layer.Bottom.Count != 1
                ? $"Conv Layer takes a single blob as input; got {layer.Bottom.Count}"
                : $"Padding Layer takes a single blob as input and produces a single blob as output; got {padding.Bottom.Count} and {padding.Top.Count}");
        }
        V1LayerParameter padded = SharedCopy.Of(layer, places);
        padded.Layer = SharedCopy.Of(layer.Layer!, places);
        padded.Layer.Pad = padding.Layer.Pad;
        padded.Bottom[0] = padding.Bottom[0];
        return padded;
    }
}
