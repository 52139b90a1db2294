using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// The NumPy constructors that stand in the cases.
internal sealed partial class TheanoApi
{
    private void AddNumpy()
    {
        foreach (DType dtype in DTypes.All)
        {
            if (dtype != DType.BFloat16)
            {
                Add($"np.{dtype.TheanoName()}(x)", a => new ArrayValue(Casted(Numpy(a["x"]), dtype), IsScalar: true));
            }
        }
        Add("np.array(x, dtype=None)", a => new ArrayValue(Casted(Numpy(a["x"]), a.DType("dtype"))));
        Alias("np.asarray", "np.array");
        Add("np.zeros(shape, dtype=\"float64\")", a => new ArrayValue(Filled(a.DType("dtype")!.Value, a.Ints("shape", 1), 0)));
        Add("np.ones(shape, dtype=\"float64\")", a => new ArrayValue(Filled(a.DType("dtype")!.Value, a.Ints("shape", 1), 1)));
        Add("np.arange(n)", a => new ArrayValue(Literal.Build(DType.Int64, [a.Int("n")], i => ScalarValue.Of(DType.Int64, i))));
        Add("np.eye(n)", a => new ArrayValue(Literal.Build(DType.Float64, [a.Int("n"), a.Int("n")], i => ScalarValue.Of(DType.Float64, i % (a.Int("n") + 1) == 0 ? 1.0 : 0.0))));
        constants["np.pi"] = Math.PI;
        constants["np.e"] = Math.E;
        constants["np.inf"] = double.PositiveInfinity;
        constants["np.nan"] = double.NaN;
        constants["np.newaxis"] = null;
    }

    private static Literal Filled(DType dtype, Seq<int> sizes, double value) => Literal.Build(dtype, sizes.Map(s => (long)s), _ => ScalarValue.Of(dtype, value));

    private static Literal Casted(Literal literal, DType? dtype) =>
        dtype is { } to && to != literal.DType ? Literal.Build(to, literal.Sizes, i => literal[i].Cast(to)) : literal;

    /// <summary>The array that NumPy makes of numbers and lists of them: int64, float64, complex128 or bool.</summary>
    internal static Literal Numpy(object? value)
    {
        switch (value)
        {
            case ArrayValue array:
                return array.Literal;
            case bool b:
                return Literal.Scalar(ScalarValue.Of(DType.Bool, b ? 1L : 0L));
            case BigInteger integer:
                return integer >= long.MinValue && integer <= long.MaxValue ? Literal.Scalar(ScalarValue.Of(DType.Int64, (long)integer)) : throw new PythonError("OverflowError", "Python int too large");
            case double real:
                return Literal.Scalar(ScalarValue.Of(DType.Float64, real));
            case Complex complex:
                return Literal.Scalar(ScalarValue.Of(DType.Complex128, complex));
            case Sequence { Items: var items }:
                Literal[] parts = [.. items.Select(Numpy)];
                if (parts.Length == 0)
                {
                    return Literal.FromBytes(DType.Float64, [0], []);
                }
                if (!Array.TrueForAll(parts, part => part.Sizes.Equals(parts[0].Sizes)))
                {
                    throw PythonError.ValueError("setting an array element with a sequence");
                }
                DType dtype = parts.Select(part => part.DType).Aggregate(Promotion.Of);
                long each = parts[0].Count;
                return Literal.Build(dtype, [parts.Length, .. parts[0].Sizes], i => parts[i / each][i % each].Cast(dtype));
            default:
                throw PythonError.TypeError($"no array can be made of {Value.TypeName(value)}");
        }
    }
}
