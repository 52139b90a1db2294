namespace Symbolic;

using Symbolic.Ops;

/// <content>
/// Reductions over axes: over all where none are given, over none where the list is empty. Negative axes count from the end; kept
/// axes have size 1.
/// </content>
public static partial class Functions
{
    /// <summary>Sum over axes. Integers and booleans give 64 bits, as in Theano; 16-bit floats accumulate in float32.</summary>
    /// <param name="x">What is summed.</param>
    /// <param name="axes">Over which axes.</param>
    /// <param name="keepDims">Whether they stay, with size 1.</param>
    /// <param name="dtype">The dtype of the result.</param>
    /// <param name="accumulator">The dtype in which elements are added; one that holds those of x.</param>
    public static Expr Sum(this Expr x, Seq<int>? axes = null, bool keepDims = false, DType? dtype = null, DType? accumulator = null) =>
        Accumulated("sum", x, axes, keepDims, dtype, accumulator, chosen => new Sum(chosen));

    /// <summary>
    /// Product over axes; dtypes as of <see cref="Sum"/>. Its gradient is right where elements are 0, unless <paramref name="noZeros"/> says that none is:
    /// then it is cheaper, and NaN there.
    /// </summary>
    public static Expr Product(this Expr x, Seq<int>? axes = null, bool keepDims = false, DType? dtype = null, DType? accumulator = null, bool noZeros = false) =>
        Accumulated("product", x, axes, keepDims, dtype, accumulator, chosen => new Product(chosen, noZeros));

    /// <summary>Maximum over axes; NaN if any is NaN.</summary>
    /// <exception cref="TypeMismatch">An axis is known to be empty; one that turns out to be when the function is called is a <see cref="BindingError"/>.</exception>
    public static Expr Max(this Expr x, Seq<int>? axes = null, bool keepDims = false) => Reduced(NotEmpty("max", x, Axes(x, axes)), axes, keepDims, chosen => new Max(chosen));

    /// <summary>Minimum over axes; NaN if any is NaN.</summary>
    /// <exception cref="TypeMismatch">An axis is known to be empty; one that turns out to be when the function is called is a <see cref="BindingError"/>.</exception>
    public static Expr Min(this Expr x, Seq<int>? axes = null, bool keepDims = false) => Reduced(NotEmpty("min", x, Axes(x, axes)), axes, keepDims, chosen => new Min(chosen));

    /// <summary>Greatest minus smallest element over axes.</summary>
    public static Expr PeakToPeak(this Expr x, Seq<int>? axes = null, bool keepDims = false) => x.Max(axes, keepDims) - x.Min(axes, keepDims);

    /// <summary>Position of the first maximum along an axis; NaN counts as the greatest.</summary>
    public static Expr ArgMax(this Expr x, int axis = -1) => x.ArgMax([axis], keepDims: false);

    /// <summary>Row-major position, among the axes in increasing order, of the first maximum over them; NaN counts as the greatest.</summary>
    /// <exception cref="TypeMismatch">An axis is known to be empty; one that turns out to be when the function is called is a <see cref="BindingError"/>.</exception>
    public static Expr ArgMax(this Expr x, Seq<int>? axes, bool keepDims)
    {
        Seq<int> chosen = Axes(x, axes);
        Expr full = NotEmpty("arg_max", x, chosen);
        Seq<int> kept = Enumerable.Range(0, x.Rank).Except(chosen).ToSeq();
        Shape rest = full.Shape.Only(kept);
        Expr position = chosen.Count == 1
            ? Expr.Of(new ArgMax(chosen[0]), full)
            : Expr.Of(new ArgMax(kept.Count), full.Transpose([.. kept, .. chosen]).Reshape([.. rest, full.Shape.Only(chosen).Elements]));
        return keepDims ? position.Reshape(x.Shape.WithOnes(chosen)) : position;
    }

    /// <summary>Position of the first minimum along an axis; NaN counts as the smallest.</summary>
    public static Expr ArgMin(this Expr x, int axis = -1) => x.ArgMin([axis], keepDims: false);

    /// <summary>Row-major position, among the axes in increasing order, of the first minimum over them; NaN counts as the smallest.</summary>
    /// <exception cref="TypeMismatch">An axis is known to be empty; one that turns out to be when the function is called is a <see cref="BindingError"/>.</exception>
    public static Expr ArgMin(this Expr x, Seq<int>? axes, bool keepDims) => Reversed(x).ArgMax(axes, keepDims);

    /// <summary>Maximum over axes and its row-major position among them, the first of several.</summary>
    public static (Expr Max, Expr Position) MaxAndArgMax(this Expr x, Seq<int>? axes = null, bool keepDims = false) => (x.Max(axes, keepDims), x.ArgMax(axes, keepDims));

    /// <summary>Whether all elements over axes are true, or numbers other than 0; of none, true.</summary>
    public static Expr All(this Expr x, Seq<int>? axes = null, bool keepDims = false) => Reduced(Truth(x), axes, keepDims, chosen => new All(chosen));

    /// <summary>Whether any element over axes is true, or a number other than 0; of none, false.</summary>
    public static Expr Any(this Expr x, Seq<int>? axes = null, bool keepDims = false) => Reduced(Truth(x), axes, keepDims, chosen => new Any(chosen));

    /// <summary>Mean over axes; integers and booleans give float64, 16-bit floats are added and divided in float32. Of nothing, NaN.</summary>
    /// <param name="x">What is averaged.</param>
    /// <param name="axes">Over which axes.</param>
    /// <param name="keepDims">Whether they stay, with size 1.</param>
    /// <param name="dtype">The dtype of the result, a float.</param>
    /// <param name="accumulator">The dtype in which elements are added; one that holds those of x.</param>
    public static Expr Mean(this Expr x, Seq<int>? axes = null, bool keepDims = false, DType? dtype = null, DType? accumulator = null)
    {
        DType result = dtype ?? Promotion.Mean(x.DType);
        if (!result.IsContinuous())
        {
            throw new TypeMismatch($"a mean of {x.Label} is a float, not {result.Text()}");
        }
        DType inner = accumulator ?? Promotion.Of(Promotion.Mean(x.DType), result).Accumulator();
        Expr sum = x.Sum(axes, keepDims, inner, inner);
        DType divided = inner.IsContinuous() ? inner : DType.Float64;
        return (sum.Cast(divided) / SizeOf(x.Shape.Only(Axes(x, axes)).Elements).Cast(divided)).Cast(result);
    }

    /// <summary>
    /// Variance over axes: the mean of squared distances from the mean, with the number of elements less <paramref name="ddof"/> as the divisor. Corrected, it
    /// subtracts the square of what rounding left of the mean of the distances (Chan, Golub, LeVeque: "Algorithms for computing the sample
    /// variance", 1983). Of complex numbers it is the mean of squares, not of squared sizes, as in Theano.
    /// </summary>
    public static Expr Var(this Expr x, Seq<int>? axes = null, bool keepDims = false, int ddof = 0, bool corrected = false)
    {
        DType result = Promotion.Mean(x.DType), inner = result.Accumulator();
        Expr wide = x.Cast(inner);
        Seq<int> chosen = Axes(x, axes);
        Expr centred = wide - wide.Mean(chosen, keepDims: true);
        Expr squares = (centred * centred).Sum(chosen, keepDims);
        Dim count = x.Shape.Only(chosen).Elements;
        if (corrected)
        {
            Expr left = centred.Sum(chosen, keepDims);
            squares -= left * left / SizeOf(count).Cast(inner);
        }
        return (squares / SizeOf(count - ddof).Cast(inner)).Cast(result);
    }

    /// <summary>Standard deviation over axes: the square root of <see cref="Var"/>.</summary>
    public static Expr Std(this Expr x, Seq<int>? axes = null, bool keepDims = false, int ddof = 0, bool corrected = false) => Sqrt<Expr>(x.Var(axes, keepDims, ddof, corrected));

    /// <summary>log Σ exp(x) over axes, without overflow.</summary>
    public static Expr LogSumExp(this Expr x, Seq<int>? axes = null, bool keepDims = false)
    {
        Seq<int> chosen = Axes(x, axes);
        Expr floats = x.Cast(Promotion.ToFloat(x.DType));
        Expr result = Expr.Of(new LogSumExp(chosen), floats);
        return keepDims ? result.Reshape(x.Shape.WithOnes(chosen)) : result;
    }

    /// <summary>The p-norm over axes: (Σ |x|ᵖ) to the 1/p. An infinite p gives the greatest |x| (−∞ the smallest), 0 the number of elements that are not 0.</summary>
    public static Expr Norm(this Expr x, double p = 2, Seq<int>? axes = null, bool keepDims = false)
    {
        Expr size = Abs<Expr>(x.Cast(Promotion.ToFloat(x.DType)));
        return p switch
        {
            double.PositiveInfinity => size.Max(axes, keepDims),
            double.NegativeInfinity => size.Min(axes, keepDims),
            0 => Truth(x).Cast(size.DType).Sum(axes, keepDims),
            1 => size.Sum(axes, keepDims),
            2 => Sqrt<Expr>((size * size).Sum(axes, keepDims)),
            _ => Pow<Expr>(Pow<Expr>(size, p).Sum(axes, keepDims), 1 / p),
        };
    }

    private static Expr Accumulated(string name, Expr x, Seq<int>? axes, bool keepDims, DType? dtype, DType? accumulator, Func<Seq<int>, ReductionOp> op)
    {
        DType natural = Promotion.Reduce(x.DType);
        DType inner = accumulator ?? (dtype is { } wanted ? Promotion.Of(natural, wanted) : natural);
        return accumulator is null || Promotion.Of(x.DType, inner) == inner
            ? Reduced(x.Cast(inner), axes, keepDims, op).Cast(dtype ?? natural)
            : throw new TypeMismatch($"{name} of {x.Label} cannot accumulate in {inner.Text()}, which does not hold {x.DType.Text()}");
    }

    private static Expr Reduced(Expr x, Seq<int>? axes, bool keepDims, Func<Seq<int>, ReductionOp> op)
    {
        Seq<int> chosen = Axes(x, axes);
        Expr result = chosen.Count == 0 ? x : Expr.Of(op(chosen), x);
        return keepDims ? result.Reshape(x.Shape.WithOnes(chosen)) : result;
    }

    /// <summary>The expression with an equation for each axis that may turn out to be empty; it is checked before any kernel runs.</summary>
    private static Expr NotEmpty(string name, Expr x, Seq<int> axes)
    {
        foreach (int axis in axes)
        {
            if (x.Shape[axis].Upper == 0)
            {
                throw new TypeMismatch($"{name} of {x.Label} wants elements along axis {axis}, which is empty");
            }
        }
        return x.Equate(new Shape(x.Shape.Select((size, axis) => axes.Contains(axis) ? Dim.Max(size, 1) : size).ToSeq()));
    }

    private static Expr Truth(Expr x) => x.DType == DType.Bool ? x : NotEqualTo<Expr>(x, 0);

    /// <summary>The same elements in opposite order of size; −x − 1 of integers, of which the least has no opposite.</summary>
    private static Expr Reversed(Expr x) => x.DType switch
    {
        DType.Bool => Not<Expr>(x),
        _ when x.DType.IsContinuous() => -x,
        _ => FullLike(x, x.DType.IsSigned() ? -1 : double.PositiveInfinity) - x,
    };
}
