using static Symbolic.Functions;

namespace Symbolic.Runtime;

/// <summary>
/// Random draws of a function. A draw is a function of a key and the number of the call, which stand in a shared variable whose
/// default update counts the calls: the bits depend neither on threads nor on vector width, and a gradient sees the very draw
/// that its forward pass saw. Two draws of one stream are different draws.
/// </summary>
public sealed partial class RandomStream
{
    private int draws;

    /// <summary>A stream with a seed; equal seeds give equal draws in the same order of asking.</summary>
    public RandomStream(ulong seed, string name = "random")
    {
        State = new SharedVariable(Tensor.Of<ulong>([seed, 0], 2), name);
        State.DefaultUpdate = State + Constant(Literal.Of<ulong>([0, 1], 2));
    }

    /// <summary>Key and number of the call, u64[2]: what a checkpoint keeps.</summary>
    public SharedVariable State { get; }

    /// <summary>Values drawn evenly from <paramref name="low"/> (included) to <paramref name="high"/>.</summary>
    /// <exception cref="TypeMismatch">The dtype is no float.</exception>
    public Expr Uniform(Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32)
    {
        Expr unit = Unit(shape, dtype);
        return low == 0 && high == 1 ? unit : low + unit * (high - low);
    }

    /// <summary>Values drawn evenly from <paramref name="low"/> (included) to <paramref name="high"/>, which broadcast to the shape. Gradients flow into both.</summary>
    /// <exception cref="TypeMismatch">They do not broadcast to the shape.</exception>
    public Expr Uniform(Shape shape, Expr low, Expr high)
    {
        (Expr from, Expr to) = Parameters(shape, low, high);
        return from + Unit(shape, from.DType) * (to - from);
    }

    /// <summary>1 with this probability, else 0.</summary>
    public Expr Bernoulli(Shape shape, double probability = 0.5, DType dtype = DType.Float32) => (Unit(shape, DType.Float32) < probability).Cast(dtype);

    /// <summary>Values drawn from a normal distribution, by Box and Muller's transform ("A note on the generation of random normal deviates", 1958).</summary>
    /// <exception cref="TypeMismatch">The dtype is no float.</exception>
    public Expr Normal(Shape shape, double mean = 0, double deviation = 1, DType dtype = DType.Float32)
    {
        Expr normal = Standard(shape, dtype);
        return mean == 0 && deviation == 1 ? normal : mean + normal * deviation;
    }

    /// <summary>
    /// Values drawn from a normal distribution whose mean and deviation broadcast to the shape. Gradients flow into both (the
    /// reparameterisation of Kingma and Welling, "Auto-encoding variational Bayes", 2014).
    /// </summary>
    /// <exception cref="TypeMismatch">They do not broadcast to the shape.</exception>
    public Expr Normal(Shape shape, Expr mean, Expr deviation)
    {
        (Expr centre, Expr scale) = Parameters(shape, mean, deviation);
        return centre + Standard(shape, centre.DType) * scale;
    }

    /// <summary>
    /// Values drawn from a normal distribution of which nothing further from the mean than so many deviations is left, by the inverse of its
    /// distribution function. Mean and deviation broadcast to the shape; gradients flow into both.
    /// </summary>
    /// <exception cref="TypeMismatch">They do not broadcast to the shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not above 0.</exception>
    public Expr TruncatedNormal(Shape shape, Expr mean, Expr deviation, double bound = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        (Expr centre, Expr scale) = Parameters(shape, mean, deviation);
        DType inner = centre.DType.Accumulator();
        Expr within = Erf<Expr>(Constant(ScalarValue.Of(inner, bound / Math.Sqrt(2))));
        Expr standard = Math.Sqrt(2) * ErfInv<Expr>(within * (2 * Unit(shape, inner) - 1));
        return centre + standard.Cast(centre.DType) * scale;
    }

    private Expr Standard(Shape shape, DType dtype)
    {
        DType inner = dtype.Accumulator();
        // 1 - u lies in (0, 1], where the logarithm is finite.
        Expr radius = Sqrt(-2 * Log(1 - Unit(shape, inner)));
        return (radius * Cos(2 * Math.PI * Unit(shape, inner))).Cast(dtype);
    }

    /// <summary>Two parameters of a draw, of one float dtype, brought to its shape.</summary>
    private static (Expr, Expr) Parameters(Shape shape, Expr a, Expr b)
    {
        DType dtype = Promotion.ToFloat(a.DType, b.DType);
        return (a.Cast(dtype).BroadcastTo(shape), b.Cast(dtype).BroadcastTo(shape));
    }

    /// <summary>Multiples of 2 to the -p in [0, 1), with as many bits p as the dtype holds exactly: no rounding can yield 1.</summary>
    private Expr Unit(Shape shape, DType dtype)
    {
        int bits = dtype switch
        {
            DType.BFloat16 => 8,
            DType.Float16 => 11,
            DType.Float32 => 24,
            DType.Float64 => 53,
            _ => throw new TypeMismatch($"a random number wants a float dtype; got {dtype.Text()}"),
        };
        if (bits <= 32)
        {
            return Leading(shape, bits).Cast(dtype) * Math.ScaleB(1, -bits);
        }
        Expr high = Leading(shape, bits - 26).Cast(dtype), low = Leading(shape, 26).Cast(dtype);
        return (high * Math.ScaleB(1, 26) + low) * Math.ScaleB(1, -bits);
    }

    private Expr Leading(Shape shape, int bits) =>
        FloorDiv<Expr>(Bits(shape), FullOf(shape, DType.UInt32, 1L << (32 - bits)));
}
