using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Sorting and scattering against plain C#.</summary>
public class SortingTests
{
    public static TheoryData<DType> Dtypes => [.. DTypes.All.Where(dtype => !dtype.IsComplex())];

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void SortsEveryDType(DType dtype)
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 300).Select(_ => ScalarValue.Of(dtype, (random.Next(9) == 0 ? 1e9 : 8) * (random.NextDouble() - (dtype.IsUnsigned() ? 0 : 0.5))).ToDouble())];
        Expr x = Constant(Literal.Build(dtype, [300], i => ScalarValue.Of(dtype, values[(int)i])));
        double[] sorted = Value(Sort(x)).ToDoubles();
        Assert.Equal(values.Order(), sorted);
        // LINQ's order is stable, as ours.
        Assert.Equal(Enumerable.Range(0, 300).OrderBy(i => values[i]).Select(i => (double)i), Value(ArgSort(x)).ToDoubles());
        Assert.Equal(Enumerable.Range(0, 300).OrderByDescending(i => values[i]).Take(40).Select(i => (double)i), Value(TopK(x, 40).Positions).ToDoubles());
        Assert.Equal(values.Order().Take(40), Value(TopK(x, 40, largest: false).Values).ToDoubles());
    }

    [Theory]
    [InlineData(DType.Complex64)]
    [InlineData(DType.Complex128)]
    public void ComplexNumbersAreInOrderOfTheirRealParts(DType dtype)
    {
        var random = new Random(4);
        Literal x = Literal.Build(dtype, [200], _ => ScalarValue.Of(dtype, new System.Numerics.Complex(random.Next(-4, 4), random.Next(-90, 90) / 8.0)));
        System.Numerics.Complex[] values = x.ToComplexes();
        int[] order = [.. Enumerable.Range(0, 200).OrderBy(i => values[i].Real).ThenBy(i => values[i].Imaginary)];
        Assert.Equal(order.Select(i => values[i]), Value(Sort(Constant(x))).ToComplexes());
        Assert.Equal(order.Select(i => (double)i), Value(ArgSort(Constant(x))).ToDoubles());
        Assert.Equal(values[order[^1]], Value(Constant(x).Max()).ToComplexes()[0]);
        Assert.Equal(values[order[0]], Value(Constant(x).Min()).ToComplexes()[0]);
        Assert.Equal(Array.IndexOf(values, values[order[^1]]), Value(Constant(x).ArgMax()).ToDoubles()[0]);
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void NaNComesLastAndZerosAreEqual(DType dtype)
    {
        double[] values = [double.NaN, 0, -0.0, -double.NaN, double.PositiveInfinity, -1, 0, double.NegativeInfinity];
        Expr x = Constant(Literal.Build(dtype, [8], i => ScalarValue.Of(dtype, values[(int)i])));
        Assert.Equal([double.NegativeInfinity, -1, -0.0, 0, 0, double.PositiveInfinity, double.NaN, double.NaN], Value(Sort(x)).ToDoubles());
        Assert.Equal([7, 5, 1, 2, 6, 4, 0, 3], Value(ArgSort(x)).ToDoubles());
        Assert.Equal([0, 3, 4, 1], Value(TopK(x, 4).Positions).ToDoubles());
    }

    [Fact]
    public void GradientsGoBackToWhereValuesCameFrom()
    {
        Expr x = Matrix("x", 2, 3, DType.Float64), w = Constant(Literal.Of<double>([1, 10, 100, 2, 20, 200], 2, 3));
        Dictionary<Variable, Literal> given = new() { [((Ops.Leaf)x.Op).Variable] = Literal.Of<double>([3, 1, 2, 5, 4, 4], 2, 3) };
        Assert.Equal([100, 1, 10, 200, 2, 20], Value(Grad((Sort(x) * w).Sum(), x), given).ToDoubles());
        Assert.Equal([1, 0, 10, 2, 20, 0], Value(Grad((TopK(x, 2).Values * Constant(Literal.Of<double>([1, 10, 2, 20], 2, 2))).Sum(), x), given).ToDoubles());
    }

    [Fact]
    public void ErrorsAreInTheUsersWords()
    {
        Expr x = Vector("x", 5), positions = Vector("positions", "k", DType.Int64);
        Assert.Equal("axis 1 does not exist in x: f32[5]", Assert.Throws<TypeMismatch>(() => Sort(x, 1)).Message);
        Assert.Equal("arg_top_k wants 6 elements of axis 0 of f32[5]", Assert.Throws<TypeMismatch>(() => TopK(x, 6)).Message);
        Assert.Equal("positions are integers; got x: f32[5]", Assert.Throws<TypeMismatch>(() => ScatterAdd(x, x, x)).Message);
        Assert.Equal("scatter_set wants an array with axis 0, positions i64[k], and values of the array's type with k in place of that axis; got f32[5], i64[k] and f32[5]",
            Assert.Throws<TypeMismatch>(() => ScatterSet(x, positions, x)).Message);
    }

    private static Literal Value(Expr x, Dictionary<Variable, Literal>? given = null) => Reference.Evaluate([x], given ?? [])[0];
}
