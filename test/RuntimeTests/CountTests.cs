using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Results whose sizes depend on data, through compiled functions: the count is found before the call is bound.</summary>
public sealed class CountTests
{
    [Fact]
    public void Nonzero_gradient_and_all()
    {
        Expr x = Matrix("x", "n", "m", DType.Float64);
        Seq<Expr> at = (x > 0).Nonzero();
        Expr values = x.NonzeroValues();
        using Function f = Function.Compile([x], [.. at, values, Grad((values * values).Sum(), x)], null, Models.Plain);
        foreach (double[] data in (double[][])[[1, 0, -2, 3, 0, 4], [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1], [-1, 0, 2, 0, 0, 0]])
        {
            Tensor[] found = f.Call(Tensor.Of<double>(data, 2, 3));
            int[] positive = [.. Enumerable.Range(0, 6).Where(i => data[i] > 0)];
            Assert.Equal(positive.Select(i => i / 3L), found[0].ToArray<long>());
            Assert.Equal(positive.Select(i => i % 3L), found[1].ToArray<long>());
            Assert.Equal(data.Where(v => v != 0), found[2].ToArray<double>());
            Assert.Equal(data.Select(v => 2 * v), found[3].ToArray<double>());
        }
        // The upper bound of the count is known while the graph is built.
        Assert.True((x.Shape.Elements - values.Shape[0]).Lower is null or >= 0);
        Assert.True(x.Shape.Elements.IsAtLeast(values.Shape[0]));
    }

    [Fact]
    public void Unique_with_all_its_parts()
    {
        Expr x = Vector("x", "n", DType.Int32);
        (Expr values, Expr first, Expr inverse, Expr counts) = Unique(x);
        using Function f = Function.Compile([x], [values, first, inverse, counts, Expr.Of(new Ops.Gather(0), values, inverse)], null, Models.Plain);
        var random = new Random(1);
        foreach (int size in (int[])[0, 1, 2, 50, 333])
        {
            int[] data = [.. Enumerable.Range(0, size).Select(_ => random.Next(-9, 9))];
            Tensor[] found = f.Call(Tensor.Of<int>(data, size));
            int[] expected = [.. data.Distinct().Order()];
            Assert.Equal(expected, found[0].ToArray<int>());
            Assert.Equal(expected.Select(v => (long)Array.IndexOf(data, v)), found[1].ToArray<long>());
            Assert.Equal(data.Select(v => (long)Array.IndexOf(expected, v)), found[2].ToArray<long>());
            Assert.Equal(expected.Select(v => (long)data.Count(d => d == v)), found[3].ToArray<long>());
            Assert.Equal(data, found[4].ToArray<int>());
        }
    }

    [Fact]
    public void Counts_ranges_and_repetitions()
    {
        Expr x = Vector("x", "n", DType.Int64), start = Scalar("start", DType.Float32), stop = Scalar("stop", DType.Float32), step = Scalar("step", DType.Int32);
        using Function f = Function.Compile([x, start, stop, step], [BinCount(x), Iota([x.Shape[0], 2], 0).Repeat(x, 0), Arange(start, stop, step, null), Arange(x.Shape[0]) * 2], null, Models.Plain);
        Tensor[] found = f.Call(Tensor.Of<long>([2, 0, 3], 3), Tensor.Scalar(1f), Tensor.Scalar(6.5f), Tensor.Scalar(2));
        Assert.Equal([1, 0, 1, 1], found[0].ToArray<long>());
        Assert.Equal([0, 0, 0, 0, 2, 2, 2, 2, 2, 2], found[1].ToArray<long>());
        Assert.Equal([1, 3, 5], found[2].ToArray<double>());
        Assert.Equal([0, 2, 4], found[3].ToArray<long>());
        Assert.Equal(new Seq<long>[] { [4], [5, 2], [3], [3] }, found.Select(t => t.Sizes));
        found = f.Call(Tensor.Of<long>([1], 1), Tensor.Scalar(1f), Tensor.Scalar(-3f), Tensor.Scalar(-1));
        Assert.Equal([1, 0, -1, -2], found[2].ToArray<double>());
        Assert.Matches("^(bin_count|repeat) is given -1 at 1, which is negative$", Assert.Throws<BindingError>(() => f.Call(Tensor.Of<long>([2, -1], 2), Tensor.Scalar(1f), Tensor.Scalar(3f), Tensor.Scalar(1))).Message);
        Assert.StartsWith("the length of arange, which is -1 where the step is 0: i64[] gives the size", Assert.Throws<BindingError>(() => f.Call(Tensor.Of<long>([1], 1), Tensor.Scalar(1f), Tensor.Scalar(3f), Tensor.Scalar(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_maximum_of_nothing_is_an_error_of_the_call()
    {
        Expr x = Matrix("x", "n", "m");
        using Function f = Function.Compile([x], [x.Max([1]), x.ArgMin()], null, Models.Plain);
        Assert.Equal([3, 5], f.Call(Tensor.Of<float>([1, 3, 5, 4], 2, 2))[0].ToArray<float>());
        Assert.Contains("is taken along an axis of m elements, which are 0: there is none", Assert.Throws<BindingError>(() => f.Call(Tensor.Of<float>([], 2, 0))).Message, StringComparison.Ordinal);
    }
}
