using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Subscripts (theano.tensor.subtensor).
internal sealed partial class TheanoApi
{
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
        return x[[.. entries.Select(Entry)]];
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
