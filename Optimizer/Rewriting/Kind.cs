namespace Symbolic.Optimizer;

/// <summary>A restriction on what a variable of a rule may stand for, judged by the expression alone.</summary>
/// <param name="Name">What it is called in the table of rules.</param>
/// <param name="Accepts">Whether an expression is of the kind.</param>
/// <param name="Examples">Expressions of the kind over a given float vector, with which the rules are tested.</param>
public sealed record Kind(string Name, Predicate<Expr> Accepts, Func<Expr, Seq<Expr>> Examples)
{
    /// <summary>Values that are positive as real numbers, though they may round to 0 or overflow.</summary>
    public static Kind Positive { get; } = new("exp(...), sigmoid(...), 1 - sigmoid(...) or softmax(...)",
        x => x.Op is Ops.Exp or Ops.Sigmoid or Ops.Softmax || x is { Op: Ops.Sub, Inputs: [{ Op: Ops.Full { Value: var one } }, { Op: Ops.Sigmoid }] } && one.IsExactly(1),
        x => [Functions.Exp(x), Functions.Sigmoid(x), 1 - Functions.Sigmoid(x), Functions.Softmax(x)]);

    /// <summary>Float constants ±2^k with a reciprocal that is a normal number, so that dividing and multiplying by it round alike.</summary>
    public static Kind PowerOfTwo { get; } = new("a power of two",
        x => x.Op is Ops.Full { Value: var value } && value.DType.IsFloat() && IsPowerOfTwo(value),
        x => [Functions.FullLike(x, 4), Functions.FullLike(x, 0.5), Functions.FullLike(x, -1024)]);

    /// <summary>Constants so far from the ends of the range that a product of two neither overflows nor loses digits.</summary>
    public static Kind Moderate { get; } = new("a constant between 1e-9 and 1e9",
        x => x.Op is Ops.Full { Value: { DType: DType.Float32 or DType.Float64 } value } && Math.Abs(value.ToDouble()) is >= 1e-9 and <= 1e9,
        x => [Functions.FullLike(x, 0.3), Functions.FullLike(x, -7)]);

    /// <summary>The pattern that binds a variable to an expression of this kind.</summary>
    public Pattern Of(Pattern variable) => new Pattern.Restricted(this, (Pattern.Variable)variable);

    private static bool IsPowerOfTwo(ScalarValue value)
    {
        double size = Math.Abs(value.ToDouble());
        double reciprocal = 1 / size;
        return double.IsPow2(size) && reciprocal >= SmallestNormal(value.DType)
            && double.IsFinite(ScalarValue.Of(value.DType, reciprocal).ToDouble());
    }

    private static double SmallestNormal(DType dtype) => dtype switch
    {
        DType.Float16 => Math.ScaleB(1, -14),
        DType.BFloat16 or DType.Float32 => Math.ScaleB(1, -126),
        DType.Float64 => Math.ScaleB(1, -1022),
        _ => throw new System.Diagnostics.UnreachableException($"{dtype}"),
    };
}
