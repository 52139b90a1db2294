using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe.Nets;

/// <summary>Arrays from and to BlobProto (blob.cpp).</summary>
internal static class BlobMessage
{
    /// <summary>The message of an array, seen with these sizes.</summary>
    public static BlobProto Of(Tensor value, Seq<long> sizes)
    {
        var blob = new BlobProto { Shape = new BlobShape() };
        blob.Shape.Dim.AddRange(sizes);
        blob.Data.Capacity = (int)value.Count;
        foreach (float element in value.AsSpan<float>())
        {
            blob.Data.Add(element);
        }
        return blob;
    }

    /// <summary>Whether a blob has these sizes; old blobs have four, of which the first may be ones.</summary>
    public static bool Fits(BlobProto blob, Seq<long> sizes) =>
        IsLegacy(blob) ? sizes.Count <= 4 && Legacy(blob).SequenceEqual(Enumerable.Repeat(1L, 4 - sizes.Count).Concat(sizes))
        : blob.Shape is null ? sizes.Count == 0 : blob.Shape.Dim.SequenceEqual(sizes);

    /// <summary>The sizes of a blob as in Caffe's messages.</summary>
    public static string ShapeText(BlobProto blob) => SizeText.Of(IsLegacy(blob) ? Legacy(blob) : blob.Shape?.Dim ?? Enumerable.Empty<long>());

    /// <summary>The values of a blob whose sizes fit, as float32 of these sizes.</summary>
    /// <exception cref="InvalidDataException">It has another number of values than its sizes say.</exception>
    public static Tensor Values(BlobProto blob, Seq<long> sizes, string what)
    {
        Tensor values = Tensor.Zeros(DType.Float32, sizes.AsSpan());
        int count = blob.DoubleData.Count > 0 ? blob.DoubleData.Count : blob.Data.Count;
        if (count != values.Count)
        {
            throw new InvalidDataException($"{what}: {count} values for sizes {SizeText.Of(sizes)}");
        }
        Span<float> span = values.AsSpan<float>();
        for (int i = 0; i < count; i++)
        {
            span[i] = blob.DoubleData.Count > 0 ? (float)blob.DoubleData[i] : blob.Data[i];
        }
        return values;
    }

    private static bool IsLegacy(BlobProto blob) => blob.HasNum || blob.HasChannels || blob.HasHeight || blob.HasWidth;

    private static IEnumerable<long> Legacy(BlobProto blob) => [blob.Num, blob.Channels, blob.Height, blob.Width];
}
