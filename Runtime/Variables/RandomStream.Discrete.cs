using static Symbolic.Functions;

namespace Symbolic.Runtime;

// Draws of whole numbers. None has a gradient.
public sealed partial class RandomStream
{
    /// <summary>1 with a probability that broadcasts to the shape, else 0.</summary>
    /// <exception cref="TypeMismatch">The probability does not broadcast to the shape.</exception>
    public Expr Bernoulli(Shape shape, Expr probability, DType dtype)
    {
        DType inner = Promotion.ToFloat(probability.DType);
        return (Unit(shape, inner) < probability.Cast(inner).BroadcastTo(shape)).Cast(dtype);
    }

    /// <summary>How many of so many trials succeed, each with a probability; both broadcast to the shape.</summary>
    /// <exception cref="TypeMismatch">The trials are no integers, or one does not broadcast to the shape.</exception>
    /// <exception cref="BindingError">A number of trials is negative, or a probability not from 0 to 1; when the function is called.</exception>
    public Expr Binomial(Shape shape, Expr trials, Expr probability, DType dtype = DType.Int64) => trials.DType.IsInteger() || trials.DType == DType.Bool
        ? Expr.Of(new Ops.BinomialDraws(draws++), State, trials.Cast(DType.Float64).BroadcastTo(shape), probability.Cast(DType.Float64).BroadcastTo(shape)).Cast(dtype)
        : throw new TypeMismatch($"binomial wants whole numbers of trials; got {trials.Label}");

    /// <summary>The number of events of which a rate is expected, which broadcasts to the shape.</summary>
    /// <exception cref="TypeMismatch">The rate does not broadcast to the shape.</exception>
    /// <exception cref="BindingError">A rate is negative; when the function is called.</exception>
    public Expr Poisson(Shape shape, Expr rate, DType dtype = DType.Int64) => Expr.Of(new Ops.PoissonDraws(draws++), State, rate.Cast(DType.Float64).BroadcastTo(shape)).Cast(dtype);

    /// <summary>Integers drawn evenly from <paramref name="low"/> (included) to <paramref name="high"/> (excluded), of which there are at most 2^53.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or there are more.</exception>
    public Expr Integers(Shape shape, long low, long high, DType dtype = DType.Int64)
    {
        Int128 count = (Int128)high - low;
        if (count <= 0 || count > (Int128)1 << 53)
        {
            throw new ArgumentOutOfRangeException(nameof(high), $"between {low} and {high} there are no integers, or more than 2^53");
        }
        return Integers(shape, Constant(ScalarValue.Of(DType.Int64, low)), Constant(ScalarValue.Of(DType.Int64, high))).Cast(dtype);
    }

    /// <summary>
    /// Integers drawn evenly from <paramref name="low"/> (included) to <paramref name="high"/> (excluded), which broadcast to the shape, as int64; <paramref name="low"/>
    /// where there is none. Of m integers, each comes with a probability that differs from 1/m by at most 2^-53.
    /// </summary>
    /// <exception cref="TypeMismatch">They are no integers, or do not broadcast to the shape.</exception>
    public Expr Integers(Shape shape, Expr low, Expr high)
    {
        if (!low.DType.IsInteger() || !high.DType.IsInteger())
        {
            throw new TypeMismatch($"integers wants integers as bounds; got {low.Label} and {high.Label}");
        }
        Expr from = low.Cast(DType.Int64).BroadcastTo(shape), count = high.Cast(DType.Int64).BroadcastTo(shape) - from;
        // A multiple of 2^-53 below 1, times m of at most 2^53, stays below m when it is rounded.
        return from + (Unit(shape, DType.Float64) * count.Cast(DType.Float64)).Cast(DType.Int64);
    }

    /// <summary>The numbers from 0 to below a size in random order, as int64: one order for each index of the batch, along a last axis.</summary>
    public Expr Permutation(Dim size, Shape? batch = null)
    {
        Shape shape = [.. batch ?? Shape.Scalar, size];
        Expr keys = Bits(shape).Cast(DType.UInt64) * FullOf(shape, DType.UInt64, 1L << 32) + Bits(shape).Cast(DType.UInt64);
        return ArgSort(keys);
    }

    /// <summary>The slices along the first axis in random order.</summary>
    /// <exception cref="TypeMismatch">There is no axis.</exception>
    public Expr Shuffle(Expr x) => x.Rank > 0 ? Expr.Of(new Ops.Gather(0), x, Permutation(x.Shape[0])) : throw new TypeMismatch($"shuffle wants an axis; got {x.Label}");

    /// <summary>
    /// Positions below a size, as int64: with replacement, or all different (then in random order). Weights, a vector of that size, say how likely each is; they need
    /// not add up to 1. Without replacement and weights, all but one axis of the shape are a batch: the last one's positions differ.
    /// </summary>
    /// <exception cref="TypeMismatch">The weights are no vector; or more different positions are wanted than there are.</exception>
    public Expr Choice(Shape shape, Dim size, bool replace = true, Expr? weights = null)
    {
        if (weights is not null && weights.Rank != 1)
        {
            throw new TypeMismatch($"choice wants a vector of weights; got {weights.Label}");
        }
        Expr? likely = weights?.Cast(DType.Float64).Equate([size]);
        if (replace)
        {
            if (likely is null)
            {
                return Integers(shape, SizeOf(0), SizeOf(size));
            }
            Expr sums = CumSum(likely, 0);
            // The last sum is not 1 when rounded, nor when the weights are counts.
            return Minimum<Expr>(SearchSorted(sums, Unit(shape, DType.Float64) * likely.Sum(), behind: true), SizeOf(size - 1));
        }
        if (shape.Rank == 0)
        {
            throw new TypeMismatch("choice without replacement wants an axis of positions");
        }
        // The greatest of log w + Gumbel noise are a weighted sample without replacement (Yellott, "The relationship between Luce's choice axiom ...", 1977).
        Shape all = [.. shape[..^1], size];
        Expr noise = -Log<Expr>(-Log<Expr>(Open(all)));
        Expr keys = likely is null ? noise : noise + Log<Expr>(likely).BroadcastTo(all, [all.Rank - 1]);
        return TopK(keys, shape[^1]).Positions;
    }

    /// <summary>
    /// How often each category comes up in so many draws: the last axis of the probabilities becomes that of the counts, as int64. What they lack of 1 belongs
    /// to the last category.
    /// </summary>
    /// <exception cref="TypeMismatch">The probabilities have no axis.</exception>
    public Expr Multinomial(Expr probabilities, Dim draws)
    {
        if (probabilities.Rank == 0)
        {
            throw new TypeMismatch($"multinomial wants probabilities along a last axis; got {probabilities.Label}");
        }
        int last = probabilities.Rank - 1;
        Shape lead = probabilities.Shape[..last], drawn = [.. lead, draws], all = [.. drawn, probabilities.Shape[last]];
        Seq<int> kept = [.. Enumerable.Range(0, last), last + 1];
        Expr sums = CumSum(probabilities.Cast(DType.Float64), last);
        Expr low = Expr.Of(new Ops.Shift(last, 1), sums);
        Expr isLast = EqualTo<Expr>(Iota(sums.Shape, last), SizeOf(sums.Shape[last] - 1));
        Expr high = Switch<Expr>(isLast, double.PositiveInfinity, sums);
        Expr unit = Unit(drawn, DType.Float64).BroadcastTo(all, Enumerable.Range(0, last + 1).ToSeq());
        return And<Expr>(low.BroadcastTo(all, kept) <= unit, unit < high.BroadcastTo(all, kept)).Cast(DType.Int64).Sum([last]);
    }

    /// <summary>Numbers between 0 and 1, neither of which they are.</summary>
    private Expr Open(Shape shape) => Maximum<Expr>(Unit(shape, DType.Float64), Math.ScaleB(1, -54));

    private Expr Bits(Shape shape) => Expr.Of(new Ops.RandomBits(shape, draws++), State);

    private static Expr FullOf(Shape shape, DType dtype, long value) => Expr.Of(new Ops.Full(ScalarValue.Of(dtype, value), shape));
}
