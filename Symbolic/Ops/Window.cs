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

    /// <summary>
    /// A pooling window. Where <paramref name="ceiling"/> holds, a last window that is only partly filled counts, unless it would begin
    /// behind the image and the padding ahead of it: so Caffe by default, Torch's ceil mode, Theano without ignore_border. Else it does not.
    /// </summary>
    /// <exception cref="TypeMismatch">The counts differ, or rounding up needs to know a size that is symbolic.</exception>
    public static Window Pooling(Shape spatial, Seq<int> size, Seq<int>? stride = null, Seq<int>? padding = null, bool ceiling = false)
    {
        Window window = Of(size, stride ?? size, padding);
        if (window.Stride.Count != window.Rank || window.Before.Count != window.Rank || spatial.Rank != window.Rank)
        {
            throw new TypeMismatch($"pooling of {spatial} wants as many window sizes, strides and paddings as there are axes; got {window}");
        }
        return ceiling ? window with { After = Enumerable.Range(0, window.Rank).Select(axis => window.SticksOut(axis, spatial[axis])).ToSeq() } : window;
    }

    /// <summary>The same window moved over all places where it meets the image at all: Theano's border mode "full".</summary>
    public Window Full() => Padded(extent => extent - 1);

    /// <summary>The same window moved so that with stride 1 and an odd extent there is a place for each element of the image: Theano's border mode "half".</summary>
    public Window Half() => Padded(extent => extent / 2);

    private Window Padded(Func<long, long> padding)
    {
        Seq<int> both = Enumerable.Range(0, Rank).Select(axis => checked((int)padding(((long)Dilation[axis] * (Size[axis] - 1)) + 1))).ToSeq();
        return this with { Before = both, After = both };
    }

    /// <summary>The padding behind an axis with which the window's positions are rounded up.</summary>
    private int SticksOut(int axis, Dim image)
    {
        if (Stride[axis] < 1 || Before[axis] < 0 || Size[axis] < 1)
        {
            throw new TypeMismatch($"pooling wants sizes and strides of at least 1 and padding of at least 0; got {this}");
        }
        if (!image.IsConstant)
        {
            // One more stride, less one element, rounds the quotient up; no window can then begin behind the image where the window
            // is at least as long as stride and padding together.
            return (long)Stride[axis] + Before[axis] <= Size[axis] && image.IsAtLeast(Size[axis] - 2L * Before[axis])
                ? checked(Before[axis] + Stride[axis] - 1)
                : throw new TypeMismatch($"a pooling window of {Size[axis]} with stride {Stride[axis]} and padding {Before[axis]}, rounded up, wants an axis of known size; got {image}");
        }
        long padded = image.Constant + 2L * Before[axis];
        long positions = Math.Max(0, (padded - Size[axis] + Stride[axis] - 1) / Stride[axis]) + 1;
        if (positions > 1 && (positions - 1) * Stride[axis] >= image.Constant + Before[axis])
        {
            positions--;
        }
        return checked((int)Math.Max(0, ((positions - 1) * Stride[axis]) + Size[axis] - image.Constant - Before[axis]));
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
