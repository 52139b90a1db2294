using Symbolic.Conformance.Theano.Python;

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
        Add("T.arange(start, stop=None, step=None, dtype=None)", a => Range(a["start"], a["stop"], a["step"], a.DType("dtype")));
        Add("T.eye(n, m=None, k=0, dtype=\"floatX\")", a => Functions.Eye(AsDim(a["n"]), a.Has("m") ? AsDim(a["m"]) : null, a.Int("k"), a.DType("dtype")!.Value));
        Add("T.tri(n, m=None, k=0, dtype=\"floatX\")", a => Functions.Tri(AsDim(a["n"]), a.Has("m") ? AsDim(a["m"]) : null, a.Int("k"), a.DType("dtype")!.Value));
        Unary("T.identity_like", Functions.IdentityLike);
        Add("T.tril(x, k=0)", a => Functions.Tril(a.Tensor("x"), a.Int("k")));
        Add("T.triu(x, k=0)", a => Functions.Triu(a.Tensor("x"), a.Int("k")));
        Add("T.diag(x, k=0)", a => Functions.Diag(a.Tensor("x"), a.Int("k")));
        Add("extra_ops.bartlett(m)", a => Functions.Bartlett(AsDim(a["m"])));
        constants["T.mgrid"] = new Grid(Functions.Mgrid);
        constants["T.ogrid"] = new Grid(Functions.Ogrid);
    }

    private delegate Seq<Expr> Ranges(params ReadOnlySpan<(Dim Start, Dim Stop, Dim Step)> ranges);

    /// <summary><c>mgrid[a:b,c:d]</c>.</summary>
    private sealed record Grid(Ranges Ranges)
    {
        public Sequence At(TheanoApi api, object? index)
        {
            IEnumerable<SliceValue> slices = (index is Sequence { Items: var items } ? items : [index]).Cast<SliceValue>();
            return Sequence.List(Ranges([.. slices.Select(slice => (slice.Start is null ? 0 : api.AsDim(slice.Start), api.AsDim(slice.Stop), slice.Step is null ? 1 : api.AsDim(slice.Step)))]));
        }
    }

    /// <summary>start, start + step, ... before stop; a first argument alone is the stop.</summary>
    private Expr Range(object? start, object? stop, object? step, DType? dtype)
    {
        if (stop is null)
        {
            (start, stop) = (System.Numerics.BigInteger.Zero, start);
        }
        return Functions.Arange(AsTensor(start), AsTensor(stop), AsTensor(step ?? System.Numerics.BigInteger.One), dtype);
    }

    private static Expr Filled(Arguments a, double value)
    {
        Expr x = a.Tensor("x");
        return Functions.Full(a.DType("dtype") ?? x.DType, x.Shape, value);
    }
}
