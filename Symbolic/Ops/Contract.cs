namespace Symbolic.Ops;

/// <summary>
/// A sum of products over labelled axes: result[result labels] = Σ left[left labels] · right[right labels], over the labels that the
/// result lacks. Labels are letters, one an axis, as in Einstein's notation: "bik,bkj->bij" multiplies stacks of matrices. No operand names a
/// label twice, and each label stands in two of the three. Half precision accumulates in float32.
/// </summary>
/// <param name="Left">The labels of the first operand.</param>
/// <param name="Right">The labels of the second.</param>
/// <param name="To">The labels of the result.</param>
public sealed record Contract(string Left, string Right, string To) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        TensorType left = inputs[0], right = inputs[1];
        if (left.Rank != Left.Length || right.Rank != Right.Length || left.DType != right.DType || left.DType == DType.Bool
            || Left.Any(l => Right.Contains(l, StringComparison.Ordinal) && !SizeOf(left, Left, l).Equals(SizeOf(right, Right, l))))
        {
            throw Mismatch($"{Subscripts} wants numbers of one dtype with an axis for each label and equal labels of equal sizes; got {left} and {right}");
        }
        if (Distinct(Left) && Distinct(Right) && Distinct(To) && (Left + Right + To).All(char.IsAsciiLetter) && (Left + Right + To).GroupBy(l => l).All(uses => uses.Count() >= 2))
        {
            return left with { Shape = [.. To.Select(l => Left.Contains(l, StringComparison.Ordinal) ? SizeOf(left, Left, l) : SizeOf(right, Right, l))] };
        }
        throw Mismatch($"{Subscripts} wants labels that are letters, distinct in each operand and each in at least two of the three; got {left} and {right}");
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        string summed = string.Concat(Left.Where(l => !To.Contains(l, StringComparison.Ordinal)));
        return formula.SumOfProducts([.. summed.Select(l => SizeOf(formula.Operand(0), Left, l))], r =>
        {
            Dim Index(char label) => To.IndexOf(label, StringComparison.Ordinal) is >= 0 and var axis ? at[axis] : r[summed.IndexOf(label, StringComparison.Ordinal)];
            return (formula.Read(0, [.. Left.Select(Index)]), formula.Read(1, [.. Right.Select(Index)]));
        });
    }

    /// <summary>Bilinear: each derivative is again of the family.</summary>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Expr.Of(new Contract(To, Right, Left), dy, Functions.Conj(x[1])), Expr.Of(new Contract(Left, To, Right), Functions.Conj(x[0]), dy)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Of("bik", "bkj", "bij", [2, 3, 5], [2, 5, 4]), Of("bki", "bjk", "bij", [2, 5, 7], [2, 9, 5]), Of("aibk", "kcbj", "acbij", [2, 3, 2, 4], [4, 3, 2, 17]),
         Of("ik", "kj", "ji", [3, 5], [5, 33]), Of("bk", "bk", "b", [3, 17], [3, 17]), Of("ij", "ij", "", [3, 4], [3, 4]), Of("bik", "kb", "ib", [2, 3, 0], [0, 2]),
         Of("abc", "cbd", "ad", [2, 3, 4], [4, 3, 5])];

    private static Sample Of(string left, string right, string to, long[] a, long[] b) =>
        Sample.Of(new Contract(left, right, to), SampleInput.Uniform(a, -2, 2), SampleInput.Uniform(b, -2, 2));

    private string Subscripts => $"{Left},{Right}->{To}";

    private static bool Distinct(string labels) => labels.Distinct().Count() == labels.Length;

    private static Dim SizeOf(TensorType operand, string labels, char label) => operand.Shape[labels.IndexOf(label, StringComparison.Ordinal)];
}
