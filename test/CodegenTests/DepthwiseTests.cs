using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Depthwise convolutions whose channels lie side by side, against sums of taps in plain loops: tiles at borders, of two and four rows, and what they end with.</summary>
public sealed class DepthwiseTests
{
    // As they are, with a bias, rectified then, with an array added, with all of these.
    private const int Endings = 5;

    /// <summary>Images, channels, height, width, stride, padding.</summary>
    public static TheoryData<int, int, int, int, int, int> Cases() => new()
    {
        { 1, 32, 4, 4, 1, 1 }, { 2, 16, 5, 6, 1, 1 }, { 1, 64, 6, 9, 1, 1 }, { 3, 32, 7, 7, 1, 1 }, { 1, 48, 14, 13, 1, 0 }, { 2, 16, 3, 5, 1, 1 },
        { 1, 32, 8, 9, 2, 1 }, { 2, 16, 7, 7, 2, 0 }, { 1, 272, 14, 14, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tiles_have_the_sums_of_taps(int images, int channels, int height, int width, int stride, int padding)
    {
        var random = new Random(5);
        Literal Drawn(params long[] sizes) => Literal.Build(DType.Float32, [.. sizes], _ => ScalarValue.Of(DType.Float32, random.NextDouble() - 0.5));
        int down = ((height + (2 * padding) - 3) / stride) + 1, across = ((width + (2 * padding) - 3) / stride) + 1;
        Literal image = Drawn(images, 1, height, width), spread = Drawn(channels, 1, 1, 1), bias = Drawn(channels, 1, 1);
        Literal other = Drawn(images, 1, down, across), same = Literal.Build(DType.Float32, [channels, channels, 1, 1], i => ScalarValue.Of(DType.Float32, i / channels == i % channels ? 1 : 0));
        // Each way to end has taps of its own, or all would read the results of one.
        Literal[] taps = [.. Enumerable.Range(0, Endings).Select(_ => Drawn(channels, 1, 3, 3))];
        float[] x = Values(image), s = Values(spread), b = Values(bias), r = Values(other);
        // An array between kernels, as the tiles' image and as what is added to them, is made by a 1x1 convolution of one channel; one whose kernel is the identity reads what they make.
        Lambda program = Lambda.Of([image.Type, other.Type], p =>
        {
            Expr Wide(Expr of) => Relu(Expr.Of(new Convolution(Window.Of([1, 1]), 1), of, Constant(spread)));
            return Enumerable.Range(0, Endings).Select(ending =>
            {
                Expr y = Expr.Of(new Convolution(Window.Of([3, 3], [stride, stride], [padding, padding]), channels), Wide(p[0]), Constant(taps[ending]));
                y = ending is 1 or 2 or 4 ? y + Constant(bias) : y;
                y = ending is 3 or 4 ? y + Wide(p[1]) : y;
                y = ending is 2 or 4 ? Relu(y) : y;
                return Expr.Of(new Convolution(Window.Of([1, 1]), 1), y, Constant(same));
            }).ToSeq();
        });
        float[][] expected = [.. Enumerable.Range(0, Endings).Select(Expected)];
        foreach (int bits in KernelRun.Widths.Where(bits => bits != 128))
        {
            foreach (int? wide in bits == 256 ? (int?[])[null, 512] : [null])
            {
                GeneratedProgram generated = Generator.Generate(new ProgramBody(program, Endings, []), new CodegenOptions(bits, ProductBits: wide, Layouts: Layouts.ChannelsLast));
                Assert.Equal(Endings, Launches(generated.Plan.Steps).Count(launch => launch.Label.Contains("planes", StringComparison.Ordinal)));
                Assert.All(KernelRun.Run(generated, [image, other]), (result, ending) => Assert.Equal(expected[ending], Values(result)));
            }
        }

        float[] Expected(int ending)
        {
            float[] k = Values(taps[ending]), results = new float[images * channels * down * across];
            for (int i = 0; i < results.Length; i++)
            {
                int column = i % across, row = i / across % down, c = i / across / down % channels, n = i / across / down / channels;
                float sum = 0;
                for (int t = 0; t < 9; t++)
                {
                    int v = (row * stride) + (t / 3) - padding, u = (column * stride) + (t % 3) - padding;
                    float element = v < 0 || v >= height || u < 0 || u >= width ? 0 : Math.Max(0, x[(((n * height) + v) * width) + u] * s[c]);
                    sum = float.MultiplyAddEstimate(k[(c * 9) + t], element, sum);
                }
                sum = ending is 1 or 2 or 4 ? sum + b[c] : sum;
                sum = ending is 3 or 4 ? sum + Math.Max(0, r[(((n * down) + row) * across) + column] * s[c]) : sum;
                results[i] = ending is 2 or 4 ? Math.Max(0, sum) : sum;
            }
            return results;
        }
    }

    private static IEnumerable<Step.Launch> Launches(Seq<Step> steps) => steps.SelectMany(step => step is Step.Batch batch ? batch.Launches : new[] { step }.OfType<Step.Launch>());

    private static float[] Values(Literal literal) => literal.Values<float>().ToArray();
}
