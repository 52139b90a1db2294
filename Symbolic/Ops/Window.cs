namespace Symbolic.Ops;

/// <summary>How a window moves over the spatial axes of an image: sizes, strides, padding on both sides, dilation.</summary>
/// <param name="Size">Extent of the window per spatial axis.</param>
/// <param name="Stride">Step per axis.</param>
/// <param name="Before">Padding ahead of the first element per axis.</param>
/// <param name="After">Padding behind the last element per axis; may be more than <paramref name="Before"/> where a window may stick out.</param>
/// <param name="Dilation">Distance between the window's elements per axis.</param>
public sealed record Window(Seq<int> Size, Seq<int> Stride, Seq<int> Before, Seq<int> After, Seq<int> Dilation)
{
    /// <summary>A window with equal padding on both sides.</summary>
    public static Window Of(Seq<int> size, Seq<int>? stride = null, Seq<int>? padding = null, Seq<int>? dilation = null)
    {
        Seq<int> ones = size.Map(_ => 1), zeros = size.Map(_ => 0);
        return new Window(size, stride ?? ones, padding ?? zeros, padding ?? zeros, dilation ?? ones);
    }

    /// <summary>Number of spatial axes.</summary>
    public int Rank => Size.Count;

    /// <summary>Number of window positions along an axis of an image.</summary>
    public Dim Positions(int axis, Dim image) => (image + ((long)Before[axis] + After[axis] - ((long)Dilation[axis] * (Size[axis] - 1) + 1))).FloorDiv(Stride[axis]) + 1;

    /// <summary>The image index under element <paramref name="tap"/> of the window at <paramref name="position"/>; may lie outside.</summary>
    public Dim Image(int axis, Dim position, Dim tap) => position * Stride[axis] + tap * Dilation[axis] - Before[axis];

    /// <summary>The sizes of the window as extents of indices.</summary>
    public Shape Taps => Shape.Of(Size.Select(s => (long)s));

    /// <summary>Why these parameters make no window, or null.</summary>
    public string? Defect(string op, Shape image, int firstAxis)
    {
        if (new[] { Stride.Count, Before.Count, After.Count, Dilation.Count, image.Rank - firstAxis }.Any(count => count != Rank))
        {
            return $"{op}: a window of {Rank} axes with {Stride.Count} strides, {Before.Count} paddings, {Dilation.Count} dilations over an image {image}";
        }
        for (int axis = 0; axis < Rank; axis++)
        {
            if (Size[axis] < 1 || Stride[axis] < 1 || Dilation[axis] < 1 || Before[axis] < 0 || After[axis] < 0)
            {
                return $"{op}: window size, stride and dilation must be at least 1 and padding at least 0; got {this}";
            }
            if (Positions(axis, image[firstAxis + axis]).Upper < 1)
            {
                return $"{op}: a window of {Size[axis]} (dilation {Dilation[axis]}) does not fit into {image[firstAxis + axis]} + {(long)Before[axis] + After[axis]} of padding";
            }
        }
        return null;
    }

    /// <summary>As in IR text.</summary>
    public override string ToString() =>
        $"window(size=[{string.Join(",", Size)}], stride=[{string.Join(",", Stride)}], before=[{string.Join(",", Before)}], after=[{string.Join(",", After)}], dilation=[{string.Join(",", Dilation)}])";
}
