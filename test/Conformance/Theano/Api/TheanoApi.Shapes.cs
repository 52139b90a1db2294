using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Reshaping and reordering axes (theano.tensor.basic).
internal sealed partial class TheanoApi
{
    private void AddShapes()
    {
        Add("T.shape(x)", a => new ShapeValue(a.Tensor("x").Shape));
        Add("T.reshape(x, newshape, ndim=None)", a => Reshape(a.Tensor("x"), a["newshape"], a["ndim"]));
        Add("Variable.reshape(x, newshape, ndim=None)", a => Reshape(a.Tensor("x"), a["newshape"], a["ndim"]));
        Add("T.flatten(x, ndim=1)", a => a.Tensor("x").Flatten(a.Int("ndim") - 1));
        Add("T.transpose(x, axes=None)", a => a.Has("axes") ? a.Tensor("x").Transpose(a.Axes("axes")!) : a.Tensor("x").Transpose());
        Add("Variable.transpose(x, args)", a => Value.Items(a["args"]) is { Count: > 0 } axes
            ? Transposed(a.Tensor("x"), axes is [Sequence { Items: var inner }] ? inner : axes)
            : a.Tensor("x").Transpose());
        Add("Variable.dimshuffle(x, args)", a => DimShuffle(a.Tensor("x"), Value.Items(a["args"]) is [Sequence { Items: var inner }] ? inner : Value.Items(a["args"])));
        Add("T.shape_padleft(x, n_ones=1)", a => Padded(a.Tensor("x"), 0, a.Int("n_ones")));
        Add("T.shape_padright(x, n_ones=1)", a => Padded(a.Tensor("x"), a.Tensor("x").Rank, a.Int("n_ones")));
        Add("T.shape_padaxis(x, axis)", a => Padded(a.Tensor("x"), a.Int("axis") < 0 ? a.Int("axis") + a.Tensor("x").Rank + 1 : a.Int("axis"), 1));
        Add("T.swapaxes(x, axis1, axis2)", a => SwapAxes(a.Tensor("x"), a.Int("axis1"), a.Int("axis2")));
        Add("T.squeeze(x)", a => a.Tensor("x").Reshape(new Shape(a.Tensor("x").Shape.Where(size => !size.Is(1)).ToSeq())));
    }

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

    private static Expr Transposed(Expr x, IReadOnlyList<object?> axes)
    {
        if (axes.Count != x.Rank)
        {
            throw PythonError.ValueError($"transpose of {x.Rank} axes to {axes.Count}");
        }
        return x.Transpose(axes.Select(Value.Int).ToSeq());
    }

    private static Expr Padded(Expr x, int at, int count) => x.Reshape([.. x.Shape[..at], .. Enumerable.Repeat((Dim)1, count), .. x.Shape[at..]]);

    private static Expr SwapAxes(Expr x, int a, int b)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        (a, b) = (a < 0 ? a + x.Rank : a, b < 0 ? b + x.Rank : b);
        (order[a], order[b]) = (order[b], order[a]);
        return x.Transpose(order.ToSeq());
    }

    /// <summary>Axes in a new order, 'x' a new one of size 1; axes left out must be known to be of size 1.</summary>
    private static Expr DimShuffle(Expr x, IReadOnlyList<object?> pattern)
    {
        int[] kept = [.. pattern.Where(p => p is not string).Select(Value.Int)];
        int dropped = Enumerable.Range(0, x.Rank).FirstOrDefault(axis => !kept.Contains(axis) && !x.Shape[axis].Is(1), -1);
        if (dropped >= 0)
        {
            throw PythonError.ValueError($"You cannot drop a non-broadcastable dimension: axis {dropped} of {x.Label}");
        }
        int[] ones = [.. Enumerable.Range(0, x.Rank).Where(axis => !kept.Contains(axis))];
        Expr squeezed = x.Reshape(x.Shape.Without(ones.ToSeq()));
        int[] order = [.. kept.Select(axis => axis - ones.Count(one => one < axis))];
        Expr moved = squeezed.Transpose(order.ToSeq());
        int next = 0;
        return moved.Reshape([.. pattern.Select(p => p is string ? 1 : moved.Shape[next++])]);
    }
}
