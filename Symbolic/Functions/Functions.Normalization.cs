namespace Symbolic;

using Symbolic.Ops;

/// <summary>What batch normalisation by a batch's own statistics gives; statistics keep the reduced axes as size 1.</summary>
/// <param name="Output">The normalised, scaled and shifted values.</param>
/// <param name="Mean">The batch's mean.</param>
/// <param name="Variance">The batch's variance, divided by the number of elements.</param>
/// <param name="InverseDeviation">1 / √(variance + ε).</param>
/// <param name="Count">How many elements each statistic is over.</param>
public sealed record BatchNormalized(Expr Output, Expr Mean, Expr Variance, Expr InverseDeviation, Dim Count)
{
    /// <summary>A running mean moved toward the batch's by a factor.</summary>
    public Expr NextMean(Expr running, double factor) => (running * (1 - factor)) + (Mean * factor);

    /// <summary>
    /// A running variance moved toward the batch's by a factor. The batch's is divided by the number of elements less one, as in Theano,
    /// Torch and Caffe: infinite or NaN for a single element.
    /// </summary>
    public Expr NextVariance(Expr running, double factor)
    {
        Expr count = Functions.SizeOf(Count).Cast(Variance.DType);
        return (running * (1 - factor)) + (Variance * (count / (count - 1)) * factor);
    }
}

public static partial class Functions
{
    /// <summary>
    /// Local response normalisation across the channels of float images [n,c,...]: x · (k + alpha/size · Σ x²)^−beta, the sum being over the
    /// <paramref name="size"/> channels around each (Krizhevsky, Sutskever, Hinton 2012, section 3.3, with alpha divided as in Caffe and Torch).
    /// </summary>
    /// <exception cref="TypeMismatch">x is no float image, or the size is not odd.</exception>
    public static Expr ChannelResponseNorm(Expr x, int size, double alpha = 1, double beta = 0.75, double k = 1)
    {
        if (!x.DType.IsFloat() || x.Rank < 2 || size < 1 || size % 2 == 0)
        {
            throw new TypeMismatch($"local response normalisation wants float images [n,c,...] and an odd number of channels; got {x.Label} and {size}");
        }
        // Channels become the first spatial axis, and all others one.
        Shape asImage = [x.Shape[0], 1, x.Shape[1], x.Shape[2..].Elements];
        Expr sums = SumPool((x * x).Reshape(asImage), Window.Of([size, 1], padding: [size / 2, 0])).Reshape(x.Shape);
        return x * Pow<Expr>(k + (sums * (alpha / size)), -beta);
    }

    /// <summary>
    /// Local response normalisation within each channel of float images [n,c,...]: x · (k + alpha · mean of x² over the window around each
    /// element)^−beta, where what lies outside the image counts as 0.
    /// </summary>
    /// <exception cref="TypeMismatch">x is no float image, or the size is not odd.</exception>
    public static Expr SpatialResponseNorm(Expr x, int size, double alpha = 1, double beta = 0.75, double k = 1)
    {
        if (!x.DType.IsFloat() || x.Rank < 3 || size < 1 || size % 2 == 0)
        {
            throw new TypeMismatch($"local response normalisation within channels wants float images [n,c,...] and an odd window; got {x.Label} and {size}");
        }
        Window window = Window.Of(Enumerable.Repeat(size, x.Rank - 2).ToSeq(), padding: Enumerable.Repeat(size / 2, x.Rank - 2).ToSeq());
        return x * Pow<Expr>(k + (AveragePool(x * x, window, Averaging.WholeWindow) * alpha), -beta);
    }

    /// <summary>
    /// Batch normalisation by the batch's own statistics over axes: (x − mean) / √(variance + ε) · gamma + beta (Ioffe, Szegedy 2015). The axes
    /// are all but the second where none are given, which shares statistics over positions; [0] is Theano's per-activation. Gamma and beta
    /// have the statistics' shape, either with the reduced axes as size 1 or without them. The gradient goes through the statistics.
    /// </summary>
    /// <exception cref="TypeMismatch">x is not float, an axis does not exist, or gamma or beta have another shape.</exception>
    public static BatchNormalized BatchNormalize(Expr x, Expr? gamma = null, Expr? beta = null, Seq<int>? axes = null, double epsilon = 1e-4)
    {
        Seq<int> over = NormalizedAxes(x, axes);
        Expr mean = x.Mean(over, keepDims: true), centred = x - mean;
        Expr variance = (centred * centred).Mean(over, keepDims: true);
        Expr inverse = 1 / Sqrt<Expr>(variance + epsilon);
        Expr y = centred * (gamma is null ? inverse : inverse * Statistic(x, gamma, over, "gamma"));
        return new BatchNormalized(beta is null ? y : y + Statistic(x, beta, over, "beta"), mean, variance, inverse, x.Shape.Only(over).Elements);
    }

    /// <summary>Normalisation by statistics that are given: (x − mean) / √(variance + ε) · gamma + beta; see <see cref="BatchNormalize"/>.</summary>
    /// <exception cref="TypeMismatch">x is not float, an axis does not exist, or a statistic, gamma or beta have another shape.</exception>
    public static Expr NormalizeWith(Expr x, Expr mean, Expr variance, Expr? gamma = null, Expr? beta = null, Seq<int>? axes = null, double epsilon = 1e-4)
    {
        Seq<int> over = NormalizedAxes(x, axes);
        Expr inverse = 1 / Sqrt<Expr>(Statistic(x, variance, over, "variance") + epsilon);
        Expr y = (x - Statistic(x, mean, over, "mean")) * (gamma is null ? inverse : inverse * Statistic(x, gamma, over, "gamma"));
        return beta is null ? y : y + Statistic(x, beta, over, "beta");
    }

    private static Seq<int> NormalizedAxes(Expr x, Seq<int>? axes)
    {
        if (!x.DType.IsFloat() || x.Rank == 0 || axes is { Count: 0 })
        {
            throw new TypeMismatch($"normalisation wants floats and at least one axis; got {x.Label}{(axes is null ? "" : " and no axis")}");
        }
        return Axes(x, axes ?? Enumerable.Range(0, x.Rank).Where(axis => axis != 1).ToSeq());
    }

    /// <summary>A statistic or parameter with the reduced axes as size 1.</summary>
    private static Expr Statistic(Expr x, Expr given, Seq<int> over, string name)
    {
        Shape kept = x.Shape.WithOnes(over), without = x.Shape.Without(over);
        if (given.Rank != kept.Rank && given.Rank != without.Rank)
        {
            throw new TypeMismatch($"normalisation of {x.Label} over axes [{string.Join(",", over)}] wants {name} {kept} or {without}; got {given.Label}");
        }
        return given.Equate(given.Rank == kept.Rank ? kept : without).Reshape(kept);
    }
}
