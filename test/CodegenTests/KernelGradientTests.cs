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
        { 2, 1, 12, 24, 10, 12, 2, 3, 5, 4 }, { 2, 1, 130, 300, 9, 9, 1, 1, 0, 1 }, { 2, 1, 300, 130, 9, 8, 1, 1, 0, 1 }, { 2, 1, 260, 70, 5, 5, 3, 1, 1, 1 }, { 3, 1, 40, 20, 12, 20, 1, 2, 0, 1 },
        { 3, 1, 20, 40, 13, 37, 1, 2, 0, 1 },
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

    /// <summary>Images, groups, channels, filters, height, width, padding.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Squares() => new()
    {
        { 1, 1, 1, 1, 3, 3, 0 }, { 2, 1, 3, 5, 7, 5, 1 }, { 3, 1, 17, 19, 13, 11, 1 }, { 1, 2, 70, 9, 6, 9, 0 }, { 1, 1, 8, 80, 30, 28, 1 }, { 5, 1, 33, 3, 7, 7, 2 }, { 0, 1, 4, 4, 6, 6, 1 }, { 2, 1, 4, 9, 2, 67, 1 }, { 9, 1, 40, 24, 26, 26, 1 },
        // Kernels of several blocks of channels, of one part and of eight.
        { 1, 1, 200, 9, 6, 5, 1 }, { 16, 1, 20, 16, 24, 24, 1 },
        // By kernels, with several groups too.
        { 3, 1, 70, 220, 7, 6, 1 }, { 0, 1, 70, 220, 7, 6, 1 }, { 2, 2, 40, 150, 9, 8, 0 },
    };

    [Theory]
    [MemberData(nameof(Squares))]
    public void Winograd_sums_alike_at_every_width(int images, int groups, int channels, int filters, int height, int width, int padding)
    {
        foreach ((int taps, Schedule schedule) in (ReadOnlySpan<(int, Schedule)>)[(3, Schedule.WinogradGradient), (5, Schedule.WinogradGradient), (3, Schedule.WinogradGradientComplex), (5, Schedule.WinogradGradientComplex), (3, Schedule.WinogradGradient7)])
        {
            int border = padding + ((taps - 3) / 2);
            Window window = Window.Of([taps, taps], padding: [border, border]);
            Literal image = Numbers([images, groups * channels, height, width], 1), dy = Numbers([images, groups * filters, height + (2 * padding) - 2, width + (2 * padding) - 2], 2);
            Lambda program = Lambda.Of([image.Type, dy.Type], p => [Expr.Of(new ConvolutionKernel(window, groups, [groups * filters, channels, taps, taps]), p[0], p[1])]);
            float[] exact = KernelRun.Run(program, [image, dy], new CodegenOptions(0, Contractions: false))[0].Values<float>().ToArray();
            float[]? first = null;
            foreach ((int bits, int? product) in ((int, int?)[])[(0, null), (128, null), (256, 512), (512, null)])
            {
                GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: schedule, ProductBits: product));
                Assert.Contains($" by Winograd {taps}x{taps}", generated.Plan.Steps.OfType<Step.Launch>().Single().Label, StringComparison.Ordinal);
                float[] fast = KernelRun.Run(generated, [image, dy])[0].Values<float>().ToArray();
                Assert.All(fast.Zip(exact), x => Assert.Equal(x.Second, x.First, 4e-6f * MathF.Sqrt(1 + images * height * width)));
                first ??= fast;
                Assert.Equal(first, fast);
            }
        }
    }

    /// <summary>
    /// Numbers of one sign, as after a rectifier, have large sums in transformed tiles: against float64, it errs as much as the definition in float32 does, a quarter more at most; six real points, with which a
    /// tile's errors grow, no more than the sum as it is written, one product after the other.
    /// </summary>
    [Theory]
    [InlineData(Schedule.WinogradGradient, 3, false)]
    [InlineData(Schedule.WinogradGradient, 3, true)]
    [InlineData(Schedule.WinogradGradient, 5, false)]
    [InlineData(Schedule.WinogradGradient, 5, true)]
    [InlineData(Schedule.WinogradGradientComplex, 3, false)]
    [InlineData(Schedule.WinogradGradientComplex, 3, true)]
    [InlineData(Schedule.WinogradGradientComplex, 5, false)]
    [InlineData(Schedule.WinogradGradientComplex, 5, true)]
    [InlineData(Schedule.WinogradGradient7, 3, false)]
    [InlineData(Schedule.WinogradGradient7, 3, true)]
    public void Winograd_rounds_as_little_as_a_sum_of_products(Schedule schedule, int taps, bool rectified)
    {
        Window window = Window.Of([taps, taps], padding: [taps / 2, taps / 2]);
        Literal image = Numbers([4, 16, 28, 28], 1), dy = Numbers([4, 16, 28, 28], 2);
        if (rectified)
        {
            float[] values = [.. image.Values<float>().ToArray().Select(MathF.Abs)];
            int i = 0;
            image = Literal.Build(DType.Float32, image.Sizes, _ => ScalarValue.Of(DType.Float32, values[i++]));
        }
        var op = new ConvolutionKernel(window, 1, [16, 16, taps, taps]);
        Lambda program = Lambda.Of([image.Type, dy.Type], p => [Expr.Of(op, p[0], p[1])]);
        Lambda wide = Lambda.Of([image.Type with { DType = DType.Float64 }, dy.Type with { DType = DType.Float64 }], p => [Expr.Of(op, p[0], p[1])]);
        double[] exact = KernelRun.Run(wide, [Wide(image), Wide(dy)], new CodegenOptions(256))[0].Values<double>().ToArray();
        bool isSix = schedule == Schedule.WinogradGradient && taps == 5;
        double plain = Error(isSix ? Sequential(image.Values<float>(), dy.Values<float>(), taps) : KernelRun.Run(program, [image, dy], new CodegenOptions(0, Contractions: false))[0].Values<float>().ToArray());
        double winograd = Error(KernelRun.Run(program, [image, dy], new CodegenOptions(256, Schedule: schedule))[0].Values<float>().ToArray());
        Assert.True(winograd < (isSix ? 1 : 1.25) * plain, $"{winograd} against {plain}");

        double Error(float[] results) => Math.Sqrt(results.Zip(exact, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(e => e * e));
    }

    /// <summary>The sum of products of 4 images of 16 channels and filters of 28x28 as it is written, one term after the other in float32.</summary>
    private static float[] Sequential(ReadOnlySpan<float> image, ReadOnlySpan<float> dy, int taps)
    {
        float[] results = new float[16 * 16 * taps * taps];
        for (int i = 0; i < results.Length; i++)
        {
            int x = (i % taps) - (taps / 2), y = (i / taps % taps) - (taps / 2), channel = i / (taps * taps) % 16, filter = i / (16 * taps * taps);
            for (int at = 0; at < 4 * 784; at++)
            {
                int n = at / 784, row = (at / 28 % 28) + y, column = (at % 28) + x;
                if (row is >= 0 and < 28 && column is >= 0 and < 28)
                {
                    results[i] += dy[(((n * 16) + filter) * 784) + (at % 784)] * image[(((n * 16) + channel) * 784) + (row * 28) + column];
                }
            }
        }
        return results;
    }

    [Fact]
    public void The_schedule_is_chosen_from_the_shape()
    {
        Assert.Contains(" by blocks of pixels", Chosen(1, 20, 1), StringComparison.Ordinal);
        Assert.Contains(" by Winograd 5x5", Chosen(20, 50, 1), StringComparison.Ordinal);
        Assert.Contains(" by panels", Chosen(1, 1, 8), StringComparison.Ordinal);
        Assert.EndsWith(" by Winograd 3x3 on tiles of 7x7, by kernels", Chosen(256, 256, 1, taps: 3, images: 16), StringComparison.Ordinal);
        // So many tiles do not stay near.
        Assert.DoesNotContain("7x7", Chosen(64, 64, 1, taps: 3, images: 1000), StringComparison.Ordinal);
    }

    private static string Chosen(int channels, int filters, int groups, int taps = 5, int images = 4)
    {
        Window window = Window.Of([taps, taps]);
        int side = taps == 5 ? 12 : 16, results = side - taps + 1;
        Lambda program = Lambda.Of([new(DType.Float32, [images, groups * channels, side, side]), new(DType.Float32, [images, groups * filters, results, results])], p => [Expr.Of(new ConvolutionKernel(window, groups, [groups * filters, channels, taps, taps]), p[0], p[1])]);
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
