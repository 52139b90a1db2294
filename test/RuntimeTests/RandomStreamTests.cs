using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Draws of compiled functions: moments and frequencies within five standard errors of what theory says, and gradients through parameters.</summary>
public sealed class RandomStreamTests
{
    private const int Count = 20000;

    private static Expr F(double value) => Constant(value);

    private static Expr I(long value) => Constant(ScalarValue.Of(DType.Int64, value));

    public static TheoryData<string, Func<RandomStream, Expr>, double, double> Cases() => new()
    {
        { "uniform", s => s.Uniform([Count], F(-1), F(3)), 1, 16 / 12.0 },
        { "normal", s => s.Normal([Count], F(2), F(0.5)), 2, 0.25 },
        { "truncated normal", s => s.TruncatedNormal([Count], F(1), F(3)), 1, 9 * 0.7737413 },
        { "bernoulli", s => s.Bernoulli([Count], F(0.3), DType.Int8), 0.3, 0.21 },
        { "binomial by gaps", s => s.Binomial([Count], I(12), F(0.2)), 2.4, 1.92 },
        { "binomial of likely successes", s => s.Binomial([Count], I(12), F(0.9)), 10.8, 1.08 },
        { "binomial by rejection", s => s.Binomial([Count], I(1000), F(0.7)), 700, 210 },
        { "binomial of many rare ones", s => s.Binomial([Count], I(1L << 50), F(Math.ScaleB(3, -50))), 3, 3 },
        { "poisson by products", s => s.Poisson([Count], F(3.5)), 3.5, 3.5 },
        { "poisson by rejection", s => s.Poisson([Count], F(80)), 80, 80 },
        { "poisson of many", s => s.Poisson([Count], F(1e9)), 1e9, 1e9 },
        { "integers", s => s.Integers([Count], -3, 7), 1.5, 99 / 12.0 },
        { "integers of a wide range", s => s.Integers([Count], 0, 1L << 52), Math.ScaleB(1, 51), Math.ScaleB(1, 104) / 12 },
        { "choice", s => s.Choice([Count], 5), 2, 2 },
        { "weighted choice", s => s.Choice([Count], 3, weights: Constant(Literal.Of<double>([1, 0, 3], 3))), 1.5, 0.75 },
        { "choice without replacement", s => s.Choice([Count, 2], 3, replace: false).Sum([1]), 2, 2 / 3.0 },
        { "weighted choice without replacement", s => s.Choice([Count, 1], 3, replace: false, weights: Constant(Literal.Of<double>([1, 0, 3], 3))).Flatten(0), 1.5, 0.75 },
        { "multinomial", s => s.Multinomial(Constant(Literal.Of<double>([0.2, 0.5, 0.3], 3)).BroadcastTo([Count, 3]), 10)[Subscript.Ellipsis, 1], 5, 2.5 },
        { "permutation", s => s.Permutation(4, [Count])[Subscript.Ellipsis, 0], 1.5, 1.25 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moments_are_right(string name, Func<RandomStream, Expr> draw, double mean, double variance)
    {
        Expr x = draw(new RandomStream(7));
        using Function f = Function.Compile([], [x.Cast(DType.Float64)], null, Models.Plain);
        double[] values = f.Call()[0].ToArray<double>();
        Assert.Equal(Count, values.Length);
        double found = values.Average(), spread = values.Average(v => Math.Pow(v - mean, 2)), fourth = values.Average(v => Math.Pow(v - mean, 4));
        Assert.True(Math.Abs(found - mean) <= 5 * Math.Sqrt(variance / Count), $"{name}: mean {found}, not {mean}");
        Assert.True(Math.Abs(spread - variance) <= 5 * Math.Sqrt(Math.Max(fourth - spread * spread, 1e-30) / Count), $"{name}: variance {spread}, not {variance}");
        Assert.NotEqual(values, f.Call()[0].ToArray<double>());
    }

    [Theory]
    [InlineData("binomial", 15, 0.25)]
    [InlineData("binomial", 60, 0.5)]
    [InlineData("poisson", 4, 0)]
    [InlineData("poisson", 14, 0)]
    public void Every_count_is_as_frequent_as_it_should_be(string name, int n, double p)
    {
        var stream = new RandomStream(11);
        Expr x = name == "binomial" ? stream.Binomial([Count], I(n), F(p)) : stream.Poisson([Count], F(n));
        using Function f = Function.Compile([], [x], null, Models.Plain);
        long[] values = f.Call()[0].ToArray<long>();
        double log = name == "binomial" ? n * Math.Log(1 - p) : -n;
        for (int k = 0; k <= 2 * n && (name == "poisson" || k <= n); k++)
        {
            double expected = Math.Exp(log), found = values.Count(v => v == k) / (double)Count;
            Assert.True(Math.Abs(found - expected) <= 5 * Math.Sqrt(expected * (1 - expected) / Count) + 1e-4, $"{name}: {k} comes with {found}, not {expected}");
            log += name == "binomial" ? Math.Log((n - k) * p / ((k + 1) * (1 - p))) : Math.Log(n / (k + 1.0));
        }
    }

    [Fact]
    public void A_truncated_normal_ends_at_its_bound()
    {
        Expr x = new RandomStream(2).TruncatedNormal([Count], Constant(ScalarValue.Of(DType.Float32, 1)), Constant(ScalarValue.Of(DType.Float32, 2)), 1.5);
        using Function f = Function.Compile([], [x.Min(), x.Max()], null, Models.Plain);
        Tensor[] found = f.Call();
        Assert.InRange(found[0].Item<float>(), -2.00001f, -1.99f);
        Assert.InRange(found[1].Item<float>(), 3.99f, 4.00001f);
    }

    [Fact]
    public void Permutations_hold_each_number_once()
    {
        var stream = new RandomStream(3);
        Expr x = Matrix("x", "n", 2, DType.Int64);
        using Function f = Function.Compile([x], [stream.Permutation(50, [20]), stream.Shuffle(x), stream.Multinomial(Constant(Literal.Of<float>([0.5f, 0.25f], 2)), 9).Sum()], null, Models.Plain);
        Tensor[] found = f.Call(Tensor.Of<long>([.. Enumerable.Range(0, 60).Select(i => (long)i)], 30, 2));
        long[] orders = found[0].ToArray<long>(), rows = found[1].ToArray<long>();
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(Enumerable.Range(0, 50).Select(k => (long)k), orders.Skip(50 * i).Take(50).Order()));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), rows.Order());
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(rows[2 * i] + 1, rows[2 * i + 1]));
        Assert.NotEqual(rows.Order(), rows);
        Assert.Equal(9, found[2].Item<long>());
    }

    [Fact]
    public void Gradients_flow_into_parameters()
    {
        var stream = new RandomStream(5);
        Expr mean = Scalar("mean", DType.Float64), scale = Vector("scale", 3, DType.Float64);
        Expr normal = stream.Normal([4, 3], mean, scale), uniform = stream.Uniform([4, 3], mean, scale);
        using Function f = Function.Compile([mean, scale], [normal, .. Grad(normal.Sum(), mean, scale), uniform, .. Grad(uniform.Sum(), mean, scale)], null, Models.Plain);
        Tensor[] found = f.Call(Tensor.Scalar(1.0), Tensor.Of<double>([2, 3, 4], 3));
        double[] x = found[0].ToArray<double>(), u = found[3].ToArray<double>();
        Assert.Equal(12.0, found[1].Item<double>());
        double[] scales = [2, 3, 4], slopes = found[2].ToArray<double>(), more = found[5].ToArray<double>();
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(Enumerable.Range(0, 4).Sum(i => (x[3 * i + j] - 1) / scales[j]), slopes[j], 1e-12);
            Assert.Equal(Enumerable.Range(0, 4).Sum(i => (u[3 * i + j] - 1) / (scales[j] - 1)), more[j], 1e-12);
        }
        Assert.Equal(12 - more.Sum(), found[4].Item<double>(), 1e-12);
    }

    [Fact]
    public void Parameters_that_make_no_sense_are_errors()
    {
        var stream = new RandomStream(1);
        Expr p = Scalar("p", DType.Float64);
        using Function f = Function.Compile([p], [stream.Binomial([2], I(3), p)], null, Models.Plain);
        Assert.StartsWith("binomial_draws wants a whole number of trials from 0 to 2^53, and a probability from 0 to 1; got 3 and 1.5", Assert.Throws<BindingError>(() => f.Call(Tensor.Scalar(1.5))).Message, StringComparison.Ordinal);
        Assert.Throws<BindingError>(() => f.Call(Tensor.Scalar(double.NaN)));
        Assert.Throws<TypeMismatch>(() => stream.Binomial([2], p, p));
        Assert.Throws<TypeMismatch>(() => stream.Choice([2], 3, weights: Zeros([2, 2])));
        Assert.Throws<TypeMismatch>(() => stream.Choice([4], 3, replace: false));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Integers([2], 3, 3));
    }
}
