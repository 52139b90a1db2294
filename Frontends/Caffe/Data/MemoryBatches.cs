using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What a MemoryData layer gives: batches of the values that a program set, from the first to the last and again.</summary>
public sealed class MemoryBatches : IBatches
{
    private readonly string layer;
    private readonly int size, batch;
    private float[] values = [], labels = [];

    /// <summary>Batches of a layer, without values at first.</summary>
    /// <exception cref="PrototxtError">The layer's parameters make no sense or ask for what is not supported.</exception>
    public MemoryBatches(LayerParameter layer, PrototxtPlaces places)
    {
        MemoryDataParameter parameter = layer.MemoryDataParam ?? throw places.Error(layer, $"layer '{layer.Name}' needs a memory_data_param");
        this.layer = layer.Name;
        uint[] sizes = [parameter.BatchSize, parameter.Channels, parameter.Height, parameter.Width];
        if (sizes.Any(each => each == 0) || sizes.Aggregate((UInt128)1, (product, each) => product * each) > int.MaxValue)
        {
            throw places.Error(parameter, $"layer '{layer.Name}': batch_size, channels, height, and width must be specified and positive in memory_data_param, with a product below 2^31; got {string.Join(", ", sizes)}");
        }
        if (layer.TransformParam is not null)
        {
            throw places.Error(layer.TransformParam, $"layer '{layer.Name}': MemoryData takes values as they are set; transform_param has no effect on them");
        }
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

    /// <summary>Sets the values, which are not copied, and begins with the first of them.</summary>
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
