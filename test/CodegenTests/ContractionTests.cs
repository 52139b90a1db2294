using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Matrix products at sizes where tiles, panels and depth blocks begin and end.</summary>
public sealed class ContractionTests
{
    private static readonly (int M, int K, int N)[] Shapes =
        [(1, 1, 1), (7, 300, 33), (64, 513, 17), (300, 5, 2), (2, 600, 300), (33, 257, 65), (6, 256, 16), (50, 1, 50), (1, 700, 1), (400, 256, 40), (3, 0, 4), (20, 9000, 25), (100, 40, 150)];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Each_element_is_summed_in_the_order_of_depth_by_blocks(bool leftTransposed, bool rightTransposed)
    {
        List<Literal> arguments = [];
        foreach ((int m, int k, int n) in Shapes)
        {
            Literal a = Numbers(leftTransposed ? [k, m] : [m, k], 1), b = Numbers(rightTransposed ? [n, k] : [k, n], 2), bias = Numbers([n], 3);
            arguments.AddRange([a, b, bias, a]);
        }
        // The second product of a shape has an operand of its own: one that both outputs read would be stored before it is rectified.
        Lambda program = Lambda.Of([.. arguments.Select(x => x.Type)], p => Enumerable.Range(0, Shapes.Length).SelectMany(s =>
        {
            Expr Left(Expr x) => leftTransposed ? x.Transpose() : x;
            Expr right = rightTransposed ? p[(4 * s) + 1].Transpose() : p[(4 * s) + 1];
            return (Expr[])[Dot(Left(p[4 * s]), right), Relu<Expr>(Dot(Left(p[(4 * s) + 3]), right) + p[(4 * s) + 2])];
        }).ToSeq());
        float[][] expected = [.. Enumerable.Range(0, Shapes.Length).Select(s => Summed(Shapes[s], arguments[4 * s], arguments[(4 * s) + 1], leftTransposed, rightTransposed))];
        foreach ((int bits, int? productBits) in KernelRun.Widths.Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            // Whatever is packed or read in place, by whom, and however results are cut, gives the same bits. The first ten are modes, then come cuts and narrower tiles; the last is no choice.
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2 * Shapes.Length, []), new CodegenOptions(bits, Schedule: Schedule.Panels, ProductBits: productBits));
            foreach (int choice in (int[])[.. Enumerable.Range(0, 10), 12, 18, 19, 27, 28, 33, 37, 54, 72, 250])
            {
                Literal[] results = KernelRun.Run(generated, arguments, choice);
                for (int s = 0; s < Shapes.Length; s++)
                {
                    float[] bias = arguments[(4 * s) + 2].Values<float>().ToArray();
                    Assert.Equal(expected[s], results[2 * s].Values<float>().ToArray());
                    Assert.Equal(expected[s].Select((x, i) => MathF.Max(0, x + bias[i % bias.Length])), results[(2 * s) + 1].Values<float>().ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(37, 40, 65)]
    [InlineData(1, 300, 50)]
    [InlineData(5, 0, 3)]
    public void What_follows_a_product_is_stored_beside_it_in_one_kernel(int m, int k, int n)
    {
        Literal[] arguments = [Numbers([m, k], 1), Numbers([k, n], 2), Numbers([m, n], 3), Numbers([m, n], 4)];
        Lambda program = Lambda.Of([.. arguments.Select(x => x.Type)], p =>
        {
            Expr velocity = (p[2] * 0.5f) - Dot(p[0], p[1]);
            return [velocity, p[3] + (velocity * 2f)];
        });
        float[] sums = Summed((m, k, n), arguments[0], arguments[1], false, false), before = arguments[2].Values<float>().ToArray(), weights = arguments[3].Values<float>().ToArray();
        float[] velocities = [.. before.Select((v, i) => (v * 0.5f) - sums[i])];
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(bits));
            Assert.Single(generated.Plan.Steps);
            Literal[] results = KernelRun.Run(generated, arguments);
            Assert.Equal(velocities, results[0].Values<float>().ToArray());
            Assert.Equal(weights.Select((w, i) => w + (velocities[i] * 2f)), results[1].Values<float>().ToArray());
        }
    }

    /// <summary>Of an operand whose columns do not lie side by side and one that is smaller, or needs no packing as columns, the latter has the columns.</summary>
    [Theory]
    [InlineData(40, 784, 500, false, true)]
    [InlineData(500, 784, 20, false, false)]
    [InlineData(512, 512, 512, false, false)]
    [InlineData(512, 512, 512, true, true)]
    [InlineData(512, 64, 512, true, false)]
    public void A_product_is_turned_where_less_is_packed(int m, int k, int n, bool leftTransposed, bool isTurned)
    {
        Lambda program = Lambda.Of([new TensorType(DType.Float32, Shape.Of(leftTransposed ? [k, m] : [m, k])), new TensorType(DType.Float32, Shape.Of([n, k]))],
            p => [Dot(leftTransposed ? p[0].Transpose() : p[0], p[1].Transpose())]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256));
        Assert.Equal(isTurned, Assert.IsType<Step.Launch>(Assert.Single(generated.Plan.Steps)).Label.EndsWith("by panels, turned", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(37, 40, 65)]
    [InlineData(50, 300, 48)]
    [InlineData(17, 600, 100)]
    [InlineData(9, 5, 24)]
    public void What_is_added_in_registers_is_added_in_the_order_in_which_it_is_written(int m, int k, int n)
    {
        Literal a = Numbers([m, k], 1), b = Numbers([k, n], 2), bias = Numbers([n], 3), other = Numbers([m, n], 4), gate = Numbers([m, n], 5), each = Numbers([m, 1], 6);
        // A row whose sums are -0 and +0, and elements that are no numbers.
        float[] rows = a.Values<float>().ToArray(), others = other.Values<float>().ToArray();
        Array.Clear(rows, 0, k);
        (others[0], others[1], others[n + 1], others[n + 2]) = (float.NaN, float.NegativeInfinity, -float.NaN, -0f);
        float[] gates = gate.Values<float>().ToArray();
        (gates[0], gates[2], gates[n], gates[n + 3]) = (1, float.NaN, -0f, 0);
        Literal[] arguments = [Literal.Of<float>(rows, m, k), b, bias, Literal.Of<float>(others, m, n)];
        Lambda program = Lambda.Of([.. arguments.Select(x => x.Type), a.Type, a.Type, a.Type, a.Type, gate.Type, a.Type, each.Type, a.Type, a.Type, gate.Type], p =>
            [Relu<Expr>(Dot(p[0], p[1]) + p[2] + p[3]), Dot(p[4], p[1]) + p[3] + p[2], Relu<Expr>(Dot(p[5], p[1])), Dot(p[6], p[1]) + p[2], (Dot(p[7], p[1]) + p[3]) * Expr.Of(new Ops.Cast(DType.Float32), Less(0f, p[8])),
                Dot(p[9], p[1]) * Switch<Expr>(p[13] > 0, FullLike(p[13], 1), FullLike(p[13], 0)), Relu<Expr>(Dot(p[11], p[1]) + p[10] + p[3]), Dot(p[12], p[1]) + p[10]]);
        float[] sums = Summed((m, k, n), arguments[0], b, false, false), biases = bias.Values<float>().ToArray(), ofRows = each.Values<float>().ToArray();
        float[] first = [.. sums.Select((x, i) => x + biases[i % n] + others[i]).Select(Rectified)], second = [.. sums.Select((x, i) => x + others[i] + biases[i % n])];
        foreach ((int bits, int? productBits) in KernelRun.Widths.Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 8, []), new CodegenOptions(bits, Schedule: Schedule.Panels, ProductBits: productBits));
            // A sum and another element first, then a column's number, is the one order that registers do not keep.
            Assert.Equal((7, 1), (Said(generated, "IsLinear => true"), Said(generated, "IsLinear => false")));
            Assert.Equal((2, 2, 2), (Said(generated, "Rows = (float*)"), Said(generated, "Gates = (float*)"), Said(generated, "Columns = (float*)")));
            foreach (int choice in (int[])[0, 1, 5, 12, 27, 54])
            {
                Literal[] results = KernelRun.Run(generated, [.. arguments, arguments[0], arguments[0], arguments[0], arguments[0], Literal.Of<float>(gates, m, n), arguments[0], each, arguments[0], arguments[0], Literal.Of<float>(gates, m, n)], choice);
                Assert.Equal(first.Select(Bits), results[0].Values<float>().ToArray().Select(Bits));
                Assert.Equal(second.Select(Bits), results[1].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select(Rectified).Select(Bits), results[2].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select((x, i) => x + biases[i % n]).Select(Bits), results[3].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select((x, i) => (x + others[i]) * (gates[i] > 0 ? 1f : 0f)).Select(Bits), results[4].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select((x, i) => x * (gates[i] > 0 ? 1f : 0f)).Select(Bits), results[5].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select((x, i) => Rectified(x + ofRows[i / n] + others[i])).Select(Bits), results[6].Values<float>().ToArray().Select(Bits));
                Assert.Equal(sums.Select((x, i) => x + ofRows[i / n]).Select(Bits), results[7].Values<float>().ToArray().Select(Bits));
            }
        }

        static float Rectified(float x) => x <= 0 ? 0 : x;

        // Which NaN it is is the machine's to say.
        static int Bits(float x) => float.IsNaN(x) ? int.MaxValue : BitConverter.SingleToInt32Bits(x);
    }

    private static int Said(GeneratedProgram generated, string text) => generated.Sources.Sum(source => source.Split(text).Length - 1);

    /// <summary>Of two products that are added, the one that is stored takes with it what is done to it alone, such as its bias; what all read, and what is a result, stays where it is.</summary>
    [Theory]
    [InlineData("a bias each", 2, 0)]
    [InlineData("a bias and a rectifier each", 1, 1)]
    [InlineData("no bias", 2, 0)]
    [InlineData("a bias behind the sum", 1, 1)]
    [InlineData("read elsewhere", 2, 0)]
    [InlineData("added without more", 2, 0)]
    [InlineData("far apart", 1, 1)]
    public void What_is_done_to_one_product_alone_is_done_where_it_is_stored(string name, int inRegisters, int otherwise)
    {
        const int m = 20, k = 24, n = 40;
        Literal a = Numbers([m, k], 1), b = Numbers([k, n], 2), c = Numbers([m, k], 3), d = Numbers([k, n], 4), x = Numbers([n], 5), y = Numbers([n], 6);
        Literal[] arguments = [a, b, c, d, x, y];
        Lambda program = Lambda.Of([.. arguments.Select(argument => argument.Type)], p =>
        {
            Expr one = Dot(p[0], p[1]), other = Dot(p[2], p[3]), biased = one + p[4];
            return name switch
            {
                "a bias each" => [Relu<Expr>(biased + (other + p[5]))],
                "a bias and a rectifier each" => [Relu<Expr>(biased) + Relu<Expr>(other + p[5])],
                "no bias" => [Relu<Expr>(one + other)],
                "a bias behind the sum" => [one + other + p[4]],
                "added without more" => [biased + (other + p[5])],
                "far apart" => [one + Enumerable.Range(0, 2000).Aggregate(other, (sum, i) => (i % 2 == 0 ? -sum : sum) + p[5])],
                _ => [biased + other, biased],
            };
        });
        Literal[] expected = Reference.Evaluate(program, arguments);
        foreach ((int bits, int? productBits) in KernelRun.Widths.Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(bits, Schedule: Schedule.Panels, ProductBits: productBits));
            Literal[] actual = KernelRun.Run(generated, arguments);
            for (int i = 0; i < expected.Length; i++)
            {
                SampleTable.AssertClose(expected[i], actual[i], $"{name}, result {i}, {bits} bits");
            }
            Assert.Equal((inRegisters, otherwise), (Said(generated, "IsLinear => true"), Said(generated, "IsLinear => false")));
        }
    }

    private static float[] Summed((int M, int K, int N) shape, Literal a, Literal b, bool leftTransposed, bool rightTransposed)
    {
        (int m, int k, int n) = shape;
        ReadOnlySpan<float> x = a.Values<float>(), y = b.Values<float>();
        var sums = new float[m * n];
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
                sums[i * n + j] = total + sum;
            }
        }
        return sums;
    }

    public static TheoryData<int, int, bool> Vectors()
    {
        var shapes = new TheoryData<int, int, bool>();
        foreach ((int k, int n) in ((int, int)[])[(700, 1), (17, 3), (300, 64), (5000, 7), (256, 130), (41, 1100), (9, 2500)])
        {
            shapes.Add(k, n, false);
            shapes.Add(k, n, true);
        }
        return shapes;
    }

    /// <summary>Along columns sums are those of panels; along the depth sixteen stand side by side for each block of 4096 terms, joined by halves.</summary>
    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_matrix_meets_a_vector_along_its_memory(int k, int n, bool transposed)
    {
        Literal vector = Numbers([k], 1), matrix = Numbers(transposed ? [n, k] : [k, n], 2), bias = Numbers([n], 3);
        Lambda program = Lambda.Of([vector.Type, matrix.Type, bias.Type, vector.Type], p =>
        {
            Expr Product(Expr v) => transposed ? Dot(p[1], v) : Dot(v, p[1]);
            return [Tanh<Expr>(Product(p[3]) + p[2]), Product(p[0])];
        });
        ReadOnlySpan<float> x = vector.Values<float>(), w = matrix.Values<float>();
        // One column is both: then its depth lies side by side.
        bool alongDepth = transposed || n == 1;
        var expected = new float[n];
        for (int j = 0; j < n; j++)
        {
            for (int first = 0; first < k; first += alongDepth ? 4096 : 256)
            {
                var partials = new float[16];
                for (int l = first; l < Math.Min(k, first + (alongDepth ? 4096 : 256)); l++)
                {
                    ref float sum = ref partials[alongDepth ? (l - first) % 16 : 0];
                    sum = float.MultiplyAddEstimate(x[l], transposed ? w[j * k + l] : w[l * n + j], sum);
                }
                for (int half = 8; half > 0; half /= 2)
                {
                    for (int i = 0; i < half; i++)
                    {
                        partials[i] += partials[i + half];
                    }
                }
                expected[j] += partials[0];
            }
        }
        foreach ((int bits, int? productBits) in KernelRun.Widths.Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 2, []), new CodegenOptions(bits, ProductBits: productBits));
            Assert.Equal(2, generated.Plan.Steps.OfType<Step.Launch>().Count(step => step.Label.EndsWith(" by matrix-vector", StringComparison.Ordinal)));
            Literal[] results = KernelRun.Run(generated, [vector, matrix, bias, vector]);
            Assert.Equal(expected, results[1].Values<float>().ToArray());
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(MathF.Tanh(expected[j] + bias.Values<float>()[j]), results[0].Values<float>()[j], 1e-6f);
            }
        }
    }

    /// <summary>Few rows and columns that all lie along the depth: of each pair sixteen sums stand side by side for each block of 4096 terms, joined by halves, at any vector width.</summary>
    [Theory]
    [InlineData(1, 2, 300, 5, false)]
    [InlineData(1, 20, 784, 37, false)]
    [InlineData(1, 31, 4500, 33, false)]
    [InlineData(3, 7, 256, 9, false)]
    [InlineData(1, 5, 273, 700, false)]
    [InlineData(1, 70, 17, 3, true)]
    [InlineData(2, 13, 9000, 6, true)]
    [InlineData(4, 3, 20, 2, true)]
    public void Few_rows_meet_columns_along_their_depth(int batch, int m, int k, int n, bool forced)
    {
        Literal a = Numbers([batch, m, k], 1), b = Numbers([batch, n, k], 2), bias = Numbers([n], 3), x = Doubles([batch, m, k], 4), y = Doubles([batch, n, k], 5);
        Lambda program = Lambda.Of([a.Type, b.Type, bias.Type, a.Type, x.Type, y.Type], p =>
            [Einsum("bmk,bnk->bmn", p[0], p[1]), Relu<Expr>(Einsum("bmk,bnk->bmn", p[3], p[1]) + p[2]), Einsum("bmk,bnk->bmn", p[4], p[5])]);
        float[] singles = Joined<float>(a, b, batch, m, k, n), biases = bias.Values<float>().ToArray();
        double[] doubles = Joined<double>(x, y, batch, m, k, n);
        foreach ((int bits, int? productBits) in KernelRun.Widths.Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 3, []), new CodegenOptions(bits, Schedule: forced ? Schedule.InnerProducts : null, ProductBits: productBits));
            Assert.Equal(3, generated.Plan.Steps.OfType<Step.Launch>().Count(step => step.Label.EndsWith(" by inner products", StringComparison.Ordinal)));
            Literal[] results = KernelRun.Run(generated, [a, b, bias, a, x, y]);
            Assert.Equal(singles, results[0].Values<float>().ToArray());
            Assert.Equal(singles.Select((sum, i) => MathF.Max(0, sum + biases[i % n])), results[1].Values<float>().ToArray());
            Assert.Equal(doubles, results[2].Values<double>().ToArray());
        }
    }

    private static T[] Joined<T>(Literal a, Literal b, int batch, int m, int k, int n)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = a.Values<T>(), y = b.Values<T>();
        var sums = new T[batch * m * n];
        for (int i = 0; i < sums.Length; i++)
        {
            for (int first = 0; first < k; first += 4096)
            {
                var partials = new T[16];
                for (int l = first; l < Math.Min(k, first + 4096); l++)
                {
                    partials[(l - first) % 16] = T.MultiplyAddEstimate(x[(i / n * k) + l], y[(((i / (m * n)) * n) + (i % n)) * k + l], partials[(l - first) % 16]);
                }
                for (int half = 8; half > 0; half /= 2)
                {
                    for (int j = 0; j < half; j++)
                    {
                        partials[j] += partials[j + half];
                    }
                }
                sums[i] += partials[0];
            }
        }
        return sums;
    }

    [Fact]
    public void A_forced_schedule_that_does_not_apply_leaves_panels()
    {
        Lambda program = Lambda.Of([new(DType.Float32, [30, 40]), new(DType.Float32, [40, 50])], p => [Dot(p[0], p[1])]);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256, Schedule: Schedule.MatrixVector));
        Assert.EndsWith(" by panels", Assert.IsType<Step.Launch>(Assert.Single(generated.Plan.Steps)).Label, StringComparison.Ordinal);
    }

    /// <summary>Products of float64, in batches, transposed: the same engine with other steps.</summary>
    [Theory]
    [InlineData(3, 20, 30, 40)]
    [InlineData(70, 5, 6, 7)]
    [InlineData(2, 33, 600, 18)]
    [InlineData(5, 1, 300, 9)]
    public void Batches_of_float64_sum_alike(int batch, int m, int k, int n)
    {
        Literal a = Doubles([batch, m, k], 1), b = Doubles([batch, n, k], 2);
        Lambda program = Lambda.Of([a.Type, b.Type], p => [Einsum("bmk,bnk->bmn", p[0], p[1])]);
        ReadOnlySpan<double> x = a.Values<double>(), y = b.Values<double>();
        foreach (int bits in KernelRun.Widths)
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: Schedule.Panels));
            for (int choice = 0; choice <= 9; choice++)
            {
                ReadOnlySpan<double> found = KernelRun.Run(generated, [a, b], choice)[0].Values<double>();
                for (int i = 0; i < found.Length; i++)
                {
                    double total = 0, sum = 0;
                    for (int l = 0; l < k; l++)
                    {
                        (total, sum) = l % 256 == 0 ? (total + sum, 0) : (total, sum);
                        sum = double.MultiplyAddEstimate(x[(i / n * k) + l], y[(((i / (m * n)) * n) + (i % n)) * k + l], sum);
                    }
                    Assert.Equal(total + sum, found[i]);
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
        Literal image = Whole([batch, 6, size, size], 1), kernel = Whole([10, 6, tap, tap], 2);
        Expr forward = Expr.Of(new Ops.Convolution(window, 1), Expr.Of(new Ops.Parameter(0, image.Type)), Expr.Of(new Ops.Parameter(1, kernel.Type)));
        Literal dy = Whole([.. forward.Shape.Sizes], 3);
        Ops.Window narrow = Ops.Window.Of([tap, tap]);
        Literal small = Whole([batch, 10, size, size], 4);
        Lambda program = Lambda.Of([image.Type, kernel.Type, dy.Type, small.Type], p =>
        [
            Expr.Of(new Ops.Convolution(window, 1), p[0], p[1]),
            Expr.Of(new Ops.ConvolutionImage(window, 1, image.Type.Shape), p[2], p[1]),
            Expr.Of(new Ops.ConvolutionImage(narrow, 1, [batch, 6, size + tap - 1, size + tap - 1]), p[3], p[1]),
        ]);
        foreach (int bits in KernelRun.Widths.Where(bits => bits > 0))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 3, []), new CodegenOptions(bits, Schedule: Schedule.Panels));
            Assert.Equal(batch % (bits / 16) == 0, generated.Plan.Steps.OfType<Step.Launch>().Any(l => l.Label == "images last"));
            Literal[] plain = KernelRun.Run(program, [image, kernel, dy, small], new CodegenOptions(bits, Contractions: false)), fast = KernelRun.Run(generated, [image, kernel, dy, small]);
            for (int i = 0; i < plain.Length; i++)
            {
                SampleTable.AssertClose(plain[i], fast[i], $"result {i} at {bits} bits");
            }
        }
    }

    /// <summary>Each image is a product of its own, and all share the packed kernels.</summary>
    [Fact]
    public void Images_share_packed_kernels()
    {
        Literal image = Numbers([3, 24, 12, 12], 1), kernel = Numbers([40, 24, 1, 1], 2);
        Lambda program = Lambda.Of([image.Type, kernel.Type], p => [Expr.Of(new Ops.Convolution(Ops.Window.Of([1, 1]), 1), p[0], p[1])]);
        foreach (int bits in KernelRun.Widths.Where(bits => bits > 0))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(bits, Schedule: Schedule.Panels));
            Literal plain = KernelRun.Run(program, [image, kernel], new CodegenOptions(bits, Contractions: false))[0], model = KernelRun.Run(generated, [image, kernel])[0];
            SampleTable.AssertClose(plain, model, $"{bits} bits");
            for (int choice = 1; choice <= 18; choice++)
            {
                Assert.Equal(model.Values<float>().ToArray(), KernelRun.Run(generated, [image, kernel], choice)[0].Values<float>().ToArray());
            }
        }
    }

    /// <summary>
    /// Images whose places fill whole tiles but for a few: these of all images are packed together, the others read in place. Forward and with respect to the image, plain and with epilogues that are stored straight or
    /// piece by piece, each the sum in its order.
    /// </summary>
    [Theory]
    [InlineData(4, 20, 40, 7, 7)]
    [InlineData(3, 300, 9, 14, 14)]
    [InlineData(2, 600, 70, 7, 7)]
    [InlineData(5, 12, 130, 13, 13)]
    [InlineData(9, 8, 17, 5, 11)]
    [InlineData(3, 10, 4, 12, 8)]
    [InlineData(40, 5, 6, 6, 6)]
    [InlineData(0, 3, 4, 7, 7)]
    [InlineData(3, 2600, 8, 7, 7)]
    public void What_is_left_of_images_is_packed_together(int images, int channels, int filters, int height, int width)
    {
        Literal image = Numbers([images, channels, height, width], 1), kernel = Numbers([filters, channels, 1, 1], 2), other = Numbers([images, filters, height, width], 3), scale = Numbers([width], 4);
        Ops.Window one = Ops.Window.Of([1, 1]);
        Lambda program = Lambda.Of([image.Type, kernel.Type, other.Type, scale.Type], p =>
        {
            Expr Forward(int k) => Expr.Of(new Ops.Convolution(one, 1), p[0], p[1] * k);
            return (Seq<Expr>)[Forward(1), Relu<Expr>(Forward(2) + p[2]), Forward(3) * p[3].BroadcastTo(other.Type.Shape, [3]), Expr.Of(new Ops.ConvolutionImage(one, 1, image.Type.Shape), p[2], p[1])];
        });
        float[] x = image.Values<float>().ToArray(), w = kernel.Values<float>().ToArray(), y = other.Values<float>().ToArray(), s = scale.Values<float>().ToArray();
        int places = height * width;
        float[] Products(float[] array, int depth, int rows, Func<int, int, float> weight)
        {
            var results = new float[images * rows * places];
            for (int i = 0; i < results.Length; i++)
            {
                int n = i / places / rows, row = i / places % rows, at = i % places;
                results[i] = 0;
                float sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    (results[i], sum) = k % 256 == 0 ? (results[i] + sum, 0) : (results[i], sum);
                    sum = float.MultiplyAddEstimate(weight(row, k), array[(((n * depth) + k) * places) + at], sum);
                }
                results[i] += sum;
            }
            return results;
        }
        float[] Forward(int factor) => Products(x, channels, filters, (f, c) => w[(f * channels) + c] * factor);
        float[] twice = Forward(2), thrice = Forward(3);
        float[][] expected = [Forward(1), [.. twice.Select((sum, i) => MathF.Max(0, sum + y[i]))], [.. thrice.Select((sum, i) => sum * s[i % width])], Products(y, filters, channels, (c, f) => w[(f * channels) + c])];
        foreach ((int bits, int? productBits) in KernelRun.Widths.Where(bits => bits > 0).Select(bits => bits == 512 ? (256, (int?)512) : (bits, null)))
        {
            GeneratedProgram generated = Generator.Generate(new ProgramBody(program, expected.Length, []), new CodegenOptions(bits, Schedule: Schedule.Panels, ProductBits: productBits));
            foreach (int choice in (int[])[.. Enumerable.Range(0, 10), 12, 18, 19, 27, 28, 33, 37, 54, 72])
            {
                Literal[] results = KernelRun.Run(generated, [image, kernel, other, scale], choice);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], results[i].Values<float>().ToArray());
                }
            }
        }
    }

    /// <summary>Few images of many channels are cut by channels.</summary>
    [Fact]
    public void Few_images_are_cut_by_channels()
    {
        Literal image = Numbers([3, 40, 9, 11], 1), scale = Numbers([40], 2), other = Numbers([3, 40, 9, 11], 3);
        Lambda program = Lambda.Of([image.Type, scale.Type, other.Type], p => [(p[0] * p[1].BroadcastTo(image.Type.Shape, [1])) + p[2]]);
        float[] x = image.Values<float>().ToArray(), s = scale.Values<float>().ToArray(), y = other.Values<float>().ToArray();
        foreach (int bits in KernelRun.Widths)
        {
            Assert.Equal(x.Select((value, i) => (value * s[i / 99 % 40]) + y[i]), KernelRun.Run(program, [image, scale, other], new CodegenOptions(bits))[0].Values<float>().ToArray());
        }
    }

    /// <summary>Operands without a buffer of their own: constants everywhere.</summary>
    [Fact]
    public void Operands_may_be_constants()
    {
        Literal a = Numbers([5, 7], 1), b = Numbers([7, 3], 2);
        Lambda program = Lambda.Of([a.Type, b.Type], p => [Dot(Full(DType.Float32, [4, 7], 0.5), p[1]), Dot(p[0], Full(DType.Float32, [7, 6], 2)), Dot(p[0].Transpose(), Full(DType.Float32, [5, 1], 1))]);
        foreach (int bits in KernelRun.Widths)
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
        foreach (int bits in KernelRun.Widths)
        {
            SampleTable.AssertClose(KernelRun.Run(program, [image, kernel], new CodegenOptions(bits, Contractions: false))[0], KernelRun.Run(program, [image, kernel], new CodegenOptions(bits))[0], $"{bits} bits");
        }
    }

    private static Literal Doubles(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float64, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float64, random.NextDouble() * 2 - 1));
    }

    /// <summary>Small whole numbers, of which sums of products are exact in any order, fused or not.</summary>
    private static Literal Whole(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, (double)random.Next(-3, 4)));
    }

    private static Literal Numbers(long[] sizes, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(DType.Float32, Seq.Create<long>(sizes), _ => ScalarValue.Of(DType.Float32, random.NextDouble() * 2 - 1));
    }
}
