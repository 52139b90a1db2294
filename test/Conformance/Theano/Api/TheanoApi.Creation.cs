namespace Symbolic.Conformance.Theano.Api;

// Making tensors (theano.tensor.basic).
internal sealed partial class TheanoApi
{
    private void AddCreation()
    {
        Add("T.constant(x, name=None, ndim=None, dtype=None)", a => a.DType("dtype") is { } dtype ? a.Tensor("x").Cast(dtype) : a.Tensor("x"));
        Add("T.as_tensor_variable(x, name=None, ndim=None)", a => a.Tensor("x"));
        Alias("T.as_tensor", "T.as_tensor_variable");
        Add("T.zeros_like(x, dtype=None, opt=False)", a => Filled(a, 0));
        Add("T.ones_like(x, dtype=None, opt=False)", a => Filled(a, 1));
        Add("T.zeros(shape, dtype=\"floatX\")", a => Functions.Full(a.DType("dtype")!.Value, [.. a.Dims("shape")], 0));
        Add("T.ones(shape, dtype=\"floatX\")", a => Functions.Full(a.DType("dtype")!.Value, [.. a.Dims("shape")], 1));
        Add("T.dot(x, y)", a =>
        {
            (Expr x, Expr y) = Kept(a.Tensor("x"), a.Tensor("y"));
            return Functions.Dot(x, y);
        });
    }

    private static Expr Filled(Arguments a, double value)
    {
        Expr x = a.Tensor("x");
        return Functions.Full(a.DType("dtype") ?? x.DType, x.Shape, value);
    }
}
