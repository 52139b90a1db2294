using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Loops, branches, effects, computed sizes and random draws through all rooms.</summary>
public sealed class ControlTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_loop_and_its_gradient_equal_the_interpreter(int count)
    {
        Expr x = Vector("x", "n", DType.Float64), w = Vector("w", "n", DType.Float64);
        Seq<Expr> last = Loop(count, [x, x.Sum()], [w], (step, carried, captures) =>
            [Tanh(carried[0] * captures[0]) + step.Cast(DType.Float64) * 0.1, carried[1] * 0.5 + carried[0].Sum()]);
        Expr loss = last[0].Sum() + last[1];
        SameAsInterpreter([x, w], [last[0], last[1], .. Grad(loss, x, w)], [Doubles(1, 5), Doubles(2, 5)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_branch_and_its_gradient_equal_the_interpreter_and_only_one_side_runs(bool condition)
    {
        var ran = new List<string>();
        Expr c = Scalar("c", DType.Bool), x = Vector("x", "n", DType.Float64);
        Expr chosen = IfElse(c, [x], p => [Callback(p[0], _ => ran.Add("then")) * p[0]], p => [Callback(p[0], _ => ran.Add("else")) + 1])[0];
        Seq<Expr> results = [chosen, Grad(chosen.Sum(), x)];
        using Function f = Function.Compile([c, x], results, null, Models.Plain);
        Tensor[] inputs = [Tensor.Scalar(condition), Doubles(1, 4)];
        Tensor[] outputs = f.Call(inputs);
        Assert.All(ran, side => Assert.Equal(condition ? "then" : "else", side));
        Assert.NotEmpty(ran);
        CompareWithInterpreter([c, x], results, inputs, outputs);
    }

    [Fact]
    public void Effects_run_in_order_on_the_values_of_the_call()
    {
        var seen = new List<string>();
        Expr x = Vector("x", "n");
        Expr first = Callback(x * 2, value => seen.Add($"first {value}"));
        Expr second = Callback(first + 1, value => seen.Add($"second {value}"));
        using Function f = Function.Compile([x], [second.Sum()], null, Models.Plain);
        Assert.Equal(8f, f.Call(Tensor.Of<float>([1, 2], 2))[0].Item<float>());
        Assert.Equal(["first f32[2] 2 4", "second f32[2] 3 5"], seen);
    }

    [Fact]
    public void A_size_may_be_the_value_of_an_expression()
    {
        Expr k = Scalar("k", DType.Int32), x = Vector("x", "n", DType.Int64);
        Dim twice = SizeFrom((2 * k).Named("twice"), 100);
        Dim more = SizeFrom((Iota([twice], 0).Sum() + x.Sum()).Named("more"));
        Expr counted = Iota([twice], 0), further = Full(DType.Float32, [more], 3).Sum();
        using Function f = Function.Compile([k, x], [counted, further], null, Models.Plain);
        foreach (int value in (int[])[2, 0, 3, 2, 2])
        {
            Tensor[] outputs = f.Call(Tensor.Scalar(value), Tensor.Of<long>([1, 2], 2));
            Assert.Equal(Enumerable.Range(0, 2 * value).Select(i => (long)i), outputs[0].ToArray<long>());
            Assert.Equal(3f * (value * (2 * value - 1) + 3), outputs[1].Item<float>());
        }
        Assert.Contains("twice", Assert.Throws<BindingError>(() => f.Call(Tensor.Scalar(-1), Tensor.Of<long>([1], 1))).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<BindingError>(() => f.Call(Tensor.Scalar(51), Tensor.Of<long>([1], 1))).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<BindingError>(() => f.Memory([], [2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_draws_advance_with_each_call_and_repeat_with_the_seed()
    {
        float[][] Draw(ulong seed, CompileOptions options)
        {
            var stream = new RandomStream(seed);
            Expr noise = stream.Uniform([1000]);
            using Function f = Function.Compile([], [noise, stream.Uniform([1000])], null, options);
            return [.. Enumerable.Range(0, 2).SelectMany(_ => f.Call()).Select(t => t.ToArray<float>())];
        }
        float[][] one = Draw(42, Models.Plain with { Threads = 1, VectorBits = 256 });
        Assert.Equal(4, one.Select(draw => draw[0]).Distinct().Count());
        Assert.Equal(one, Draw(42, Models.Plain with { Threads = 3, VectorBits = 0 }));
        Assert.NotEqual(one[0], Draw(43, Models.Plain)[0]);
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Draws_have_their_distribution(DType dtype)
    {
        var stream = new RandomStream(1);
        Expr Doubles(Expr x) => x.Cast(DType.Float64);
        using Function f = Function.Compile([], [Doubles(stream.Uniform([20000], -1, 3, dtype)), Doubles(stream.Normal([20000], 2, 0.5, dtype)), Doubles(stream.Bernoulli([20000], 0.3, dtype)), Doubles(stream.Uniform([20000], dtype: dtype))], null, Models.Plain);
        double[][] draws = [.. f.Call().Select(t => t.ToArray<double>())];
        double Deviation(double[] x) => Math.Sqrt(x.Select(v => (v - x.Average()) * (v - x.Average())).Average());
        Assert.InRange(draws[0].Average(), 0.96, 1.04);
        Assert.InRange(draws[0].Min(), -1, -0.95);
        Assert.InRange(draws[0].Max(), 2.9, 3);
        Assert.InRange(draws[1].Average(), 1.98, 2.02);
        Assert.InRange(Deviation(draws[1]), 0.49, 0.51);
        Assert.All(draws[1], value => Assert.True(double.IsFinite(value)));
        Assert.InRange(draws[2].Average(), 0.285, 0.315);
        Assert.Equal([0.0, 1.0], draws[2].Distinct().Order());
        Assert.All(draws[3], value => Assert.InRange(value, 0, Math.BitDecrement(1.0)));
        Assert.Throws<TypeMismatch>(() => stream.Uniform([3], dtype: DType.Int32));
    }

    [Fact]
    public void Forward_and_gradient_share_a_draw()
    {
        var stream = new RandomStream(5);
        SharedVariable w = Shared(Models.Random(1, 100), "w");
        Expr mask = stream.Bernoulli([100], 0.5);
        Expr loss = (w * mask).Sum();
        using Function f = Function.Compile([], [mask, Grad(loss, w)], null, Models.Plain);
        Tensor[] first = f.Call(), second = f.Call();
        Assert.Equal(first[0].ToArray<float>(), first[1].ToArray<float>());
        Assert.NotEqual(first[0].ToArray<float>(), second[0].ToArray<float>());
        Assert.Equal([5UL, 2UL], stream.State.Value.ToArray<ulong>());
    }

    [Fact]
    public void A_default_update_runs_unless_updates_name_the_variable()
    {
        SharedVariable count = Shared<long>([0], "count", 1), base1 = Shared<long>([5], "base", 1);
        count.DefaultUpdate = count + base1;
        base1.DefaultUpdate = base1 + 1;
        using Function f = Function.Compile([], [count], null, Models.Plain);
        using Function held = Function.Compile([], [count], [(count, count)], Models.Plain);
        f.Call();
        f.Call();
        Assert.Equal(11, count.Value.ToArray<long>()[0]);
        Assert.Equal(7, base1.Value.ToArray<long>()[0]);
        held.Call();
        Assert.Equal(11, count.Value.ToArray<long>()[0]);
        Assert.Equal(7, base1.Value.ToArray<long>()[0]);
        Assert.Throws<TypeMismatch>(() => count.DefaultUpdate = Vector("x", 1, DType.Float32));
    }

    private static Tensor Doubles(int seed, int count) => Tensor.Of<double>([.. Models.Numbers(count, seed).Select(v => (double)v)], count);

    private static void SameAsInterpreter(Seq<Expr> inputs, Seq<Expr> results, Tensor[] values)
    {
        using Function f = Function.Compile(inputs, results, null, Models.Plain);
        CompareWithInterpreter(inputs, results, values, f.Call(values));
    }

    private static void CompareWithInterpreter(Seq<Expr> inputs, Seq<Expr> results, Tensor[] values, Tensor[] outputs)
    {
        var given = inputs.Select((x, i) => (((Ops.Leaf)x.Op).Variable, values[i].ToLiteral())).ToDictionary(p => p.Variable, p => p.Item2);
        Literal[] expected = Reference.Evaluate(results, given);
        for (int i = 0; i < expected.Length; i++)
        {
            Close.Assert(expected[i], outputs[i].ToLiteral(), $"result {i}");
        }
    }
}
