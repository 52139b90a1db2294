namespace Symbolic.Caffe.Nets;

/// <summary>Sizes as Caffe's messages and logs write them: <c>64 1 28 28 (50176)</c>.</summary>
internal static class SizeText
{
    public static string Of(IEnumerable<long> sizes) => Of(Shape.Of(sizes));

    public static string Of(IEnumerable<int> sizes) => Of(sizes.Select(size => (long)size));

    public static string Of(Shape shape) => string.Concat(shape.Select(size => $"{size} ")) + $"({shape.Elements})";
}
