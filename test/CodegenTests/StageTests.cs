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

    private static float[] Drawn(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
    }
}
