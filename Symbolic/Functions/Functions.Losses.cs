namespace Symbolic;

public static partial class Functions
{
    /// <summary>
    /// The value at the labelled position of the last axis: values [...,classes], labels [...] of any dtype. A label outside
    /// [0, classes) picks 0. What is not picked does not matter, be it infinite or NaN.
    /// </summary>
    /// <exception cref="TypeMismatch">The labels' shape is not that of the values less their last axis.</exception>
    public static Expr AtLabel(Expr values, Expr labels)
    {
        if (values.Rank == 0 || labels.Rank != values.Rank - 1)
        {
            throw new TypeMismatch($"labels of values {values.Label} have one axis less; got {labels.Label}");
        }
        Expr wanted = labels.Equate(values.Shape[..^1]).BroadcastTo(values.Shape, Enumerable.Range(0, labels.Rank).ToSeq());
        Expr isLabel = EqualTo<Expr>(wanted, Iota(values.Shape, values.Rank - 1).Cast(labels.DType));
        return Switch<Expr>(isLabel, values, 0).Sum([-1]).Cast(values.DType);
    }

    /// <summary>
    /// Cross-entropy of rows of probabilities [...,classes] with targets: whole numbers [...] are labels, which give −log p[label]; floats
    /// [...,classes] are probabilities themselves, which give −Σ t · log p. Of a softmax, it is computed from the logarithm of the softmax, so
    /// that nothing underflows. A label outside the classes is refused when the function runs.
    /// </summary>
    /// <exception cref="TypeMismatch">The targets fit neither way.</exception>
    public static Expr CategoricalCrossEntropy(Expr probabilities, Expr targets)
    {
        if (!probabilities.DType.IsFloat() || probabilities.Rank == 0)
        {
            throw new TypeMismatch($"categorical cross-entropy wants rows of float probabilities; got {probabilities.Label}");
        }
        if (targets.Rank == probabilities.Rank)
        {
            return -(targets * Log<Expr>(probabilities)).Sum([-1]);
        }
        return targets.Rank == probabilities.Rank - 1 && !targets.DType.IsFloat()
            ? -AtLabel(Log<Expr>(probabilities), Expr.Of(new Ops.Positions(FromEnd: false), targets.Cast(DType.Int64), SizeOf(probabilities.Shape[^1])))
            : throw new TypeMismatch($"categorical cross-entropy of {probabilities.Label} wants integer labels {probabilities.Shape[..^1]} or probabilities {probabilities.Shape}; got {targets.Label}");
    }

    /// <summary>
    /// Cross-entropy −t · log p − (1 − t) · log(1 − p) of each probability with its target in [0, 1]. Of a sigmoid it is computed by way of
    /// softplus; where logits are at hand, <see cref="SigmoidCrossEntropy"/> says so at once.
    /// </summary>
    public static Expr BinaryCrossEntropy(Expr probabilities, Expr targets) =>
        -((targets * Log<Expr>(probabilities)) + ((1 - targets) * Log<Expr>(1 - probabilities)));

    /// <summary>
    /// One-against-all hinge loss Σ max(0, 1 − s·x)^power of each row of scores [...,classes] with labels [...], where s is 1 at the label
    /// and −1 elsewhere. The power is 1 or 2. At the hinge itself there is no gradient.
    /// </summary>
    /// <exception cref="TypeMismatch">Scores are not floats, labels have another shape, or the power is neither.</exception>
    public static Expr HingeLoss(Expr scores, Expr labels, int power = 1)
    {
        if (!scores.DType.IsFloat() || scores.Rank == 0 || labels.Rank != scores.Rank - 1 || power is not (1 or 2))
        {
            throw new TypeMismatch($"hinge loss wants float scores [...,classes], labels [...] and a power of 1 or 2; got {scores.Label}, {labels.Label} and {power}");
        }
        Expr sign = (2 * OneHot(labels.Equate(scores.Shape[..^1]), scores.Shape[^1], scores.DType)) - 1;
        Expr loss = Relu<Expr>(1 - (sign * scores));
        return (power == 2 ? loss * loss : loss).Sum([-1]);
    }
}
