namespace Symbolic.Ops;

/// <summary>
/// Convolution (cross-correlation, as in Caffe and Torch) of images [n,c,...] with kernels [o,c/groups,...], zero padded:
/// y[n,o,p] = Σ c,t: image⟨0 outside⟩[n,c,p·stride + t·dilation − before] · kernel[o,c,t].
/// </summary>
public sealed record Convolution(Window Window, int Groups) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType image = inputs[0], kernel = inputs[1];
        bool fits = image.Rank == Window.Rank + 2 && kernel.Rank == image.Rank && image.DType == kernel.DType && image.DType.IsFloat()
            && Groups >= 1 && (kernel.Shape[1] * Groups).Equals(image.Shape[1]) && kernel.Shape[2..].Equals(Window.Taps)
            && (Groups == 1 || kernel.Shape[0].Mod(Groups).Is(0));
        if (!fits)
        {
            throw Mismatch($"wants images [n,c,...] and kernels [o,c/{Groups},{string.Join(",", Window.Size)}] with the same c and one float dtype; got {image} and {kernel}");
        }
        if (Window.Defect(Name, image.Shape, 2) is { } defect)
        {
            throw new TypeMismatch(defect);
        }
        return image with { Shape = Output(image.Shape, kernel.Shape[0]) };
    }

    private Shape Output(Shape image, Dim channels) =>
        new([image[0], channels, .. Enumerable.Range(0, Window.Rank).Select(axis => Window.Positions(axis, image[axis + 2]))]);

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Dim perGroup = formula.Operand(1).Shape[1];
        Dim first = Groups == 1 ? 0 : at[1].FloorDiv(NotEmpty(formula.Operand(1).Shape[0].FloorDiv(Groups))) * perGroup;
        return formula.SumOfProducts([perGroup, .. Window.Taps], r => (
            formula.ReadOrZero(0, [at[0], first + r[0], .. Enumerable.Range(0, Window.Rank).Select(a => Window.Image(a, at[a + 2], r[a + 1]))]),
            formula.Read(1, [at[1], r[0], .. r[1..]])));
    }

    /// <summary>The channels of a group as a divisor. Where there are none there is nothing to compute, but the formula is written down all the same.</summary>
    internal static Dim NotEmpty(Dim channels) => channels.Is(0) ? 1 : channels;

    /// <summary>Bilinear: each derivative is again of the family.</summary>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new ConvolutionImage(Window, Groups, x[0].Shape), dy, x[1]), Expr.Of(new ConvolutionKernel(Window, Groups, x[1].Shape), x[0], dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Cases((window, groups, image, kernel) => Sample.Of(new Convolution(window, groups), SampleInput.Uniform(image, -1, 1), SampleInput.Uniform(kernel, -1, 1)));

    /// <summary>Geometries shared by the samples of the family: plain, strided, padded, dilated, grouped, rank 1 and 3; and the dense 3x3 and 5x5 ones of Winograd's schedules.</summary>
    internal static IEnumerable<Sample> Cases(Func<Window, int, long[], long[], Sample> make) =>
        [make(Window.Of([3, 2]), 1, [2, 3, 5, 6], [4, 3, 3, 2]), make(Window.Of([3, 3], [2, 2], [1, 1]), 1, [1, 2, 7, 6], [3, 2, 3, 3]),
         make(Window.Of([2, 2], [1, 2], [1, 0], [2, 1]), 1, [1, 2, 5, 5], [2, 2, 2, 2]), make(Window.Of([1, 1]), 2, [2, 4, 3, 3], [6, 2, 1, 1]),
         // Depthwise with two kernels a channel, unequal padding, and a stride past the window.
         make(new Window([2, 3], [1, 3], [1, 0], [2, 1], [1, 1]), 3, [1, 3, 4, 9], [6, 1, 2, 3]), make(Window.Of([1, 2], [2, 3]), 1, [1, 1, 5, 7], [2, 1, 1, 2]),
         make(Window.Of([3], [2], [2], [2]), 4, [1, 4, 17], [4, 1, 3]), make(Window.Of([2, 1, 2], [1, 2, 1], [1, 0, 1]), 2, [1, 4, 2, 3, 3], [2, 2, 2, 1, 2]),
         make(Window.Of([3], [2], [1]), 1, [2, 2, 8], [3, 2, 3]), make(Window.Of([2, 2, 2]), 1, [1, 2, 3, 3, 3], [2, 2, 2, 2, 2]),
         make(Window.Of([3, 3], padding: [1, 1]), 1, [1, 2, 5, 4], [3, 2, 3, 3]), make(Window.Of([5, 5], padding: [2, 2]), 1, [1, 1, 5, 6], [2, 1, 5, 5])];
}

/// <summary>
/// The gradient of a convolution with respect to its image (of known shape), from the gradient of its result and the
/// kernels; also the forward pass of a transposed convolution.
/// </summary>
public sealed record ConvolutionImage(Window Window, int Groups, Shape Image) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType dy = inputs[0], kernel = inputs[1];
        bool fits = dy.Rank == Window.Rank + 2 && kernel.Rank == dy.Rank && Image.Rank == dy.Rank && dy.DType == kernel.DType && dy.DType.IsFloat()
            && Groups >= 1 && kernel.Shape[0].Equals(dy.Shape[1]) && Image[0].Equals(dy.Shape[0]) && (kernel.Shape[1] * Groups).Equals(Image[1])
            && kernel.Shape[2..].Equals(Window.Taps)
            && Enumerable.Range(0, Window.Rank).All(a => Window.Positions(a, Image[a + 2]).Equals(dy.Shape[a + 2]));
        return fits ? dy with { Shape = Image } : throw Mismatch($"wants the gradient [n,o,...] of a result and kernels [o,c/{Groups},...] for images {Image}; got {dy} and {kernel} with {Window}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Shape dy = formula.Operand(0).Shape, kernel = formula.Operand(1).Shape;
        Dim channels = kernel[0].FloorDiv(Groups);
        Dim group = Groups == 1 ? 0 : at[1].FloorDiv(Convolution.NotEmpty(kernel[1]));
        Dim channel = Groups == 1 ? at[1] : at[1].Mod(Convolution.NotEmpty(kernel[1]));
        return formula.SumOfProducts([channels, .. Window.Taps], r =>
        {
            (Element inside, Seq<Dim> position) = Positions(Window, dy, at[2..], r[1..]);
            Dim output = group * channels + r[0];
            return (
                Element.Select(inside, formula.Read(0, [at[0], output, .. position]), Element.Of(formula.Result.DType, 0)),
                formula.Read(1, [output, channel, .. r[1..]]));
        });
    }

    /// <summary>
    /// The window positions that put tap <paramref name="tap"/> on image index <paramref name="at"/>, and whether there are
    /// such: the position must divide by the stride and lie inside.
    /// </summary>
    internal static (Element Inside, Seq<Dim> Position) Positions(Window window, Shape positions, Seq<Dim> at, Seq<Dim> tap)
    {
        Element inside = new Element.Number(ScalarValue.Of(DType.Bool, 1));
        var position = new Dim[window.Rank];
        for (int a = 0; a < window.Rank; a++)
        {
            Dim offset = at[a] + window.Before[a] - tap[a] * window.Dilation[a];
            position[a] = offset.FloorDiv(window.Stride[a]);
            if (window.Stride[a] > 1)
            {
                inside = Element.Both(inside, Element.Apply(Intrinsic.Equal, new Element.IndexValue(offset.Mod(window.Stride[a])), new Element.IndexValue(0)));
            }
            inside = Element.Both(inside, Element.Inside(position[a], 0, positions[a + 2]));
        }
        return (inside, Seq.Create<Dim>(position));
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new Convolution(Window, Groups), dy, x[1]), Expr.Of(new ConvolutionKernel(Window, Groups, x[1].Shape), dy, x[0])];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Image = Image.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Convolution.Cases((window, groups, image, kernel) =>
        Sample.Of(new ConvolutionImage(window, groups, Shape.Of(image)), SampleInput.Uniform(Result(window, image, kernel), -1, 1), SampleInput.Uniform(kernel, -1, 1)));

    internal static long[] Result(Window window, long[] image, long[] kernel) =>
        [image[0], kernel[0], .. Enumerable.Range(0, window.Rank).Select(a => window.Positions(a, image[a + 2]).Constant)];
}

/// <summary>The gradient of a convolution with respect to its kernels (of known shape), from the image and the gradient of its result.</summary>
public sealed record ConvolutionKernel(Window Window, int Groups, Shape Kernel) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType image = inputs[0], dy = inputs[1];
        bool fits = image.Rank == Window.Rank + 2 && dy.Rank == image.Rank && Kernel.Rank == image.Rank && image.DType == dy.DType && dy.DType.IsFloat()
            && Groups >= 1 && image.Shape[0].Equals(dy.Shape[0]) && Kernel[0].Equals(dy.Shape[1]) && (Kernel[1] * Groups).Equals(image.Shape[1])
            && Kernel[2..].Equals(Window.Taps)
            && Enumerable.Range(0, Window.Rank).All(a => Window.Positions(a, image.Shape[a + 2]).Equals(dy.Shape[a + 2]));
        return fits ? image with { Shape = Kernel } : throw Mismatch($"wants images [n,c,...] and the gradient [n,o,...] of a result for kernels {Kernel}; got {image} and {dy} with {Window}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Shape dy = formula.Operand(1).Shape;
        Dim first = Groups == 1 ? 0 : at[0].FloorDiv(Convolution.NotEmpty(Kernel[0].FloorDiv(Groups))) * Kernel[1];
        return formula.SumOfProducts([dy[0], .. dy[2..]], r => (
            formula.ReadOrZero(0, [r[0], first + at[1], .. Enumerable.Range(0, Window.Rank).Select(a => Window.Image(a, r[a + 1], at[a + 2]))]),
            formula.Read(1, [r[0], at[0], .. r[1..]])));
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new ConvolutionImage(Window, Groups, x[0].Shape), x[1], dy), Expr.Of(new Convolution(Window, Groups), x[0], dy)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Kernel = Kernel.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Convolution.Cases((window, groups, image, kernel) =>
        Sample.Of(new ConvolutionKernel(window, groups, Shape.Of(kernel)), SampleInput.Uniform(image, -1, 1), SampleInput.Uniform(ConvolutionImage.Result(window, image, kernel), -1, 1)));
}
