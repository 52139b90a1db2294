using Symbolic.Codegen;
using Symbolic.Ops;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Long sums against double: a tree keeps what adding one after the other would lose.</summary>
public sealed class ReductionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Long_reductions_of_few_results_are_shared_out(int bits)
    {
        const int rows = 4099, columns = 70;
        var random = new Random(6);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() - 0.25f)];
        Literal x = Literal.Of<float>(values, rows, columns);
        Lambda program = Lambda.Of([x.Type], p => [p[0].Sum([0]) * 2, p[0].Max([0]), (p[0] * p[0]).Sum(), p[0].Min(), p[0].Transpose().Reshape([columns, rows]).Sum([1])]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits));
        Assert.Contains(generated.Plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith("of parts", StringComparison.Ordinal));
        Literal[] got = KernelRun.Run(generated, [x]);
        for (int column = 0; column < columns; column++)
        {
            float[] own = [.. Enumerable.Range(0, rows).Select(row => values[(row * columns) + column])];
            Assert.Equal(own.Sum(v => (double)v) * 2, got[0][column].ToDouble(), 1e-2);
            Assert.Equal(own.Max(), got[1][column].ToDouble());
            Assert.Equal(own.Sum(v => (double)v), got[4][column].ToDouble(), 1e-2);
        }
        Assert.Equal(values.Sum(v => (double)v * v), got[2][0].ToDouble(), 1.0);
        Assert.Equal(values.Min(), got[3][0].ToDouble());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Long_sums_are_trees(int bits)
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 700_000).Select(_ => random.NextSingle())];
        Literal x = Literal.Of<float>(values, 7, 100_000);
        Lambda program = Lambda.Of([x.Type], p => [p[0].Sum(), p[0].Sum([1]), p[0].Transpose().Sum([0]), p[0].Reshape([100_000, 7]).Sum([0])]);
        Literal[] sums = KernelRun.Run(program, [x], new CodegenOptions(bits));
        Assert.Equal(values.Sum(v => (double)v), sums[0][0].ToDouble(), values.Length * 0.5 * 3e-6);
        for (int i = 0; i < 7; i++)
        {
            double row = values.Skip(i * 100_000).Take(100_000).Sum(v => (double)v), column = values.Where((_, k) => k % 7 == i).Sum(v => (double)v);
            Assert.Equal(row, sums[1][i].ToDouble(), row * 3e-6);
            Assert.Equal(row, sums[2][i].ToDouble(), row * 3e-6);
            Assert.Equal(column, sums[3][i].ToDouble(), column * 3e-6);
        }
    }

    /// <summary>A maximum and its position along a long axis: ties, signed zeros, infinities and NaN among them.</summary>
    [Fact]
    public void A_maximum_along_an_axis_and_its_position_are_found_in_one_pass()
    {
        const int rows = 24;
        foreach (int columns in (int[])[16, 37, 1000])
        {
            var random = new Random(columns);
            float[] values = [.. Enumerable.Range(0, rows * columns).Select(i => (i / columns % 6) switch
            {
                0 => float.NegativeInfinity,
                1 => random.Next(2) == 0 ? 0f : -0f,
                2 => random.Next(20) == 0 ? float.NaN : random.NextSingle(),
                3 => random.Next(3),
                4 => random.Next(30) == 0 ? float.PositiveInfinity : -random.NextSingle(),
                _ => random.NextSingle() - 2,
            })];
            Literal x = Literal.Of<float>(values, rows, columns);
            Lambda program = Lambda.Of([x.Type], p => [p[0].Max([1]), p[0].ArgMax(1), (p[0] * 2).ArgMax(1).Cast(DType.Int32)]);
            Literal[] wanted = Reference.Evaluate(program, [x]);
            foreach (int bits in KernelRun.Widths)
            {
                GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits));
                Assert.Single(generated.Plan.Steps.OfType<Step.Launch>());
                Literal[] got = KernelRun.Run(generated, [x]);
                for (int row = 0; row < rows; row++)
                {
                    Assert.Equal(wanted[0][row].ToDouble(), got[0][row].ToDouble());
                    Assert.Equal(wanted[1][row].ToDouble(), got[1][row].ToDouble());
                    Assert.Equal(wanted[2][row].ToDouble(), got[2][row].ToDouble());
                }
            }
        }
    }

    /// <summary>A maximum and its position, of the windows that a gradient asks for again: ties, signed zeros and NaN among them.</summary>
    [Fact]
    public void A_maximum_and_its_position_are_found_in_one_pass()
    {
        var random = new Random(7);
        float[] special = [float.NaN, 0, -0f, 1, float.NegativeInfinity, float.PositiveInfinity];
        Literal x = Literal.Of<float>([.. Enumerable.Range(0, 2 * 3 * 11 * 14).Select(_ => random.Next(4) == 0 ? special[random.Next(special.Length)] : random.Next(5))], 2, 3, 11, 14);
        foreach (Window window in (Window[])[Window.Of([2, 2], [2, 2]), Window.Of([3, 3], [2, 2], [1, 1]), Window.Of([3, 2], [1, 3])])
        {
            Window other = Window.Of([2, 3], [2, 2]);
            Lambda program = Lambda.Of([x.Type, x.Type], p =>
            [
                Functions.Relu<Expr>(Expr.Of(new MaxPool(window), p[0])), Expr.Of(new MaxPool(other), p[0]), Expr.Of(new WindowArgMax(other), p[1]), Expr.Of(new WindowArgMax(window), p[0]),
            ]);
            Literal[] expected = Reference.Evaluate(program, [x, x]);
            foreach (int bits in KernelRun.Widths)
            {
                GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits));
                Assert.Equal(3, generated.Plan.Steps.OfType<Step.Launch>().Count());
                Assert.Equal(expected, KernelRun.Run(generated, [x, x]));
            }
        }
    }
}
