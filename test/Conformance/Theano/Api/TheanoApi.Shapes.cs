using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Reshaping, reordering axes, joining and repeating (theano.tensor.basic and extra_ops).
internal sealed partial class TheanoApi
{
    private void AddShapes()
    {
        Add("T.shape(x)", a => new ShapeValue(a.Tensor("x").Shape));
        Add("T.reshape(x, newshape, ndim=None)", a => Reshape(a.Tensor("x"), a["newshape"], a["ndim"]));
        Add("T.flatten(x, ndim=1)", a => a.Tensor("x").FlattenTo(a.Int("ndim")));
        Add("Variable.ravel(x)", a => a.Tensor("x").FlattenTo());
        Add("T.transpose(x, axes=None)", a => a.Has("axes") ? Transposed(a.Tensor("x"), Value.Items(a["axes"])) : a.Tensor("x").Transpose());
        Add("Variable.transpose(x, args)", a => Spread(a["args"]) is { Count: > 0 } axes ? Transposed(a.Tensor("x"), axes) : a.Tensor("x").Transpose());
        Add("Variable.dimshuffle(x, args)", a => DimShuffle(a.Tensor("x"), Spread(a["args"])));
        Add("T.shape_padleft(x, n_ones=1)", a => a.Tensor("x").ShapePadLeft(a.Int("n_ones")));
        Add("T.shape_padright(x, n_ones=1)", a => a.Tensor("x").ShapePadRight(a.Int("n_ones")));
        Add("T.shape_padaxis(x, axis)", a => a.Tensor("x").ExpandDims(a.Int("axis")));
        Add("T.swapaxes(x, axis1, axis2)", a => a.Tensor("x").SwapAxes(a.Int("axis1"), a.Int("axis2")));
        Add("T.squeeze(x)", a => a.Tensor("x").Squeeze());
        Add("T.concatenate(tensor_list, axis=0)", a => Functions.Concatenate(a.Tensors("tensor_list").ToSeq(), a.Int("axis")));
        Add("T.join(axis, args)", a => Functions.Concatenate(a.Tensors("args").ToSeq(), a.Int("axis")));
        Add("T.stack(args, axis=0)", a => Stack([.. Spread(a["args"]).Select(AsTensor)], a.Int("axis")));
        Add("T.stacklists(x)", a => StackLists(a["x"]));
        Add("T.horizontal_stack(args)", a => Functions.Concatenate(a.Tensors("args").ToSeq(), 1));
        Add("T.vertical_stack(args)", a => Functions.Concatenate(a.Tensors("args").ToSeq(), 0));
        Add("T.split(x, splits_size, n_splits, axis=0)", a => Sequence.List(a.Tensor("x").Split(a.Dims("splits_size").ToSeq(), a.Int("axis"))));
        Add("T.tile(x, reps, ndim=None)", a =>
        {
            Seq<Dim> counts = a.Dims("reps").ToSeq();
            return a.Tensor("x").AtLeast(a.Has("ndim") ? a.Int("ndim") : 0).Tile(counts);
        });
        Add("T.repeat(x, repeats, axis=None)", Repeat);
        Alias("extra_ops.repeat", "T.repeat");
        Add("T.roll(x, shift, axis=None)", a => a.Tensor("x").Roll(a["shift"] is Expr shift ? shift : a.Int("shift"), a.Has("axis") ? a.Int("axis") : null));
        Add("T.alloc(value, args)", a => a.Tensor("value").BroadcastTo(Sized(a.Dims("args"))));
        Add("T.unbroadcast(x, args)", a => a.Tensor("x"));
        Add("T.addbroadcast(x, args)", a => Spread(a["args"]).Aggregate(a.Tensor("x"), (x, axis) => KnownOne(x, Value.Int(axis))));
        Add("T.patternbroadcast(x, broadcastable)", a => Value.Items(a["broadcastable"]).Select((flag, axis) => (flag, axis)).Where(p => Value.Truth(p.flag)).Aggregate(a.Tensor("x"), (x, p) => KnownOne(x, p.axis)));
        Add("T.diagonal(x, offset=0, axis1=0, axis2=1)", a => a.Tensor("x").Diagonal(a.Int("offset"), a.Int("axis1"), a.Int("axis2")));
        Add("nlinalg.trace(x)", a => a.Tensor("x").Diagonal().Sum());
    }

    /// <summary>Arguments given one by one, or as one list.</summary>
    private static IReadOnlyList<object?> Spread(object? arguments) => Value.Items(arguments) is [Sequence { Items: var inner }] ? inner : Value.Items(arguments);

    private static Expr KnownOne(Expr x, int axis) => x.Equate(x.Shape.WithOnes([axis]));

    private static Shape Sized(IReadOnlyList<Dim> sizes) => sizes.FirstOrDefault(size => size.IsConstant && size.Constant < 0) is { } negative
        ? throw PythonError.ValueError($"negative dimensions are not allowed: {negative}")
        : [.. sizes];

    private Expr Reshape(Expr x, object? newShape, object? ndim)
    {
        Dim[] sizes = [.. Dims(newShape)];
        if (ndim is BigInteger rank && rank != sizes.Length)
        {
            throw PythonError.ValueError($"shape argument to Reshape has length {sizes.Length}, should be {rank}");
        }
        int open = Array.FindIndex(sizes, size => size.IsConstant && size.Constant == -1);
        if (open >= 0)
        {
            Dim others = sizes.Where((_, i) => i != open).Aggregate((Dim)1, (p, q) => p * q);
            sizes[open] = x.Shape.Elements.FloorDiv(others);
        }
        Shape wanted = [.. sizes];
        // Where the numbers of elements are not known to agree, they are compared before any kernel runs.
        return wanted.Elements.Equals(x.Shape.Elements) ? x.Reshape(wanted) : x.Flatten(0).Equate([wanted.Elements]).Reshape(wanted);
    }

    private static Expr Transposed(Expr x, IReadOnlyList<object?> axes) => axes.Count == x.Rank
        ? x.Transpose(axes.Select(Value.Int).ToSeq())
        : throw PythonError.ValueError($"transpose of {x.Rank} axes to {axes.Count}");

    private static Expr DimShuffle(Expr x, IReadOnlyList<object?> pattern) => x.DimShuffle([.. pattern.Select(p => p is string ? (int?)null : Value.Int(p))]);

    /// <summary>Tensors of one shape along a new axis, of the least dtype that holds all.</summary>
    private static Expr Stack(IReadOnlyList<Expr> parts, int axis) => Functions.Stack(parts.ToSeq(), axis);

    private Expr StackLists(object? value) => value is Sequence { Items: var items } ? Stack([.. items.Select(StackLists)], 0) : AsTensor(value);

    /// <summary>Each element repeated, all as often, or each as often as a list says.</summary>
    private object? Repeat(Arguments a)
    {
        Expr x = a.Tensor("x");
        int? axis = a.Has("axis") ? a.Int("axis") : null;
        return a["repeats"] is Sequence ? x.Repeat(a.Tensor("repeats"), axis) : x.Repeat(AsDim(a["repeats"]), axis);
    }
}
