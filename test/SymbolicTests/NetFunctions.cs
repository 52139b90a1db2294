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

    public static IReadOnlyList<NetFunction> All { get; } = [.. Pooling(), .. Normalization(), .. Losses(), .. Contractions(), .. Convolutions()];

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

    private static IEnumerable<NetFunction> Losses()
    {
        SampleInput labels = SampleInput.Whole(DType.Int32, [5], 0, 3), share = SampleInput.Uniform([5, 4], 0.1, 0.9);
        yield return new("softmax over the first axis", x => Softmax(x[0], 0), Drawn(3, 4, 5));
        yield return new("log_softmax over the middle axis", x => LogSoftmax(x[0], -2), Drawn(3, 4, 5));
        yield return new("categorical cross-entropy of labels", x => CategoricalCrossEntropy(Softmax(x[0]), x[1]), Drawn(5, 4), labels);
        yield return new("categorical cross-entropy of probabilities", x => CategoricalCrossEntropy(x[0], x[1]), share, share);
        yield return new("binary cross-entropy", x => BinaryCrossEntropy(x[0], x[1]), share, share);
        yield return new("sigmoid cross-entropy", x => SigmoidCrossEntropy(x[0], x[1]), Drawn(5, 4), share);
        yield return new("at_label", x => AtLabel(x[0], x[1]), Drawn(2, 3, 4), SampleInput.Whole(DType.Int64, [2, 3], -1, 4));
        yield return new("hinge", x => HingeLoss(x[0], x[1]), Drawn(5, 4), labels);
        yield return new("squared hinge", x => HingeLoss(x[0], x[1], 2), Drawn(5, 4), labels);
    }

    private static IEnumerable<NetFunction> Convolutions()
    {
        Window plain = Window.Of([3, 2]), half = Window.Of([3, 3], [2, 2]).Half(), wide = Window.Of([3, 2], [2, 1], dilation: [2, 1]).Full();
        yield return new("true convolution", x => Convolve(x[0], x[1], plain, flip: true), Drawn(2, 4, 7, 6), Drawn(6, 4, 3, 2));
        yield return new("true convolution, half, two groups", x => Convolve(x[0], x[1], half, 2, flip: true), Drawn(2, 4, 7, 6), Drawn(6, 2, 3, 3));
        yield return new("true convolution, full, dilated", x => Convolve(x[0], x[1], wide, flip: true), Drawn(1, 2, 5, 6), Drawn(3, 2, 3, 2));
        yield return new("true convolution of rank 3", x => Convolve(x[0], x[1], Window.Of([2, 3, 2]), flip: true), Drawn(1, 2, 4, 5, 3), Drawn(3, 2, 2, 3, 2));
        yield return new("depthwise, rank 1", x => Convolve(x[0], x[1], [2], [1], groups: 4), Drawn(2, 4, 9), Drawn(8, 1, 3));
        yield return new("transposed", x => ConvolveTransposed(x[0], x[1], Window.Of([3, 3], [2, 2])), Drawn(2, 3, 4, 5), Drawn(3, 4, 3, 3));
        yield return new("transposed, padded, with a size", x => ConvolveTransposed(x[0], x[1], Window.Of([4, 4], [2, 2], [1, 1]), [9, 10]), Drawn(2, 3, 4, 5), Drawn(3, 2, 4, 4));
        yield return new("transposed, groups, rank 1", x => ConvolveTransposed(x[0], x[1], Window.Of([3], [2], [1], [2]), groups: 2, flip: true), Drawn(1, 4, 5), Drawn(4, 3, 3));
        yield return new("transposed, rank 3", x => ConvolveTransposed(x[0], x[1], Window.Of([2, 2, 2], [1, 2, 1])), Drawn(1, 2, 2, 3, 2), Drawn(2, 1, 2, 2, 2));
        yield return new("for kernel", x => ConvolveForKernel(x[0], x[1], Window.Of([3, 2], [2, 1]), 2, flip: true), Drawn(2, 4, 7, 6), Drawn(2, 6, 3, 5));
        yield return new("separable", x => ConvolveSeparably(x[0], x[1], x[2], Window.Of([3, 3]), flip: true), Drawn(1, 2, 5, 6), Drawn(4, 1, 3, 3), Drawn(3, 4, 1, 1));
        yield return new("causal", x => ConvolveCausally(x[0], x[1], dilation: 2, flip: true), Drawn(2, 2, 6), Drawn(3, 2, 3));
        yield return new("upsampled twice", x => UpsampleLinearly(x[0], [(2, 1), (2, 1)]), Drawn(1, 2, 3, 4));
        yield return new("upsampled by 3/2 and 4/6", x => UpsampleLinearly(x[0], [(3, 2), (4, 6)]), Drawn(1, 2, 3, 4));
        yield return new("unfold and fold", x => Fold(Unfold(x[0], Window.Of([1, 2], [1, 2])), Window.Of([1, 2], [1, 2]), [3, 4]), Drawn(1, 2, 3, 4));
        yield return new("unfold as rows", x => Unfold(x[0], Window.Of([3, 3]).Half()).Reshape([24, 9]), Drawn(1, 2, 3, 4));
    }

    private static IEnumerable<NetFunction> Contractions()
    {
        yield return new("dot of vectors", x => Dot(x[0], x[1]), Drawn(17), Drawn(17));
        yield return new("dot [2,3,4] [4,2]", x => Dot(x[0], x[1]), Drawn(2, 3, 4), Drawn(4, 2));
        yield return new("dot [3,4] [2,4,3]", x => Dot(x[0], x[1]), Drawn(3, 4), Drawn(2, 4, 3));
        yield return new("dot [4] [2,4,3]", x => Dot(x[0], x[1]), Drawn(4), Drawn(2, 4, 3));
        yield return new("dot [2,3,4] [5,4,3]", x => Dot(x[0], x[1]), Drawn(2, 3, 4), Drawn(5, 4, 3));
        yield return new("matmul of stacks", x => MatMul(x[0], x[1]), Drawn(2, 1, 3, 4), Drawn(5, 4, 9));
        yield return new("matmul of a vector", x => MatMul(x[0], x[1]), Drawn(4), Drawn(5, 4, 9));
        yield return new("outer", x => Outer(x[0], x[1]), Drawn(3), Drawn(4));
        yield return new("inner", x => Inner(x[0], x[1]), Drawn(2, 4), Drawn(3, 4));
        yield return new("tensordot 2", x => Tensordot(x[0], x[1]), Drawn(3, 4, 5), Drawn(4, 5, 2));
        yield return new("tensordot 0", x => Tensordot(x[0], x[1], 0), Drawn(3), Drawn(3, 4));
        yield return new("tensordot [2,0] [1,-3]", x => Tensordot(x[0], x[1], [2, 0], [1, -3]), Drawn(2, 3, 4), Drawn(2, 4, 3));
        yield return new("batched_dot", x => BatchedDot(x[0], x[1]), Drawn(2, 3, 4), Drawn(2, 4, 5));
        yield return new("batched_dot of vectors", x => BatchedDot(x[0], x[1]), Drawn(2, 3), Drawn(2, 3));
        yield return new("batched_dot of a matrix and vectors", x => BatchedDot(x[0], x[1]), Drawn(2, 3, 4), Drawn(2, 4));
        yield return new("batched_tensordot [1] [1]", x => BatchedTensordot(x[0], x[1], [1], [1]), Drawn(2, 3, 4), Drawn(2, 3, 5));
        yield return new("batched_tensordot 2", x => BatchedTensordot(x[0], x[1]), Drawn(2, 3, 4), Drawn(2, 3, 4));
        foreach ((string subscripts, long[][] shapes) in Einsums)
        {
            yield return new(subscripts, x => Einsum(subscripts, x.AsSpan()), [.. shapes.Select(shape => Drawn(shape))]);
        }
    }

    /// <summary>Subscripts with shapes that suit them.</summary>
    public static Seq<(string Subscripts, long[][] Shapes)> Einsums =>
        [("ij,jk->ik", [[3, 4], [4, 5]]), ("ji,kj", [[4, 3], [5, 4]]), ("bik,bjk->bij", [[2, 3, 9], [2, 8, 9]]), ("bhqd,bhkd->bhqk", [[2, 2, 3, 5], [2, 2, 7, 5]]),
         ("ii", [[4, 4]]), ("ii->i", [[4, 4]]), ("iji->j", [[3, 2, 3]]), ("ij->ji", [[2, 3]]), ("ij->", [[2, 3]]), ("i,j->ji", [[2], [3]]), ("i,i->i", [[3], [3]]),
         ("ij,j->i", [[3, 4], [4]]), ("ij,kl->jl", [[2, 3], [4, 5]]), ("ab,bc,cd,de->ae", [[2, 7], [7, 3], [3, 6], [6, 2]]), ("i,ij,j->", [[3], [3, 4], [4]]),
         ("bn,anm,bm->ba", [[2, 3], [4, 3, 5], [2, 5]]), ("ij,ij,ij->i", [[2, 3], [2, 3], [2, 3]]), ("ik,kj->ij", [[3, 1], [4, 2]]), ("ai,ai->ai", [[1, 3], [2, 3]])];
}
