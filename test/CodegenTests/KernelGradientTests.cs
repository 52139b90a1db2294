using Symbolic.Codegen;
using Symbolic.Ops;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Gradients of convolutions with respect to their kernels by the schedules of their own, against the definition, at sizes where tiles, vectors, blocks and borders begin and end.</summary>
public sealed class KernelGradientTests
{
    /// <summary>Images, groups, channels, filters, height, width, taps, stride, padding, dilation.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Windows() => new()
    {
        { 1, 1, 1, 1, 1, 1, 1, 1, 0, 1 }, { 2, 1, 3, 17, 23, 19, 7, 2, 3, 1 }, { 1, 2, 5, 20, 13, 14, 5, 1, 2, 1 }, { 3, 1, 40, 33, 9, 9, 3, 2, 1, 1 }, { 1, 1, 3, 96, 47, 47, 11, 4, 0, 1 },
        { 1, 1, 70, 70, 7, 7, 1, 1, 0, 1 }, { 1, 3, 8, 8, 11, 10, 3, 2, 2, 2 }, { 2, 1, 4, 9, 5, 6, 1, 3, 0, 1 }, { 0, 1, 4, 4, 6, 6, 3, 1, 1, 1 }, { 1, 1, 2, 200, 3, 3, 2, 1, 4, 1 }, { 7, 1, 1, 20, 28, 28, 5, 1, 0, 1 },
        { 9, 1, 32, 48, 16, 16, 5, 1, 2, 1 }, { 5, 1, 16, 64, 17, 15, 1, 1, 0, 1 }, { 3, 1, 64, 16, 9, 30, 1, 1, 0, 1 }, { 2, 1, 6, 8, 3, 290, 3, 1, 1, 1 }, { 3, 5, 1, 1, 8, 9, 3, 1, 1, 1 }, { 40, 1, 6, 7, 2, 2, 3, 1, 1, 1 },
        { 2, 1, 12, 24, 10, 12, 2, 3, 5, 4 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Blocks_of_pixels_are_summed_alike_at_every_width(int images, int groups, int channels, int filters, int height, int width, int tap, int stride, int padding, int dilation)
    {
        Window window = Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]);
        Literal image = Numbers([images, groups * channels, height, width], 1), kernel = Numbers([groups * filters, channels, tap, tap], 2);
        Literal dy = Numbers([images, groups * filters, window.Positions(0, height).Constant, window.Positions(1, width).Constant], 3);
        Lambda program = Lambda.Of([image.Type, dy.Type, kernel.Type], p => [p[2] - 0.5f * Expr.Of(new ConvolutionKernel(window, groups, kernel.Type.Shape), p[0], p[1])]);
        Lambda wide = Lambda.Of([image.Type with { DType = DType.Float64 }, dy.Type with { DType = DType.Float64 }], p => [Expr.Of(new ConvolutionKernel(window, groups, kernel.Type.Shape), p[0], p[1])]);
        float[] exact = KernelRun.Run(program, [image, dy, kernel], new CodegenOptions(0, Contractions: false))[0].Values<float>().ToArray();
        double[] exactly = KernelRun.Run(wide, [Wide(image), Wide(dy)], new CodegenOptions(0, Contractions: false))[0].Values<double>().ToArray();
        float[]? first = null;
        foreach ((int bits, int? product) in ((int, int?)[])[(0, null), (128, null), (256, null), (256, 512), (512, null)])
        {
            var options = new CodegenOptions(bits, Schedule: Schedule.KernelGradient, ProductBits: product);
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), options);
            Assert.Contains(" by blocks of pixels", generated.Plan.Steps.OfType<Step.Launch>().Single().Label, StringComparison.Ordinal);
            float[] fast = KernelRun.Run(generated, [image, dy, kernel])[0].Values<float>().ToArray();
            Assert.All(fast.Zip(exact), x => Assert.Equal(x.Second, x.First, 4e-6f * MathF.Sqrt(1 + images * height * width)));
            first ??= fast;
            Assert.Equal(first, fast);
            Assert.All(KernelRun.Run(wide, [Wide(image), Wide(dy)], options)[0].Values<double>().ToArray().Zip(exactly), x => Assert.Equal(x.Second, x.First, 1e-11));
        }
    }

    [Fact]
    public void The_schedule_is_chosen_from_the_shape()
    {
        Assert.Contains(" by blocks of pixels", Chosen(1, 20, 1), StringComparison.Ordinal);
        Assert.Contains(" by blocks of pixels", Chosen(20, 50, 1), StringComparison.Ordinal);
        Assert.Contains(" by panels", Chosen(1, 1, 8), StringComparison.Ordinal);
    }

    private static string Chosen(int channels, int filters, int groups)
    {
        Window window = Window.Of([5, 5]);
        Lambda program = Lambda.Of([new(DType.Float32, [4, groups * channels, 12, 12]), new(DType.Float32, [4, groups * filters, 8, 8])], p => [Expr.Of(new ConvolutionKernel(window, groups, [groups * filters, channels, 5, 5]), p[0], p[1])]);
        return Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256)).Plan.Steps.OfType<Step.Launch>().Last().Label;
    }

    private static Literal Numbers(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, random.NextDouble() * 2 - 1));
    }

    private static Literal Wide(Literal narrow)
    {
        float[] values = narrow.Values<float>().ToArray();
        int i = 0;
        return Literal.Build(DType.Float64, narrow.Sizes, _ => ScalarValue.Of(DType.Float64, values[i++]));
    }
}
