namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// Matrix product as numpy's and Theano's dot: matrices and vectors in any pairing; of higher ranks, the last axis of the first with
    /// the last but one of the second, the result having the other axes of the first, then those of the second. A scalar multiplies.
    /// </summary>
    /// <exception cref="TypeMismatch">The two axes differ in size.</exception>
    public static Expr Dot(Expr a, Expr b)
    {
        if (a.Rank == 0 || b.Rank == 0)
        {
            return a * b;
        }
        int second = b.Rank == 1 ? 0 : b.Rank - 2;
        if (b.Rank > 2)
        {
            return Tensordot("dot", a, b, [a.Rank - 1], [second], batch: 0);
        }
        Dim inner = a.Shape[^1], other = b.Shape[second];
        if (inner.IsConstant && other.IsConstant && !inner.Equals(other))
        {
            throw new TypeMismatch($"dot wants the last axis of the first and the {(b.Rank == 1 ? "only" : "last but one")} axis of the second to agree; got {a.Label} and {b.Label}: {inner} is not {other}");
        }
        DType dtype = Promotion.Of(a.DType, b.DType);
        Dim k = inner.IsConstant ? inner : other;
        Shape rest = b.Shape[1..];
        Expr left = a.Cast(dtype).Equate([.. a.Shape[..^1], k]).Reshape([a.Shape[..^1].Elements, k]);
        Expr right = b.Cast(dtype).Equate([k, .. rest]).Reshape([k, rest.Elements]);
        return Expr.Of(new Dot(), left, right).Reshape([.. a.Shape[..^1], .. rest]);
    }

    /// <summary>
    /// Matrix product as numpy's matmul and Python's @: of stacks of matrices whose leading axes broadcast. A vector counts as one row on the
    /// left, as one column on the right.
    /// </summary>
    /// <exception cref="TypeMismatch">An operand is a scalar, or sizes do not agree.</exception>
    public static Expr MatMul(Expr a, Expr b)
    {
        if (a.Rank == 0 || b.Rank == 0)
        {
            throw new TypeMismatch($"matmul wants operands of at least one axis; got {a.Label} and {b.Label}");
        }
        return a.Rank <= 2 && b.Rank <= 2 ? Dot(a, b) : Einsum($"...{(a.Rank == 1 ? "" : "i")}k,...k{(b.Rank == 1 ? "" : "j")}->...{(a.Rank == 1 ? "" : "i")}{(b.Rank == 1 ? "" : "j")}", a, b);
    }

    /// <summary>The product a[i] · b[j] of all pairs of elements, as a matrix; operands of other ranks are flattened.</summary>
    public static Expr Outer(Expr a, Expr b) => a.Reshape([a.Shape.Elements, 1]) * b.Reshape([1, b.Shape.Elements]);

    /// <summary>The sum of products over the last axis of both; a scalar multiplies.</summary>
    /// <exception cref="TypeMismatch">The axes differ in size.</exception>
    public static Expr Inner(Expr a, Expr b) => a.Rank == 0 || b.Rank == 0 ? a * b : Tensordot("inner", a, b, [a.Rank - 1], [b.Rank - 1], batch: 0);

    /// <summary>The sum of products over the last axes of the first and the first axes of the second, as many as said, in order.</summary>
    /// <exception cref="TypeMismatch">An operand has fewer axes, or sizes differ.</exception>
    public static Expr Tensordot(Expr a, Expr b, int axes = 2) => axes < 0 || axes > Math.Min(a.Rank, b.Rank)
        ? throw new TypeMismatch($"tensordot over {axes} axes of {a.Label} and {b.Label}: they have not so many")
        : Tensordot("tensordot", a, b, Enumerable.Range(a.Rank - axes, axes).ToSeq(), Enumerable.Range(0, axes).ToSeq(), batch: 0);

    /// <summary>
    /// The sum of products over pairs of axes; negative ones count from the end. The result has the other axes of the first, then those of
    /// the second.
    /// </summary>
    /// <exception cref="TypeMismatch">An axis does not exist or is named twice, or sizes differ.</exception>
    public static Expr Tensordot(Expr a, Expr b, Seq<int> axesOfA, Seq<int> axesOfB) => Tensordot("tensordot", a, b, axesOfA, axesOfB, batch: 0);

    /// <summary>
    /// For each index of the first axis of both the product as by dot: of the last axis of the first with the last but one of the second, or
    /// with its last if it has but two.
    /// </summary>
    /// <exception cref="TypeMismatch">An operand has no axis, or sizes differ.</exception>
    public static Expr BatchedDot(Expr a, Expr b)
    {
        if (a.Rank == 0 || b.Rank == 0)
        {
            throw new TypeMismatch($"batched dot wants operands of at least one axis; got {a.Label} and {b.Label}");
        }
        return a.Rank == 1 || b.Rank == 1 ? Tensordot("batched_dot", a, b, [], [], batch: 1) : Tensordot("batched_dot", a, b, [a.Rank - 1], [Math.Max(1, b.Rank - 2)], batch: 1);
    }

    /// <summary>For each index of the first axis of both, the sum of products over as many last axes of the first and first axes of the second, not counting that one.</summary>
    /// <exception cref="TypeMismatch">An operand has fewer axes, or sizes differ.</exception>
    public static Expr BatchedTensordot(Expr a, Expr b, int axes = 2) => axes < 0 || axes > Math.Min(a.Rank, b.Rank) - 1
        ? throw new TypeMismatch($"batched tensordot over {axes} axes of {a.Label} and {b.Label}: beside the batch they have not so many")
        : Tensordot("batched_tensordot", a, b, Enumerable.Range(a.Rank - axes, axes).ToSeq(), Enumerable.Range(1, axes).ToSeq(), batch: 1);

    /// <summary>For each index of the first axis of both, the sum of products over pairs of axes, counted with that one.</summary>
    /// <exception cref="TypeMismatch">An axis does not exist or is named twice, or sizes differ.</exception>
    public static Expr BatchedTensordot(Expr a, Expr b, Seq<int> axesOfA, Seq<int> axesOfB) => Tensordot("batched_tensordot", a, b, axesOfA, axesOfB, batch: 1);

    /// <summary>
    /// A sum of products in Einstein's notation, as numpy's einsum: <c>"bik,bkj->bij"</c>. Labels are letters, one an axis; <c>...</c> stands
    /// for axes that broadcast; without an arrow the result has the labels that occur once, in order of the alphabet. A label twice in one
    /// operand is its diagonal. Several operands are multiplied pair by pair in the order that costs the least.
    /// </summary>
    /// <exception cref="TypeMismatch">The subscripts are malformed or do not fit the operands; the message says where.</exception>
    public static Expr Einsum(string subscripts, params ReadOnlySpan<Expr> operands) => Einstein.Sum(subscripts, operands);

    private static Expr Tensordot(string name, Expr a, Expr b, Seq<int> axesOfA, Seq<int> axesOfB, int batch)
    {
        Seq<int> left = axesOfA.Map(axis => Axis(a, axis)), right = axesOfB.Map(axis => Axis(b, axis));
        if (left.Count != right.Count || left.Distinct().Count() != left.Count || right.Distinct().Count() != right.Count || left.Concat(right).Any(axis => axis < batch)
            || a.Rank < batch || b.Rank < batch || a.Rank + b.Rank > Einstein.MostLabels)
        {
            throw new TypeMismatch($"{name} wants as many different axes of the one as of the other{(batch > 0 ? ", the first not among them" : "")}; got [{string.Join(",", axesOfA)}] of {a.Label} and [{string.Join(",", axesOfB)}] of {b.Label}");
        }
        char[] ofA = [.. Enumerable.Range(0, a.Rank).Select(Einstein.Label)], ofB = [.. Enumerable.Range(a.Rank, b.Rank).Select(Einstein.Label)];
        for (int i = 0; i < left.Count; i++)
        {
            ofB[right[i]] = ofA[left[i]];
        }
        for (int axis = 0; axis < batch; axis++)
        {
            ofB[axis] = ofA[axis];
        }
        string to = string.Concat(ofA.Where((_, axis) => !left.Contains(axis))) + string.Concat(ofB.Where((_, axis) => axis >= batch && !right.Contains(axis)));
        return Einstein.Product(name, new(a, new string(ofA)), new(b, new string(ofB)), to);
    }
}
