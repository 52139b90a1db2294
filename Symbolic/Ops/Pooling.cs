namespace Symbolic.Ops;

/// <summary>
/// Which element of each window is the maximum: the row-major position of the first one within the window, as an int32,
/// of images [n,c,...]. What lies in the padding is never chosen. NaN counts as the greatest.
/// </summary>
public sealed record WindowArgMax(Window Window) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return WindowTake.Check(this, Window, inputs[0]) with { DType = DType.Int32 };
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.Reduce(Reduction.ArgMax, Window.Taps, r => formula.ReadOr(0, WindowTake.Image(Window, at, r), double.NegativeInfinity)).Cast(DType.Int32);

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => MaxPool.Windows.Select(w => Sample.Kinked(new WindowArgMax(w), SampleInput.Uniform([2, 3, 7, 6], -1, 1)));
}

/// <summary>
/// Maximum of each window of images [n,c,...]; padding never wins. The gradient goes to the first maximum of a window
/// in row-major order, as in Caffe and Torch.
/// </summary>
public sealed record MaxPool(Window Window) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return WindowTake.Check(this, Window, inputs[0]);
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) => formula.Reduce(Reduction.Max, Window.Taps, r => formula.ReadOr(0, WindowTake.Image(Window, at, r), double.NegativeInfinity));

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new WindowPut(Window, x[0].Shape), dy, Expr.Of(new WindowArgMax(Window), x[0]))];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Windows.Select(w => Sample.Of(new MaxPool(w), SampleInput.Uniform([2, 3, 7, 6], -1, 1))), Sample.Kinked(new MaxPool(Window.Of([2, 2])), SampleInput.Of([1, 1, 2, 3], 1, double.NaN, 0, -1, 1, 1))];

    /// <summary>Windows for samples: touching, overlapping, padded, and sticking out at the end as Caffe's ceiling does.</summary>
    internal static Seq<Window> Windows => [Window.Of([2, 2], [2, 2]), Window.Of([3, 3], [2, 2], [1, 1]), new Window([3, 2], [2, 2], [0, 0], [1, 1], [1, 1])];
}

/// <summary>The element of each window that an index (as <see cref="WindowArgMax"/> gives it) points to. Linear in the image.</summary>
public sealed record WindowTake(Window Window) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType result = Check(this, Window, inputs[0]);
        return inputs[1].DType == DType.Int32 && inputs[1].Shape.Equals(result.Shape) ? result : throw Mismatch($"wants indices i32{result.Shape}; got {inputs[1]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        return formula.Sum(Window.Taps, r => Element.Select(
            Chosen(formula, at, Position(Window, r)),
            formula.ReadOrZero(0, Image(Window, at, r)), Element.Of(formula.Result.DType, 0)));
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new WindowPut(Window, x[0].Shape), dy, x[1]), Derivative.Disconnected];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new WindowTake(Window.Of([2, 2], [2, 2])), SampleInput.Uniform([2, 3, 4, 6], -1, 1), SampleInput.Whole(DType.Int32, [2, 3, 2, 3], 0, 3))];

    /// <summary>Whether the index at a result's position points to a tap. Compared in the image's dtype, in which positions are exact, so that it is one test of lanes.</summary>
    internal static Element Chosen(Formula formula, Seq<Dim> at, Dim tap) =>
        Element.Apply(Intrinsic.Equal, formula.Read(1, at).Cast(formula.Result.DType.Accumulator()), new Element.IndexValue(tap).Cast(formula.Result.DType.Accumulator()));

    internal static Dim Position(Window window, Seq<Dim> tap) => Enumerable.Range(0, window.Rank).Aggregate((Dim)0, (p, a) => p * window.Size[a] + tap[a]);

    internal static Seq<Dim> Image(Window window, Seq<Dim> at, Seq<Dim> tap) => [at[0], at[1], .. Enumerable.Range(0, window.Rank).Select(a => window.Image(a, at[a + 2], tap[a]))];

    internal static TensorType Check(Op op, Window window, TensorType image)
    {
        if (image.Rank != window.Rank + 2 || !image.DType.IsFloat())
        {
            throw new TypeMismatch($"{op.Name} with a window of {window.Rank} axes wants float images [n,c,...] of rank {window.Rank + 2}; got {image}");
        }
        return window.Defect(op.Name, image.Shape, 2) is { } defect
            ? throw new TypeMismatch(defect)
            : image with { Shape = new([image.Shape[0], image.Shape[1], .. Enumerable.Range(0, window.Rank).Select(a => window.Positions(a, image.Shape[a + 2]))]) };
    }
}

/// <summary>Puts each value of a result back to where its index points in an image of zeros, adding where windows overlap: the transpose of <see cref="WindowTake"/>.</summary>
public sealed record WindowPut(Window Window, Shape Image) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType result = WindowTake.Check(this, Window, inputs[0] with { Shape = Image });
        return inputs[0].Shape.Equals(result.Shape) && inputs[1].Equals(result with { DType = DType.Int32 })
            ? inputs[0] with { Shape = Image }
            : throw Mismatch($"wants values {result} and indices i32{result.Shape} for images {Image}; got {inputs[0]} and {inputs[1]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        return Fold.Cover(formula, Window, formula.Operand(0).Shape, at, (position, tap) =>
        {
            Seq<Dim> index = [at[0], at[1], .. position];
            return Element.Select(WindowTake.Chosen(formula, index, WindowTake.Position(Window, tap)), formula.Read(0, index), Element.Of(formula.Result.DType, 0));
        });
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new WindowTake(Window), dy, x[1]), Derivative.Disconnected];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Image = Image.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new WindowPut(Window.Of([2, 2], [2, 2]), [2, 3, 4, 6]), SampleInput.Uniform([2, 3, 2, 3], -1, 1), SampleInput.Whole(DType.Int32, [2, 3, 2, 3], 0, 3)),
         Sample.Of(new WindowPut(Window.Of([3, 3], [2, 2], [1, 1]), [1, 1, 5, 5]), SampleInput.Uniform([1, 1, 3, 3], -1, 1), SampleInput.Whole(DType.Int32, [1, 1, 3, 3], 4, 4)),
         Sample.Of(new WindowPut(Window.Of([2], [1], [0], [2]), [1, 1, 5]), SampleInput.Uniform([1, 1, 3], -1, 1), SampleInput.Whole(DType.Int32, [1, 1, 3], 0, 1))];
}
