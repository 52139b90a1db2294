using Symbolic.Codegen;
using Symbolic.Ops;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Convolutions by each schedule that applies, against the definition, at sizes where tiles, vectors and borders begin and end.</summary>
public sealed class ConvolutionTests
{
    /// <summary>Images, groups, channels, filters, height, width, padding: of 3x3 taps with stride 1.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Squares() => new()
    {
        { 1, 1, 1, 1, 3, 3, 0 }, { 1, 1, 1, 1, 1, 1, 1 }, { 2, 1, 3, 5, 7, 5, 1 }, { 1, 1, 16, 16, 14, 14, 1 }, { 3, 1, 17, 19, 13, 11, 1 }, { 1, 2, 9, 7, 6, 9, 0 },
        { 1, 1, 8, 40, 30, 28, 1 }, { 5, 1, 33, 3, 7, 7, 2 }, { 1, 3, 24, 8, 10, 4, 1 }, { 1, 1, 300, 4, 5, 6, 1 }, { 40, 1, 5, 6, 9, 8, 1 }, { 0, 1, 4, 4, 6, 6, 1 }, { 2, 1, 4, 9, 2, 67, 1 },
        // By filters, with several groups, and with tiles in several blocks.
        { 2, 2, 37, 260, 6, 7, 1 }, { 2, 1, 64, 130, 9, 13, 1 },
    };

    [Theory]
    [MemberData(nameof(Squares))]
    public void Winograd_is_a_convolution(int images, int groups, int channels, int filters, int height, int width, int padding)
    {
        // Taps in the image's gradient lie backwards, and where channels and filters have changed places no longer in one run.
        foreach ((int taps, bool swapped, Schedule schedule) in (ReadOnlySpan<(int, bool, Schedule)>)[(3, false, Schedule.Winograd4), (3, true, Schedule.Winograd2), (5, false, Schedule.Winograd2), (5, true, Schedule.Winograd2), (3, false, Schedule.WinogradComplex), (5, true, Schedule.WinogradComplex), (3, false, Schedule.Winograd7)])
        {
            int border = padding + ((taps - 3) / 2);
            Window window = Window.Of([taps, taps], padding: [border, border]);
            Literal image = Numbers([images, groups * channels, height, width], 1), bias = Numbers([groups * filters], 3);
            Literal kernel = Numbers(swapped ? [taps, groups * filters, channels, taps] : [groups * filters, channels, taps, taps], 2);
            Literal dy = Numbers([images, groups * filters, height + (2 * padding) - 2, width + (2 * padding) - 2], 4);
            Lambda program = Lambda.Of([image.Type, kernel.Type, bias.Type, dy.Type], p =>
            {
                Expr k = swapped ? p[1].Transpose([1, 2, 0, 3]) : p[1];
                return
                [
                    Functions.Relu<Expr>(Expr.Of(new Convolution(window, groups), p[0], k) + p[2].Reshape([groups * filters, 1, 1])),
                    Expr.Of(new ConvolutionImage(window, groups, image.Type.Shape), p[3], k),
                ];
            });
            Literal[] exact = KernelRun.Run(program, [image, kernel, bias, dy], new CodegenOptions(0, Contractions: false));
            Literal[]? first = null;
            foreach (int bits in KernelRun.Widths)
            {
                GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(bits, Schedule: schedule));
                Assert.Equal(2, generated.Plan.Steps.OfType<Step.Launch>().Count(l => l.Label.Contains("Winograd", StringComparison.Ordinal)));
                Literal[] fast = KernelRun.Run(generated, [image, kernel, bias, dy]);
                for (int i = 0; i < exact.Length; i++)
                {
                    AssertClose(exact[i].Values<float>(), fast[i].Values<float>(), $"result {i} of {taps} taps by {schedule} at {bits} bits");
                }
                first ??= fast;
                Assert.All(fast.Zip(first), x => Assert.True(x.First.Bytes.SequenceEqual(x.Second.Bytes), $"{taps} taps by {schedule} at {bits} bits have bits of their own"));
            }
        }
    }

    /// <summary>Images, groups, filters, channels, height and width of the image, padding: of gradients of 5x5 convolutions that are larger than what they come from.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Larger() => new()
    {
        { 1, 1, 1, 1, 5, 5, 0 }, { 3, 1, 20, 50, 12, 12, 0 }, { 2, 2, 9, 17, 11, 9, 0 }, { 40, 1, 5, 33, 8, 12, 0 }, { 1, 1, 70, 3, 6, 21, 0 }, { 0, 1, 4, 4, 9, 9, 0 }, { 2, 1, 40, 24, 7, 5, 1 },
    };

    [Theory]
    [MemberData(nameof(Larger))]
    public void Results_larger_than_their_image_are_sums_of_tiles_that_overlap(int images, int groups, int filters, int channels, int height, int width, int padding)
    {
        Window window = Window.Of([5, 5], padding: [padding, padding]);
        Literal kernel = Numbers([groups * filters, channels, 5, 5], 1), dy = Numbers([images, groups * filters, height + (2 * padding) - 4, width + (2 * padding) - 4], 2), slope = Numbers([groups * channels, 1, 1], 3);
        var image = new Shape([images, groups * channels, height, width]);
        Lambda program = Lambda.Of([kernel.Type, dy.Type, slope.Type], p => [Expr.Of(new ConvolutionImage(window, groups, image), p[1], p[0]) * p[2]]);
        Literal exact = KernelRun.Run(program, [kernel, dy, slope], new CodegenOptions(0, Contractions: false))[0];
        Literal? first = null;
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: Schedule.WinogradComplex));
            Assert.Contains(generated.Sources, text => text.Contains("WinogradOverlap<", StringComparison.Ordinal));
            Literal fast = KernelRun.Run(generated, [kernel, dy, slope])[0];
            AssertClose(exact.Values<float>(), fast.Values<float>(), $"{bits} bits");
            first ??= fast;
            Assert.True(fast.Bytes.SequenceEqual(first.Bytes), $"{bits} bits have bits of their own");
        }
    }

    /// <summary>Where the background is blank all places of a window are equal, and the first is asked for. Tiles of 8x8 would compute them with roundings of their own.</summary>
    [Fact]
    public void Equal_patches_have_equal_results_where_places_of_maxima_are_asked()
    {
        Literal kernel = Numbers([32, 16, 5, 5], 1), ink = Numbers([8, 16, 20, 20], 2);
        float[] values = ink.Values<float>().ToArray();
        int at = 0;
        Literal image = Literal.Build(DType.Float32, ink.Sizes, _ => ScalarValue.Of(DType.Float32, at % 20 < 9 ? values[at++] : 0 * at++ + 0.25));
        Window pool = Window.Of([2, 2], [2, 2]);
        Lambda program = Lambda.Of([image.Type, kernel.Type], p => [Expr.Of(new WindowArgMax(pool), Expr.Of(new Convolution(Window.Of([5, 5]), 1), p[0], p[1]))]);
        Lambda unasked = Lambda.Of([image.Type, kernel.Type], p => [Functions.Relu<Expr>(Expr.Of(new Convolution(Window.Of([5, 5]), 1), p[0], p[1]))]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256));
        Assert.DoesNotContain(generated.Plan.Steps.OfType<Step.Launch>(), l => l.Label.Contains("Winograd", StringComparison.Ordinal));
        Assert.Contains(Generator.Generate(new ProgramBody(unasked, 1, []), new CodegenOptions(256)).Plan.Steps.OfType<Step.Launch>(), l => l.Label.Contains("Winograd", StringComparison.Ordinal));
        int[] places = KernelRun.Run(generated, [image, kernel])[0].Values<int>().ToArray(), exact = KernelRun.Run(program, [image, kernel], new CodegenOptions(0, Contractions: false))[0].Values<int>().ToArray();
        Assert.Equal(exact, places);
    }

    /// <summary>Images, groups, channels, filters, height, width, taps, stride, padding, dilation.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Windows() => new()
    {
        { 1, 1, 1, 1, 1, 1, 1, 1, 0, 1 }, { 2, 1, 3, 17, 23, 19, 7, 2, 3, 1 }, { 1, 2, 5, 20, 13, 14, 5, 1, 2, 1 }, { 3, 1, 40, 33, 9, 9, 3, 2, 1, 1 }, { 1, 1, 3, 96, 47, 47, 11, 4, 0, 1 },
        { 1, 1, 70, 70, 7, 7, 1, 1, 0, 1 }, { 1, 3, 8, 8, 11, 10, 3, 2, 2, 2 }, { 2, 1, 4, 9, 5, 6, 1, 3, 0, 1 }, { 0, 1, 4, 4, 6, 6, 3, 1, 1, 1 }, { 1, 1, 2, 200, 3, 3, 2, 1, 4, 1 }, { 1, 1, 1, 20, 28, 28, 5, 1, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_direct_convolution_has_the_bits_of_one_by_panels(int images, int groups, int channels, int filters, int height, int width, int tap, int stride, int padding, int dilation) =>
        AssertBitsOfPanels([images, groups, channels, filters, height, width], Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]));

    /// <summary>
    /// The same, where rows fill vectors better than filters: of one block of the depth and of up to nine, in place and with a halo, of rows that vectors fill, overhang and overlap in, as whole images, in several strips and
    /// in several chunks of rows and of filters, and with all numbers of filters of a tile.
    /// </summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> RowLanes() => new()
    {
        { 3, 1, 20, 50, 12, 12, 5, 1, 0, 1 }, { 2, 1, 1, 20, 28, 28, 5, 1, 0, 1 }, { 1, 1, 16, 20, 16, 16, 5, 1, 2, 1 }, { 2, 2, 29, 3, 9, 24, 3, 1, 1, 1 }, { 1, 1, 57, 9, 8, 8, 3, 1, 1, 1 }, { 1, 1, 256, 5, 10, 10, 3, 1, 0, 1 },
        { 1, 1, 40, 10, 9, 7, 3, 1, 1, 1 }, { 2, 1, 30, 7, 7, 14, 3, 1, 1, 1 }, { 1, 3, 33, 6, 13, 15, 3, 1, 0, 1 }, { 1, 1, 24, 1, 40, 31, 3, 1, 1, 1 }, { 1, 1, 31, 2, 17, 33, 3, 2, 1, 1 }, { 1, 1, 12, 4, 21, 26, 5, 1, 4, 2 },
        { 1, 1, 130, 11, 32, 32, 3, 1, 1, 1 }, { 1, 1, 86, 8, 46, 24, 3, 1, 0, 1 }, { 2, 1, 3, 9, 31, 76, 11, 3, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(RowLanes))]
    public void With_pixels_of_a_row_as_lanes_too(int images, int groups, int channels, int filters, int height, int width, int tap, int stride, int padding, int dilation) =>
        AssertBitsOfPanels([images, groups, channels, filters, height, width], Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]), "DirectRows<");

    private static void AssertBitsOfPanels(int[] sizes, Window window, string engine = "Direct")
    {
        (int images, int groups, int channels, int filters, int height, int width) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]);
        Literal image = Numbers([images, groups * channels, height, width], 1), kernel = Numbers([groups * filters, channels, window.Size[0], window.Size[1]], 2), bias = Numbers([groups * filters], 3);
        Lambda program = Lambda.Of([image.Type, kernel.Type, bias.Type], p => [Functions.Relu<Expr>(Expr.Of(new Convolution(window, groups), p[0], p[1]) + p[2].Reshape([groups * filters, 1, 1]))]);
        Lambda wide = Lambda.Of([image.Type with { DType = DType.Float64 }, kernel.Type with { DType = DType.Float64 }], p => [Expr.Of(new Convolution(window, groups), p[0], p[1])]);
        Literal exact = KernelRun.Run(wide, [Wide(image), Wide(kernel)], new CodegenOptions(0, Contractions: false))[0];
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: Schedule.Direct));
            Assert.Contains(" by direct convolution", generated.Plan.Steps.OfType<Step.Launch>().Last().Label, StringComparison.Ordinal);
            Assert.Contains(generated.Sources, text => text.Contains(engine, StringComparison.Ordinal));
            float[] panels = KernelRun.Run(program, [image, kernel, bias], new CodegenOptions(bits, Schedule: Schedule.Panels))[0].Values<float>().ToArray();
            Assert.All((int[])[0, 1, 2, 3], choice => Assert.Equal(panels, KernelRun.Run(generated, [image, kernel, bias], choice)[0].Values<float>().ToArray()));
            double[] doubles = KernelRun.Run(wide, [Wide(image), Wide(kernel)], new CodegenOptions(bits, Schedule: Schedule.Direct))[0].Values<double>().ToArray();
            Assert.All(doubles.Zip(exact.Values<double>().ToArray()), x => Assert.Equal(x.Second, x.First, 1e-12));
        }
    }

    /// <summary>Groups, channels, filters, height, width, taps, stride y, stride x, padding, dilation.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Strides() => new()
    {
        { 1, 1, 1, 4, 4, 1, 2, 2, 0, 1 }, { 1, 20, 30, 14, 14, 1, 2, 2, 0, 1 }, { 1, 18, 40, 13, 37, 1, 2, 2, 0, 1 }, { 2, 17, 9, 11, 20, 1, 3, 2, 1, 1 }, { 1, 33, 17, 15, 14, 3, 2, 2, 1, 1 }, { 2, 5, 7, 13, 16, 5, 2, 2, 2, 1 }, { 1, 3, 8, 32, 30, 7, 2, 2, 3, 1 },
        { 1, 3, 40, 27, 27, 11, 4, 4, 0, 1 }, { 1, 4, 6, 11, 12, 3, 1, 2, 1, 1 }, { 1, 4, 6, 11, 12, 3, 3, 1, 0, 2 }, { 3, 1, 1, 9, 9, 3, 2, 2, 1, 1 }, { 1, 4, 300, 5, 6, 2, 3, 3, 1, 1 }, { 1, 6, 6, 9, 10, 2, 4, 3, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Strides))]
    public void A_transposed_convolution_meets_the_taps_that_reach_it(int groups, int channels, int filters, int height, int width, int tap, int strideY, int strideX, int padding, int dilation)
    {
        Window window = Window.Of([tap, tap], [strideY, strideX], [padding, padding], [dilation, dilation]);
        var image = new TensorType(DType.Float32, [2, groups * channels, height, width]);
        Literal kernel = Numbers([groups * filters, channels, tap, tap], 2), dy = Numbers([2, groups * filters, window.Positions(0, height).Constant, window.Positions(1, width).Constant], 3);
        Lambda program = Lambda.Of([dy.Type, kernel.Type], p => [Functions.Exp<Expr>(-Expr.Of(new ConvolutionImage(window, groups, image.Shape), p[0], p[1]))]);
        Literal exact = KernelRun.Run(program, [dy, kernel], new CodegenOptions(0, Contractions: false))[0];
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits));
            Assert.Contains(" by transposed convolution", generated.Plan.Steps.OfType<Step.Launch>().Single().Label, StringComparison.Ordinal);
            Literal fast = KernelRun.Run(generated, [dy, kernel])[0];
            Assert.All((int[])[1, 2, 3], choice => Assert.Equal(fast, KernelRun.Run(generated, [dy, kernel], choice)[0]));
            Assert.All(exact.Values<float>().ToArray().Zip(fast.Values<float>().ToArray()), x => Assert.Equal(MathF.Log(x.First), MathF.Log(x.Second), 2e-5f * MathF.Sqrt(filters)));
        }
    }

    /// <summary>Images, groups, filters of each, height, width, taps, stride, padding, dilation.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int> Planes() => new()
    {
        { 1, 2, 1, 1, 1, 1, 1, 0, 1 }, { 2, 5, 1, 7, 7, 3, 1, 1, 1 }, { 1, 3, 2, 14, 14, 3, 2, 1, 1 }, { 3, 4, 1, 15, 33, 3, 2, 0, 1 }, { 1, 2, 1, 56, 57, 5, 1, 2, 1 }, { 2, 3, 3, 11, 9, 3, 3, 1, 2 },
        { 1, 2, 1, 112, 130, 3, 1, 1, 1 }, { 0, 3, 1, 5, 5, 3, 1, 1, 1 }, { 1, 64, 1, 4, 3, 3, 1, 2, 1 }, { 1, 2, 1, 4, 40, 2, 4, 3, 1 },
        { 2, 3, 1, 28, 31, 3, 2, 1, 1 }, { 1, 2, 2, 9, 95, 3, 2, 2, 1 }, { 1, 2, 1, 1, 64, 3, 2, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Planes))]
    public void Planes_are_convolved_in_the_order_of_taps(int images, int groups, int filters, int height, int width, int tap, int stride, int padding, int dilation)
    {
        Window window = Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]);
        Literal image = Numbers([images, groups, height, width], 1), kernel = Numbers([groups * filters, 1, tap, tap], 2);
        Lambda program = Lambda.Of([image.Type, kernel.Type], p => [Functions.Tanh<Expr>(Expr.Of(new Convolution(window, groups), p[0], p[1])) + 1]);
        Literal exact = KernelRun.Run(program, [image, kernel], new CodegenOptions(0, Contractions: false))[0];
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits));
            Assert.Contains(" by planes", generated.Plan.Steps.OfType<Step.Launch>().Single().Label, StringComparison.Ordinal);
            AssertClose(exact.Values<float>(), KernelRun.Run(generated, [image, kernel])[0].Values<float>(), $"{bits} bits");
        }
    }

    /// <summary>Schedule, images, groups, channels, filters of a group, height, width, taps, stride, padding, dilation.</summary>
    public static TheoryData<Schedule, int[]> Lasts() => new()
    {
        { Schedule.Direct, [2, 1, 5, 17, 11, 9, 3, 1, 1, 1] }, { Schedule.Direct, [1, 2, 19, 24, 13, 14, 5, 2, 2, 1] }, { Schedule.Direct, [3, 1, 40, 50, 9, 9, 1, 2, 0, 1] }, { Schedule.Direct, [1, 1, 70, 16, 12, 12, 3, 1, 0, 2] },
        { Schedule.Direct, [1, 1, 3, 96, 47, 47, 11, 4, 0, 1] }, { Schedule.Direct, [1, 1, 1024, 8, 6, 6, 1, 1, 0, 1] }, { Schedule.Direct, [1, 1, 512, 8, 6, 6, 1, 2, 0, 1] }, { Schedule.Direct, [2, 1, 4, 40, 5, 6, 2, 1, 3, 1] },
        { Schedule.Winograd2, [1, 1, 16, 32, 14, 14, 3, 1, 1, 1] }, { Schedule.Winograd2, [2, 2, 17, 19, 13, 11, 3, 1, 1, 1] }, { Schedule.Winograd4, [1, 1, 32, 32, 30, 28, 3, 1, 1, 1] }, { Schedule.Winograd4, [5, 1, 33, 5, 7, 7, 3, 1, 2, 1] },
        { Schedule.Winograd4, [1, 1, 48, 40, 6, 9, 3, 1, 0, 1] }, { Schedule.Winograd2, [2, 1, 17, 33, 9, 12, 5, 1, 2, 1] }, { Schedule.Winograd2, [1, 2, 32, 8, 12, 11, 5, 1, 0, 1] },
        { Schedule.WinogradComplex, [2, 1, 17, 33, 9, 12, 5, 1, 2, 1] }, { Schedule.WinogradComplex, [1, 2, 32, 8, 12, 11, 3, 1, 0, 1] }, { Schedule.Winograd7, [2, 1, 17, 33, 9, 15, 3, 1, 1, 1] }, { Schedule.Depthwise, [1, 32, 1, 1, 14, 15, 3, 1, 1, 1] }, { Schedule.Depthwise, [2, 19, 1, 1, 7, 9, 3, 2, 1, 1] }, { Schedule.Depthwise, [1, 7, 1, 1, 12, 30, 5, 1, 2, 2] },
        { Schedule.Depthwise, [3, 64, 1, 1, 3, 3, 3, 1, 1, 1] }, { Schedule.Depthwise, [1, 5, 1, 1, 4, 40, 2, 4, 3, 1] },
    };

    [Theory]
    [MemberData(nameof(Lasts))]
    public void Channels_last_or_not_a_schedule_has_the_same_bits(Schedule schedule, int[] sizes)
    {
        (int images, int groups, int channels, int filters, int height, int width) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]);
        (int tap, int stride, int padding, int dilation) = (sizes[6], sizes[7], sizes[8], sizes[9]);
        // The first has its channels last in its result alone, the second in both, the third in its images alone.
        Window window = Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]), plain = Window.Of([tap, tap], padding: [tap / 2, tap / 2]), one = Window.Of([1, 1]);
        Literal image = Numbers([images, groups * channels, height, width], 1), same = Numbers([groups * channels, channels, tap, tap], 2), kernel = Numbers([groups * filters, channels, tap, tap], 3), bias = Numbers([groups * filters], 4);
        Literal after = Numbers([3, groups * filters, 1, 1], 5);
        Lambda program = Lambda.Of([image.Type, same.Type, kernel.Type, bias.Type, after.Type], p =>
        {
            Expr first = Functions.Relu<Expr>(Expr.Of(new Convolution(plain, groups), p[0], p[1]));
            Expr second = Functions.Relu<Expr>(Expr.Of(new Convolution(window, groups), first, p[2]) + p[3].Reshape([groups * filters, 1, 1]));
            return [Expr.Of(new Convolution(window, groups), first, p[2]) * 2, Expr.Of(new Convolution(one, 1), second, p[4])];
        });
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram last = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(bits, Schedule: schedule, Layouts: Layouts.ChannelsLast));
            GeneratedProgram rows = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(bits, Schedule: schedule, Layouts: Layouts.RowMajor));
            string name = schedule switch { Schedule.Direct => "direct convolution", Schedule.Depthwise => "planes", Schedule.Winograd4 => "Winograd 4x4", Schedule.Winograd7 => "Winograd 7x7", Schedule.WinogradComplex => "Winograd at complex points", _ => "Winograd 2x2" };
            Assert.Contains(last.Plan.Buffers, b => b.Layout is not null);
            Assert.True(last.Plan.Steps.OfType<Step.Launch>().Count(l => l.Label.Contains(name, StringComparison.Ordinal)) >= (schedule == Schedule.Depthwise ? 1 : 2));
            Literal[] arguments = [image, same, kernel, bias, after], expected = KernelRun.Run(rows, arguments);
            // Nor does it show where they are cut.
            foreach (int choice in (int[])[0, 1, 2, 3])
            {
                Assert.All(expected.Zip(KernelRun.Run(last, arguments, choice)), x => Assert.Equal(x.First.Values<float>().ToArray(), x.Second.Values<float>().ToArray()));
                Assert.All(expected.Zip(KernelRun.Run(rows, arguments, choice)), x => Assert.Equal(x.First.Values<float>().ToArray(), x.Second.Values<float>().ToArray()));
            }
        }
    }

    /// <summary>
    /// Numbers of both signs, as after a normalisation, and of one, as after a rectifier, whose large mean a bad choice of points would amplify. The error is compared with that of the sum of products
    /// as it is written; how many times as large it may be.
    /// </summary>
    [Theory]
    [InlineData(Schedule.Winograd2, 3, 64, false, 1)]
    [InlineData(Schedule.Winograd2, 3, 256, true, 1)]
    [InlineData(Schedule.Winograd4, 3, 64, false, 2)]
    [InlineData(Schedule.Winograd4, 3, 64, true, 2)]
    [InlineData(Schedule.Winograd4, 3, 256, false, 1)]
    [InlineData(Schedule.Winograd4, 3, 256, true, 1)]
    [InlineData(Schedule.Winograd2, 5, 16, false, 2)]
    [InlineData(Schedule.Winograd2, 5, 32, false, 2)]
    [InlineData(Schedule.Winograd2, 5, 32, true, 2)]
    [InlineData(Schedule.Winograd2, 5, 64, false, 1)]
    [InlineData(Schedule.Winograd2, 5, 64, true, 2)]
    [InlineData(Schedule.Winograd2, 5, 256, false, 1)]
    [InlineData(Schedule.WinogradComplex, 3, 64, false, 1)]
    [InlineData(Schedule.WinogradComplex, 3, 64, true, 1)]
    [InlineData(Schedule.WinogradComplex, 3, 256, true, 1)]
    [InlineData(Schedule.Winograd7, 3, 64, false, 1)]
    [InlineData(Schedule.Winograd7, 3, 64, true, 1)]
    [InlineData(Schedule.Winograd7, 3, 256, true, 1)]
    [InlineData(Schedule.WinogradComplex, 5, 16, false, 1)]
    [InlineData(Schedule.WinogradComplex, 5, 32, true, 1)]
    [InlineData(Schedule.WinogradComplex, 5, 64, false, 1)]
    [InlineData(Schedule.WinogradComplex, 5, 256, true, 1)]
    public void Winograd_rounds_as_little_as_a_sum_of_products(Schedule schedule, int taps, int channels, bool rectified, double times)
    {
        Window window = Window.Of([taps, taps], padding: [taps / 2, taps / 2]);
        Literal image = Normal([1, channels, 14, 14], 1, 1, rectified), kernel = Normal([32, channels, taps, taps], 2, Math.Sqrt(2.0 / (taps * taps * channels)), false);
        Lambda program = Lambda.Of([image.Type, kernel.Type], p => [Expr.Of(new Convolution(window, 1), p[0], p[1])]);
        Lambda wide = Lambda.Of([image.Type with { DType = DType.Float64 }, kernel.Type with { DType = DType.Float64 }], p => [Expr.Of(new Convolution(window, 1), p[0], p[1])]);
        double[] exact = KernelRun.Run(wide, [Wide(image), Wide(kernel)], new CodegenOptions(256))[0].Values<double>().ToArray();
        (double Most, double Rms) direct = Error(Sequential(image.Values<float>(), kernel.Values<float>(), channels, taps));
        (double Most, double Rms) fast = Error(KernelRun.Run(program, [image, kernel], new CodegenOptions(256, Schedule: schedule))[0].Values<float>());
        Assert.True(fast.Rms < times * direct.Rms && fast.Most < times * direct.Most, $"{fast} against {direct}");

        (double, double) Error(ReadOnlySpan<float> values)
        {
            double most = 0, squares = 0;
            for (int i = 0; i < exact.Length; i++)
            {
                double difference = Math.Abs(values[i] - exact[i]);
                (most, squares) = (Math.Max(most, difference), squares + (difference * difference));
            }
            return (most, Math.Sqrt(squares / exact.Sum(e => e * e)));
        }
    }

    /// <summary>The sum of products as it is written, one term after the other in float32.</summary>
    private static float[] Sequential(ReadOnlySpan<float> image, ReadOnlySpan<float> kernel, int channels, int taps)
    {
        float[] results = new float[32 * 14 * 14];
        int depth = taps * taps * channels;
        for (int i = 0; i < results.Length; i++)
        {
            int k = i / 196, y = i / 14 % 14, x = i % 14;
            for (int t = 0; t < depth; t++)
            {
                int row = y + (t / taps % taps) - (taps / 2), column = x + (t % taps) - (taps / 2);
                if (row is >= 0 and < 14 && column is >= 0 and < 14)
                {
                    results[i] += image[(t / (taps * taps) * 196) + (row * 14) + column] * kernel[(k * depth) + t];
                }
            }
        }
        return results;
    }

    private static void AssertClose(ReadOnlySpan<float> exact, ReadOnlySpan<float> values, string what)
    {
        float scale = 1;
        foreach (float value in exact)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }
        for (int i = 0; i < exact.Length; i++)
        {
            Assert.True(Math.Abs(exact[i] - values[i]) <= 1e-5f * scale, $"{what}: element {i} is {values[i]}, not {exact[i]}");
        }
    }

    [Fact]
    public void The_schedule_is_chosen_from_the_shape_and_can_be_refused()
    {
        Assert.Equal("Winograd 7x7, by filters", Chosen([1, 64, 56, 56], [64, 64, 3, 3], new CodegenOptions(256)));
        Assert.Equal("Winograd 7x7, by filters", Chosen([4, 256, 14, 14], [256, 256, 3, 3], new CodegenOptions(256)));
        Assert.Equal("Winograd at complex points", Chosen([100, 32, 16, 16], [32, 32, 5, 5], new CodegenOptions(256)));
        Assert.Equal("direct convolution", Chosen([100, 3, 32, 32], [32, 3, 5, 5], new CodegenOptions(256)));
        Assert.DoesNotContain("Winograd", Chosen([1, 64, 56, 56], [64, 64, 3, 3], new CodegenOptions(256, Winograd: false)));
        Assert.DoesNotContain("Winograd", Chosen([1, 3, 56, 56], [8, 3, 3, 3], new CodegenOptions(256)));
    }

    private static string Chosen(long[] image, long[] kernel, CodegenOptions options)
    {
        Lambda program = Lambda.Of([new(DType.Float32, new Shape([.. image.Select(x => (Dim)x)])), new(DType.Float32, new Shape([.. kernel.Select(x => (Dim)x)]))], p => [Expr.Of(new Convolution(Window.Of([(int)kernel[2], (int)kernel[3]], padding: [(int)kernel[2] / 2, (int)kernel[3] / 2]), 1), p[0], p[1])]);
        string label = Generator.Generate(new ProgramBody(program, 1, []), options).Plan.Steps.OfType<Step.Launch>().Last().Label;
        return label[(label.IndexOf(" by ", StringComparison.Ordinal) + 4)..];
    }

    private static Literal Numbers(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, random.NextDouble() * 2 - 1));
    }

    private static Literal Normal(long[] sizes, int seed, double deviation, bool rectified)
    {
        var random = new Random(seed);
        double Draw() => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, rectified ? Math.Max(0, Draw()) : Draw()));
    }

    private static Literal Wide(Literal narrow)
    {
        float[] values = narrow.Values<float>().ToArray();
        int i = 0;
        return Literal.Build(DType.Float64, narrow.Sizes, _ => ScalarValue.Of(DType.Float64, values[i++]));
    }
}
