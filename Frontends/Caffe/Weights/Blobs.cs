using Google.Protobuf.Collections;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>The arrays in Caffe's files: their shape in its new and its old spelling, their values as float32.</summary>
public static class Blobs
{
    // Caffe's own limit.
    private const int MostAxes = 32;

    /// <summary>
    /// The sizes of a blob: its <c>shape</c>, or the four of files before 2014-12 (<c>num</c>, <c>channels</c>, <c>height</c>,
    /// <c>width</c>) where any of them is set, as Caffe decides it. Neither: no axes, one value.
    /// </summary>
    /// <param name="blob">The blob.</param>
    /// <param name="where">What to call it in an error: file, layer, number.</param>
    /// <exception cref="InvalidDataException">A size is negative or needs more than 31 bits, or there are more than 32.</exception>
    public static Seq<int> Shape(BlobProto blob, string where)
    {
        IReadOnlyList<long> sizes = IsLegacy(blob) ? [blob.Num, blob.Channels, blob.Height, blob.Width] : blob.Shape is { } shape ? [.. shape.Dim] : [];
        if (sizes.Count > MostAxes)
        {
            throw new InvalidDataException($"{where}: has {sizes.Count} axes; more than {MostAxes} are refused");
        }
        return [.. sizes.Select(size => size is >= 0 and <= int.MaxValue ? (int)size
            : throw new InvalidDataException($"{where}: has the size {size} in its shape ({string.Join(", ", sizes)})"))];
    }

    /// <summary>The values of a blob, row-major; <c>double_data</c> is rounded to float32.</summary>
    /// <exception cref="InvalidDataException">The number of values is not that of the shape.</exception>
    public static float[] Values(BlobProto blob, string where) => Numbers(blob, blob.Data, blob.DoubleData, "values", where);

    /// <summary>The gradients saved with a blob (<c>snapshot_diff</c>), row-major, or null if there are none.</summary>
    /// <exception cref="InvalidDataException">The number of gradients is not that of the shape.</exception>
    public static float[]? Gradients(BlobProto blob, string where) =>
        blob.Diff.Count + blob.DoubleDiff.Count == 0 ? null : Numbers(blob, blob.Diff, blob.DoubleDiff, "gradients", where);

    /// <summary>
    /// Whether the blob fits a parameter of this shape: the same sizes, or, for an old blob, the four sizes that the shape has
    /// once it is padded in front with ones.
    /// </summary>
    /// <exception cref="InvalidDataException">A size of the blob is negative or needs more than 31 bits.</exception>
    public static bool Fits(BlobProto blob, ReadOnlySpan<int> shape, string where)
    {
        Seq<int> saved = Shape(blob, where);
        if (!IsLegacy(blob))
        {
            return saved.AsSpan().SequenceEqual(shape);
        }
        int padding = 4 - shape.Length;
        return padding >= 0 && saved.AsSpan()[padding..].SequenceEqual(shape) && saved.AsSpan()[..padding].IndexOfAnyExcept(1) < 0;
    }

    /// <summary>A blob with a <c>shape</c> as Caffe 1.0 writes it.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static BlobProto Of(ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
    {
        var blob = new BlobProto { Shape = new BlobShape() };
        long count = 1;
        foreach (int size in shape)
        {
            blob.Shape.Dim.Add(size);
            count *= size;
        }
        if (count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values do not make a blob of shape ({string.Join(", ", shape.ToArray())})", nameof(values));
        }
        blob.Data.AddRange(values.ToArray());
        return blob;
    }

    private static bool IsLegacy(BlobProto blob) => blob.HasNum || blob.HasChannels || blob.HasHeight || blob.HasWidth;

    private static float[] Numbers(BlobProto blob, RepeatedField<float> singles, RepeatedField<double> doubles, string what, string where)
    {
        Seq<int> shape = Shape(blob, where);
        // Sizes below 2^31: a product that leaves 128 bits has passed every count of values before.
        UInt128 count = 1;
        foreach (int size in shape)
        {
            count = size == 0 ? 0 : UInt128.Min(count * (uint)size, (UInt128)1 << 64);
        }
        int held = doubles.Count > 0 ? doubles.Count : singles.Count;
        if (count != (UInt128)held)
        {
            throw new InvalidDataException($"{where}: holds {held} {what}, but its shape ({string.Join(", ", shape)}) has {count}");
        }
        float[] numbers = new float[held];
        if (doubles.Count == 0)
        {
            singles.CopyTo(numbers, 0);
        }
        for (int i = 0; i < doubles.Count; i++)
        {
            numbers[i] = (float)doubles[i];
        }
        return numbers;
    }
}
