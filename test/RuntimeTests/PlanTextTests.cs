using Symbolic.Codegen;

namespace Symbolic.Test;

public sealed class PlanTextTests
{
    private static Dim N { get; } = new NamedSymbol("n", 1, 100);

    private static Plan Example()
    {
        Dim count = new CountSymbol("v0", 2 * N), odd = new NamedSymbol("odd, name\"[");
        Seq<PlannedBuffer> buffers =
        [
            new(new TensorType(DType.Float32, [N, (N + 1).FloorDiv(2)]), BufferRole.Parameter, 0, 0, 2),
            new(new TensorType(DType.Float32, [Dim.Min(N, count), 784]), BufferRole.Output, 0, 1, 3),
            new(new TensorType(DType.Int64, []), BufferRole.Temporary, 0, 2, 2),
            new(new TensorType(DType.Bool, []), BufferRole.Constant, 0, 3, 3),
            new(new TensorType(DType.BFloat16, [odd]), BufferRole.Temporary, 1, 0, 0),
            new(new TensorType(DType.Int64, [count, (N + 1).FloorDiv(2)]), BufferRole.Temporary, 2, 1, 1),
            new(new TensorType(DType.UInt8, [12 * N]), BufferRole.Temporary, 3, 1, 1),
            new(new TensorType(DType.Float32, [N, 256, 7, 7]), BufferRole.Temporary, 4, 0, 1, Layout: new Layout([0, 2, 3, 1], 16)),
            new(new TensorType(DType.Float32, [N, 7, 7, 272]), BufferRole.Temporary, 5, 1, 2, Over: 7),
        ];
        return new Plan(buffers,
        [
            new Step.Launch("k0", 2, [0, 1, 4], [N, count], "tanh f32[n] \"quoted\\\"\n", 2 * N * N, 8 * N + 4),
            new Step.Perform(0, [1, 3], 1),
            new Step.Compute(new Ops.ArgTopK(count, 0, true), [0], [5], [6]),
            new Step.Repeat(5, 2, [new Step.Copy(0, 1), new Step.Branch(3, [new Step.Launch("k1", 1, [], [], "", 0, 0)], [])]),
            new Step.Batch([new Step.Launch("k2", 1, [0], [N], "add f32[n]", N, 8), new Step.Launch("k2", 1, [1], [count], "add f32[n]", count, 8)]),
            new Step.Copy(0, 1),
        ], 5, [1, 1]);
    }

    [Fact]
    public void Plans_survive_as_text()
    {
        string text = PlanText.Write(Example());
        Assert.Equal(Example(), PlanText.Parse(text));
        Assert.Equal(text, PlanText.Write(PlanText.Parse(text)));
        Assert.StartsWith("symbolic-plan 1\nsize n 1 100\n", text, StringComparison.Ordinal);
        Assert.Contains("  branch 3 {\n    launch k1 phases 1 buffers [] sizes [] work [0] traffic [0] \"\"\n  } else {\n  }\n}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_whose_bound_is_the_greatest_number_is_not_bounded()
    {
        const string text = "symbolic-plan 1\ncount v0 [9223372036854775807]\nbuffer 0 parameter 0 steps 0 0 f32[v0]\noutputs [0]\ncommit 0\n";
        Assert.Contains("count v0 [9223372036854775807]", PlanText.Write(PlanText.Parse(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("symbolic-plan 2", "line 1 of a plan is 'symbolic-plan 2'")]
    [InlineData("symbolic-plan 1\n", "expected outputs")]
    [InlineData("symbolic-plan 1\nsize n 0\nsize n 0", "the size n is declared twice")]
    [InlineData("symbolic-plan 1\nbuffer 0 parameter 0 steps 0 0 f32[n]", "the size n is not declared")]
    [InlineData("symbolic-plan 1\nbuffer 1 parameter 0 steps 0 0 f32[2]", "buffer 0 is missing")]
    [InlineData("symbolic-plan 1\nbuffer 0 stack 0 steps 0 0 f32[2]", "stack is no role of a buffer")]
    [InlineData("symbolic-plan 1\nbuffer 0 parameter 0 steps 0 0 f31[2]", "f31 is no dtype")]
    [InlineData("symbolic-plan 1\nbuffer 0 parameter 0 steps 0 9 f32[2]\noutputs [0]\ncommit 0\n", "names steps that it does not have")]
    [InlineData("symbolic-plan 1\nsize [ 0", "line 2 of a plan: '[' is no size")]
    [InlineData("symbolic-plan 1\nbuffer 0 parameter 0 steps 0 0 f32[2 2]", "line 2 of a plan: '2 2' is no size")]
    [InlineData("symbolic-plan 1\noutputs [0]\ncommit 0\n", "0 is no number below 0")]
    [InlineData("symbolic-plan 1\noutputs []\ncommit 1\n", "names steps that it does not have")]
    [InlineData("symbolic-plan 1\noutputs []\ncommit 0\njump 3\n", "jump is no step")]
    [InlineData("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 f32[4]\noutputs []\ncommit 0\ncompute \"sort{axis=1}\" [0] [0] []\n", "sort has no axis 1 in f32[4]")]
    [InlineData("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 f32[4]\noutputs []\ncommit 0\ncompute \"sort{axis=0}\" [0] [0] []\n", "sort{axis=0} computes f32[4] in 16 bytes")]
    [InlineData("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 f32[4]\noutputs []\ncommit 0\ncompute \"exp\" [0] [0] []\n", "exp is no procedure")]
    [InlineData("symbolic-plan 1\noutputs []\ncommit 0\n}\n", "unexpected '}'")]
    [InlineData("symbolic-plan 1\noutputs []\ncommit 0\nbatch {\n  launch k0 phases 2 buffers [] sizes [] work [0] traffic [0] \"\"\n}\n", "a batch is of launches of one phase each")]
    [InlineData("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 f32[]\noutputs []\ncommit 0\nrepeat 3 counter 0 {\n}\n", "the counter of a loop is no i64[]")]
    [InlineData("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 f32[]\noutputs []\ncommit 0\nrepeat 3 counter 0 {\n", "expected '}'")]
    public void Bad_texts_say_where(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => PlanText.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Hostile_texts_end_in_an_error()
    {
        string text = PlanText.Write(Example());
        var random = new Random(1);
        const string Characters = "0123456789[](){}\",\\ n\nx-/%*=";
        for (int round = 0; round < 3000; round++)
        {
            char[] hostile = text.ToCharArray();
            for (int change = 0; change < 3; change++)
            {
                hostile[random.Next(hostile.Length)] = Characters[random.Next(Characters.Length)];
            }
            try
            {
                PlanText.Parse(new string(hostile, 0, random.Next(2) == 0 ? hostile.Length : random.Next(hostile.Length)));
            }
            catch (FormatException)
            {
            }
        }
        string longest = Assert.Throws<FormatException>(() => PlanText.Parse($"symbolic-plan 1\nbuffer 0 parameter 0 steps 0 0 f32[{new string('(', 100_000)}{new string(')', 100_000)}]")).Message;
        Assert.Equal("line 2 of a plan: a size of 200000 characters; at most 2000 are read", longest);
        string deep = "symbolic-plan 1\nbuffer 0 temporary 0 steps 0 0 bool[]\noutputs []\ncommit 0\n" + string.Concat(Enumerable.Repeat("branch 0 {\n", 100_000));
        Assert.Contains("nested more than 100 deep", Assert.Throws<FormatException>(() => PlanText.Parse(deep)).Message, StringComparison.Ordinal);
    }
}
