using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Subscripts (theano.tensor.subtensor).
internal sealed partial class TheanoApi
{
    // What each subscripted expression was made of: set_subtensor and inc_subtensor take x[...] and write into x.
    private readonly Dictionary<Expr, (Expr Of, Seq<Subscript> At)> subscripted = new(ReferenceEqualityComparer.Instance);

    private void AddIndexing()
    {
        Add("T.set_subtensor(x, y, inplace=False, tolerate_inplace_aliasing=False)", a => Written(a, Functions.SetSubtensor));
        Add("T.inc_subtensor(x, y, inplace=False, tolerate_inplace_aliasing=False)", a => Written(a, Functions.IncSubtensor));
        Add("T.take(x, indices, axis=None, mode=\"raise\")", a => a.Tensor("x").Take(a.Tensor("indices"), a.Has("axis") ? a.Int("axis") : null, Mode(a)));
        Add("T.choose(a, choices, out=None, mode=\"raise\")", a =>
        {
            Expr[] choices = a["choices"] is Sequence ? [.. a.Tensors("choices")] : Rows(a.Tensor("choices"), (int)(Known(a.Tensor("choices").Shape[0]) ?? throw new MissingFeature("choose among an unknown number")));
            return Functions.Choose(a.Tensor("a"), choices.ToSeq(), Mode(a));
        });
        Add("T.nonzero(x)", a => Sequence.Tuple(Functions.Nonzero(a.Tensor("x"))));
        Add("T.flatnonzero(x)", a => Functions.FlatNonzero(a.Tensor("x")));
        Add("T.nonzero_values(x)", a => Functions.NonzeroValues(a.Tensor("x")));
        Add("extra_ops.compress(condition, x, axis=None)", a => a["condition"] is Sequence
            ? throw PythonError.NoAttribute("'list' object", "ndim")
            : Functions.Compress(a.Tensor("condition"), a.Tensor("x"), a.Has("axis") ? a.Int("axis") : null));
        Add("extra_ops.searchsorted(x, v, side=\"left\", sorter=None)", a => Functions.SearchSorted(a.Tensor("x"), a.Tensor("v"), a.Text("side") == "right", a.Has("sorter") ? a.Tensor("sorter") : null));
        Add("extra_ops.unravel_index(indices, dims)", a => Sequence.Tuple(Functions.UnravelIndex(a.Tensor("indices"), [.. a.Dims("dims")])));
        Add("extra_ops.ravel_multi_index(multi_index, dims, mode=\"raise\")", a => Functions.RavelMultiIndex(a.Tensors("multi_index").ToSeq(), [.. a.Dims("dims")], Mode(a)));
        Add("T.bincount(x, weights=None, minlength=None)", a => Functions.BinCount(a.Tensor("x"), a.Has("weights") ? a.Tensor("weights") : null, a.Has("minlength") ? AsDim(a["minlength"]) : null));
        Alias("extra_ops.bincount", "T.bincount");
        Add("T.fill_diagonal(x, val)", a => a.Tensor("x").FillDiagonal(a.Tensor("val")));
        Add("T.fill_diagonal_offset(x, val, offset)", a => a.Tensor("x").FillDiagonal(a.Tensor("val"), a.Int("offset")));
        Add("extra_ops.Unique(return_index=False, return_inverse=False, return_counts=False)", a => new FunctionValue("Unique", (x, _) =>
        {
            (Expr values, Expr first, Expr inverse, Expr counts) = Functions.Unique(AsTensor(x[0]));
            (bool Wanted, Expr Result)[] all = [(true, values), (a.Flag("return_index"), first), (a.Flag("return_inverse"), inverse), (a.Flag("return_counts"), counts)];
            Expr[] wanted = [.. all.Where(one => one.Wanted).Select(one => one.Result)];
            return wanted.Length == 1 ? wanted[0] : Sequence.List(wanted);
        }));
        Add("extra_ops.to_one_hot(y, nb_class, dtype=\"floatX\")", a => Functions.OneHot(a.Tensor("y"), AsDim(a["nb_class"]), a.DType("dtype")!.Value));
    }

    private static long? Known(Dim size) => size.IsConstant ? size.Constant : null;

    private static Expr[] Rows(Expr x, int count) => [.. Enumerable.Range(0, count).Select(i => x[i])];

    private static TakeMode Mode(Arguments a) => a.Text("mode") switch
    {
        "clip" => TakeMode.Clip,
        "wrap" => TakeMode.Wrap,
        _ => TakeMode.Raise,
    };

    private Expr Written(Arguments a, Func<Expr, Seq<Subscript>, Term<Expr>, Expr> write) =>
        a["x"] is Expr part && subscripted.TryGetValue(part, out (Expr Of, Seq<Subscript> At) place)
            ? write(place.Of, place.At, a.Tensor("y"))
            : throw PythonError.TypeError("x must be the result of a subtensor operation");

    public object? Subscript(object? owner, object? index)
    {
        switch (owner)
        {
            case ShapeValue(var shape) when index is SliceValue slice:
                return new ShapeValue(new Shape(Slices.Positions(slice, shape.Rank).Select(i => shape[i]).ToSeq()));
            case ShapeValue(var shape) when index is BigInteger position:
                int at = (int)position < 0 ? (int)position + shape.Rank : (int)position;
                return at >= 0 && at < shape.Rank ? SizeOf(shape[at]) : throw new PythonError("IndexError", "tuple index out of range");
            case Expr or ShapeValue:
                Expr x = AsTensor(owner);
                IReadOnlyList<object?> entries = index is Sequence { IsTuple: true, Items: var items } ? items : [index];
                return Subscripted(x, entries);
            case Grid grid:
                return grid.At(this, index);
            default:
                throw PythonError.TypeError($"'{Value.TypeName(owner)}' object is not subscriptable");
        }
    }

    private Expr Subscripted(Expr x, IReadOnlyList<object?> entries)
    {
        if (entries.Count(entry => entry is not null) > x.Rank)
        {
            throw new PythonError("IndexError", "too many indices for array");
        }
        Seq<Subscript> at = entries.Select(Entry).ToSeq();
        Expr part = x[at.AsSpan()];
        subscripted[part] = (x, at);
        return part;
    }

    private Subscript Entry(object? entry) => entry switch
    {
        null => Symbolic.Subscript.NewAxis,
        BigInteger position => (long)position,
        SliceValue slice => Symbolic.Subscript.Range(Bound(slice.Start), Bound(slice.Stop), slice.Step is null ? 1 : Value.Int(slice.Step)),
        Sequence { Items: var items } when items.Any(item => item is bool) => throw PythonError.TypeError("TensorType does not support Python bools for indexing"),
        double => throw PythonError.TypeError("index must be integers or a boolean mask"),
        _ => AsTensor(entry) is var positions && (positions.DType.IsInteger() || positions.DType == DType.Bool) ? positions : throw PythonError.TypeError("index must be integers"),
    };

    private static Bound? Bound(object? value) => value switch
    {
        null => null,
        Expr expr => expr,
        _ => Value.Int(value),
    };
}
