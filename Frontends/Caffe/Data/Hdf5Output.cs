using Symbolic.Caffe.Hdf5;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What an HDF5Output layer of a net writes: two blobs of equally many items, to a file.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="File">The file that it names.</param>
/// <param name="Data">The first blob.</param>
/// <param name="Label">The second blob.</param>
public sealed record NetSink(string Layer, string File, Expr Data, Expr Label);

/// <summary>
/// Writes what HDF5Output layers get (hdf5_output_layer.cpp): arrays <c>data</c> and <c>label</c> of four axes each. Caffe fails at
/// the second batch; here the batches of a run follow each other in the file.
/// </summary>
public sealed class Hdf5Output
{
    private readonly NetSink sink;
    private readonly string path;
    private readonly List<float> data = [], label = [];
    private int[] dataSizes = [], labelSizes = [];

    /// <summary>Nothing is written yet.</summary>
    /// <param name="sink">What is to be written.</param>
    /// <param name="files">Where files may lie; null: anywhere.</param>
    /// <exception cref="UnauthorizedAccessException">The layer's file lies elsewhere.</exception>
    public Hdf5Output(NetSink sink, ModelFiles? files = null) => (this.sink, path) = (sink, (files ?? ModelFiles.Anywhere).Resolve(sink.File));

    /// <summary>Takes a batch.</summary>
    /// <exception cref="InvalidDataException">It has other sizes than the first, or the two blobs have different numbers of items.</exception>
    public void Add(Tensor data, Tensor label)
    {
        int[] sizes = FourAxes(data), labels = FourAxes(label);
        if (sizes[0] != labels[0] || (dataSizes.Length > 0 && (!sizes.AsSpan(1).SequenceEqual(dataSizes.AsSpan(1)) || !labels.AsSpan(1).SequenceEqual(labelSizes.AsSpan(1)))))
        {
            throw new InvalidDataException($"layer '{sink.Layer}': {sizes[0]} items of data and {labels[0]} labels, or other sizes than in the batch before");
        }
        (sizes[0], labels[0]) = (sizes[0] + (dataSizes.Length > 0 ? dataSizes[0] : 0), labels[0] + (labelSizes.Length > 0 ? labelSizes[0] : 0));
        (dataSizes, labelSizes) = (sizes, labels);
        this.data.AddRange(data.ToArray<float>());
        this.label.AddRange(label.ToArray<float>());
    }

    /// <summary>Writes the batches so far to the layer's file, in place of what was there.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    public void Write()
    {
        var writer = new Hdf5Writer();
        writer.Add("data", dataSizes, [.. data]);
        writer.Add("label", labelSizes, [.. label]);
        writer.Write(path);
    }

    private int[] FourAxes(Tensor blob) => blob.Rank <= 4
        ? [.. Enumerable.Range(0, 4).Select(axis => axis < blob.Rank ? (int)blob.Sizes[axis] : 1)]
        : throw new InvalidDataException($"layer '{sink.Layer}': HDF5Output writes blobs of at most four axes, not {blob.Rank}");
}
