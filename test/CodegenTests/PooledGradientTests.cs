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
        Check(window, Windows.Where(pooled => pooled.Defect("pooling", results, 2) is null).ToSeq(), groups, [images, groups * channels, height, width], [groups * filters, channels, tap, tap], results);
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

    /// <summary>Of all pools and both dtypes together: compiling costs more than running.</summary>
    private static void Check(Window window, Seq<Window> pools, int groups, long[] images, long[] kernels, Shape results)
    {
        Literal image = Numbers(images, 1), kernel = Numbers(kernels, 2);
        var values = new List<Literal>();
        var positions = new List<Literal>();
        foreach (Window pooled in pools)
        {
            long[] windows = [images[0], kernels[0], pooled.Positions(0, results[2]).Constant, pooled.Positions(1, results[3]).Constant];
            // Some positions are no window's: their values go nowhere.
            values.Add(Numbers(windows, 3));
            positions.Add(Positions(windows, pooled.Size[0] * pooled.Size[1]));
        }
        int count = pools.Count;
        Literal[] arguments = [image, kernel, .. values, Wide(image), Wide(kernel), .. values.Select(Wide), .. positions];
        Lambda program = Lambda.Of(arguments.Select(a => a.Type).ToSeq(), p =>
        {
            IEnumerable<Expr> Of(int first) => pools.Select((pooled, i) =>
                p[first + 1] - (Expr.Of(new ConvolutionKernel(window, groups, kernel.Type.Shape), p[first], Expr.Of(new WindowPut(pooled, results), p[first + 2 + i], p[(2 * (2 + count)) + i])) * 0.5));
            return Of(0).Concat(Of(2 + count)).ToSeq();
        });
        Literal[] exact = KernelRun.Run(program, arguments, new CodegenOptions(0, Contractions: false));
        Literal[]? first = null;
        foreach ((int bits, int? product) in ((int, int?)[])[(0, null), (128, null), (256, null), (256, 512), (512, null)])
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2 * count, []), new CodegenOptions(bits, Schedule: Schedule.PooledGradient, ProductBits: product));
            Step.Launch[] launches = [.. generated.Plan.Steps.SelectMany(step => step is Step.Batch batch ? batch.Launches : [(Step.Launch)step])];
            Assert.Equal(2 * count, launches.Length);
            Assert.All(launches, launch => Assert.EndsWith(" by places of maxima", launch.Label, StringComparison.Ordinal));
            Literal[] fast = KernelRun.Run(generated, arguments);
            first ??= fast;
            for (int i = 0; i < count; i++)
            {
                Assert.All(fast[i].Values<float>().ToArray().Zip(exact[i].Values<float>().ToArray()), x => Assert.Equal(x.Second, x.First, 4e-6f * MathF.Sqrt(1 + (images[0] * images[2] * images[3]))));
                Assert.Equal(first[i].Values<float>().ToArray(), fast[i].Values<float>().ToArray());
                Assert.All(fast[count + i].Values<double>().ToArray().Zip(exact[count + i].Values<double>().ToArray()), x => Assert.Equal(x.Second, x.First, 1e-11));
            }
        }
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
