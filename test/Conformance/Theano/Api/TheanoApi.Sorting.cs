using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Order (theano.tensor.sort).
internal sealed partial class TheanoApi
{
    private void AddSorting()
    {
        Add("T.sort(x, axis=-1, kind=\"quicksort\", order=None)", a => Along(a, Functions.Sort));
        Add("T.argsort(x, axis=-1, kind=\"quicksort\", order=None)", a => Along(a, Functions.ArgSort));
        Add("T.topk(x, kth, axis=-1, sorted=True, idx_dtype=\"int64\")", a => Leading(a).Values);
        Add("T.argtopk(x, kth, axis=-1, sorted=True, idx_dtype=\"int64\")", a => Leading(a).Positions);
        Add("T.topk_and_argtopk(x, kth, axis=-1, sorted=True, idx_dtype=\"int64\")", a => Sequence.Tuple(Leading(a).Values, Leading(a).Positions));
    }

    /// <summary>Along an axis, or of the flattened tensor where it is None.</summary>
    private static Expr Along(Arguments a, Func<Expr, int, Expr> function) =>
        a.Has("axis") ? function(a.Tensor("x"), a.Int("axis")) : function(a.Tensor("x").FlattenTo(), 0);

    private static (Expr Values, Expr Positions) Leading(Arguments a)
    {
        int k = a.Int("kth");
        return Functions.TopK(a.Tensor("x"), Math.Abs(k), a.Int("axis"), largest: k > 0);
    }
}
