using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What a Data layer gives: batches of transformed images with their labels, one after the other without end.</summary>
public sealed class DataBatches : IBatches
{
    private const uint MostSide = 1 << 15;

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
            Seq<int> sizes = transform.OutputSizes(transform.Raw(source.Next(), Where(0)), Where(0));
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

    /// <summary>The batches of an ImageData layer, whose list of pictures is read.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="phase">The phase of its net: random crops are for TRAIN.</param>
    /// <param name="seed">Decides the order if it is shuffled, random crops and mirroring.</param>
    /// <param name="places">The places of the net's file, for errors.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <exception cref="PrototxtError">The layer's parameters make no sense or are not supported.</exception>
    /// <exception cref="InvalidDataException">The list, its first picture or the mean file is damaged.</exception>
    /// <exception cref="IOException">The list, its first picture or the mean file is not there.</exception>
    public static DataBatches OpenImages(LayerParameter layer, Phase phase, ulong seed, PrototxtPlaces places, ModelFiles? files = null)
    {
        ImageDataParameter data = layer.ImageDataParam ?? throw places.Error(layer, $"layer '{layer.Name}' needs an image_data_param");
        PrototxtError Error(string field, string what) => places.Error(data, field, $"layer '{layer.Name}': {what}");
        if (data.BatchSize is 0 or > int.MaxValue)
        {
            throw Error("batch_size", $"batch_size is {data.BatchSize}; it must be positive and below 2^31");
        }
        if ((data.NewHeight == 0) != (data.NewWidth == 0) || data.NewHeight > MostSide || data.NewWidth > MostSide)
        {
            throw Error("new_height", $"new_height {data.NewHeight} and new_width {data.NewWidth}: give both or neither, of at most {MostSide}");
        }
        CheckMoved(Error, data.HasScale, data.HasMeanFile, data.HasCropSize, data.HasMirror, data.RandSkip);
        var transform = new DataTransform(layer.TransformParam ?? new TransformationParameter(), phase, seed, places, files);
        ImageListSource source;
        try
        {
            source = ImageListSource.Open(data.Source, files, new ImageListOptions
            {
                Root = data.RootFolder,
                IsColor = data.IsColor,
                Height = (int)data.NewHeight,
                Width = (int)data.NewWidth,
                ShuffleSeed = data.Shuffle ? seed : null,
            });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Error("source", $"there is no list '{data.Source}' in {Environment.CurrentDirectory}");
        }
        return new DataBatches(source, transform, (int)data.BatchSize);
    }

    /// <summary>The shape of a batch: images, channels, height, width.</summary>
    public Seq<int> Shape { get; }

    /// <inheritdoc/>
    public Seq<Seq<int>> Shapes => [Shape, Shape[..1]];

    /// <summary>The number of different items.</summary>
    public long Count => source.Count;

    /// <inheritdoc/>
    public long ItemsRead { get; private set; }

    /// <inheritdoc/>
    public long Restarts { get; private set; }

    /// <inheritdoc/>
    public void SkipTo(long itemsRead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemsRead);
        source.Seek(itemsRead);
        ItemsRead = itemsRead;
    }

    /// <inheritdoc/>
    public void Next(ReadOnlySpan<Tensor> tops) => Next(tops[0].AsSpan<float>(), tops.Length > 1 ? tops[1].AsSpan<float>() : []);

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
            Datum datum = transform.Raw(source.Next(), where);
            Restarts += source.Position == 0 ? 1 : 0;
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
            return data.Backend == DataParameter.Types.DB.Lmdb ? LmdbSource.Open(data.Source, files) : LevelDbSource.Open(data.Source, files);
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
        CheckMoved(Error, data.HasScale, data.HasMeanFile, data.HasCropSize, data.HasMirror, data.RandSkip);
    }

    private static void CheckMoved(Func<string, string, PrototxtError> error, bool hasScale, bool hasMeanFile, bool hasCrop, bool hasMirror, uint skip)
    {
        if (skip != 0)
        {
            throw error("rand_skip", "rand_skip is not supported; Caffe 1.0 ignores it");
        }
        foreach ((bool isSet, string field) in new[] { (hasScale, "scale"), (hasMeanFile, "mean_file"), (hasCrop, "crop_size"), (hasMirror, "mirror") })
        {
            if (isSet)
            {
                throw error(field, $"{field} belongs into transform_param; Caffe 1.0 ignores it here");
            }
        }
    }
}
