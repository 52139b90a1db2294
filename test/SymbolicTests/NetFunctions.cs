using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Functions that are composed of ops, with inputs to try them at; like the samples of an op, for values, gradients and compiled code.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Build">The function.</param>
/// <param name="Inputs">What its inputs are drawn from.</param>
internal sealed record NetFunction(string Name, Func<Seq<Expr>, Expr> Build, params SampleInput[] Inputs)
{
    public override string ToString() => Name;

    /// <summary>The program with inputs of known sizes as parameters.</summary>
    public Lambda Program(DType floats) => Lambda.Of(Inputs.Select(i => new TensorType(i.DType ?? floats, Shape.Of(i.Sizes))).ToSeq(), inputs => [Build(inputs)]);

    /// <summary>Values for the inputs, the same in every run.</summary>
    public Seq<Literal> Values(DType floats) => OpTable.Values(new Sample(new Ops.Exp(), Inputs.ToSeq()), floats);

    public static IReadOnlyList<NetFunction> All { get; } = [.. Pooling(), .. Normalization()];

    private static SampleInput Drawn(params long[] sizes) => SampleInput.Uniform(sizes, -1, 1);

    private static SampleInput Positive(params long[] sizes) => SampleInput.Uniform(sizes, 0.5, 2);

    private static IEnumerable<NetFunction> Pooling()
    {
        Window[] windows =
        [
            Window.Of([2, 2], [2, 2]), Window.Of([3, 3], [2, 2], [1, 1]), Window.Of([2, 3], [3, 1], [0, 2], [2, 1]), Window.Pooling([7, 6], [4, 4], [3, 3], [1, 1], ceiling: true),
            new Window([3, 2], [1, 2], [2, 0], [0, 1], [1, 1]), Window.Of([7, 6]), Window.Of([1, 1], [5, 3]),
        ];
        foreach (Window w in windows)
        {
            yield return new($"max_pool to ties {w}", x => MaxPool(x[0], w, gradientToAllTies: true), Drawn(2, 3, 7, 6));
            yield return new($"sum_pool {w}", x => SumPool(x[0], w), Drawn(2, 3, 7, 6));
            foreach (Averaging over in Enum.GetValues<Averaging>())
            {
                yield return new($"average_pool {over} {w}", x => AveragePool(x[0], w, over), Drawn(2, 3, 7, 6));
            }
            yield return new($"lp_pool 2 {w}", x => LpPool(x[0], w, 2), Positive(2, 3, 7, 6));
            yield return new($"lp_pool 3 {w}", x => LpPool(x[0], w, 3), Positive(1, 2, 7, 6));
        }
        Window line = Window.Of([3], [2], [1]), cube = Window.Of([2, 2, 2], [1, 2, 1], [0, 1, 1]);
        yield return new("average_pool rank 1", x => AveragePool(x[0], line, Averaging.WithoutPadding), Drawn(2, 3, 9));
        yield return new("max_pool to ties rank 1", x => MaxPool(x[0], line, gradientToAllTies: true), Drawn(2, 3, 9));
        yield return new("average_pool rank 3", x => AveragePool(x[0], cube, Averaging.WithoutPadding), Drawn(1, 2, 3, 4, 5));
        yield return new("max_pool rank 3", x => MaxPool(x[0], cube), Drawn(1, 2, 3, 4, 5));
    }

    private static IEnumerable<NetFunction> Normalization()
    {
        yield return new("channel_response_norm", x => ChannelResponseNorm(x[0], 5, 0.7, 0.75, 2), Drawn(2, 7, 3, 5));
        yield return new("channel_response_norm of a matrix", x => ChannelResponseNorm(x[0], 3), Drawn(3, 4));
        yield return new("channel_response_norm over fewer channels", x => ChannelResponseNorm(x[0], 5), Drawn(1, 2, 17));
        yield return new("spatial_response_norm", x => SpatialResponseNorm(x[0], 3, 0.8, 0.5), Drawn(2, 2, 5, 4));
        yield return new("batch_normalize", x => BatchNormalize(x[0], x[1], x[2]).Output, Drawn(4, 3, 5), Drawn(3), Drawn(1, 3, 1));
        yield return new("batch_normalize per activation", x => BatchNormalize(x[0], axes: [0]).Output, Drawn(7, 3));
        yield return new("batch_normalize, next variance", x => BatchNormalize(x[0]).NextVariance(x[1], 0.3), Drawn(4, 3, 5), Positive(1, 3, 1));
        yield return new("normalize_with", x => NormalizeWith(x[0], x[1], x[2], x[3], x[4]), Drawn(4, 3, 5), Drawn(3), Positive(3), Drawn(3), Drawn(3));
    }
}
