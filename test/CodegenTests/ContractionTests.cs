using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Matrix products at sizes where tiles, panels and depth blocks begin and end.</summary>
public sealed class ContractionTests
{
    public static TheoryData<int, int, int, bool, bool> Shapes()
    {
        var shapes = new TheoryData<int, int, int, bool, bool>();
        (int, int, int)[] sizes = [(1, 1, 1), (7, 300, 33), (64, 513, 17), (300, 5, 2), (2, 600, 300), (33, 257, 65), (6, 256, 16), (50, 1, 50), (1, 700, 1), (400, 256, 40), (3, 0, 4)];
        foreach ((int m, int k, int n) in sizes)
        {
            shapes.Add(m, k, n, false, false);
            shapes.Add(m, k, n, true, false);
            shapes.Add(m, k, n, false, true);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Each_element_is_summed_in_the_order_of_depth_by_blocks(int m, int k, int n, bool leftTransposed, bool rightTransposed)
    {
        Literal a = Numbers(leftTransposed ? [k, m] : [m, k], 1), b = Numbers(rightTransposed ? [n, k] : [k, n], 2), bias = Numbers([n], 3);
        Lambda program = Lambda.Of([a.Type, b.Type, bias.Type], p =>
        {
            Expr left = leftTransposed ? p[0].Transpose() : p[0], right = rightTransposed ? p[1].Transpose() : p[1];
            return [Dot(left, right), Relu<Expr>(Dot(left, right) + p[2])];
        });
        foreach (int bits in (int[])[0, 128, 256, 512])
        {
            Literal[] results = KernelRun.Run(program, [a, b, bias], new CodegenOptions(bits));
            ReadOnlySpan<float> x = a.Values<float>(), y = b.Values<float>(), product = results[0].Values<float>(), shifted = results[1].Values<float>();
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    float total = 0, sum = 0;
                    for (int l = 0; l < k; l++)
                    {
                        if (l % 256 == 0)
                        {
                            (total, sum) = (total + sum, 0);
                        }
                        sum = float.MultiplyAddEstimate(leftTransposed ? x[l * m + i] : x[i * k + l], rightTransposed ? y[j * k + l] : y[l * n + j], sum);
                    }
                    sum = total + sum;
                    Assert.Equal(sum, product[i * n + j]);
                    Assert.Equal(MathF.Max(0, sum + bias.Values<float>()[j]), shifted[i * n + j]);
                }
            }
        }
    }

    [Fact]
    public void A_product_with_its_epilogue_is_one_kernel()
    {
        Lambda program = Lambda.Of([new(DType.Float32, [64, 800]), new(DType.Float32, [500, 800]), new(DType.Float32, [500])], p => [Relu<Expr>(Dot(p[0], p[1].Transpose()) + p[2])]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256));
        Assert.Single(generated.Plan.Steps);
    }

    [Theory]
    [InlineData(64, 8, 5, 4, 1, 1)]
    [InlineData(64, 4, 3, 2, 1, 2)]
    [InlineData(64, 5, 4, 3, 2, 1)]
    [InlineData(48, 8, 5, 4, 1, 1)]
    public void Images_as_lanes_meet_their_valid_taps(int batch, int size, int tap, int padding, int stride, int dilation)
    {
        Ops.Window window = Ops.Window.Of([tap, tap], [stride, stride], [padding, padding], [dilation, dilation]);
        Literal image = Numbers([batch, 6, size, size], 1), kernel = Numbers([10, 6, tap, tap], 2);
        Expr forward = Expr.Of(new Ops.Convolution(window, 1), Expr.Of(new Ops.Parameter(0, image.Type)), Expr.Of(new Ops.Parameter(1, kernel.Type)));
        Literal dy = Numbers([.. forward.Shape.Sizes], 3);
        Ops.Window narrow = Ops.Window.Of([tap, tap]);
        Literal small = Numbers([batch, 10, size, size], 4);
        Lambda program = Lambda.Of([image.Type, kernel.Type, dy.Type, small.Type], p =>
        [
            Expr.Of(new Ops.Convolution(window, 1), p[0], p[1]),
            Expr.Of(new Ops.ConvolutionImage(window, 1, image.Type.Shape), p[2], p[1]),
            Expr.Of(new Ops.ConvolutionImage(narrow, 1, [batch, 6, size + tap - 1, size + tap - 1]), p[3], p[1]),
        ]);
        foreach (int bits in (int[])[128, 256, 512])
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 3, []), new CodegenOptions(bits));
            Assert.Equal(batch % (bits / 16) == 0, generated.Plan.Steps.OfType<Step.Launch>().Any(l => l.Label == "images last"));
            Literal[] plain = KernelRun.Run(program, [image, kernel, dy, small], new CodegenOptions(bits, Contractions: false)), fast = KernelRun.Run(generated, [image, kernel, dy, small]);
            for (int i = 0; i < plain.Length; i++)
            {
                SampleTable.AssertClose(plain[i], fast[i], $"result {i} at {bits} bits");
            }
        }
    }

    /// <summary>Operands without a buffer of their own: constants everywhere.</summary>
    [Fact]
    public void Operands_may_be_constants()
    {
        Literal a = Numbers([5, 7], 1), b = Numbers([7, 3], 2);
        Lambda program = Lambda.Of([a.Type, b.Type], p => [Dot(Full(DType.Float32, [4, 7], 0.5), p[1]), Dot(p[0], Full(DType.Float32, [7, 6], 2)), Dot(p[0].Transpose(), Full(DType.Float32, [5, 1], 1))]);
        foreach (int bits in (int[])[0, 128, 256, 512])
        {
            Literal[] plain = KernelRun.Run(program, [a, b], new CodegenOptions(bits, Contractions: false)), fast = KernelRun.Run(program, [a, b], new CodegenOptions(bits));
            for (int i = 0; i < plain.Length; i++)
            {
                SampleTable.AssertClose(plain[i], fast[i], $"result {i} at {bits} bits");
            }
        }
    }

    /// <summary>Groups make the channel of an image a quotient, which is no border.</summary>
    [Theory]
    [InlineData(6, 6, 6)]
    [InlineData(4, 6, 2)]
    public void Groups_with_padding_are_contractions(int channels, int outputs, int groups)
    {
        Ops.Window window = Ops.Window.Of([3, 3], [2, 1], [1, 1], [1, 2]);
        Literal image = Numbers([16, channels, 7, 8], 1), kernel = Numbers([outputs, channels / groups, 3, 3], 2);
        Lambda program = Lambda.Of([image.Type, kernel.Type], p => [Expr.Of(new Ops.Convolution(window, groups), p[0], p[1])]);
        foreach (int bits in (int[])[0, 128, 256, 512])
        {
            SampleTable.AssertClose(KernelRun.Run(program, [image, kernel], new CodegenOptions(bits, Contractions: false))[0], KernelRun.Run(program, [image, kernel], new CodegenOptions(bits))[0], $"{bits} bits");
        }
    }

    private static Literal Numbers(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, random.NextDouble() * 2 - 1));
    }
}
