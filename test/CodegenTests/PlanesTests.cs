using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>A direct convolution and what alone reads its result plane by plane as one kernel, against the two as kernels of their own: the same bits.</summary>
public sealed class PlanesTests
{
    private const string Label = ", plane by plane";

    private static readonly Window Two = Window.Of([2, 2], [2, 2]), Overlapping = Window.Of([3, 3], [2, 2]), Padded = Window.Of([3, 3], [2, 2], [1, 1]), SticksOut = new([3, 2], [2, 2], [0, 0], [1, 1], [1, 1]),
        Dilated = Window.Of([2, 3], [1, 2], [1, 2], [2, 1]), Whole = Window.Of([5, 5], [1, 1], [4, 4]);

    private static Seq<Window> Windows => [Two, Overlapping, Padded, SticksOut, Dilated, Whole];

    /// <summary>Images, groups, channels and filters of one, side, taps, stride, padding, dtype.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, DType> Cases() => new()
    {
        { 6, 1, 1, 20, 28, 5, 1, 0, DType.Float32 },
        { 3, 1, 3, 32, 32, 5, 1, 2, DType.Float32 },
        { 1, 1, 3, 17, 48, 3, 1, 1, DType.Float32 },
        { 2, 2, 2, 9, 31, 3, 2, 1, DType.Float32 },
        { 5, 1, 1, 3, 17, 2, 1, 0, DType.Float32 },
        { 4, 3, 2, 2, 18, 3, 1, 0, DType.Float32 },
        { 20, 1, 2, 10, 16, 1, 2, 0, DType.Float32 },
        { 2, 1, 3, 11, 40, 5, 1, 2, DType.Float64 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_lies_between_need_not_be_stored(int images, int groups, int channels, int filters, int side, int taps, int stride, int padding, DType dtype)
    {
        var random = new Random(12);
        Literal Drawn(params long[] sizes) => Literal.Build(dtype, [.. sizes], _ => ScalarValue.Of(dtype, random.NextDouble() - 0.5));
        Literal image = Drawn(images, groups * channels, side, side), kernels = Drawn(groups * filters, channels, taps, taps), bias = Drawn(groups * filters, 1, 1);
        // One kind of windows each, or compiling takes minutes.
        foreach (Window pooled in Windows.Where((_, i) => i == (filters + side) % 6))
        {
            Lambda Program(bool isShown) => Lambda.Of([image.Type, kernels.Type, bias.Type], p =>
            {
                Expr y = Expr.Of(new Convolution(Window.Of([taps, taps], [stride, stride], [padding, padding]), groups), p[0], p[1]) + p[2];
                Expr[] results = [Relu(Expr.Of(new MaxPool(pooled), y)), Expr.Of(new WindowArgMax(pooled), y)];
                return isShown ? [.. results, y] : [.. results];
            });
            foreach (int bits in KernelRun.Widths.Where(bits => bits > 0))
            {
                foreach (int? wide in bits == 256 ? (int?[])[null, 512] : [null])
                {
                    var options = new CodegenOptions(bits, ProductBits: wide, NestBits: wide);
                    GeneratedProgram one = Generator.Generate(new ProgramBody(Program(false), 2, []), options), two = Generator.Generate(new ProgramBody(Program(true), 3, []), options);
                    Assert.Single(one.Plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith(Label, StringComparison.Ordinal));
                    Assert.DoesNotContain(two.Plan.Steps.OfType<Step.Launch>(), launch => launch.Label.EndsWith(Label, StringComparison.Ordinal));
                    Assert.Equal(one.Plan, PlanText.Parse(PlanText.Write(one.Plan)));
                    Assert.DoesNotContain(one.Plan.Buffers, buffer => buffer.Role == BufferRole.Temporary);
                    Literal[] joined = KernelRun.Run(one, [image, kernels, bias]), apart = KernelRun.Run(two, [image, kernels, bias]);
                    Assert.Equal(apart[0].Bytes.ToArray(), joined[0].Bytes.ToArray());
                    Assert.Equal(apart[1].Bytes.ToArray(), joined[1].Bytes.ToArray());
                }
            }
        }
    }

    /// <summary>The number of images may be known when it runs only.</summary>
    [Fact]
    public void Images_may_be_any_number()
    {
        Lambda program = Lambda.Of([new(DType.Float32, [new NamedSymbol("n"), 3, 32, 32]), new(DType.Float32, [16, 3, 5, 5])], p =>
            [Expr.Of(new MaxPool(Overlapping), Expr.Of(new Convolution(Window.Of([5, 5], padding: [2, 2]), 1), p[0], p[1]))]);
        Assert.EndsWith(Label, Assert.Single(Labels(program, 1)), StringComparison.Ordinal);
    }

    /// <summary>What reads other planes too, as a normalisation across channels does, gets the result whole, and so does a nest without loops inside a plane.</summary>
    [Fact]
    public void What_reads_other_planes_is_a_kernel_of_its_own()
    {
        Seq<string> Of(Func<Expr, Expr> behind) => Labels(Lambda.Of([new(DType.Float32, [8, 3, 32, 32]), new(DType.Float32, [16, 3, 5, 5])], p =>
            [behind(Expr.Of(new Convolution(Window.Of([5, 5], padding: [2, 2]), 1), p[0], p[1]))]), 1);
        Assert.Single(Of(y => Expr.Of(new MaxPool(Two), y)));
        Assert.Equal(2, Of(y => Expr.Of(new MaxPool(Two), y.Flip([0]))).Count);
        Assert.Equal(2, Of(y => Expr.Of(new MaxPool(Two), y.Flip([1]))).Count);
        Assert.Equal(2, Of(y => Relu(Expr.Of(new MaxPool(Two), y) - Expr.Of(new MaxPool(Two), y.Flip([1])))).Count);
    }

    private static Seq<string> Labels(Lambda program, int outputs) =>
        Generator.Generate(new ProgramBody(program, outputs, []), new CodegenOptions(256)).Plan.Steps.OfType<Step.Launch>().Select(launch => launch.Label).ToSeq();
}
