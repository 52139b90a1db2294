using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>The interpreter against plain C#, written without it.</summary>
public class MeaningTests
{
    private static readonly Dictionary<string, Func<double, double>> Unary = new()
    {
        ["neg"] = x => -x, ["abs"] = Math.Abs, ["sign"] = x => x > 0 ? 1 : x < 0 ? -1 : x, ["exp"] = Math.Exp, ["log"] = Math.Log,
        ["sqrt"] = Math.Sqrt, ["tanh"] = Math.Tanh, ["sin"] = Math.Sin, ["cos"] = Math.Cos, ["sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["softplus"] = x => x > 40 ? x : x < -20 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x)), ["expm1"] = x => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1,
        ["log1p"] = x => Math.Abs(x) < 1e-5 ? x - x * x / 2 : Math.Log(1 + x),
        ["floor"] = Math.Floor, ["ceil"] = Math.Ceiling, ["trunc"] = Math.Truncate, ["round"] = x => Math.Round(x, MidpointRounding.ToEven),
        ["round_away_from_zero"] = x => Math.Round(x, MidpointRounding.AwayFromZero), ["exp2"] = double.Exp2, ["log2"] = Math.Log2, ["log10"] = Math.Log10,
        ["tan"] = Math.Tan, ["asin"] = Math.Asin, ["acos"] = Math.Acos, ["atan"] = Math.Atan, ["sinh"] = Math.Sinh, ["cosh"] = Math.Cosh,
        ["asinh"] = Math.Asinh, ["acosh"] = Math.Acosh, ["atanh"] = Math.Atanh, ["xlog_x"] = x => x == 0 ? 0 : x * Math.Log(x),
    };

    private static readonly Dictionary<string, Func<double, double, double>> Binary = new()
    {
        ["add"] = (a, b) => a + b, ["sub"] = (a, b) => a - b, ["mul"] = (a, b) => a * b, ["div"] = (a, b) => a / b, ["pow"] = Math.Pow,
        ["maximum"] = (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a > b ? a : b, ["minimum"] = (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a < b ? a : b,
        ["floor_div"] = (a, b) => double.IsInfinity(b) && double.IsFinite(a) && a * b < 0 ? -1 : Math.Floor(a / b), ["equal"] = (a, b) => a == b ? 1 : 0, ["not_equal"] = (a, b) => a == b ? 0 : 1,
        ["atan2"] = Math.Atan2, ["xlog_y"] = (a, b) => a == 0 ? 0 : a * Math.Log(b),
        ["log_add_exp"] = (a, b) => a == b ? a + Math.Log(2) : Math.Max(a, b) + (Math.Abs(a - b) > 30 ? Math.Exp(-Math.Abs(a - b)) : Math.Log(1 + Math.Exp(-Math.Abs(a - b)))),
        ["less"] = (a, b) => a < b ? 1 : 0, ["less_or_equal"] = (a, b) => a <= b ? 1 : 0,
    };

    [Fact]
    public void ElementwiseOpsComputeTheirFunction()
    {
        int compared = 0;
        foreach (Sample sample in OpTable.Types.SelectMany(OpTable.SamplesOf).Where(sample => sample.Inputs.All(input => input.DType is null)))
        {
            Seq<Literal> values = OpTable.Values(sample, DType.Float64);
            Seq<double[]> at = values.Map(value => value.ToDoubles());
            Func<int, double>? expected = Unary.TryGetValue(sample.Op.Name, out Func<double, double>? one) ? i => one(at[0][i])
                : Binary.TryGetValue(sample.Op.Name, out Func<double, double, double>? two) ? i => two(at[0][i], at[1][i])
                : null;
            if (expected is null)
            {
                continue;
            }
            double[] found = Reference.Evaluate(OpTable.Program(sample, DType.Float64), values)[0].ToDoubles();
            for (int i = 0; i < found.Length; i++)
            {
                double wanted = expected(i);
                Assert.True(wanted.Equals(found[i]) || wanted == found[i] || Math.Abs(wanted - found[i]) <= 1e-10 * Math.Abs(wanted),
                    $"{sample.Op.Name}({string.Join(", ", at.Map(value => value[i]))}) is {found[i]}, not {wanted}");
                compared++;
            }
        }
        Assert.True(compared > 3_000, $"only {compared} values were compared");
        Assert.Empty(Unary.Keys.Concat(Binary.Keys).Except(RecordShape.Ops.Keys));
    }

    [Theory]
    [InlineData(-7, 2, -4, 1)]
    [InlineData(7, -2, -4, -1)]
    [InlineData(-7, -2, 3, -1)]
    [InlineData(6, 3, 2, 0)]
    [InlineData(-6, 3, -2, 0)]
    [InlineData(5, 0, 0, 0)]
    public void IntegersDivideAsInPython(long a, long b, long quotient, long remainder)
    {
        foreach (DType dtype in (DType[])[DType.Int8, DType.Int16, DType.Int32, DType.Int64])
        {
            Expr x = Constant(ScalarValue.Of(dtype, a)), y = Constant(ScalarValue.Of(dtype, b));
            Assert.Equal([quotient, remainder], Values(FloorDiv<Expr>(x, y), x % y));
        }
    }

    [Theory]
    [InlineData(-7.5, 2, -4, 0.5)]
    [InlineData(7.5, -2, -4, -0.5)]
    [InlineData(-1e-20, 3, -1, 3)]
    [InlineData(double.PositiveInfinity, 3, double.PositiveInfinity, double.NaN)]
    [InlineData(2, double.NegativeInfinity, -1, double.NegativeInfinity)]
    [InlineData(1, 0.1, 9, 0.09999999999999995)]
    [InlineData(1, 0, double.PositiveInfinity, double.NaN)]
    public void FloatsDivideAsInPython(double a, double b, double quotient, double remainder)
    {
        Expr x = Constant(a), y = Constant(b);
        double[] found = [.. Reference.Evaluate([FloorDiv<Expr>(x, y), x % y], new Dictionary<Variable, Literal>()).Select(value => value.ToDoubles()[0])];
        Assert.Equal([quotient, remainder], found);
    }

    [Fact]
    public void UnsignedAndWrappingIntegers()
    {
        Expr Of(DType dtype, long value) => Constant(ScalarValue.Of(dtype, value));
        Assert.Equal([250L, 255, 0, 127, -128, 4_294_967_295], Values(
            Of(DType.UInt8, 2) - Of(DType.UInt8, 8), -Of(DType.UInt8, 1), Of(DType.UInt8, 16) * Of(DType.UInt8, 16),
            Of(DType.Int8, -128) - Of(DType.Int8, 1), -Of(DType.Int8, -128), Of(DType.UInt32, 0) - Of(DType.UInt32, 1)));
        Assert.Equal("18446744073709551615", Reference.Evaluate([Of(DType.UInt64, 0) - Of(DType.UInt64, 1)], new Dictionary<Variable, Literal>())[0][0].Text());
    }

    [Fact]
    public void HalfPrecisionRoundsWhereAValueIsStored()
    {
        var random = new Random(5);
        Half[] a = [.. Enumerable.Range(0, 300).Select(_ => (Half)(4 * random.NextDouble() - 2))], b = [.. Enumerable.Range(0, 300).Select(_ => (Half)(4 * random.NextDouble() - 2))];
        Expr x = Constant(Literal.Of<Half>(a, 300)), y = Constant(Literal.Of<Half>(b, 300));
        Literal[] found = Reference.Evaluate([x + y, x * y, x / y, Exp<Expr>(x), x * y + x], new Dictionary<Variable, Literal>());
        for (int i = 0; i < a.Length; i++)
        {
            Assert.Equal((Half)((float)a[i] + (float)b[i]), found[0].Values<Half>()[i]);
            Assert.Equal((Half)((float)a[i] * (float)b[i]), found[1].Values<Half>()[i]);
            Assert.Equal((Half)((float)a[i] / (float)b[i]), found[2].Values<Half>()[i]);
            Assert.Equal((Half)Math.Exp((double)a[i]), found[3].Values<Half>()[i]);
            // Two ops, two roundings.
            Assert.Equal((Half)((float)(Half)((float)a[i] * (float)b[i]) + (float)a[i]), found[4].Values<Half>()[i]);
        }
    }

    [Fact]
    public void HalfPrecisionAccumulatesInSinglePrecision()
    {
        // In half precision 2048 + 1 is 2048, and a product of two halves has more bits than a half.
        Half[] third = [.. Enumerable.Repeat((Half)0.3333, 3_000)];
        float sum = 0;
        foreach (Half h in third)
        {
            sum += (float)h * (float)h;
        }
        Expr thirds = Full(DType.Float16, [3_000], (double)third[0]);
        Literal[] found = Reference.Evaluate(
            [Full(DType.Float16, [3_000], 1).Sum(), Dot(thirds, thirds), Full(DType.BFloat16, [600], 1).Sum()], new Dictionary<Variable, Literal>());
        Assert.Equal(3_000, (int)found[0].ToDoubles()[0]);
        Assert.Equal((double)(Half)sum, found[1].ToDoubles()[0]);
        Assert.Equal(600, (int)found[2].ToDoubles()[0]);
    }

    [Fact]
    public void ConstantsCastAndMoveAtOnce()
    {
        Assert.IsType<Ops.Full>(Constant(2.5).Cast(DType.Float16).Op);
        Assert.IsType<Ops.Full>(Constant(2.5).BroadcastTo([3, 4]).Reshape([12]).Op);
        Assert.IsType<Ops.Full>(Constant(Literal.Of<float>([2, 2, 2], 3)).Op);
        Assert.IsType<Ops.Constant>(Constant(Literal.Of<float>([1, 2], 2)).Reshape([2, 1]).Op);
    }

    [Fact]
    public void DotInAllPairingsOfRanks()
    {
        double[] Evaluate(long[] left, long[] right, out string type)
        {
            Expr product = Dot(Counting(left), Counting(right));
            type = $"{product.Type}";
            return Reference.Evaluate([product], new Dictionary<Variable, Literal>())[0].ToDoubles();
        }
        Assert.Equal([0 * 0 + 1 * 1 + 2 * 2.0], Evaluate([3], [3], out string type));
        Assert.Equal("f64[]", type);
        Assert.Equal([5.0, 14], Evaluate([2, 3], [3], out type));
        Assert.Equal("f64[2]", type);
        Assert.Equal([10.0, 13], Evaluate([3], [3, 2], out type));
        Assert.Equal("f64[2]", type);
        Assert.Equal([10.0, 13, 28, 40], Evaluate([2, 3], [3, 2], out _));
        // The last axis of the first with the last but one of the second.
        double[] cube = Evaluate([2, 2, 3], [2, 3, 2], out type);
        Assert.Equal("f64[2,2,2,2]", type);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                for (int k = 0; k < 2; k++)
                {
                    for (int m = 0; m < 2; m++)
                    {
                        double expected = 0;
                        for (int r = 0; r < 3; r++)
                        {
                            expected += ((i * 2 + j) * 3 + r) * ((k * 3 + r) * 2 + m);
                        }
                        Assert.Equal(expected, cube[((i * 2 + j) * 2 + k) * 2 + m]);
                    }
                }
            }
        }
    }

    [Fact]
    public void ReductionsOfNothingAndOfNaN()
    {
        Expr none = Full(DType.Float64, [2, 0], 1);
        Expr some = Constant(Literal.Of<double>([1, double.NaN, 5, double.NaN], 4));
        Literal[] found = Reference.Evaluate([none.Sum([1]), Expr.Of(new Ops.Max([1]), none), some.Max(), some.ArgMax(), some.Sum(), Constant(Literal.Of<int>([3, 9, 9, 1], 4)).ArgMax()], new Dictionary<Variable, Literal>());
        Assert.Equal([0.0, 0], found[0].ToDoubles());
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], found[1].ToDoubles());
        Assert.Equal([double.NaN, 1, double.NaN, 1], found[2..].Select(value => value.ToDoubles()[0]));
    }

    [Fact]
    public void MovementPutsElementsWhereItsNameSays()
    {
        Expr x = Counting([2, 3]);
        Literal[] found = Reference.Evaluate([x.Transpose(), x.Reshape([3, 2]), x.Sum([0]), x.Sum([1], keepDims: true), x.Max(), Counting([3]).BroadcastTo([2, 3]), Iota([2, 3], 0), OneHot(Counting([3]), 3, DType.Float64)], new Dictionary<Variable, Literal>());
        double[][] expected = [[0, 3, 1, 4, 2, 5], [0, 1, 2, 3, 4, 5], [3, 5, 7], [3, 12], [5], [0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1]];
        Assert.Equal(expected, found.Select(value => value.ToDoubles()));
    }

    private static Expr Counting(long[] sizes)
    {
        double[] values = [.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (a, b) => a * b)).Select(i => (double)i)];
        return Constant(Literal.Of<double>(values, sizes));
    }

    private static long[] Values(params Expr[] results) => [.. Reference.Evaluate(results, new Dictionary<Variable, Literal>()).Select(value => value[0].ToInt64())];
}
