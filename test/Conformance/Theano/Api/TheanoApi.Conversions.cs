using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// How Theano makes tensors of Python's values (theano.tensor.basic, as_tensor_variable and autocast).
internal sealed partial class TheanoApi
{
    private static readonly DType[] Integers = [DType.Int8, DType.Int16, DType.Int32, DType.Int64];

    /// <summary>A symbolic variable of any value that Theano takes as one.</summary>
    public Expr AsTensor(object? value) => value switch
    {
        Expr expr => expr,
        ShapeValue(var shape) => Vector(shape),
        ArrayValue array => Constant(array.Literal),
        BigInteger integer => Constant(OfInteger(integer)),
        double real => Constant(OfReal(real)),
        Complex complex => Functions.Constant(complex),
        bool => throw new PythonError("AsTensorError", "Cannot cast True or False as a tensor variable"),
        Sequence sequence => OfSequence(sequence),
        _ => throw new PythonError("AsTensorError", $"Cannot convert {value ?? "None"} to TensorType"),
    };

    /// <summary>A dtype by its name or by a NumPy type.</summary>
    public DType DTypeOf(object? value)
    {
        string name = value switch
        {
            string text => text,
            FunctionValue { Name: var path } when path.StartsWith("np.", StringComparison.Ordinal) => path[3..],
            _ => throw PythonError.TypeError($"data type '{value}' not understood"),
        };
        return name == "floatX" ? Settings.FloatX
            : DTypes.TryParseTheano(name, out DType dtype) ? dtype : throw PythonError.TypeError($"data type '{name}' not understood");
    }

    /// <summary>Sizes of a list, tuple or shape, or of a single size.</summary>
    public IReadOnlyList<Dim> Dims(object? value) => value switch
    {
        ShapeValue(var shape) => shape.Dims,
        Sequence sequence => [.. sequence.Items.Select(AsDim)],
        ArrayValue { Literal: { Sizes.Count: 1 } literal } => [.. Enumerable.Range(0, (int)literal.Count).Select(i => (Dim)literal[i].ToInt64())],
        Expr { Rank: 1 } => throw new MissingFeature("a shape that is a computed vector"),
        _ => [AsDim(value)],
    };

    /// <summary>A size of a number or of an integer scalar expression; sums and products of sizes are sizes.</summary>
    public Dim AsDim(object? value)
    {
        switch (value)
        {
            case BigInteger integer:
                return (long)integer;
            case ArrayValue { Literal.Count: 1 } array when !array.Literal.DType.IsFloat():
                return array.Literal[0].ToInt64();
            case Expr expr:
                return SizeIn(expr) ?? Functions.SizeFrom(expr);
            default:
                throw PythonError.TypeError($"a size is an integer, got {Value.TypeName(value)}");
        }
    }

    private static Dim? SizeIn(Expr expr)
    {
        switch (expr.Op)
        {
            case Ops.SizeOf(var size):
                return size;
            case Ops.Full { Value: var value } when !value.DType.IsFloat():
                return value.ToInt64();
            case Ops.Cast when expr.DType.IsInteger():
                return SizeIn(expr.Inputs[0]);
            case Ops.Add or Ops.Sub or Ops.Mul when SizeIn(expr.Inputs[0]) is { } a && SizeIn(expr.Inputs[1]) is { } b:
                return expr.Op is Ops.Add ? a + b : expr.Op is Ops.Sub ? a - b : a * b;
            default:
                return null;
        }
    }

    /// <summary>A size as Theano gives it: an int64 scalar.</summary>
    private static Expr SizeOf(Dim size) => Functions.SizeOf(size);

    private static Expr Vector(Shape shape)
    {
        Expr[] sizes = [.. shape.Select(SizeOf)];
        return sizes.Length == 0 ? Constant(Literal.FromBytes(DType.Int64, [0], [])) : Stack(sizes, 0);
    }

    private static Expr Constant(Literal literal) => Functions.Constant(literal);

    private static Expr Constant(ScalarValue value) => Functions.Constant(value);

    /// <summary>The least signed dtype that holds the number; under numpy+floatX always NumPy's int64.</summary>
    private ScalarValue OfInteger(BigInteger value)
    {
        if (value < long.MinValue || value > long.MaxValue)
        {
            throw new PythonError("OverflowError", $"{value} is no int64");
        }
        DType dtype = Settings.KeepsFloatX ? DType.Int64 : Array.Find(Integers, d => ScalarValue.Of(d, (long)value).ToInt64() == value);
        return ScalarValue.Of(dtype, (long)value);
    }

    /// <summary>floatX if that is float32 or the policy keeps it; else float32 where that holds the number exactly, else float64.</summary>
    private ScalarValue OfReal(double value) =>
        ScalarValue.Of(Settings.FloatX == DType.Float32 || (!Settings.KeepsFloatX && (float)value == value) ? DType.Float32 : DType.Float64, value);

    private Expr OfSequence(Sequence sequence) => IsSymbolic(sequence)
        ? Stack([.. sequence.Items.Select(AsTensor)], 0)
        : Constant(Numpy(sequence));

    private static bool IsSymbolic(object? value) => value is Expr or ShapeValue || (value is Sequence sequence && sequence.Items.Any(IsSymbolic));
}
