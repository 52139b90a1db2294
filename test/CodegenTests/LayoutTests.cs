using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Programs whose buffers have their channels last, against the interpreter, and the plan's text of them.</summary>
public sealed class LayoutTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (Type type in typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract && SampleTable.Of(t.Name).Any(IsOfImages)))
        {
            foreach (int bits in (int[])[0, 256])
            {
                cases.Add(type.Name, bits);
            }
        }
        return cases;
    }

    /// <summary>Operands and results lie in buffers of their own, since others read them too.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void An_op_reads_and_writes_any_layout(string op, int bits)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            (Sample Sample, Literal[] Arguments)[] cases = [.. SampleTable.Of(op).Where(IsOfImages).Select(sample => (sample, SampleTable.Draw(sample, dtype)))];
            Literal[] all = [.. cases.SelectMany(c => c.Arguments)];
            int[] first = [.. cases.Select((_, i) => cases.Take(i).Sum(c => c.Arguments.Length))];
            Lambda program = Lambda.Of(all.Select(a => a.Type).ToSeq(), p => cases.SelectMany((c, i) =>
            {
                Expr[] operands = [.. p[first[i]..(first[i] + c.Arguments.Length)].Select(Buffered)];
                Expr result = Expr.Of(c.Sample.Op, operands);
                return result.Type is TensorType { Rank: > 0 } ? (Seq<Expr>)[Buffered(result), .. operands.Where(o => o.Rank > 2).Select(o => o.Max([0]))] : [result];
            }).ToSeq());
            Literal[] expected = Reference.Evaluate(program, all);
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits, Layouts: Layouts.ChannelsLast));
            Assert.Equal(generated.Plan, PlanText.Parse(PlanText.Write(generated.Plan)));
            Literal[] actual = KernelRun.Run(generated, all);
            for (int i = 0; i < expected.Length; i++)
            {
                SampleTable.AssertClose(expected[i], actual[i], $"{op}, result {i} of {dtype} at {bits} bits");
            }
        }
    }

    public static TheoryData<string, int> Nets()
    {
        var cases = new TheoryData<string, int>();
        foreach (int bits in (int[])[0, 256, 512])
        {
            foreach (string name in Programs.Select(p => p.Name))
            {
                cases.Add(name, bits);
            }
        }
        return cases;
    }

    private static readonly (string Name, long[][] Sizes, Func<Seq<Expr>, Seq<Expr>> Build)[] Programs =
    [
        ("convolutions", [[2, 3, 9, 11], [17, 3, 3, 3], [17], [9, 17, 1, 1], [9, 9, 3, 3]], p =>
        [
            Convolved(Convolved(Relu(Convolved(p[0], p[1], 1) + Channels(p[2])), p[3], 0), p[4], 1),
        ]),
        ("steps over images", [[1, 2, 11, 12], [20, 2, 5, 5], [8, 20, 1, 1]], p => [Expr.Of(new Convolution(Window.Of([1, 1], [2, 2]), 1), Expr.Of(new Convolution(Window.Of([5, 5], [2, 2], [2, 2]), 1), p[0], p[1]), p[2]) * 2]),
        ("groups", [[2, 4, 6, 7], [8, 2, 3, 3], [8, 1, 3, 3], [5, 8, 1, 1]], p =>
        [
            Convolved(Expr.Of(new Convolution(Window.Of([3, 3], padding: [1, 1]), 8), Expr.Of(new Convolution(Window.Of([3, 3], padding: [1, 1]), 2), p[0], p[1]), p[2]), p[3], 0),
        ]),
        ("channels that have a line between their pixels", [[1, 2, 5, 6], [256, 2, 1, 1], [256, 1, 3, 3], [3, 256, 1, 1]], p =>
        [
            Convolved(Relu(Expr.Of(new Convolution(Window.Of([3, 3], padding: [1, 1]), 256), Relu(Convolved(p[0], p[1], 0)), p[2])), p[3], 0),
        ]),
        ("joined and pooled", [[2, 3, 8, 8], [5, 3, 1, 1], [6, 3, 3, 3], [176, 4]], p =>
        [
            Dot(MaxPool(Concatenate([Relu(Convolved(p[0], p[1], 0)), Relu(Convolved(p[0], p[2], 1))], 1), Window.Of([3, 3], [2, 2], [1, 1])).Reshape([2, -1]), p[3]),
        ]),
        ("a block that is added", [[2, 3, 6, 6], [8, 3, 1, 1], [8, 8, 1, 1], [8, 8, 3, 3]], p =>
        [
            .. Learned(x => Relu(x + Convolved(Relu(Convolved(x, p[2], 0)), p[3], 1)), Convolved(p[0], p[1], 0), [p[1], p[2], p[3]]),
        ]),
        ("normalised", [[3, 2, 5, 4], [6, 2, 3, 3], [4, 6, 1, 1]], p =>
        [
            .. Learned(x => Convolved(Relu((x - Mean(x)) / Sqrt(Mean((x - Mean(x)) * (x - Mean(x))) + 1)), p[2], 0), Convolved(p[0], p[1], 1), [p[1], p[2]]),
        ]),
        ("lines and volumes", [[2, 3, 9], [4, 3, 3], [1, 2, 4, 5, 3], [3, 2, 2, 2, 2]], p =>
        [
            Convolved(Tanh(p[0]), p[1], 1).Sum([2]), Relu(Expr.Of(new Convolution(Window.Of([2, 2, 2]), 1), Buffered(p[2]), p[3])).Max([2]),
        ]),
    ];

    [Theory]
    [MemberData(nameof(Nets))]
    public void A_net_has_the_values_of_the_interpreter(string name, int bits)
    {
        (_, long[][] sizes, Func<Seq<Expr>, Seq<Expr>> build) = Programs.Single(p => p.Name == name);
        var random = new Random(3);
        Literal[] arguments = [.. sizes.Select(s => Literal.Build(DType.Float64, [.. s], _ => ScalarValue.Of(DType.Float64, random.NextDouble() - 0.5)))];
        Lambda program = Lambda.Of(arguments.Select(a => a.Type).ToSeq(), build);
        Literal[] expected = Reference.Evaluate(program, arguments);
        foreach (Schedule? schedule in bits == 256 ? (Schedule?[])[null, Schedule.Panels, Schedule.Direct] : [null])
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits, Schedule: schedule, Layouts: Layouts.ChannelsLast));
            Assert.Contains(generated.Plan.Buffers, buffer => buffer.Layout is not null);
            Literal[] actual = KernelRun.Run(generated, arguments);
            for (int i = 0; i < expected.Length; i++)
            {
                SampleTable.AssertClose(expected[i], actual[i], $"{name} at {bits} bits by {schedule}, result {i}");
            }
        }
    }

    /// <summary>A frozen block of few columns: its 1x1 convolutions are chosen to read and store channels last, the conversions stand where it begins and ends.</summary>
    [Fact]
    public void Layouts_are_chosen_where_they_win()
    {
        Literal image = Literal.Build(DType.Float32, [1, 3, 28, 28], _ => ScalarValue.Of(DType.Float32, 1));
        Expr Weights(params long[] sizes) => Constant(Literal.Build(DType.Float32, [.. sizes], i => ScalarValue.Of(DType.Float32, (i % 7) - 3)));
        Lambda program = Lambda.Of([image.Type], p =>
        {
            Expr x = Relu(Expr.Of(new Convolution(Window.Of([3, 3], [2, 2], [1, 1]), 1), p[0], Weights(64, 3, 3, 3)));
            x = Relu(Expr.Of(new Convolution(Window.Of([3, 3], [2, 2], [1, 1]), 64), x, Weights(64, 1, 3, 3)));
            return [Relu(Convolved(x, Weights(128, 64, 1, 1), 0)).Mean([2, 3])];
        });
        Seq<PlannedBuffer> Buffers(Layouts layouts) => Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256, Layouts: layouts)).Plan.Buffers;
        Assert.Equal(3, Buffers(Layouts.Chosen).Count(buffer => buffer.Layout is not null));
        Assert.DoesNotContain(Buffers(Layouts.RowMajor), buffer => buffer.Layout is not null);
    }

    private static bool IsOfImages(Sample sample) => sample.Inputs.Any(input => input.Sizes.Count > 2);

    private static Expr Buffered(Expr x) => x.Rank > 2 && x.DType.IsFloat() ? Exp(x * 0.25) - Exp(x * -0.25) : x;

    private static Expr Convolved(Expr image, Expr kernel, int padding) => Expr.Of(new Convolution(Window.Of([.. kernel.Shape.Skip(2).Select(x => (int)x.Constant)], padding: [.. kernel.Shape.Skip(2).Select(_ => padding)]), 1), image, kernel);

    private static Expr Channels(Expr bias) => bias.Reshape([-1, 1, 1]);

    private static Expr Mean(Expr x) => x.Mean([0, 2, 3], keepDims: true);

    private static Seq<Expr> Learned(Func<Expr, Expr> net, Expr x, Seq<Expr> weights)
    {
        Expr y = net(x);
        return [y, .. weights.Select(w => Grad((y * y).Sum(), w))];
    }
}
