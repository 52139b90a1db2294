using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What a MemoryData layer gives: batches of the values that a program set, from the first to the last and again.</summary>
public sealed class MemoryBatches : IBatches
{
    private readonly string layer;
    private readonly int size, batch;
    private readonly DataTransform transform;
    private float[] values = [], labels = [];

    /// <summary>Batches of a layer, without values at first.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="places">The places of the net's file, for errors.</param>
    /// <param name="phase">The phase of its net: random crops are for TRAIN.</param>
    /// <param name="seed">Decides random crops and mirroring.</param>
    /// <param name="files">Which mean file may be opened; null: any.</param>
    /// <exception cref="PrototxtError">The layer's parameters make no sense.</exception>
    /// <exception cref="InvalidDataException">The mean file is damaged.</exception>
    /// <exception cref="IOException">The mean file is not there.</exception>
    public MemoryBatches(LayerParameter layer, PrototxtPlaces places, Phase phase = Phase.Test, ulong seed = 0, ModelFiles? files = null)
    {
        MemoryDataParameter parameter = layer.MemoryDataParam ?? throw places.Error(layer, $"layer '{layer.Name}' needs a memory_data_param");
        this.layer = layer.Name;
        uint[] sizes = [parameter.BatchSize, parameter.Channels, parameter.Height, parameter.Width];
        if (sizes.Any(each => each == 0) || sizes.Aggregate((UInt128)1, (product, each) => product * each) > int.MaxValue)
        {
            throw places.Error(parameter, $"layer '{layer.Name}': batch_size, channels, height, and width must be specified and positive in memory_data_param, with a product below 2^31; got {string.Join(", ", sizes)}");
        }
        transform = new DataTransform(layer.TransformParam ?? new TransformationParameter(), phase, seed, places, files);
        (batch, size) = ((int)sizes[0], (int)(sizes[1] * sizes[2] * sizes[3]));
        // The labels have four axes, as Caffe reshapes them in each forward.
        Shapes = [[.. sizes.Select(each => (int)each)], [batch, 1, 1, 1]];
    }

    /// <inheritdoc/>
    public Seq<Seq<int>> Shapes { get; }

    /// <inheritdoc/>
    public long ItemsRead { get; private set; }

    /// <inheritdoc/>
    public long Restarts { get; private set; }

    /// <summary>Sets images, which the layer's transform_param is applied to (Caffe's AddDatumVector), and begins with the first of them.</summary>
    /// <exception cref="ArgumentException">There is no image, or their number is no multiple of the batch size.</exception>
    /// <exception cref="InvalidDataException">An image is damaged, or not of the layer's size after the transform.</exception>
    /// <exception cref="PrototxtError">The transform does not fit an image.</exception>
    public void Set(IReadOnlyList<Datum> images)
    {
        float[] all = new float[images.Count * size];
        for (int i = 0; i < images.Count; i++)
        {
            string where = $"layer '{layer}', item {i}";
            Datum image = transform.Raw(images[i], where);
            Seq<int> sizes = transform.OutputSizes(image, where);
            if (sizes != Shapes[0][1..])
            {
                throw new InvalidDataException($"{where}: has {string.Join(" x ", sizes)} values after the transform; the layer says {string.Join(" x ", Shapes[0].Skip(1))}");
            }
            transform.Apply(image, where, i, all.AsSpan(i * size, size));
        }
        Set(all, [.. images.Select(image => (float)image.Label)]);
    }

    /// <summary>Sets the values as they are, with no transform (Caffe's Reset); they are not copied. Begins with the first of them.</summary>
    /// <param name="values">The items one after the other, each channels x height x width.</param>
    /// <param name="labels">One for each item.</param>
    /// <exception cref="ArgumentException">There is no item, their number is no multiple of the batch size, or that of the labels is another.</exception>
    public void Set(float[] values, float[] labels)
    {
        if (labels.Length == 0 || labels.Length % batch != 0 || values.LongLength != (long)labels.Length * size)
        {
            throw new ArgumentException($"layer '{layer}': {labels.Length} labels and {values.Length} values; n must be a multiple of batch size {batch}, with {size} values each");
        }
        (this.values, this.labels, ItemsRead) = (values, labels, 0);
    }

    /// <inheritdoc/>
    public void SkipTo(long itemsRead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemsRead);
        ItemsRead = itemsRead % batch == 0 ? itemsRead : throw new InvalidDataException($"layer '{layer}': {itemsRead} items are no whole number of batches of {batch}");
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No values were set.</exception>
    public void Next(ReadOnlySpan<Tensor> tops)
    {
        if (labels.Length == 0)
        {
            throw new InvalidOperationException($"layer '{layer}': MemoryDataLayer needs to be initialized by calling Set");
        }
        int from = (int)(ItemsRead % labels.Length);
        values.AsSpan(from * size, batch * size).CopyTo(tops[0].AsSpan<float>());
        if (tops.Length > 1)
        {
            labels.AsSpan(from, batch).CopyTo(tops[1].AsSpan<float>());
        }
        ItemsRead += batch;
        Restarts += ItemsRead % labels.Length == 0 ? 1 : 0;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose() { }
}
