using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>What a Data layer gives: batches of transformed images with their labels, one after the other without end.</summary>
public sealed class DataBatches : IDisposable
{
    private readonly IDatumSource source;
    private readonly DataTransform transform;

    /// <summary>Batches of a source, which is then owned, also if this throws; the first item decides the size of all.</summary>
    /// <exception cref="InvalidDataException">The first item is damaged, or a batch would exceed 2^31 - 1 values.</exception>
    /// <exception cref="PrototxtError">The transform does not fit the first item.</exception>
    public DataBatches(IDatumSource source, DataTransform transform, int batchSize)
    {
        (this.source, this.transform) = (source, transform);
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
            Seq<int> sizes = transform.OutputSizes(source.Next(), Where(0));
            source.Seek(0);
            Shape = [batchSize, .. sizes];
            if (Shape.Aggregate((Int128)1, (product, size) => product * size) > int.MaxValue)
            {
                throw new InvalidDataException($"{source.Name}: a batch of shape ({string.Join(", ", Shape)}) has more than {int.MaxValue} values");
            }
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The batches of a Data layer, whose <c>source</c> is opened.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="phase">The phase of its net: random crops are for TRAIN.</param>
    /// <param name="seed">Decides random crops and mirroring.</param>
    /// <param name="places">The places of the net's file, for errors.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <exception cref="PrototxtError">The layer's parameters make no sense or are not supported.</exception>
    /// <exception cref="InvalidDataException">The database or the mean file is damaged.</exception>
    /// <exception cref="IOException">The database or the mean file is not there.</exception>
    public static DataBatches Open(LayerParameter layer, Phase phase, ulong seed, PrototxtPlaces places, ModelFiles? files = null)
    {
        DataParameter data = layer.DataParam ?? throw places.Error(layer, $"layer '{layer.Name}' needs a data_param");
        Check(layer, data, places);
        var transform = new DataTransform(layer.TransformParam ?? new TransformationParameter(), phase, seed, places, files);
        return new DataBatches(OpenSource(layer, data, places, files), transform, (int)data.BatchSize);
    }

    /// <summary>The shape of a batch: images, channels, height, width.</summary>
    public Seq<int> Shape { get; }

    /// <summary>The number of different items.</summary>
    public long Count => source.Count;

    /// <summary>How many items have been given since the start: all that is needed to go on from here later.</summary>
    public long ItemsRead { get; private set; }

    /// <summary>Goes to where so many items have been given.</summary>
    /// <exception cref="InvalidDataException">The database is damaged on the way.</exception>
    public void SkipTo(long itemsRead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemsRead);
        source.Seek(itemsRead % source.Count);
        ItemsRead = itemsRead;
    }

    /// <summary>Writes the next batch.</summary>
    /// <param name="images">As many values as <see cref="Shape"/> has.</param>
    /// <param name="labels">One for each image, or empty where no label is wanted.</param>
    /// <exception cref="InvalidDataException">An item is damaged or of another size than the first.</exception>
    public void Next(Span<float> images, Span<float> labels)
    {
        int size = Shape[1] * Shape[2] * Shape[3];
        if (images.Length != Shape[0] * size || (labels.Length != Shape[0] && labels.Length != 0))
        {
            throw new ArgumentException($"a batch has {Shape[0] * size} values and {Shape[0]} labels, not {images.Length} and {labels.Length}");
        }
        for (int i = 0; i < Shape[0]; i++)
        {
            string where = Where(source.Position);
            Datum datum = source.Next();
            Seq<int> sizes = transform.OutputSizes(datum, where);
            if (sizes != Shape[1..])
            {
                throw new InvalidDataException($"{where}: has {string.Join(" x ", sizes)} values after the transform, the first item {string.Join(" x ", Shape.Skip(1))}; all items must agree");
            }
            transform.Apply(datum, where, ItemsRead, images.Slice(i * size, size));
            if (labels.Length > 0)
            {
                labels[i] = datum.Label;
            }
            ItemsRead++;
        }
    }

    /// <summary>Closes the source.</summary>
    public void Dispose() => source.Dispose();

    private string Where(long position) => $"{source.Name}, item {position}";

    private static IDatumSource OpenSource(LayerParameter layer, DataParameter data, PrototxtPlaces places, ModelFiles? files)
    {
        try
        {
            return LmdbSource.Open(data.Source, files);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw places.Error(data, "source", $"layer '{layer.Name}': there is no database '{data.Source}' in {Environment.CurrentDirectory}");
        }
    }

    private static void Check(LayerParameter layer, DataParameter data, PrototxtPlaces places)
    {
        PrototxtError Error(string field, string what) => places.Error(data, field, $"layer '{layer.Name}': {what}");

        if (data.Source.Length == 0)
        {
            throw Error("source", "data_param needs a source");
        }
        if (data.BatchSize is 0 or > int.MaxValue)
        {
            throw Error("batch_size", $"batch_size is {data.BatchSize}; it must be positive and below 2^31");
        }
        if (data.Backend != DataParameter.Types.DB.Lmdb)
        {
            throw Error("backend", "LevelDB (the default) is not read; convert to LMDB and write backend: LMDB");
        }
        if (data.RandSkip != 0)
        {
            throw Error("rand_skip", "rand_skip is not supported; Caffe 1.0 ignores it");
        }
        foreach ((bool isSet, string field) in new[] { (data.HasScale, "scale"), (data.HasMeanFile, "mean_file"), (data.HasCropSize, "crop_size"), (data.HasMirror, "mirror") })
        {
            if (isSet)
            {
                throw Error(field, $"{field} belongs into transform_param; Caffe 1.0 ignores it here");
            }
        }
    }
}
