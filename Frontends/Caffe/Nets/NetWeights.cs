using Symbolic.Caffe.Layers;
using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Weights of nets from and to Caffe's messages (net.cpp, CopyTrainedLayersFrom, ToProto).</summary>
public static class NetWeights
{
    /// <summary>
    /// Sets the parameters of layers which a trained net also has, by layer name. Layers that it lacks keep their values; its
    /// layers that this net lacks are ignored.
    /// </summary>
    /// <param name="net">Whose parameters are set.</param>
    /// <param name="trained">The trained net.</param>
    /// <param name="file">How errors call it.</param>
    /// <returns>The names of the layers that were ignored.</returns>
    /// <exception cref="InvalidDataException">A layer of the same name has other blobs.</exception>
    public static Seq<string> CopyFrom(this Net net, NetParameter trained, string file) => net.CopyFrom(LayerWeights.Of(trained), file);

    /// <summary>Sets the parameters of layers from a <c>.caffemodel</c> or <c>.caffemodel.h5</c>; see <see cref="CopyFrom(Net, NetParameter, string)"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or a layer of the same name has other blobs.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static Seq<string> CopyFrom(this Net net, string file, ModelFiles? files = null) => net.CopyFrom(LayerWeights.Read(file, files), file);

    /// <summary>Sets the parameters of layers from the weights of a file; see <see cref="CopyFrom(Net, NetParameter, string)"/>.</summary>
    /// <exception cref="InvalidDataException">A layer of the same name has other blobs.</exception>
    public static Seq<string> CopyFrom(this Net net, IReadOnlyList<LayerWeights> trained, string file)
    {
        var ignored = new List<string>();
        var values = new List<(Parameter Parameter, float[] Value)>();
        foreach (LayerWeights weights in trained)
        {
            (string name, IReadOnlyList<BlobProto> blobs) = weights;
            if (net.Layers.FirstOrDefault(layer => layer.Name == name) is not { } target)
            {
                ignored.Add(name);
                continue;
            }
            if (weights.Indices is { } indices ? !Fits(target, indices) : target.Blobs.Count != blobs.Count)
            {
                throw new InvalidDataException($"{file}: Incompatible number of blobs for layer {name}: {blobs.Count} in the file, {target.Blobs.Count} in the net");
            }
            for (int each = 0; each < blobs.Count; each++)
            {
                int i = weights.Indices?[each] ?? each;
                LayerBlob blob = target.Blobs[i];
                string where = $"{file}: layer '{name}', blob {i}";
                if (!Blobs.Fits(blobs[each], blob.Sizes.AsSpan(), where))
                {
                    throw new InvalidDataException($"{file}: Cannot copy param {i} weights from layer '{name}'; shape mismatch.  Source param shape is {SizeText.Of(Blobs.Shape(blobs[each], where))}; "
                        + $"target param shape is {SizeText.Of(blob.Sizes)}. To learn this layer's parameters from scratch rather than copying from a saved net, rename the layer.");
                }
                values.Add((blob.Parameter, Blobs.Values(blobs[each], where)));
            }
        }
        // Nothing is set unless all fits.
        foreach ((Parameter parameter, float[] value) in values)
        {
            parameter.SetValues(value);
        }
        return ignored.ToSeq();
    }

    // Whether a layer has all the parameters of a file, and the file all of the layer's but those that another layer owns.
    private static bool Fits(NetLayer layer, IReadOnlyList<int> inFile) => inFile.All(index => index < layer.Blobs.Count)
        && Enumerable.Range(0, layer.Blobs.Count).All(index => inFile.Contains(index) || !Hdf5Weights.IsOwn(layer, index));

    /// <summary>The net with the values of its parameters, as a .caffemodel holds it: a shared parameter in every layer that uses it.</summary>
    public static NetParameter ToMessage(this Net net)
    {
        var message = new NetParameter { Name = net.Name };
        foreach (NetLayer layer in net.Layers)
        {
            LayerParameter copy = layer.Parameter.Clone();
            copy.Phase = net.Phase;
            if (copy.LossWeight.Count == 0 && LayerTypes.Find(layer.Type) is { IsLoss: true })
            {
                copy.LossWeight.Add(1);
            }
            copy.Blobs.Clear();
            copy.Blobs.AddRange(layer.Blobs.Select(blob => Blobs.Of(blob.Sizes.AsSpan(), blob.Parameter.ToFloats())));
            message.Layer.Add(copy);
        }
        return message;
    }
}
