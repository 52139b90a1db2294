using System.Text.RegularExpressions;
using Symbolic.Codegen;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Updates of weights that others have read are stored past the caches where a program is large, and are what they are without.</summary>
public sealed class PassedUpdateTests
{
    /// <summary>A step of momentum with or without a bound on the gradient's norm, which keeps the update out of the product that makes the gradient.</summary>
    private static (Expr Moved, Expr Next, Expr Gradient) Step(Expr x, Expr t, Expr w, Expr m, bool isBounded)
    {
        Expr error = Dot(x, w) - t;
        // As of another layer, whose gradient reads the weights too.
        Expr below = Dot(error, w.Transpose()).Sum();
        Expr gradient = Dot(x.Transpose(), error) * 0.001f;
        Expr bounded = isBounded ? gradient / (1f + (gradient * gradient).Sum()) : gradient;
        Expr moved = (0.9f * m) + (0.01f * bounded);
        return (moved, w - moved, below);
    }

    private static string Sources(int rows, int size, bool isBounded)
    {
        TensorType weights = new(DType.Float32, [size, size]), sides = new(DType.Float32, [rows, size]);
        Lambda step = Lambda.Of([sides, sides, weights, weights], p =>
        {
            (Expr moved, Expr next, Expr below) = Step(p[0], p[1], p[2], p[3], isBounded);
            return [below, next, moved];
        });
        return string.Concat(Generator.Generate(new ProgramBody(step, 1, [2, 3]), new CodegenOptions(256)).Sources);
    }

    [Theory]
    // Weights that second-level caches hold, in a program that touches more than the last one; and any in one of which that keeps nothing until the next step.
    [InlineData(2000, 600, false)]
    [InlineData(2000, 600, true)]
    [InlineData(96, 2400, false)]
    [InlineData(96, 2400, true)]
    public void Weights_pass_the_caches_and_momenta_do_not(int rows, int size, bool isBounded)
    {
        string sources = Sources(rows, size, isBounded);
        Assert.Single(Regex.Matches(sources, @"S\.StorePast\((b\d+) \+ .*?, true\)").Select(match => match.Groups[1].Value).Distinct());
        Assert.Contains("Chunking.Finish();", sources, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(96, 200)]
    [InlineData(96, 1200)]
    public void Weights_that_caches_keep_until_the_next_step_stay_there(int rows, int size)
    {
        Assert.DoesNotContain(", true)", Sources(rows, size, isBounded: false), StringComparison.Ordinal);
        Assert.DoesNotContain(", true)", Sources(rows, size, isBounded: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2000, 600, false)]
    [InlineData(2000, 603, false)]
    [InlineData(2000, 600, true)]
    [InlineData(2000, 603, true)]
    public void Values_are_those_of_a_step_that_stores_nothing_in_place(int rows, int size, bool isBounded)
    {
        var random = new Random(5);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        float[] first = Numbers(size * size), xs = Numbers(rows * size), ts = Numbers(rows * size);
        Expr x = Matrix("x"), t = Matrix("t");
        float[]? expected = null;
        foreach (int threads in (int[])[1, 2, 3])
        {
            SharedVariable w = Shared<float>([.. first], "w", size, size), m = Shared<float>(new float[size * size], "m", size, size);
            (Expr moved, Expr next, Expr below) = Step(x, t, w, m, isBounded);
            using Function alone = Function.Compile([x, t], [moved, next], [], Models.Plain with { Threads = threads });
            using Function step = Function.Compile([x, t], [below], [(m, moved), (w, next)], Models.Plain with { Threads = threads });
            for (int call = 0; call < 2; call++)
            {
                Tensor[] values = alone.Call(Tensor.Of<float>(xs, rows, size), Tensor.Of<float>(ts, rows, size));
                step.Call(Tensor.Of<float>(xs, rows, size), Tensor.Of<float>(ts, rows, size));
                Assert.Equal(values[0].ToArray<float>(), m.Value.ToArray<float>());
                Assert.Equal(values[1].ToArray<float>(), w.Value.ToArray<float>());
            }
            expected ??= w.Value.ToArray<float>();
            Assert.Equal(expected, w.Value.ToArray<float>());
        }
    }
}
