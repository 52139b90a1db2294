using Symbolic.Codegen;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Chains of costly functions go through stages, a piece of the lanes at a time: bits do not depend on where pieces and vectors end.</summary>
public sealed class StageTests
{
    private static readonly Dictionary<string, Func<Expr, Expr, Expr>> Chains = new()
    {
        ["three"] = (a, b) => (Log(Exp(Tanh((a * b) + a) * b) + 2) - a) * 0.5 + b,
        ["one of them twice"] = (a, b) => Exp(Exp(a * 0.5) * 0.1) * b,
        ["with one that has no tables"] = (a, b) => Tanh(Sigmoid(a) + b) - Sin(b),
        ["last without tables"] = (a, b) => Sigmoid(Exp(a) - b) * a,
    };

    public static TheoryData<string> Names => [.. Chains.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stages_give_the_same_bits_wherever_they_end(string name)
    {
        const int Most = 4160;
        float[] a = Drawn(1, Most), b = Drawn(2, Most);
        float[] pieces = Run(4096), vectors = Run(4112), parts = Run(4099), all = Run(Most);
        for (int i = 0; i < Most; i++)
        {
            Assert.True((i >= 4096 || all[i] == pieces[i]) && (i >= 4112 || all[i] == vectors[i]) && (i >= 4099 || all[i] == parts[i]), $"{i}: {all[i]}");
        }
        Literal wanted = Reference.Evaluate(Program(Inputs(Most)), Inputs(Most))[0];
        for (int i = 0; i < Most; i++)
        {
            Assert.Equal(wanted[i].ToDouble(), all[i], 2e-5 * (1 + Math.Abs(wanted[i].ToDouble())));
        }

        Literal[] Inputs(int count) => [Literal.Of<float>(a.AsSpan(0, count), count), Literal.Of<float>(b.AsSpan(0, count), count)];

        Lambda Program(Literal[] inputs) => Lambda.Of(inputs.Select(x => x.Type).ToSeq(), p => [Chains[name](p[0], p[1])]);

        float[] Run(int count) => KernelRun.Run(Program(Inputs(count)), Inputs(count), new CodegenOptions(KernelRun.Widths[^1]))[0].Values<float>().ToArray();
    }

    /// <summary>Stages of rows read what a row has to itself, and where two results are stored both of them.</summary>
    [Theory]
    [InlineData(4096)]
    [InlineData(4099)]
    public void Stages_of_rows_give_the_bits_of_each_row(int columns)
    {
        const int Rows = 3;
        float[] a = Drawn(5, Rows * columns), factors = [0.5f, -1.5f, 1.25f];
        Literal[] inputs = [Literal.Of<float>(a, Rows, columns), Literal.Of<float>(factors, Rows)];
        Literal[] all = Run(Program(inputs), inputs);
        for (int row = 0; row < Rows; row++)
        {
            Literal[] one = [Literal.Of<float>(a.AsSpan(row * columns, columns), 1, columns), Literal.Of<float>(factors.AsSpan(row, 1), 1)];
            Literal[] wanted = Run(Program(one), one);
            for (int k = 0; k < 2; k++)
            {
                Assert.Equal(wanted[k].Values<float>().ToArray(), all[k].Values<float>().Slice(row * columns, columns).ToArray());
            }
        }
        Literal[] reference = Reference.Evaluate(Program(inputs), inputs);
        for (int i = 0; i < Rows * columns; i++)
        {
            Assert.Equal(reference[0][i].ToDouble(), all[0].Values<float>()[i], 2e-5 * (1 + Math.Abs(reference[0][i].ToDouble())));
        }

        static Lambda Program(Literal[] inputs) => Lambda.Of(inputs.Select(x => x.Type).ToSeq(), p => Results(p[0], p[1].BroadcastTo(p[0].Shape, [0])));

        static Seq<Expr> Results(Expr x, Expr factor)
        {
            Expr inner = Exp(Tanh(x * factor) + factor);
            return [Log(inner + 1) * factor, inner - x];
        }

        static Literal[] Run(Lambda program, Literal[] inputs) => KernelRun.Run(program, inputs, new CodegenOptions(KernelRun.Widths[^1]));
    }

    /// <summary>A product with a power of two that does not enlarge is exact: together with a sum it has the bits of the two by themselves.</summary>
    [Fact]
    public void Sums_with_exact_products_have_the_bits_of_both()
    {
        const int Count = 1027;
        float[] x = Drawn(3, Count), y = Drawn(4, Count);
        Literal[] inputs = [Literal.Of<float>(x, Count), Literal.Of<float>(y, Count)];
        Lambda program = Lambda.Of(inputs.Select(i => i.Type).ToSeq(), p => [(p[0] * p[1] * 0.5) - p[1], (p[0] * p[1]) + (p[1] * p[1] * 0.25), (p[0] * p[1] * 0.3) - p[1]]);
        foreach (int width in KernelRun.Widths)
        {
            Literal[] results = KernelRun.Run(program, inputs, new CodegenOptions(width));
            for (int i = 0; i < Count; i++)
            {
                float product = x[i] * y[i], square = y[i] * y[i], third = product * 0.3f;
                Assert.Equal((product * 0.5f) - y[i], results[0].Values<float>()[i]);
                Assert.Equal(product + (square * 0.25f), results[1].Values<float>()[i]);
                Assert.Equal(third - y[i], results[2].Values<float>()[i]);
            }
        }
    }

    private static float[] Drawn(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
    }
}
