using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Reductions against plain C#, and what is said of dtypes and of nothing.</summary>
public class ReductionTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 24).Select(i => Math.Round(3 * Math.Sin(i * i), 2))];

    private static readonly Dictionary<string, (Func<Expr, Seq<int>?, bool, Expr> Ours, Func<double[], double> Plain)> Table = new()
    {
        ["sum"] = ((x, axes, keep) => x.Sum(axes, keep), v => v.Sum()),
        ["product"] = ((x, axes, keep) => x.Product(axes, keep), v => v.Aggregate(1.0, (a, b) => a * b)),
        ["max"] = ((x, axes, keep) => x.Max(axes, keep), v => v.Max()),
        ["min"] = ((x, axes, keep) => x.Min(axes, keep), v => v.Min()),
        ["arg_max"] = ((x, axes, keep) => x.ArgMax(axes, keep), v => Array.IndexOf(v, v.Max())),
        ["arg_min"] = ((x, axes, keep) => x.ArgMin(axes, keep), v => Array.IndexOf(v, v.Min())),
        ["mean"] = ((x, axes, keep) => x.Mean(axes, keep), v => v.Average()),
        ["var"] = ((x, axes, keep) => x.Var(axes, keep), v => v.Average(e => Math.Pow(e - v.Average(), 2))),
        ["std"] = ((x, axes, keep) => x.Std(axes, keep, ddof: 1, corrected: true), v => Math.Sqrt(v.Sum(e => Math.Pow(e - v.Average(), 2)) / (v.Length - 1))),
        ["all"] = ((x, axes, keep) => (x > -2.9).All(axes, keep), v => v.All(e => e > -2.9) ? 1 : 0),
        ["any"] = ((x, axes, keep) => (x > 2.8).Any(axes, keep), v => v.Any(e => e > 2.8) ? 1 : 0),
        ["log_sum_exp"] = ((x, axes, keep) => x.LogSumExp(axes, keep), v => Math.Log(v.Sum(Math.Exp))),
        ["norm 2"] = ((x, axes, keep) => x.Norm(2, axes, keep), v => Math.Sqrt(v.Sum(e => e * e))),
        ["norm 3"] = ((x, axes, keep) => x.Norm(3, axes, keep), v => Math.Cbrt(v.Sum(e => Math.Abs(e * e * e)))),
        ["norm 1"] = ((x, axes, keep) => x.Norm(1, axes, keep), v => v.Sum(Math.Abs)),
        ["norm 0"] = ((x, axes, keep) => x.Norm(0, axes, keep), v => v.Count(e => e != 0)),
        ["norm of infinity"] = ((x, axes, keep) => x.Norm(double.PositiveInfinity, axes, keep), v => v.Max(Math.Abs)),
        ["peak_to_peak"] = ((x, axes, keep) => x.PeakToPeak(axes, keep), v => v.Max() - v.Min()),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPlainCode(string name)
    {
        (Func<Expr, Seq<int>?, bool, Expr> ours, Func<double[], double> plain) = Table[name];
        Expr x = Constant(Literal.Of<double>(Values, 2, 3, 4));
        long[] sizes = [2, 3, 4];
        foreach ((Seq<int>? given, int[] axes) in ((Seq<int>?, int[])[])[(null, [0, 1, 2]), ([0], [0]), ([-1], [2]), ([2, 0], [0, 2]), ([-2, 1], [1]), ([1, 2], [1, 2])])
        {
            var lanes = Enumerable.Range(0, 24).GroupBy(i => string.Join(",", Index(i).Select((at, axis) => axes.Contains(axis) ? 0 : at)), i => Values[i]);
            double[] expected = [.. lanes.Select(lane => plain([.. lane]))];
            foreach (bool keep in (bool[])[false, true])
            {
                Literal found = Value(ours(x, given, keep));
                Assert.Equal(Enumerable.Range(0, 3).Where(axis => keep || !axes.Contains(axis)).Select(axis => axes.Contains(axis) ? 1 : sizes[axis]), found.Sizes);
                Assert.Equal(expected, found.ToDoubles(), (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));
            }
        }
        int[] Index(int i) => [i / 12, i / 4 % 3, i % 4];
    }

    [Theory]
    [InlineData(DType.Bool, DType.Int64, DType.Float64)]
    [InlineData(DType.Int8, DType.Int64, DType.Float64)]
    [InlineData(DType.UInt16, DType.UInt64, DType.Float64)]
    [InlineData(DType.UInt64, DType.UInt64, DType.Float64)]
    [InlineData(DType.Float16, DType.Float16, DType.Float16)]
    [InlineData(DType.BFloat16, DType.BFloat16, DType.BFloat16)]
    [InlineData(DType.Float32, DType.Float32, DType.Float32)]
    public void DtypesAreTheanos(DType given, DType sum, DType mean)
    {
        Expr x = Vector("x", 5, given);
        Assert.Equal((sum, sum), (x.Sum().DType, x.Product().DType));
        Assert.Equal((mean, mean, mean), (x.Mean().DType, x.Var().DType, x.Std().DType));
        Assert.Equal((given, given), (x.Max().DType, x.Min().DType));
        Assert.Equal((DType.Int64, DType.Int64, DType.Bool), (x.ArgMax().DType, x.ArgMin().DType, x.Any().DType));
        Assert.Equal((DType.Float32, DType.Float64), (x.Sum(dtype: DType.Float32).DType, x.Mean(dtype: DType.Float64).DType));
    }

    [Fact]
    public void AccumulatorsHoldWhatIsAdded()
    {
        Expr x = Constant(Literal.Of<float>([1, 1e8f, -1e8f, 1], 4));
        Assert.Equal([2.0], Value(x.Sum(accumulator: DType.Float64)).ToDoubles());
        Expr halves = Constant(Literal.Build(DType.Float16, [3000], _ => ScalarValue.Of(DType.Float16, 60000)));
        Assert.Equal([60000.0], Value(halves.Mean()).ToDoubles(), (a, b) => Math.Abs(a - b) < 32);
        Assert.Equal("sum of constant: f32[4] cannot accumulate in f16, which does not hold f32", Assert.Throws<TypeMismatch>(() => x.Sum(accumulator: DType.Float16)).Message);
        Assert.Equal("a mean of constant: f32[4] is a float, not i32", Assert.Throws<TypeMismatch>(() => x.Mean(dtype: DType.Int32)).Message);
    }

    [Fact]
    public void ExtremesOfNothingAreErrors()
    {
        Assert.Equal("max of full: f32[2,0] wants elements along axis 1, which is empty", Assert.Throws<TypeMismatch>(() => Full(DType.Float32, [2, 0], 1).Max([-1])).Message);
        Assert.Equal([0, 3], Value(Full(DType.Float32, [2, 0, 3], 1).Min([0])).Sizes);
        Expr x = Matrix("x", "n", "m");
        Dictionary<Variable, Literal> empty = new() { [((Ops.Leaf)x.Op).Variable] = Literal.Of<float>([], 2, 0) };
        foreach (Expr extreme in (Expr[])[x.Max(), x.Min([1]), x.ArgMax(), x.ArgMin([0, 1], true)])
        {
            Assert.Matches("^a maximum or minimum( built at .*)? is taken along an axis of m elements, which are 0: there is none$", Assert.Throws<BindingError>(() => Reference.Evaluate([extreme], empty)).Message);
        }
        Assert.Equal([0.0], Reference.Evaluate([x.Max([0]).Sum()], empty)[0].ToDoubles());
        Assert.Equal([double.NaN], Reference.Evaluate([x.Mean()], empty)[0].ToDoubles());
    }

    [Fact]
    public void ExtremesKnowIntegersAndNaN()
    {
        Expr bytes = Constant(Literal.Of<byte>([3, 255, 0, 255], 4)), small = Constant(Literal.Of<sbyte>([3, -128, 127, -128], 4)), some = Constant(Literal.Of<double>([1, double.NaN, -5, double.NaN], 4));
        Assert.Equal([1.0, 2, 2, 1, 1, 1], new[] { bytes.ArgMax(), bytes.ArgMin(), small.ArgMax(), small.ArgMin(), some.ArgMax(), some.ArgMin() }.Select(x => Value(x).ToDoubles()[0]));
        Assert.Equal([255.0, 0, 127, -128, double.NaN, double.NaN], new[] { bytes.Max(), bytes.Min(), small.Max(), small.Min(), some.Max(), some.Min() }.Select(x => Value(x).ToDoubles()[0]));
    }

    [Fact]
    public void GradientsOfProductsKnowZeros()
    {
        Expr x = Vector("x", 4, DType.Float64);
        double[] Slope(Expr y, params double[] at) => Reference.Evaluate([Grad(y.Sum(), x)], new Dictionary<Variable, Literal> { [((Ops.Leaf)x.Op).Variable] = Literal.Of<double>(at, 4) })[0].ToDoubles();
        Assert.Equal([24.0, 12, 8, 6], Slope(x.Product(), 1, 2, 3, 4));
        Assert.Equal([0.0, 12, 0, 0], Slope(x.Product(), 1, 0, 3, 4));
        Assert.Equal([0.0, 0, 0, 0], Slope(x.Product(), 1, 0, 3, 0));
        Assert.Equal([0.0, double.NaN, 0, 0], Slope(x.Product(noZeros: true), 1, 0, 3, 4));
        Assert.Equal([1.0, 1 + 3 + 12, 0, 0], Slope(CumProd(x), 1, 0, 3, 4));
        // The slope of x0·x1·x3, which is that of the product along x2, at x1 = 0.
        Assert.Equal([0.0, 4, 0, 0], Slope(Grad(x.Product(), x)[2], 1, 0, 3, 4));
    }

    private static Literal Value(Expr x) => Reference.Evaluate([x], new Dictionary<Variable, Literal>())[0];
}
