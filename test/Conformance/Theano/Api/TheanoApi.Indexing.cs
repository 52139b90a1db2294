using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Subscripts (theano.tensor.subtensor).
internal sealed partial class TheanoApi
{
    public object? Subscript(object? owner, object? index)
    {
        switch (owner)
        {
            case ShapeValue(var shape) when index is not Expr:
                return index is SliceValue slice
                    ? new ShapeValue(new Shape(Slices.Positions(slice, shape.Rank).Select(i => shape[i]).ToSeq()))
                    : SizeOf(shape[Value.Int(index) < 0 ? Value.Int(index) + shape.Rank : Value.Int(index)]);
            case Expr:
                throw new MissingFeature("subscripts");
            default:
                throw PythonError.TypeError($"'{Value.TypeName(owner)}' object is not subscriptable");
        }
    }
}
