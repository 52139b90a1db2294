namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// Matrix product as Theano's dot: matrices and vectors in any pairing; of higher ranks, the last axis of the first with
    /// the last but one of the second.
    /// </summary>
    public static Expr Dot(Expr a, Expr b)
    {
        if (a.Rank == 0 || b.Rank == 0)
        {
            return a * b;
        }
        DType dtype = Promotion.Of(a.DType, b.DType);
        Dim inner = a.Shape[^1], second = b.Shape[b.Rank == 1 ? 0 : b.Rank - 2];
        if (inner.IsConstant && second.IsConstant && !inner.Equals(second))
        {
            throw new TypeMismatch($"dot wants the last axis of the first and the {(b.Rank == 1 ? "only" : "last but one")} axis of the second to agree; got {a.Label} and {b.Label}: {inner} is not {second}");
        }
        Dim k = inner.IsConstant ? inner : second;
        Expr left = a.Cast(dtype).Equate([.. a.Shape[..^1], k]).Reshape([a.Shape[..^1].Elements, k]);
        Seq<int> front = b.Rank <= 2 ? Enumerable.Range(0, b.Rank).ToSeq() : [b.Rank - 2, .. Enumerable.Range(0, b.Rank - 2), b.Rank - 1];
        Expr right = b.Cast(dtype).Transpose(front);
        Shape rest = right.Shape[1..];
        right = right.Equate([k, .. rest]).Reshape([k, rest.Elements]);
        return Expr.Of(new Dot(), left, right).Reshape([.. a.Shape[..^1], .. rest]);
    }
}
