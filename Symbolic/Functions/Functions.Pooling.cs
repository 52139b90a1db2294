namespace Symbolic;

using Symbolic.Ops;

/// <summary>What an average over a window divides by.</summary>
public enum Averaging
{
    /// <summary>The elements of the image that the window covers: Torch without count_include_pad, Theano's average_exc_pad.</summary>
    WithoutPadding,
    /// <summary>
    /// Those of the image and of its padding, which reaches as far behind it as ahead of it; not what sticks out further. So Caffe,
    /// Torch with count_include_pad, Theano's average_inc_pad.
    /// </summary>
    WithPadding,
    /// <summary>The size of the window, wherever it lies.</summary>
    WholeWindow,
}

public static partial class Functions
{
    /// <summary>
    /// Maximum of each window of images [n,c,...]; padding never wins. The gradient goes to the first maximum of a window, as in Caffe
    /// and Torch, or in full to all that are equal, as in Theano.
    /// </summary>
    /// <exception cref="TypeMismatch">The window does not fit the image.</exception>
    public static Expr MaxPool(Expr image, Window window, bool gradientToAllTies = false) => gradientToAllTies
        ? Unfold(image, window, double.NegativeInfinity).Max(Taps(window))
        : Expr.Of(new MaxPool(window), image);

    /// <summary>Sum of each window of images [n,c,...]; padding is 0. Integers give 64 bits.</summary>
    /// <exception cref="TypeMismatch">The window does not fit the image.</exception>
    public static Expr SumPool(Expr image, Window window) => Unfold(image, window).Sum(Taps(window));

    /// <summary>Average of each window of float images [n,c,...]; a window that covers nothing that counts gives 0.</summary>
    /// <exception cref="TypeMismatch">The window does not fit the image.</exception>
    public static Expr AveragePool(Expr image, Window window, Averaging over = Averaging.WithPadding)
    {
        if (!image.DType.IsFloat())
        {
            throw new TypeMismatch($"average pooling wants floats; got {image.Label}");
        }
        Expr sum = SumPool(image, window);
        Expr? count = null;
        long whole = 1;
        for (int axis = 0; axis < window.Rank; axis++)
        {
            if (Counted(window, axis, image.Shape[axis + 2], sum.Shape[axis + 2], over) is { } counted)
            {
                Expr along = counted.BroadcastTo(sum.Shape, [axis + 2]);
                count = count is null ? along : count * along;
            }
            else
            {
                whole = checked(whole * window.Size[axis]);
            }
        }
        Expr divisor = FullLike(sum, whole);
        return sum / (count is null ? divisor : divisor * Maximum<Expr>(count, 1).Cast(sum.DType));
    }

    /// <summary>
    /// The p-norm (Σ |x|^p)^(1/p) of each window of float images [n,c,...]; padding is 0. The gradient at a window of zeros is 0.
    /// </summary>
    /// <exception cref="TypeMismatch">The window does not fit the image, or p is not above 0.</exception>
    public static Expr LpPool(Expr image, Window window, double p)
    {
        if (!(p > 0) || !image.DType.IsFloat())
        {
            throw new TypeMismatch($"Lp pooling wants floats and a power above 0; got {image.Label} and {p}");
        }
        Expr sum = SumPool(p == 2 ? image * image : p == 1 ? Abs<Expr>(image) : Pow<Expr>(Abs<Expr>(image), p), window);
        // The root's slope at 0 is infinite: there a 1 stands in, whose root is then not used.
        Expr none = EqualTo<Expr>(sum, 0);
        Expr safe = Switch<Expr>(none, 1, sum);
        Expr root = p == 2 ? Sqrt<Expr>(safe) : p == 1 ? safe : Pow<Expr>(safe, 1 / p);
        return Switch<Expr>(none, 0, root);
    }

    /// <summary>
    /// How many elements count under each window position along an axis, as an int64 vector; null where that is the window's size
    /// everywhere.
    /// </summary>
    private static Expr? Counted(Window window, int axis, Dim image, Dim positions, Averaging over)
    {
        int padding = window.Before[axis], size = window.Size[axis], dilation = window.Dilation[axis];
        long low = over == Averaging.WithoutPadding ? 0 : -padding;
        Dim high = over == Averaging.WithoutPadding ? image : image + padding;
        Dim end = ((positions - 1) * window.Stride[axis]) - padding + (((long)size - 1) * dilation) + 1;
        if (over == Averaging.WholeWindow || (low <= -padding && high.IsAtLeast(end)))
        {
            return null;
        }
        Expr start = (Iota([positions], 0) * (long)window.Stride[axis]) - (long)padding;
        // Taps ahead of a bound: those t with start + t·dilation < bound.
        Expr Below(Expr bound) => Minimum<Expr>(Maximum<Expr>(FloorDiv<Expr>(bound - start + (dilation - 1), dilation), 0), size);
        return Below(SizeOf(high)) - Below(SizeOf(low));
    }

    /// <summary>The axes of the taps in what <see cref="Ops.Unfold"/> gives.</summary>
    private static Seq<int> Taps(Window window) => Enumerable.Range(2 + window.Rank, window.Rank).ToSeq();
}
