using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>A 1x1 convolution and the depthwise convolution behind it as one kernel, against the two as kernels of their own: the same bits.</summary>
public sealed class StripTests
{
    /// <summary>Images, channels that the 1x1 convolution reads, channels between, height, width, stride, padding, dtype.</summary>
    public static TheoryData<int, int, int, int, int, int, int, DType> Cases() => new()
    {
        { 1, 8, 48, 74, 75, 1, 1, DType.Float32 },
        { 1, 5, 64, 57, 79, 2, 1, DType.Float32 },
        { 2, 16, 96, 60, 51, 2, 1, DType.Float32 },
        { 1, 300, 32, 97, 90, 1, 0, DType.Float32 },
        { 1, 9, 80, 50, 67, 1, 1, DType.Float32 },
        { 3, 4, 144, 27, 26, 2, 0, DType.Float32 },
        { 1, 7, 64, 63, 33, 1, 1, DType.Float64 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_lies_between_need_not_be_stored(int images, int channels, int between, int height, int width, int stride, int padding, DType dtype)
    {
        var random = new Random(11);
        Literal Drawn(params long[] sizes) => Literal.Build(dtype, [.. sizes], _ => ScalarValue.Of(dtype, random.NextDouble() - 0.5));
        Literal image = Drawn(images, 3, height, width), first = Drawn(channels, 3, 1, 1), pointwise = Drawn(between, channels, 1, 1), bias = Drawn(between, 1, 1), depthwise = Drawn(between, 1, 3, 3), last = Drawn(4, between, 1, 1);
        Lambda Program(bool isShown) => Lambda.Of([image.Type], p =>
        {
            Expr x = Relu(Expr.Of(new Convolution(Window.Of([1, 1]), 1), p[0], Constant(first)));
            Expr y = Relu(Expr.Of(new Convolution(Window.Of([1, 1]), 1), x, Constant(pointwise)) + Constant(bias));
            Expr z = Relu(Expr.Of(new Convolution(Window.Of([3, 3], [stride, stride], [padding, padding]), between), y, Constant(depthwise)));
            Expr result = Expr.Of(new Convolution(Window.Of([1, 1]), 1), z, Constant(last));
            return isShown ? [result, y.Max([1, 2, 3])] : [result];
        });
        int Temporaries(GeneratedProgram generated) => generated.Plan.Buffers.Count(buffer => buffer.Role == BufferRole.Temporary && buffer.Type.Rank == 4);
        foreach (int bits in KernelRun.Widths)
        {
            foreach (int? wide in bits == 256 ? (int?[])[null, 512] : [null])
            {
                var options = new CodegenOptions(bits, ProductBits: wide, Layouts: Layouts.ChannelsLast);
                GeneratedProgram one = Generator.Generate(new ProgramBody(Program(false), 1, []), options), two = Generator.Generate(new ProgramBody(Program(true), 2, []), options);
                Assert.Single(one.Plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith("strip by strip", StringComparison.Ordinal));
                Assert.DoesNotContain(two.Plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith("strip by strip", StringComparison.Ordinal));
                Assert.Equal(one.Plan, PlanText.Parse(PlanText.Write(one.Plan)));
                Assert.Equal(Temporaries(two) - 1, Temporaries(one));
                Assert.Equal(KernelRun.Run(two, [image])[0].Bytes.ToArray(), KernelRun.Run(one, [image])[0].Bytes.ToArray());
            }
        }
    }

    /// <summary>What others read too, what is small, and what is not frozen stays as it is.</summary>
    [Theory]
    [InlineData(8, true)]
    [InlineData(80, false)]
    public void Only_large_frozen_ones_are_joined(int side, bool isFrozen)
    {
        Literal image = Literal.Build(DType.Float32, [1, 16, side, side], _ => ScalarValue.Of(DType.Float32, 1)), pointwise = Literal.Build(DType.Float32, [64, 16, 1, 1], _ => ScalarValue.Of(DType.Float32, 1));
        Expr depthwise = Constant(Literal.Build(DType.Float32, [64, 1, 3, 3], _ => ScalarValue.Of(DType.Float32, 1)));
        Lambda program = Lambda.Of([image.Type, pointwise.Type], p =>
            [Relu(Expr.Of(new Convolution(Window.Of([3, 3], padding: [1, 1]), 64), Relu(Expr.Of(new Convolution(Window.Of([1, 1]), 1), p[0], isFrozen ? Constant(pointwise) : p[1])), depthwise)).Mean([2, 3])]);
        Plan plan = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256, Layouts: Layouts.ChannelsLast)).Plan;
        Assert.DoesNotContain(plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith("strip by strip", StringComparison.Ordinal));
    }
}
