using Symbolic.Codegen;
using Symbolic.Ops;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Gradients of convolutions with respect to their kernels where the results are pooled by maxima, against the definition: the gradient with respect to the results is stored nowhere.</summary>
public sealed class PooledGradientTests
{
    private static readonly Window Two = Window.Of([2, 2], [2, 2]), Overlapping = Window.Of([3, 3], [2, 2]), Padded = Window.Of([3, 3], [2, 2], [1, 1]), SticksOut = new([3, 2], [2, 2], [0, 0], [1, 1], [1, 1]),
        Dilated = Window.Of([2, 3], [1, 2], [1, 2], [2, 1]), Apart = Window.Of([1, 2], [3, 4]), Whole = Window.Of([5, 5], [1, 1], [4, 4]);

    private static Seq<Window> Windows => [Two, Overlapping, Padded, SticksOut, Dilated, Apart, Whole];

    /// <summary>Images, groups, channels, filters, height, width, taps, stride, padding, dilation.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Convolutions() => new()
    {
        { 1, 1, 1, 1, 5, 5, 1, 1, 0, 1 }, { 3, 1, 3, 9, 17, 14, 5, 1, 2, 1 }, { 20, 1, 1, 20, 14, 14, 5, 1, 0, 1 }, { 2, 2, 3, 4, 13, 15, 3, 2, 1, 1 }, { 2, 1, 3, 5, 40, 47, 7, 2, 3, 1 }, { 1, 1, 3, 7, 47, 47, 11, 4, 0, 1 },
        { 2, 3, 2, 2, 12, 13, 3, 1, 2, 2 }, { 0, 1, 2, 3, 8, 8, 3, 1, 1, 1 }, { 1, 1, 2, 3, 9, 300, 2, 1, 1, 1 }, { 9, 1, 5, 17, 8, 9, 4, 1, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Windows_are_summed_alike_at_every_width(int images, int groups, int channels, int filters, int height, int width, int tap, int stride, int padding, int dilation)
    {
        Window window = Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]);
        Shape results = [images, groups * filters, window.Positions(0, height), window.Positions(1, width)];
        foreach (Window pooled in Windows.Where(pooled => pooled.Defect("pooling", results, 2) is null))
        {
            Check(window, pooled, groups, [images, groups * channels, height, width], [groups * filters, channels, tap, tap], results);
        }
    }

    [Fact]
    public void The_schedule_is_chosen_from_the_shape()
    {
        Assert.EndsWith(" by places of maxima", Labels(3, 32)[^1], StringComparison.Ordinal);
        Assert.EndsWith(" by places of maxima", Labels(1, 20)[^1], StringComparison.Ordinal);
        // Of many channels Winograd's algorithm has as few products.
        Assert.DoesNotContain("maxima", Labels(32, 32)[^1], StringComparison.Ordinal);
        Assert.StartsWith("window_put", Labels(32, 32)[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_read_too_is_stored()
    {
        Seq<string> labels = Labels(3, 32, read: true);
        Assert.Contains(labels, label => label.StartsWith("window_put", StringComparison.Ordinal));
        Assert.DoesNotContain(labels, label => label.Contains("maxima", StringComparison.Ordinal));
    }

    private static Seq<string> Labels(int channels, int filters, bool read = false)
    {
        Window window = Window.Of([5, 5], padding: [2, 2]);
        Shape results = [64, filters, 24, 24];
        Lambda program = Lambda.Of([new(DType.Float32, [64, channels, 24, 24]), new(DType.Float32, [64, filters, 12, 12]), new(DType.Int32, [64, filters, 12, 12])], p =>
        {
            Expr put = Expr.Of(new WindowPut(Two, results), p[1], p[2]), kernels = Expr.Of(new ConvolutionKernel(window, 1, [filters, channels, 5, 5]), p[0], put);
            return read ? [kernels, put * 2] : [kernels];
        });
        return Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(256)).Plan.Steps.OfType<Step.Launch>().Select(launch => launch.Label).ToSeq();
    }

    private static void Check(Window window, Window pooled, int groups, long[] images, long[] kernels, Shape results)
    {
        Literal image = Numbers(images, 1), kernel = Numbers(kernels, 2);
        long[] windows = [images[0], kernels[0], pooled.Positions(0, results[2]).Constant, pooled.Positions(1, results[3]).Constant];
        // Some positions are no window's: their values go nowhere.
        Literal values = Numbers(windows, 3), positions = Positions(windows, pooled.Size[0] * pooled.Size[1]);
        Lambda program = Of(DType.Float32), wide = Of(DType.Float64);
        float[] exact = KernelRun.Run(program, [image, values, positions, kernel], new CodegenOptions(0, Contractions: false))[0].Values<float>().ToArray();
        double[] exactly = KernelRun.Run(wide, [Wide(image), Wide(values), positions, Wide(kernel)], new CodegenOptions(0, Contractions: false))[0].Values<double>().ToArray();
        float[]? first = null;
        foreach ((int bits, int? product) in ((int, int?)[])[(0, null), (128, null), (256, null), (256, 512), (512, null)])
        {
            var options = new CodegenOptions(bits, Schedule: Schedule.PooledGradient, ProductBits: product);
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), options);
            Assert.EndsWith(" by places of maxima", generated.Plan.Steps.OfType<Step.Launch>().Single().Label, StringComparison.Ordinal);
            float[] fast = KernelRun.Run(generated, [image, values, positions, kernel])[0].Values<float>().ToArray();
            Assert.All(fast.Zip(exact), x => Assert.Equal(x.Second, x.First, 4e-6f * MathF.Sqrt(1 + (images[0] * images[2] * images[3]))));
            first ??= fast;
            Assert.Equal(first, fast);
            Assert.All(KernelRun.Run(wide, [Wide(image), Wide(values), positions, Wide(kernel)], options)[0].Values<double>().ToArray().Zip(exactly), x => Assert.Equal(x.Second, x.First, 1e-11));
        }

        Lambda Of(DType dtype) => Lambda.Of([image.Type with { DType = dtype }, values.Type with { DType = dtype }, positions.Type, kernel.Type with { DType = dtype }],
            p => [p[3] - (Expr.Of(new ConvolutionKernel(window, groups, kernel.Type.Shape), p[0], Expr.Of(new WindowPut(pooled, results), p[1], p[2])) * 0.5)]);
    }

    private static Literal Positions(long[] sizes, int size)
    {
        var random = new Random(4);
        return Literal.Build(DType.Int32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Int32, (long)random.Next(-1, size + 1)));
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
