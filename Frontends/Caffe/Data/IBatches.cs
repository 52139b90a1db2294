using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What a data layer gives: batches of values for its tops, one after the other without end.</summary>
public interface IBatches : IDisposable
{
    /// <summary>The shape of each top that there can be; a layer may name fewer.</summary>
    Seq<Seq<int>> Shapes { get; }

    /// <summary>How many items have been given since the start: all that is needed to go on from here later.</summary>
    long ItemsRead { get; }

    /// <summary>How often the last item has been given.</summary>
    long Restarts { get; }

    /// <summary>Goes to where so many items have been given.</summary>
    /// <exception cref="InvalidDataException">The data are damaged on the way.</exception>
    void SkipTo(long itemsRead);

    /// <summary>Writes the next batch.</summary>
    /// <param name="tops">One float32 tensor for each top that the layer names, of the shape in <see cref="Shapes"/>.</param>
    /// <exception cref="InvalidDataException">An item is damaged, or of another size than the first.</exception>
    void Next(ReadOnlySpan<Tensor> tops);
}
