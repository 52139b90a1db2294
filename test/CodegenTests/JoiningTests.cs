using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Arrays that are computed only to be joined lie within the array that joins them; nothing copies them.</summary>
public sealed class JoiningTests
{
    public static TheoryData<int, int[], Layouts, bool> Cases => new()
    {
        { 1, [16, 32], Layouts.RowMajor, true },
        { 1, [5, 7], Layouts.RowMajor, true },
        { 2, [16, 32], Layouts.RowMajor, false },
        { 2, [16, 32], Layouts.ChannelsLast, true },
        { 1, [16, 48, 25], Layouts.ChannelsLast, true },
        { 1, [256, 256], Layouts.ChannelsLast, true },
        // The second part would not begin where a line does.
        { 1, [5, 7], Layouts.ChannelsLast, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_lie_where_they_are_joined(int batch, int[] channels, Layouts layouts, bool joins)
    {
        (Lambda program, Literal[] arguments) = Net(batch, channels, (x, parts) => [Convolved(Concatenate(parts, 1), Weights(11, [3, channels.Sum(), 1, 1]))]);
        Literal[] expected = Reference.Evaluate(program, arguments);
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Layouts: layouts));
            Assert.Equal(joins ? channels.Length : 0, generated.Plan.Buffers.Count(buffer => buffer.Within >= 0));
            Assert.Equal(!joins, generated.Plan.Steps.OfType<Step.Launch>().Any(launch => launch.Label.Contains("concatenate", StringComparison.Ordinal)));
            Assert.Equal(generated.Plan, PlanText.Parse(PlanText.Write(generated.Plan)));
            SampleTable.AssertClose(expected[0], KernelRun.Run(generated, arguments)[0], $"{bits} bits");
        }
    }

    public static TheoryData<string> Elsewhere => ["read elsewhere", "twice", "a result", "a part that is a result", "not computed", "joined again"];

    /// <summary>What is joined again has no memory of its own: the whole reads its parts.</summary>
    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void What_others_see_or_read_is_copied(string what)
    {
        (Lambda program, Literal[] arguments) = Net(1, [16, 32], (x, parts) => what switch
        {
            "read elsewhere" => [Convolved(Concatenate(parts, 1), Weights(11, [3, 48, 1, 1])), Convolved(parts[0], Weights(12, [2, 16, 3, 3]))],
            "twice" => [Convolved(Concatenate([parts[0], parts[0]], 1), Weights(11, [3, 32, 1, 1]))],
            "a result" => [Concatenate(parts, 1)],
            "a part that is a result" => [Convolved(Concatenate(parts, 1), Weights(11, [3, 48, 1, 1])), parts[1]],
            "not computed" => [Convolved(Concatenate([parts[0], x], 1), Weights(11, [3, 20, 1, 1]))],
            _ => [Convolved(Concatenate([Concatenate(parts, 1), Relu(Convolved(x, Weights(13, [16, 4, 1, 1])))], 1), Weights(11, [3, 64, 1, 1]))],
        });
        Literal[] expected = Reference.Evaluate(program, arguments);
        foreach (Layouts layouts in (Layouts[])[Layouts.RowMajor, Layouts.ChannelsLast])
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(256, Layouts: layouts));
            Literal[] actual = KernelRun.Run(generated, arguments);
            for (int i = 0; i < expected.Length; i++)
            {
                SampleTable.AssertClose(expected[i], actual[i], $"{what}, result {i}, {layouts}");
            }
            Assert.DoesNotContain(generated.Plan.Buffers, buffer => buffer.Within >= 0);
        }
    }

    [Theory]
    [InlineData("f32[4,16] within 0 at 49")]
    [InlineData("f32[4,16] axes [0,1] gap 32 within 0 at 33")]
    [InlineData("f64[2,4] within 0 at 0")]
    [InlineData("f32[5,16] axes [0,1] gap 32 within 0 at 0")]
    [InlineData("f32[2,8] within 1 at 0")]
    public void A_plan_whose_part_lies_elsewhere_is_refused(string part)
    {
        string plan = $"symbolic-plan 1\nbuffer 0 temporary 0 steps 0 1 f32[4,28]\nbuffer 1 temporary 1 steps 0 0 f32[2,8] within 0 at 0\nbuffer 2 temporary 2 steps 0 0 {part}\noutputs []\ncommit 0\n";
        Assert.Contains("does not lie within buffer", Assert.Throws<FormatException>(() => PlanText.Parse(plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_takes_over_a_part_is_refused() =>
        Assert.Contains("cannot lie over buffer 1", Assert.Throws<FormatException>(() => PlanText.Parse("symbolic-plan 1\nbuffer 0 temporary 0 steps 0 1 f32[8]\nbuffer 1 temporary 1 steps 0 0 f32[4] within 0 at 0\nbuffer 2 temporary 2 steps 0 0 f32[4] over 1\noutputs []\ncommit 0\n")).Message, StringComparison.Ordinal);

    /// <summary>Rectified convolutions of one image, each with a bias.</summary>
    private static (Lambda Program, Literal[] Arguments) Net(int batch, int[] channels, Func<Expr, Seq<Expr>, Seq<Expr>> build)
    {
        var random = new Random(4);
        Literal image = Literal.Build(DType.Float32, [batch, 4, 8, 8], _ => ScalarValue.Of(DType.Float32, random.NextDouble() - 0.5));
        return (Lambda.Of([image.Type], p => build(p[0], [.. channels.Select((count, i) => Relu(Convolved(p[0], Weights(i, [count, 4, 1, 1])) + Weights(100 + i, [count, 1, 1])))])), [image]);
    }

    private static Expr Weights(int seed, long[] sizes)
    {
        var random = new Random(seed);
        return Constant(Literal.Build(DType.Float32, [.. sizes], _ => ScalarValue.Of(DType.Float32, random.NextDouble() - 0.5)));
    }

    private static Expr Convolved(Expr image, Expr kernel) => Expr.Of(new Convolution(Window.Of([.. kernel.Shape.Skip(2).Select(x => (int)x.Constant)]), 1), image, kernel);
}
