using Symbolic.Codegen;
using Symbolic.Ops;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Convolutions and both their gradients, with strides, paddings, dilations and groups, in one to three dimensions.</summary>
public sealed class ConvolutionShapeTests
{
    public const int CasesPerBatch = 12, Seeds = 8;

    public static TheoryData<string, int> Batches() => Draw.SchedulesAndSeeds(Seeds, Enum.GetValues<Schedule>());

    [Theory]
    [MemberData(nameof(Batches))]
    public void Every_schedule_computes_the_definition(string schedule, int seed)
    {
        (Random random, Case[] cases, CompileOptions options) = Drawn(seed, Draw.Named(schedule));
        Case[] apart = Apart.Under(options.Schedule, 1000 + seed, cases, options, Enum.GetValues<Schedule>());
        if (apart.Length > 0)
        {
            using var batch = new Batch(apart, options);
            batch.Check(random);
        }
    }

    /// <summary>How many cases have code of their own under a schedule, or under none forced.</summary>
    public static int Count(Schedule? schedule) => Enumerable.Range(0, Seeds).Sum(seed =>
    {
        (_, Case[] cases, CompileOptions options) = Drawn(seed, schedule);
        return Apart.Under(schedule, 1000 + seed, cases, options, Enum.GetValues<Schedule>()).Length;
    });

    private static (Random Random, Case[] Cases, CompileOptions Options) Drawn(int seed, Schedule? schedule)
    {
        var random = new Random(1000 + seed);
        Case[] cases = [.. Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i))];
        return (random, cases, Draw.Options(random, schedule));
    }

    private static Case Some(Random random, int number)
    {
        int kind = random.Next(10), rank = kind < 7 ? 2 : Draw.One(random, 1, 2, 2, 3);
        bool square = kind < 4, depthwise = kind is 4 or 5;
        int groups = depthwise ? Draw.One(random, 3, 5, 8, 16, 17) : square ? Draw.One(random, 1, 1, 2) : Draw.One(random, 1, 1, 2, 3);
        long channels = groups * (depthwise ? 1 : Draw.Size(random, rank == 2 ? 17 : 5)), filters = groups * (depthwise ? Draw.One(random, 1, 1, 2) : Draw.Size(random, rank == 2 ? 33 : 9));
        Window window = square
            ? Square(Draw.One(random, 3, 3, 5), random)
            : new Window(Ints(rank, () => Draw.One(random, 1, 2, 3, 3, 4, 5)), Ints(rank, () => Draw.One(random, 1, 1, 2, 3)), Ints(rank, () => random.Next(3)), Ints(rank, () => random.Next(3)), Ints(rank, () => Draw.One(random, 1, 1, 1, 2)));
        long batch = Draw.Size(random, rank == 2 ? 5 : 3);
        Shape spatial = new(Enumerable.Range(0, rank).Select(axis => (Dim)Math.Max(Least(window, axis), Draw.Size(random, rank == 3 ? 6 : 13))).ToSeq());
        DType dtype = random.Next(4) == 0 ? DType.Float64 : DType.Float32;
        string text = $"{(random.Next(2) == 0 ? "flipped " : "")}{window}, {groups} groups, {dtype}";
        bool flip = text.StartsWith("flipped", StringComparison.Ordinal);

        Expr x = Input($"x{number}", dtype, [batch, channels, .. spatial]), w = Input($"w{number}", dtype, [filters, channels / groups, .. window.Taps]);
        Expr y = Convolve(x, w, window, groups, flip), dy = Input($"dy{number}", dtype, y.Shape);
        // Winograd's points are no whole numbers.
        double tolerance = window.Size is [3, 3] or [5, 5] ? dtype == DType.Float32 ? 2e-5 : 4e-14 : 0;
        return random.Next(4) switch
        {
            0 => new Case($"convolution {text}", [x, w], y, tolerance),
            1 => Finished(random, $"convolution {text}", x, w, y, tolerance, number),
            2 => new Case($"image of convolution {text}", [dy, w], ConvolveTransposed(dy, w, window, spatial, groups, flip), tolerance),
            _ when random.Next(2) == 0 => Pooled(random, $"kernel of convolution {text}", x, y, dy => ConvolveForKernel(x, dy, window, groups, flip), tolerance, number),
            _ => new Case($"kernel of convolution {text}", [x, dy], ConvolveForKernel(x, dy, window, groups, flip), tolerance),
        };
    }

    /// <summary>With something before and after that may be computed on the way.</summary>
    private static Case Finished(Random random, string text, Expr x, Expr w, Expr y, double tolerance, int number)
    {
        Expr bias = Input($"b{number}", y.DType, [y.Shape[1]]), shifted = y + bias.BroadcastTo(y.Shape, [1]);
        Expr other = Input($"o{number}", y.DType, y.Shape);
        return random.Next(3) switch
        {
            0 => new Case($"{text} with bias", [x, w, bias], shifted, tolerance),
            1 => new Case($"{text} with bias and maximum", [x, w, bias], Maximum<Expr>(shifted, 0), tolerance),
            _ => new Case($"{text} with a sum and maximum", [x, w, bias, other], Maximum<Expr>(shifted + other, 0), tolerance),
        };
    }

    /// <summary>Whose result is pooled by maxima.</summary>
    private static Case Pooled(Random random, string text, Expr x, Expr y, Func<Expr, Expr> kernel, double tolerance, int number)
    {
        Seq<int> size = Ints(y.Rank - 2, () => Draw.One(random, 1, 2, 2, 3));
        Window window = new(size, size.Map(_ => Draw.One(random, 1, 2, 2, 3)), size.Map(taps => random.Next(taps)), size.Map(_ => random.Next(3)), size.Map(_ => Draw.One(random, 1, 1, 2)));
        Expr other = Input($"o{number}", y.DType, y.Shape);
        if (window.Defect("pooling", y.Shape, 2) is not null)
        {
            window = Window.Of(size.Map(_ => 1));
        }
        Expr places = Expr.Of(new WindowArgMax(window), other), dy = Input($"dy{number}", y.DType, places.Shape);
        return new Case($"{text}, pooled by {window}", [x, dy, other], kernel(Expr.Of(new WindowPut(window, y.Shape), dy, places)), tolerance);
    }

    private static Window Square(int taps, Random random) => Window.Of([taps, taps], padding: [random.Next(taps), random.Next(taps)]);

    /// <summary>The least image of which a window covers anything.</summary>
    private static long Least(Window window, int axis) => Math.Max(1, (window.Size[axis] - 1) * window.Dilation[axis] + 1 - window.Before[axis] - window.After[axis]);

    private static Seq<int> Ints(int rank, Func<int> drawn) => Enumerable.Range(0, rank).Select(_ => drawn()).ToSeq();

    private static Expr Input(string name, DType dtype, Shape shape) => new Variable(name, dtype, [.. shape]).Expr;
}
