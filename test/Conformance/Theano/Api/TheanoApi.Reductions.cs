namespace Symbolic.Conformance.Theano.Api;

// Sums and the like (theano.tensor.elemwise and basic).
internal sealed partial class TheanoApi
{
    private void AddReductions()
    {
        Add("T.sum(x, axis=None, dtype=None, keepdims=False, acc_dtype=None)", a =>
        {
            Expr x = a.Tensor("x");
            return (a.DType("dtype") is { } dtype ? x.Cast(dtype) : x).Sum(a.Axes("axis"), a.Flag("keepdims"));
        });
        Add("T.mean(x, axis=None, dtype=None, op=False, keepdims=False, acc_dtype=None)", a => a.Tensor("x").Mean(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.max(x, axis=None, keepdims=False)", a => a.Tensor("x").Max(a.Axes("axis"), a.Flag("keepdims")));
        Add("T.argmax(x, axis=None, keepdims=False)", a => a.Has("axis") ? a.Tensor("x").ArgMax(a.Int("axis")) : a.Tensor("x").Flatten(0).ArgMax());
    }
}
