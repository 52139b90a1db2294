namespace Symbolic.Ops;

/// <summary>
/// What each window of images [n,c,...] sees: result [n,c,positions...,taps...], known elsewhere as im2col or patches. An element in
/// the padding is <paramref name="Outside"/>. Pooling is a reduction of it over the taps; no kernel ever stores it then.
/// </summary>
public sealed record Unfold(Window Window, double Outside) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0] with { Shape = Seen(this, Window, inputs[0].Shape) };
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) =>
        formula.ReadOr(0, WindowTake.Image(Window, at, at[(2 + Window.Rank)..]), Outside);

    /// <summary>Linear in the image, but for a constant: the gradient is <see cref="Fold"/>.</summary>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new Fold(Window, x[0].Shape), dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [.. Cases.Select(c => Sample.Of(new Unfold(c.Window, 0), SampleInput.Uniform(c.Image, -1, 1))),
         Sample.Kinked(new Unfold(Window.Of([3], padding: [1]), double.NegativeInfinity), SampleInput.Uniform([1, 2, 5], -1, 1))];

    /// <summary>Geometries shared with <see cref="Fold"/>: touching, overlapping, strided past the window, dilated, padded unequally, of rank 1 to 3.</summary>
    internal static Seq<(Window Window, long[] Image)> Cases =>
        [(Window.Of([2, 2], [2, 2]), [2, 3, 4, 6]), (Window.Of([3, 3], [2, 2], [1, 1]), [1, 2, 7, 6]), (Window.Of([2, 1], [3, 2]), [1, 2, 7, 5]),
         (Window.Of([2, 3], [1, 2], [1, 0], [2, 1]), [1, 1, 5, 7]), (new Window([3, 2], [2, 2], [0, 1], [2, 0], [1, 1]), [1, 2, 6, 17]),
         (Window.Of([5], padding: [2]), [2, 3, 9]), (Window.Of([2, 2, 3], [2, 1, 1], [0, 1, 1]), [1, 2, 4, 3, 5])];

    /// <summary>The shape of what the windows see of an image.</summary>
    internal static Shape Seen(Op op, Window window, Shape image)
    {
        if (image.Rank != window.Rank + 2)
        {
            throw new TypeMismatch($"{op.Name} with a window of {window.Rank} axes wants images [n,c,...] of rank {window.Rank + 2}; got {image}");
        }
        return window.Defect(op.Name, image, 2) is { } defect
            ? throw new TypeMismatch(defect)
            : [image[0], image[1], .. Enumerable.Range(0, window.Rank).Select(a => window.Positions(a, image[a + 2])), .. window.Taps];
    }
}

/// <summary>
/// Adds what windows see back into an image of zeros, where they saw it: the transpose of <see cref="Unfold"/>, known elsewhere as
/// col2im. What lies in the padding is dropped.
/// </summary>
public sealed record Fold(Window Window, Shape Image) : FormulaOp
{
    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        Shape seen = Unfold.Seen(this, Window, Image);
        return inputs[0].Shape.Equals(seen) && inputs[0].DType != DType.Bool
            ? inputs[0] with { Shape = Image }
            : throw Mismatch($"wants numbers {seen} for images {Image}; got {inputs[0]}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at) =>
        Cover(formula, Window, formula.Operand(0).Shape[..(2 + Window.Rank)], at, (position, tap) => formula.Read(0, [at[0], at[1], .. position, .. tap]));

    /// <summary>
    /// The sum of a value over the windows that cover an image's element. With dilation 1 only those are visited: position =
    /// (at + before − tap) / stride, so taps run over the window's residues and ceil(size / stride) positions remain. Along an axis of fewer positions all of them are
    /// visited: so a window over the whole image is read once.
    /// </summary>
    internal static Element Cover(Formula formula, Window window, Shape positions, Seq<Dim> at, Func<Seq<Dim>, Seq<Dim>, Element> value)
    {
        Element zero = Element.Of(formula.Result.DType, 0);
        if (window.Dilation.Any(d => d != 1))
        {
            return formula.Sum(window.Taps, tap =>
            {
                (Element inside, Seq<Dim> position) = ConvolutionImage.Positions(window, positions, at[2..], tap);
                return Element.Select(inside, value(position, tap), zero);
            });
        }
        long Most(int a) => ((long)window.Size[a] + window.Stride[a] - 1) / window.Stride[a];
        bool HasFewer(int a) => positions[a + 2] is { IsConstant: true, Constant: var all } && all < Most(a);
        Shape covering = new(Enumerable.Range(0, window.Rank).Select(a => HasFewer(a) ? positions[a + 2] : Most(a)).ToSeq());
        return formula.Sum(covering, r =>
        {
            Element inside = new Element.Number(ScalarValue.Of(DType.Bool, 1));
            var position = new Dim[window.Rank];
            var tap = new Dim[window.Rank];
            for (int a = 0; a < window.Rank; a++)
            {
                Dim padded = at[a + 2] + window.Before[a];
                if (HasFewer(a))
                {
                    // In the order of the taps, as where not all are visited.
                    position[a] = positions[a + 2] - 1 - r[a];
                    tap[a] = padded - (position[a] * window.Stride[a]);
                    inside = Element.Both(inside, Element.Inside(tap[a], 0, window.Size[a]));
                    continue;
                }
                position[a] = padded.FloorDiv(window.Stride[a]) - r[a];
                tap[a] = padded.Mod(window.Stride[a]) + r[a] * window.Stride[a];
                inside = Element.Both(inside, Element.Inside(position[a], 0, positions[a + 2]));
                inside = Element.Both(inside, Element.Inside(tap[a], 0, window.Size[a]));
            }
            return Element.Select(inside, value(Seq.Create<Dim>(position), Seq.Create<Dim>(tap)), zero);
        });
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Expr.Of(new Unfold(Window, 0), dy)];

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Image = Image.Map(map) };

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Unfold.Cases.Select(c =>
        Sample.Of(new Fold(c.Window, Shape.Of(c.Image)), SampleInput.Uniform(Unfold.Seen(this, c.Window, Shape.Of(c.Image)).Sizes, -1, 1)));
}
