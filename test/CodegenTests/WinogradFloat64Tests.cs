using Symbolic.Codegen;
using Symbolic.Ops;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Winograd's algorithms in float64, against the definition: as exact as that dtype is, and alike at every width.</summary>
public sealed class WinogradFloat64Tests
{
    private static readonly (int Bits, int? Product)[] Widths = [(0, null), (128, null), (256, null), (256, 512), (512, null)];

    /// <summary>Schedule, taps, images, channels, filters, height, width, padding.</summary>
    public static TheoryData<Schedule, int, int, int, int, int, int, int> Convolutions()
    {
        var data = new TheoryData<Schedule, int, int, int, int, int, int, int>();
        foreach ((Schedule schedule, int taps) in (ReadOnlySpan<(Schedule, int)>)[(Schedule.Winograd4, 3), (Schedule.Winograd2, 3), (Schedule.WinogradComplex, 3), (Schedule.Winograd7, 3), (Schedule.Winograd2, 5), (Schedule.WinogradComplex, 5)])
        {
            data.Add(schedule, taps, 1, 1, 1, 6, 5, 0);
            data.Add(schedule, taps, 2, 7, 19, 13, 9, taps / 2);
            data.Add(schedule, taps, 3, 70, 33, 8, 8, taps - 1);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Results_have_the_digits_of_float64(Schedule schedule, int taps, int images, int channels, int filters, int height, int width, int padding)
    {
        Window window = Window.Of([taps, taps], padding: [padding, padding]);
        Literal image = Numbers([images, channels, height, width], 1), kernel = Numbers([filters, channels, taps, taps], 2);
        Same(Lambda.Of([image.Type, kernel.Type], p => [Expr.Of(new Convolution(window, 1), p[0], p[1])]), [image, kernel], schedule, channels * taps * taps);
    }

    [Theory]
    [InlineData(Schedule.WinogradGradient, 3)]
    [InlineData(Schedule.WinogradGradientComplex, 3)]
    [InlineData(Schedule.WinogradGradient, 5)]
    [InlineData(Schedule.WinogradGradientComplex, 5)]
    [InlineData(Schedule.WinogradGradient7, 3)]
    public void Gradients_of_kernels_have_the_digits_of_float64(Schedule schedule, int taps)
    {
        Window window = Window.Of([taps, taps], padding: [1, 1]);
        Literal image = Numbers([3, 35, 13, 11], 1), dy = Numbers([3, 70, window.Positions(0, 13).Constant, window.Positions(1, 11).Constant], 2);
        Same(Lambda.Of([image.Type, dy.Type], p => [Expr.Of(new ConvolutionKernel(window, 1, [70, 35, taps, taps]), p[0], p[1])]), [image, dy], schedule, 3 * 13 * 11);
    }

    /// <summary>Sums of so many products, each below 1.</summary>
    private static void Same(Lambda program, Literal[] arguments, Schedule schedule, int terms)
    {
        double[] exact = KernelRun.Run(program, arguments, new CodegenOptions(0, Contractions: false))[0].Values<double>().ToArray();
        double[]? first = null;
        foreach ((int bits, int? product) in Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: schedule, ProductBits: product));
            Assert.Contains("Winograd", generated.Plan.Steps.OfType<Step.Launch>().Last().Label, StringComparison.Ordinal);
            double[] fast = KernelRun.Run(generated, arguments)[0].Values<double>().ToArray();
            Assert.All(fast.Zip(exact), x => Assert.Equal(x.Second, x.First, 4e-15 * Math.Sqrt(terms)));
            first ??= fast;
            Assert.Equal(first, fast);
        }
    }

    private static Literal Numbers(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float64, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float64, random.NextDouble() * 2 - 1));
    }
}
