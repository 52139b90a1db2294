using Symbolic.Caffe.Schema;

namespace Symbolic.Peers.Works.Nets;

/// <summary>A learned array of a layer: its running number in the net, which the formula takes, its number in the layer, and its sizes.</summary>
internal sealed record NetArray(int Number, int Index, long[] Sizes)
{
    /// <summary>Elements.</summary>
    public long Count => Sizes.Aggregate(1L, (product, size) => product * size);
}

/// <summary>A layer with the sizes of what it reads and writes.</summary>
internal sealed record NetStep(LayerParameter Layer, long[][] Bottoms, long[] Top, NetArray[] Arrays)
{
    /// <summary>Its type.</summary>
    public string Type => Layer.Type;
}

/// <summary>A net's layers in order with all sizes, as those need it who have no Caffe of their own.</summary>
internal sealed record NetPlan(NetStep[] Steps)
{
    /// <summary>Walks through a net whose inputs have sizes.</summary>
    /// <exception cref="NotSupportedException">A layer is of a type that is not known here.</exception>
    public static NetPlan Of(NetParameter net)
    {
        var sizes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        var steps = new List<NetStep>();
        int arrays = 0;
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.Type == "Input")
            {
                foreach ((string top, BlobShape shape) in layer.Top.Zip(layer.InputParam.Shape))
                {
                    sizes[top] = [.. shape.Dim];
                }
                continue;
            }
            long[][] bottoms = [.. layer.Bottom.Select(name => sizes[name])];
            (long[] top0, long[][] learned) = NetSizes.Of(layer, bottoms);
            steps.Add(new NetStep(layer, bottoms, top0, [.. learned.Select((array, i) => new NetArray(arrays + i, i, array))]));
            arrays += learned.Length;
            sizes[layer.Top.Single()] = top0;
        }
        return new NetPlan([.. steps]);
    }

    /// <summary>
    /// Multiplications and additions of convolutions and inner products, by the definition and by the best algorithm. Backward they are done twice
    /// more, for the weights and for what is below, but once only in the first layer.
    /// </summary>
    public (double Full, double Least) Flops(bool trains)
    {
        (double full, double least) = (0, 0);
        bool first = true;
        foreach (NetStep step in Steps.Where(step => step.Type is "Convolution" or "InnerProduct"))
        {
            double once = 2.0 * step.Arrays[0].Count * step.Top[0] * step.Top.Skip(2).Aggregate(1L, (product, size) => product * size);
            double times = !trains ? 1 : first ? 2 : 3;
            first = false;
            full += times * once;
            least += times * (step.Type == "Convolution" && ConvGeometry.Of(step) is { } conv ? once * conv.LeastShare : once);
        }
        return (full, least);
    }
}
