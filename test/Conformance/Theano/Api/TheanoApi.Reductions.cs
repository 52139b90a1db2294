using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Sums and the like (theano.tensor.elemwise, basic and extra_ops).
internal sealed partial class TheanoApi
{
    private void AddReductions()
    {
        Add("T.sum(x, axis=None, dtype=None, keepdims=False, acc_dtype=None)", a => a.Tensor("x").Sum(a.Axes("axis"), a.Flag("keepdims"), a.DType("dtype"), a.DType("acc_dtype")));
        Add("T.prod(x, axis=None, dtype=None, keepdims=False, acc_dtype=None, no_zeros_in_input=False)", a =>
            a.Tensor("x").Product(a.Axes("axis"), a.Flag("keepdims"), a.DType("dtype"), a.DType("acc_dtype"), a.Flag("no_zeros_in_input")));
        Add("T.mean(x, axis=None, dtype=None, op=False, keepdims=False, acc_dtype=None)", a => a.Tensor("x").Mean(a.Axes("axis"), a.Flag("keepdims"), a.DType("dtype"), a.DType("acc_dtype")));
        Add("T.max(x, axis=None, keepdims=False)", a => a.Tensor("x").Max(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.min(x, axis=None, keepdims=False)", a => a.Tensor("x").Min(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.argmax(x, axis=None, keepdims=False)", a => a.Tensor("x").ArgMax(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.argmin(x, axis=None, keepdims=False)", a => a.Tensor("x").ArgMin(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.max_and_argmax(x, axis=None, keepdims=False)", a =>
        {
            (Expr max, Expr position) = a.Tensor("x").MaxAndArgMax(a.Axes("axis"), a.Flag("keepdims"));
            return Sequence.List(max, position);
        });
        Add("T.all(x, axis=None, keepdims=False)", a => a.Tensor("x").All(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.any(x, axis=None, keepdims=False)", a => a.Tensor("x").Any(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.var(x, axis=None, ddof=0, keepdims=False, corrected=False)", a => a.Tensor("x").Var(a.Axes("axis"), a.Flag("keepdims"), a.Int("ddof"), a.Flag("corrected")));
        Add("T.std(x, axis=None, ddof=0, keepdims=False, corrected=False)", a => a.Tensor("x").Std(a.Axes("axis"), a.Flag("keepdims"), a.Int("ddof"), a.Flag("corrected")));
        Add("T.ptp(x, axis=None)", a => a.Tensor("x").PeakToPeak(a.Axes("axis")));
        Add("Variable.norm(x, L, axis=None, keepdims=False)", a => a.Tensor("x").Norm(a.Real("L"), a.Axes("axis"), a.Flag("keepdims")));
        Add("T.cumsum(x, axis=None)", a => Functions.CumSum(a.Tensor("x"), a.Has("axis") ? a.Int("axis") : null));
        Add("T.cumprod(x, axis=None)", a => Functions.CumProd(a.Tensor("x"), a.Has("axis") ? a.Int("axis") : null));
        Alias("extra_ops.cumsum", "T.cumsum");
        Alias("extra_ops.cumprod", "T.cumprod");
        Add("extra_ops.diff(x, n=1, axis=-1)", a =>
        {
            int axis = a.Int("axis");
            return Enumerable.Range(0, a.Int("n")).Aggregate(a.Tensor("x"), (x, _) => x.Slice(axis, 1, null) - x.Slice(axis, null, -1));
        });
    }
}
