namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// Convolution (cross-correlation) of images [n,c,...] with kernels [o,c/groups,...], zero padded.
    /// </summary>
    /// <exception cref="TypeMismatch">The kernels' sizes are not known, or do not fit the images.</exception>
    public static Expr Convolve(Expr image, Expr kernel, Seq<int>? stride = null, Seq<int>? padding = null, Seq<int>? dilation = null, int groups = 1) =>
        Convolve(image, kernel, Window.Of(KernelSize(kernel), stride, padding, dilation), groups);

    /// <summary>
    /// Convolution of images [n,c,...] with kernels [o,c/groups,...] at the places of a window, zero padded; dtypes are promoted. It is a
    /// cross-correlation, as in Caffe and Torch, unless <paramref name="flip"/> says that kernels are read backwards, as in mathematics and
    /// Theano.
    /// </summary>
    /// <exception cref="TypeMismatch">Ranks, channels, groups or the window do not fit.</exception>
    public static Expr Convolve(Expr image, Expr kernel, Window window, int groups = 1, bool flip = false)
    {
        (Expr x, Expr w) = Promoted(image, Turned(kernel, flip));
        return Expr.Of(new Convolution(window, groups), x, w);
    }

    /// <summary>
    /// Transposed convolution: from results y [n,o,...] and kernels [o,c/groups,...] the images [n,c,...] of which a convolution's gradient
    /// consists; known elsewhere as deconvolution or conv2d_grad_wrt_inputs. Several image sizes give results of one size where there is a
    /// stride: <paramref name="spatial"/> says which, else it is the least.
    /// </summary>
    /// <exception cref="TypeMismatch">Ranks, channels, groups, the window or the sizes do not fit.</exception>
    public static Expr ConvolveTransposed(Expr y, Expr kernel, Window window, Shape? spatial = null, int groups = 1, bool flip = false)
    {
        if (y.Rank != window.Rank + 2 || kernel.Rank != y.Rank || (spatial is not null && spatial.Rank != window.Rank) || groups < 1)
        {
            throw new TypeMismatch($"a transposed convolution with a window of {window.Rank} axes wants results [n,o,...], kernels [o,c/{groups},...]{(spatial is null ? "" : " and as many image sizes")}; got {y.Label} and {kernel.Label}{(spatial is null ? "" : $" for {spatial}")}");
        }
        Shape sizes = spatial ?? new(Enumerable.Range(0, window.Rank).Select(axis => LeastImage(window, axis, y.Shape[axis + 2])).ToSeq());
        (Expr gradient, Expr w) = Promoted(y, Turned(kernel, flip));
        return Expr.Of(new ConvolutionImage(window, groups, [y.Shape[0], kernel.Shape[1] * groups, .. sizes]), gradient, w);
    }

    /// <summary>
    /// From images [n,c,...] and the gradient [n,o,...] of a convolution's result that of its kernels [o,c/groups,...]; known elsewhere as
    /// conv2d_grad_wrt_weights.
    /// </summary>
    /// <exception cref="TypeMismatch">Ranks, channels, groups, the window or the sizes do not fit.</exception>
    public static Expr ConvolveForKernel(Expr image, Expr gradient, Window window, int groups = 1, bool flip = false)
    {
        if (image.Rank != window.Rank + 2 || gradient.Rank != image.Rank || groups < 1 || !image.Shape[1].Mod(groups).Is(0))
        {
            throw new TypeMismatch($"the gradient of kernels over a window of {window.Rank} axes in {groups} groups wants images [n,c,...] and gradients [n,o,...]; got {image.Label} and {gradient.Label}");
        }
        (Expr x, Expr dy) = Promoted(image, gradient);
        return Turned(Expr.Of(new ConvolutionKernel(window, groups, [gradient.Shape[1], image.Shape[1].FloorDiv(groups), .. window.Taps]), x, dy), flip);
    }

    /// <summary>
    /// A convolution of each channel by kernels [c·m,1,...] of its own, then one over channels by kernels [o,c·m,1,...]: together a separable
    /// convolution.
    /// </summary>
    /// <exception cref="TypeMismatch">The kernels do not fit.</exception>
    public static Expr ConvolveSeparably(Expr image, Expr depthwise, Expr pointwise, Window window, bool flip = false)
    {
        if (image.Rank < 3 || !image.Shape[1].IsConstant || image.Shape[1].Constant > int.MaxValue)
        {
            throw new TypeMismatch($"a separable convolution wants images [n,c,...] of a known number of channels; got {image.Label}");
        }
        return Convolve(Convolve(image, depthwise, window, (int)image.Shape[1].Constant, flip), pointwise);
    }

    /// <summary>
    /// Convolution of sequences [n,c,t] with kernels [o,c/groups,k] that sees nothing ahead: the padding is all before the first element.
    /// </summary>
    /// <exception cref="TypeMismatch">The kernels do not fit.</exception>
    public static Expr ConvolveCausally(Expr sequence, Expr kernel, int stride = 1, int dilation = 1, int groups = 1, bool flip = false)
    {
        Seq<int> size = KernelSize(kernel);
        return size.Count == 1
            ? Convolve(sequence, kernel, new Window(size, [stride], [checked((size[0] - 1) * dilation)], [0], [dilation]), groups, flip)
            : throw new TypeMismatch($"a causal convolution wants kernels [o,c,k]; got {kernel.Label}");
    }

    /// <summary>
    /// Images [n,c,...] enlarged by whole or fractional ratios by linear interpolation along each spatial axis, as Theano's
    /// bilinear_upsampling: elements keep their distance, edges are repeated, once more at the end where the numerator is even. A ratio p/q
    /// gives every q-th element of an enlargement by p.
    /// </summary>
    /// <exception cref="TypeMismatch">x is no float image, or there is not one ratio of at least 1 over at least 1 per axis.</exception>
    public static Expr UpsampleLinearly(Expr image, Seq<(int Up, int Down)> ratios)
    {
        if (!image.DType.IsFloat() || image.Rank != ratios.Count + 2 || ratios.Any(r => r.Up < 1 || r.Down < 1))
        {
            throw new TypeMismatch($"upsampling wants float images [n,c,...] and a ratio of positive numbers per spatial axis; got {image.Label} and {string.Join(", ", ratios.Select(r => $"{r.Up}/{r.Down}"))}");
        }
        Expr x = image;
        for (int axis = 2; axis < image.Rank; axis++)
        {
            int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(ratios[axis - 2].Up, ratios[axis - 2].Down);
            int up = ratios[axis - 2].Up / divisor, down = ratios[axis - 2].Down / divisor;
            x = EnlargedAlong(x, axis, up);
            x = down == 1 ? x : x.Slice(axis, null, null, down);
        }
        return x;
    }

    /// <summary>One axis enlarged: a transposed convolution of the axis, with its edges repeated, by a triangle.</summary>
    private static Expr EnlargedAlong(Expr x, int axis, int ratio)
    {
        Dim size = x.Shape[axis];
        Expr lines = x.Reshape([x.Shape[..axis].Elements, 1, size, x.Shape[(axis + 1)..].Elements]).Pad([(0, 0), (0, 0), (1, 1), (0, 0)], PadMode.Edge);
        int length = checked((2 * ratio) - 1), padding = (2 * ratio) - ((ratio - 1) / 2) - 1;
        Expr triangle = Constant(Literal.Build(x.DType, [1, 1, length, 1], i => ScalarValue.Of(x.DType, (ratio - Math.Abs(ratio - 1.0 - i)) / ratio)));
        Window window = Window.Of([length, 1], [ratio, 1], [padding, 0]);
        return ConvolveTransposed(lines, triangle, window, [size * ratio, lines.Shape[3]]).Reshape([.. x.Shape[..axis], size * ratio, .. x.Shape[(axis + 1)..]]);
    }

    /// <summary>The least image of an axis on which the window has so many places.</summary>
    private static Dim LeastImage(Window window, int axis, Dim positions) =>
        ((positions - 1) * window.Stride[axis]) + (((long)window.Size[axis] - 1) * window.Dilation[axis]) + 1 - window.Before[axis] - window.After[axis];

    private static Seq<int> KernelSize(Expr kernel) => kernel.Rank >= 3 && kernel.Shape[2..].IsKnown && kernel.Shape[2..].Sizes.All(s => s <= int.MaxValue)
        ? kernel.Shape[2..].Sizes.Select(s => (int)s).ToSeq()
        : throw new TypeMismatch($"convolution wants kernels [o,c,...] whose window sizes are known numbers; got {kernel.Label}");

    private static Expr Turned(Expr kernel, bool flip) => flip ? kernel.Flip(Enumerable.Range(2, Math.Max(0, kernel.Rank - 2)).ToSeq()) : kernel;

    private static (Expr, Expr) Promoted(Expr a, Expr b)
    {
        DType dtype = Promotion.Of(a.DType, b.DType);
        return (a.Cast(dtype), b.Cast(dtype));
    }
}
