using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>The parameter blobs that a net file holds for one layer.</summary>
/// <param name="Name">The layer's name, by which weights find their layer.</param>
/// <param name="Blobs">Its blobs in order, not copied.</param>
public sealed record LayerWeights(string Name, IReadOnlyList<BlobProto> Blobs)
{
    /// <summary>Which parameter each blob is, where some may be missing; null: all are there in order. HDF5 files lack shared ones.</summary>
    public IReadOnlyList<int>? Indices { get; init; }

    /// <summary>The weights of a <c>.caffemodel</c>, in file order, of today's layers or of either older format; layers without blobs too.</summary>
    public static IReadOnlyList<LayerWeights> Of(NetParameter net) =>
    [
        .. net.Layer.Select(layer => new LayerWeights(layer.Name, layer.Blobs)),
        .. net.Layers.Select(layer => layer.Layer is { } oldest
            ? new LayerWeights(oldest.Name, oldest.Blobs)
            : new LayerWeights(layer.Name, layer.Blobs)),
    ];

    /// <summary>Reads the weights of a <c>.caffemodel</c> or <c>.caffemodel.h5</c>; the content decides which it is.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or a binary one larger than 2 GiB.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<LayerWeights> Read(string path, ModelFiles? files = null) => Hdf5.Hdf5Reader.IsHdf5(path, files ?? ModelFiles.Anywhere)
        ? Hdf5Weights.Read(path, files ?? ModelFiles.Anywhere)
        : Of(BinaryProto.Read<NetParameter>(path, files));
}
