namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>The expression converted to another dtype; itself where it has it. Uniform constants are converted at once.</summary>
    /// <exception cref="TypeMismatch">A complex number is to become a real one.</exception>
    public static Expr Cast(this Expr x, DType to) => x.DType == to ? x
        : x.Op is Full full && (to.IsComplex() || to == DType.Bool || !x.DType.IsComplex()) ? Expr.Of(full with { Value = full.Value.Cast(to) })
        : Expr.Of(new Cast(to), x);

    /// <summary>The same elements under another shape, one of whose sizes may be −1: it is what the others leave. Constants absorb it.</summary>
    public static Expr Reshape(this Expr x, Shape to) => x.Shape.Equals(to) ? x : x.Op switch
    {
        _ when to.Any(size => size.Is(-1)) => x.Reshape(Inferred(x, to)),
        Full full when full.Shape.Elements.Equals(to.Elements) => Expr.Of(full with { Shape = to }),
        Constant constant when to.IsKnown && constant.Value.Type.Shape.Elements.Equals(to.Elements) => Constant(constant.Value.WithSizes(Seq.Create<long>(to.Sizes))),
        _ => Expr.Of(new Reshape(to), x),
    };

    private static Shape Inferred(Expr x, Shape to)
    {
        Dim others = to.Where(size => !size.Is(-1)).Aggregate((Dim)1, (a, b) => a * b);
        return to.Count(size => size.Is(-1)) == 1 && others.Lower >= 0 && !others.Is(0)
            ? to.Map(size => size.Is(-1) ? x.Shape.Elements.FloorDiv(others) : size)
            : throw new TypeMismatch($"reshape of {x.Label} to {to} wants at most one size of -1, and no other that is negative or 0 beside it");
    }

    /// <summary>Axes in another order; negative axes count from the end.</summary>
    public static Expr Transpose(this Expr x, Seq<int> order)
    {
        Seq<int> axes = order.Map(axis => Axis(x, axis));
        return axes.SequenceEqual(Enumerable.Range(0, x.Rank)) ? x
            : x.Op is Full full && axes.Count == x.Rank ? Expr.Of(full with { Shape = x.Shape.Only(axes) })
            : Expr.Of(new Transpose(axes), x);
    }

    /// <summary>The axes in reverse order.</summary>
    public static Expr Transpose(this Expr x) => x.Transpose(Enumerable.Range(0, x.Rank).Reverse().ToSeq());

    /// <summary>Repeats x along new axes; its axis i becomes axis axes[i] of the shape. Uniform constants absorb it.</summary>
    public static Expr BroadcastTo(this Expr x, Shape shape, Seq<int> axes) => axes.Count == shape.Rank ? x
        : x.Op is Full full ? Expr.Of(full with { Shape = shape })
        : Expr.Of(new Broadcast(shape, axes), x);

    /// <summary>Brings x to a shape by the rules of pointwise ops: axes matched from the last, size 1 repeats.</summary>
    public static Expr BroadcastTo(this Expr x, Shape shape) => Alignment.Fit(x, shape);

    /// <summary>Says that x has these sizes; checked before any kernel runs.</summary>
    public static Expr Equate(this Expr x, Shape to) => x.Shape.Equals(to) ? x : x.Op is Full full ? Expr.Of(full with { Shape = to }) : Expr.Of(new Equate(to), x);

    /// <summary>Joins all axes from <paramref name="from"/> on into one.</summary>
    public static Expr Flatten(this Expr x, int from = 1) => x.Reshape([.. x.Shape[..from], x.Shape[from..].Elements]);

    /// <summary>exp(x) / Σ exp(x) along an axis, the last by default.</summary>
    public static Expr Softmax(Expr x, int axis = -1) => Expr.Of(new Softmax(Axis(x, axis)), x);

    /// <summary>Logarithm of the softmax along an axis, the last by default.</summary>
    public static Expr LogSoftmax(Expr x, int axis = -1) => Expr.Of(new LogSoftmax(Axis(x, axis)), x);

    /// <summary>
    /// 1 where the class index equals the position along a new last axis, else 0. Indices may be of any dtype; one outside
    /// [0, classes) gives a row of zeros.
    /// </summary>
    public static Expr OneHot(Expr indices, Dim classes, DType dtype = DType.Float32)
    {
        Shape shape = [.. indices.Shape, classes];
        Expr positions = Iota(shape, shape.Rank - 1);
        Expr wanted = indices.BroadcastTo(shape, Enumerable.Range(0, indices.Rank).ToSeq());
        return EqualTo<Expr>(wanted, positions.Cast(indices.DType)).Cast(dtype);
    }

    /// <summary>Cross-entropy −log p[label] of each row of logits [n,classes] with labels [n].</summary>
    public static Expr CrossEntropy(Expr logits, Expr labels) =>
        -(LogSoftmax(logits) * OneHot(labels, logits.Shape[^1], logits.DType)).Sum([-1]);

    /// <summary>
    /// Cross-entropy −t·log σ(x) − (1 − t)·log(1 − σ(x)) of each logit x with its target t in [0, 1], written softplus(x) − x·t so that
    /// nothing overflows or cancels.
    /// </summary>
    public static Expr SigmoidCrossEntropy(Expr logits, Expr targets) => Softplus<Expr>(logits) - logits * targets;

    private static Seq<int> Axes(Expr x, Seq<int>? axes) => axes is null
        ? Enumerable.Range(0, x.Rank).ToSeq()
        : axes.Map(axis => Axis(x, axis)).Distinct().Order().ToSeq();

    private static int Axis(Expr x, int axis) => axis >= -x.Rank && axis < x.Rank
        ? axis < 0 ? axis + x.Rank : axis
        : throw new TypeMismatch($"axis {axis} does not exist in {x.Label}");
}
