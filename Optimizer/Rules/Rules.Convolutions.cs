namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    private const string StridesGo = "a convolution of one tap has no strides any more, and no rule gives it some";

    /// <summary>
    /// Strides of convolutions. With kernels of one tap they leave out most of an image: what is left is taken out of it once, for all that read it, and from then on
    /// it is a matrix. And of a convolution whose result is read with steps, nothing else is computed.
    /// </summary>
    public static RuleSet Convolutions => new(Exact)
    {
        { "thin-convolution", "convolution(x, w), where w has one tap and the window strides and pads nothing", "convolution(slice(x), w), without strides",
            (Ops.Convolution op, Expr node) => Thins(op.Window) ? Typed(Expr.Of(op with { Window = Unstrided(op.Window) }, Thin(op.Window, node.Inputs[0]), node.Inputs[1]), node) : null,
            (dtype, size) => [Convolve(Matrix("x", dtype, 1, 2, 5, size), Matrix("w", dtype, 3, 2, 1, 1), [2, 3]), Convolve(Matrix("x", dtype, 2, 2, size), Matrix("w", dtype, 4, 1, 1), [2], groups: 2)],
            null, StridesGo },
        { "thin-convolution-kernel", "convolution_kernel(x, dy), likewise", "convolution_kernel(slice(x), dy), without strides",
            (Ops.ConvolutionKernel op, Expr node) => Thins(op.Window) && Thin(op.Window, node.Inputs[0]) is var thin && thin.Shape[2..].Equals(node.Inputs[1].Shape[2..])
                ? Expr.Of(op with { Window = Unstrided(op.Window) }, thin, node.Inputs[1]) : null,
            (dtype, size) => [Expr.Of(new Ops.ConvolutionKernel(Ops.Window.Of([1, 1], [2, 3]), 1, [3, 2, 1, 1]), Matrix("x", dtype, 1, 2, 5, 7), Matrix("dy", dtype, 1, 3, 3, 3))],
            null, StridesGo },
        { "thin-convolution-image", "convolution_image(dy, w), likewise", "set_slice(0, convolution_image(dy, w), without strides)",
            (Ops.ConvolutionImage op, Expr node) => Thins(op.Window) ? Spread(op, node) : null,
            (dtype, size) => [Expr.Of(new Ops.ConvolutionImage(Ops.Window.Of([1, 1], [2, 3]), 1, [1, 2, 5, 7]), Matrix("dy", dtype, 1, 3, 3, 3), Matrix("w", dtype, 3, 2, 1, 1))],
            Rounds, StridesGo },
        { "slice-convolution", "slice(convolution(x, w)) with steps, where nobody else reads the convolution", "convolution(x, w), with longer strides",
            (Ops.Slice slice, Expr node) => node.Inputs[0] is { Op: Ops.Convolution op, Inputs: [var x, var w] } whole && Longer(op.Window, slice, whole) is { } window
                ? Typed(Expr.Of(op with { Window = window }, x, w), node) : null,
            (dtype, size) => { Expr y = Convolve(Matrix("x", dtype, 1, 2, 6, size), Matrix("w", dtype, 3, 2, 3, 2), padding: [1, 1]); return [Expr.Of(new Ops.Slice([0, 0, 0, 0], y.Shape.Dims, [1, 1, 2, 3]), y)]; },
            null, null, node => [node.Inputs[0]] },
        { "add-set-slices", "set_slice(0, x) + set_slice(0, y), at the same places", "set_slice(0, x + y)",
            (Ops.Add _, Expr node) => node.Inputs is [{ Op: Ops.SetSlice first, Inputs: [{ Op: Ops.Full zero }, var x] }, { Op: Ops.SetSlice second, Inputs: [{ Op: Ops.Full other }, var y] }]
                && first.Equals(second) && zero.Value.IsExactly(0) && zero.Value == other.Value && x.Type.Equals(y.Type) && node.Shape.Equals(zero.Shape) ? Expr.Of(first, node.Inputs[0].Inputs[0], x + y) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, 2, size), y = Matrix("y", dtype, 2, size), zero = Full(dtype, [4, size], 0); Seq<Subscript> at = [Subscript.Range(null, null, 2)]; return [zero.SetSubtensor(at, x) + zero.SetSubtensor(at, y)]; } },
    };

    /// <summary>Whether a window of one tap moves in steps, inside the image.</summary>
    private static bool Thins(Ops.Window window) => window.Size.All(size => size == 1) && window.Stride.Any(step => step > 1) && window.Before.Concat(window.After).All(padding => padding == 0);

    private static Ops.Window Unstrided(Ops.Window window) => Ops.Window.Of(window.Size);

    /// <summary>The elements of an image that a window of one tap meets.</summary>
    private static Ops.Slice Met(Ops.Window window, Shape image) =>
        new(image.Dims.Map(_ => (Dim)0), image.Dims, image.Select((_, axis) => (Dim)(axis < 2 ? 1 : window.Stride[axis - 2])).ToSeq());

    private static Expr Thin(Ops.Window window, Expr image) => Taken(image, Met(window, image.Shape));

    /// <summary>The gradient with respect to the elements that are met, among zeros.</summary>
    private static Expr? Spread(Ops.ConvolutionImage op, Expr node)
    {
        Ops.Slice met = Met(op.Window, node.Shape);
        var thin = new Shape(met.Ranges(node.Shape).Map(range => range.Length));
        return thin[2..].Equals(node.Inputs[0].Shape[2..])
            ? Expr.Of(new Ops.SetSlice(met.Start, met.Stop, met.Step), Zeros(node.Tensor), Expr.Of(op with { Window = Unstrided(op.Window), Image = thin }, node.Inputs.AsSpan())) : null;
    }

    /// <summary>The window that moves to the places alone that a slice of the result takes, or null where these do not begin with the first or are not evenly apart.</summary>
    private static Ops.Window? Longer(Ops.Window window, Ops.Slice slice, Expr whole)
    {
        Seq<Ops.SliceRange> ranges = slice.Ranges(whole.Shape);
        bool isWhole = ranges.Take(2).Select((range, axis) => range.Start.Is(0) && range.Step.Is(1) && range.Length.Equals(whole.Shape[axis])).All(all => all);
        return isWhole && ranges.Skip(2).All(range => range.Start.Is(0) && range.Step is { IsConstant: true, Constant: > 0 and < int.MaxValue })
            ? window with { Stride = window.Stride.Select((stride, axis) => checked(stride * (int)ranges[axis + 2].Step.Constant)).ToSeq() } : null;
    }
}
