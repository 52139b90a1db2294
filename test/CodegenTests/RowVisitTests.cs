using Symbolic.Codegen;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Reductions of rows, and what is computed of their results for the same rows, are one kernel that visits each row once.</summary>
public sealed class RowVisitTests
{
    private static readonly Dictionary<string, (long[][] Sizes, int Launches, Func<Seq<Expr>, Seq<Expr>> Of)> Cases = new()
    {
        ["softmax"] = ([[37, 1003]], 1, x => [Softmax(x[0], 1)]),
        ["softmax of short rows"] = ([[300, 5]], 1, x => [Softmax(x[0], 1)]),
        ["log-softmax"] = ([[16, 333]], 1, x => [LogSoftmax(x[0], 1)]),
        ["rows of several axes"] = ([[18, 3, 5, 40]], 1, x => [Centred(x[0], [2, 3])]),
        ["statistics of channels"] = ([[3, 20, 7, 9]], 1, x => [Centred(x[0], [0, 2, 3])]),
        ["one read twice, one passed on"] = ([[24, 70], [24, 70]], 1, x => [Softmax(x[0] * x[1], 1), (x[0] * x[1]).Sum([1])]),
        ["softmax of columns"] = ([[37, 1003]], 1, x => [Softmax(x[0], 0)]),
        ["softmax of few columns"] = ([[2, 700, 9]], 1, x => [Softmax(x[0], 1)]),
        ["softmax over channels"] = ([[3, 21, 9, 11]], 1, x => [Softmax(x[0], 1)]),
        ["softmax over two axes in the middle"] = ([[2, 3, 4, 5, 6, 7]], 1, x => [Softmax(x[0].Reshape([2, 3, 20, 6, 7]), 2)]),
        ["log-softmax over channels, one image"] = ([[1, 200, 5, 37]], 1, x => [LogSoftmax(x[0], 1)]),
        ["softmax of columns and its gradient"] = ([[64, 1024]], 1, x => [Grad((Softmax(x[0], 0) * x[0]).Sum(), x[0])]),
        ["statistics of features"] = ([[64, 200]], 1, x => [Centred(x[0], [0])]),
        ["softmax of long columns"] = ([[1000, 1024]], 6, x => [Softmax(x[0], 0)]),
        ["softmax of very few columns"] = ([[40, 50, 3]], 4, x => [Softmax(x[0], 1)]),
        ["few rows that are long"] = ([[3, 40_000]], 3, x => [x[0] - x[0].Max([1], keepDims: true) - x[0].Sum([1], keepDims: true)]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Expr Centred(Expr x, Seq<int> axes)
    {
        Expr away = x - x.Mean(axes, keepDims: true);
        return Maximum<Expr>(away / Sqrt((away * away).Mean(axes, keepDims: true) + 0.1), 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_are_visited_once(string name)
    {
        (long[][] sizes, int launches, Func<Seq<Expr>, Seq<Expr>> of) = Cases[name];
        Literal[] inputs = [.. sizes.Select((size, k) => Drawn(size, k))];
        Lambda program = Lambda.Of(inputs.Select(x => x.Type).ToSeq(), of);
        Literal[] wanted = Reference.Evaluate(program, inputs);
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits));
            Assert.Equal(launches, generated.Plan.Steps.OfType<Step.Launch>().Count());
            Literal[] got = KernelRun.Run(generated, inputs);
            for (int k = 0; k < wanted.Length; k++)
            {
                for (int i = 0; i < wanted[k].Count; i++)
                {
                    double value = wanted[k][i].ToDouble();
                    Assert.Equal(value, got[k][i].ToDouble(), 2e-5 * (1 + Math.Abs(value)));
                }
            }
        }
    }

    private static Literal Drawn(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Of<float>([.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (all, size) => all * size)).Select(_ => (random.NextSingle() * 4) - 2)], sizes);
    }
}
