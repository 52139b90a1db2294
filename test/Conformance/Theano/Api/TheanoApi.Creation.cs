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
        Add("T.arange(start, stop=None, step=None, dtype=None)", Range);
        Add("T.eye(n, m=None, k=0, dtype=\"floatX\")", a => Triangle(a, "n", "m", equal: true));
        Add("T.tri(n, m=None, k=0, dtype=\"floatX\")", a => Triangle(a, "n", "m", equal: false));
        Add("T.identity_like(x)", a => Below(a.Tensor("x").Shape[0], a.Tensor("x").Shape[1], 0, equal: true).Cast(a.Tensor("x").DType));
        Add("T.tril(x, k=0)", a => Functions.Switch<Expr>(Below(a.Tensor("x").Shape[0], a.Tensor("x").Shape[1], a.Int("k"), equal: false), a.Tensor("x"), 0));
        Add("T.triu(x, k=0)", a => Functions.Switch<Expr>(Below(a.Tensor("x").Shape[0], a.Tensor("x").Shape[1], a.Int("k") - 1, equal: false), 0, a.Tensor("x")));
        Add("T.diag(x, k=0)", a => a.Tensor("x").Rank == 1
            ? Functions.Switch<Expr>(Below(a.Tensor("x").Shape[0], a.Tensor("x").Shape[0], 0, equal: true), a.Tensor("x"), 0)
            : a.Tensor("x").Diagonal(a.Int("k")));
        Add("extra_ops.bartlett(m)", a =>
        {
            Dim size = AsDim(a["m"]);
            Expr last = SizeOf(size - 1).Cast(DType.Float64), n = Functions.Iota([size], 0).Cast(DType.Float64);
            return 1 - Functions.Abs<Expr>(2 * n / last - 1);
        });
        constants["T.mgrid"] = new Grid(isOpen: false);
        constants["T.ogrid"] = new Grid(isOpen: true);
    }

    /// <summary><c>mgrid[a:b,c:d]</c>: ranges along axes of their own, repeated over each other unless open.</summary>
    private sealed class Grid(bool isOpen)
    {
        public Sequence At(TheanoApi api, object? index)
        {
            SliceValue[] slices = [.. (index is Sequence { Items: var items } ? items : [index]).Cast<SliceValue>()];
            Expr[] ranges = [.. slices.Select(slice => api.Range(slice.Start ?? System.Numerics.BigInteger.Zero, slice.Stop, slice.Step, null))];
            Shape whole = new(ranges.Select(range => range.Shape[0]).ToSeq());
            return Sequence.List(ranges.Select((range, axis) => isOpen
                ? range.Reshape(whole.WithOnes(Enumerable.Range(0, ranges.Length).Where(other => other != axis).ToSeq()))
                : range.BroadcastTo(whole, [axis])));
        }
    }

    private object? Range(Arguments a) => Range(a["start"], a["stop"], a["step"], a.DType("dtype"));

    /// <summary>start, start + step, ... before stop; a first argument alone is the stop.</summary>
    private Expr Range(object? start, object? stop, object? step, DType? dtype)
    {
        if (stop is null)
        {
            (start, stop) = (System.Numerics.BigInteger.Zero, start);
        }
        if (start is double || stop is double || step is double)
        {
            throw new MissingFeature("T.arange of fractions");
        }
        int by = step is null ? 1 : Value.Int(step);
        Dim from = AsDim(start), size = by > 0 ? (AsDim(stop) - from).CeilDiv(by) : (from - AsDim(stop)).CeilDiv(-by);
        Expr range = SizeOf(from) + Functions.Iota([Dim.Max(size, 0)], 0) * by;
        return range.Cast(dtype ?? DType.Int64);
    }

    private static Expr Triangle(Arguments a, string rows, string columns, bool equal)
    {
        Dim n = a.Dims(rows)[0];
        return Below(n, a.Has(columns) ? a.Dims(columns)[0] : n, a.Int("k"), equal).Cast(a.DType("dtype")!.Value);
    }

    /// <summary>Where a matrix is on, or not above, its k-th diagonal.</summary>
    private static Expr Below(Dim rows, Dim columns, int k, bool equal)
    {
        Shape shape = [rows, columns];
        Expr row = Functions.Iota(shape, 0), column = Functions.Iota(shape, 1);
        return equal ? Functions.EqualTo<Expr>(column - row, k) : column - row <= k;
    }

    private static Expr Filled(Arguments a, double value)
    {
        Expr x = a.Tensor("x");
        return Functions.Full(a.DType("dtype") ?? x.DType, x.Shape, value);
    }
}
