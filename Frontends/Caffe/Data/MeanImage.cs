using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>The mean of the images of a database, pixel by pixel (Caffe's compute_image_mean), which a transform_param's mean_file subtracts.</summary>
public static class MeanImage
{
    /// <summary>The mean over all items once, from the one that is next.</summary>
    /// <param name="source">The images, all of one size.</param>
    /// <param name="progress">Called after each item with the number so far; may be null.</param>
    /// <exception cref="InvalidDataException">An item is damaged or of another size than the first.</exception>
    public static BlobProto Compute(IDatumSource source, Action<long>? progress = null)
    {
        var transform = new DataTransform(new TransformationParameter(), Phase.Test, seed: 0, PrototxtPlaces.Nowhere);
        long start = source.Position, count = 0;
        Seq<int> sizes = [];
        float[] sums = [], values = [];
        do
        {
            string where = $"{source.Name}, item {source.Position}";
            Datum datum = transform.Raw(source.Next(), where);
            Seq<int> own = transform.OutputSizes(datum, where);
            if (count == 0)
            {
                sizes = own;
                sums = new float[sizes[0] * sizes[1] * sizes[2]];
                values = new float[sums.Length];
            }
            else if (own != sizes)
            {
                throw new InvalidDataException($"{where}: Incorrect data field size: {string.Join(" x ", own)}, the first item has {string.Join(" x ", sizes)}");
            }
            transform.Apply(datum, where, item: 0, values);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += values[i];
            }
            count++;
            progress?.Invoke(count);
        }
        while (source.Position != start);
        var mean = new BlobProto { Num = 1, Channels = sizes[0], Height = sizes[1], Width = sizes[2] };
        mean.Data.AddRange(sums.Select(sum => sum / count));
        return mean;
    }

    /// <summary>The mean of each channel of a mean image.</summary>
    public static IReadOnlyList<float> Channels(BlobProto mean)
    {
        int plane = mean.Height * mean.Width;
        return [.. Enumerable.Range(0, mean.Channels).Select(channel => mean.Data.Skip(channel * plane).Take(plane).Aggregate(0f, (sum, value) => sum + value) / plane)];
    }
}
