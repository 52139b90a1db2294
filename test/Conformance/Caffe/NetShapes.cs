using Symbolic.Caffe.Schema;

namespace Symbolic.Conformance.Caffe;

/// <summary>Other sizes for the inputs of a net, as <c>Net.reshape</c> gives them in Caffe.</summary>
internal static class NetShapes
{
    /// <summary>Sets the sizes of one input, in whichever of its three spellings the file gives them.</summary>
    public static void SetInput(NetParameter net, string input, ReadOnlySpan<long> sizes)
    {
        var shape = new BlobShape();
        foreach (long size in sizes)
        {
            shape.Dim.Add(size);
        }
        foreach (LayerParameter layer in net.Layer.Where(layer => layer.Type == "Input" && layer.Top.Contains(input)))
        {
            // One shape may stand for all tops.
            while (layer.InputParam.Shape.Count < layer.Top.Count)
            {
                layer.InputParam.Shape.Add(layer.InputParam.Shape[0].Clone());
            }
            layer.InputParam.Shape[layer.Top.IndexOf(input)] = shape;
        }
        if (net.Input.IndexOf(input) is var field and >= 0)
        {
            for (int i = 0; net.InputShape.Count < net.Input.Count; i++)
            {
                var old = new BlobShape();
                old.Dim.AddRange(net.InputDim.Skip(4 * i).Take(4).Select(dim => (long)dim));
                net.InputShape.Add(old);
            }
            net.InputDim.Clear();
            net.InputShape[field] = shape;
        }
    }
}
