using Symbolic.Conformance.Theano.Python;
using Symbolic.Ops;

namespace Symbolic.Conformance.Theano.Api;

// Convolution, pooling, neighbourhoods, batch normalisation (theano.tensor.nnet and theano.tensor.signal.pool).
internal sealed partial class TheanoApi
{
    private void AddImages()
    {
        Add("conv2d(input, filters, input_shape=None, filter_shape=None, border_mode=\"valid\", subsample=(1, 1), filter_flip=True, image_shape=None, filter_dilation=(1, 1), num_groups=1, unshared=False)", a =>
        {
            a.Only("unshared", false);
            return Convolve(a.Tensor("input"), a.Tensor("filters"), a["border_mode"], a.Ints("subsample", 2), a.Ints("filter_dilation", 2), a.Int("num_groups"), a.Flag("filter_flip"));
        });
        Add("abstract_conv.conv3d(input, filters, input_shape=None, filter_shape=None, border_mode=\"valid\", subsample=(1, 1, 1), filter_flip=True, filter_dilation=(1, 1, 1), num_groups=1)", a =>
            Convolve(a.Tensor("input"), a.Tensor("filters"), a["border_mode"], a.Ints("subsample", 3), a.Ints("filter_dilation", 3), a.Int("num_groups"), a.Flag("filter_flip")));
        Add("nnet.separable_conv2d(input, depthwise_filters, pointwise_filters, num_channels, input_shape=None, depthwise_filter_shape=None, pointwise_filter_shape=None, border_mode=\"valid\", subsample=(1, 1), filter_flip=True, filter_dilation=(1, 1))", a =>
        {
            Expr depthwise = Convolve(a.Tensor("input"), a.Tensor("depthwise_filters"), a["border_mode"], a.Ints("subsample", 2), a.Ints("filter_dilation", 2), a.Int("num_channels"), a.Flag("filter_flip"));
            return Convolve(depthwise, a.Tensor("pointwise_filters"), "valid", [1, 1], [1, 1], 1, a.Flag("filter_flip"));
        });
        Add("abstract_conv.causal_conv1d(input, filters, filter_shape, input_shape=None, subsample=1, filter_flip=True, filter_dilation=1, num_groups=1, unshared=False)", a =>
        {
            int left = a.Int("filter_dilation") * (Value.Int(Value.Items(a["filter_shape"])[2]) - 1);
            var border = Sequence.Tuple(Sequence.Tuple((System.Numerics.BigInteger)left, System.Numerics.BigInteger.Zero));
            return Convolve(a.Tensor("input"), a.Tensor("filters"), border, [a.Int("subsample")], [a.Int("filter_dilation")], a.Int("num_groups"), a.Flag("filter_flip"));
        });
        Add("abstract_conv.bilinear_upsampling(input, ratio=None, frac_ratio=None, batch_size=None, num_input_channels=None, use_1D_kernel=True)", a =>
        {
            if (a.Has("frac_ratio"))
            {
                int[][] ratios = [.. Value.Items(a["frac_ratio"]).Select(ratio => Value.Items(ratio).Select(Value.Int).ToArray())];
                return a.Flag("use_1D_kernel") ? throw PythonError.ValueError("For fractional ratios 1D kernel method not implemented")
                    : Functions.UpsampleLinearly(a.Tensor("input"), ratios.Select(ratio => (ratio[0], ratio[1])).ToSeq());
            }
            return Functions.UpsampleLinearly(a.Tensor("input"), [(a.Int("ratio"), 1), (a.Int("ratio"), 1)]);
        });
        Add("pool.pool_2d(input, ws=None, ignore_border=None, stride=None, pad=(0, 0), mode=\"max\")", a => Pool(a, 2));
        Add("pool.pool_3d(input, ws=None, ignore_border=None, stride=None, pad=(0, 0, 0), mode=\"max\")", a => Pool(a, 3));
        Add("neighbours.images2neibs(ten4, neib_shape, neib_step=None, mode=\"valid\")", Neighbourhoods);
        Add("neighbours.neibs2images(neibs, neib_shape, original_shape, mode=\"valid\")", FromNeighbourhoods);
        Add("bn.batch_normalization_train(inputs, gamma, beta, axes=\"per-activation\", epsilon=0.0001, running_average_factor=0.1, running_mean=None, running_var=None)", a =>
        {
            Expr x = a.Tensor("inputs");
            BatchNormalized result = Functions.BatchNormalize(x, a.Tensor("gamma"), a.Tensor("beta"), NormalizedAxes(x, a), a.Real("epsilon"));
            List<object?> outputs = [result.Output, result.Mean, result.InverseDeviation];
            if (a.Has("running_mean"))
            {
                Expr mean = a.Tensor("running_mean"), variance = a.Tensor("running_var");
                outputs.Add(result.NextMean(mean.Equate(result.Mean.Shape), a.Real("running_average_factor")));
                outputs.Add(result.NextVariance(variance.Equate(result.Mean.Shape), a.Real("running_average_factor")));
            }
            return Sequence.Tuple(outputs);
        });
        Add("bn.batch_normalization_test(inputs, gamma, beta, mean, var, axes=\"per-activation\", epsilon=0.0001)", a =>
            Functions.NormalizeWith(a.Tensor("inputs"), a.Tensor("mean"), a.Tensor("var"), a.Tensor("gamma"), a.Tensor("beta"), NormalizedAxes(a.Tensor("inputs"), a), a.Real("epsilon")));
    }

    private static Seq<int> NormalizedAxes(Expr x, Arguments a) => a["axes"] switch
    {
        "per-activation" => [0],
        "spatial" => Enumerable.Range(0, x.Rank).Where(axis => axis != 1).ToSeq(),
        _ => a.Axes("axes")!,
    };

    private static Expr Convolve(Expr image, Expr kernel, object? border, Seq<int> stride, Seq<int> dilation, int groups, bool flips)
    {
        if (!kernel.Shape[2..].IsKnown)
        {
            throw new MissingFeature("a convolution with a kernel of unknown size");
        }
        Seq<int> size = kernel.Shape[2..].Sizes.Select(s => (int)s).ToSeq();
        (int Before, int After)[] padding = [.. Enumerable.Range(0, size.Count).Select(axis => Padding(border, axis, dilation[axis] * (size[axis] - 1) + 1))];
        var window = new Window(size, stride, padding.Select(p => p.Before).ToSeq(), padding.Select(p => p.After).ToSeq(), dilation);
        return Functions.Convolve(image, kernel, window, groups, flips);
    }

    private static (int Before, int After) Padding(object? border, int axis, int extent)
    {
        switch (border)
        {
            case "valid":
                return (0, 0);
            case "full":
                return (extent - 1, extent - 1);
            case "half":
                return (extent / 2, extent / 2);
            case string other:
                throw PythonError.ValueError($"invalid border_mode {other}");
            case Sequence { Items: var items }:
                return items[axis] is Sequence { Items: [var before, var after] } ? (Value.Int(before), Value.Int(after)) : (Value.Int(items[axis]), Value.Int(items[axis]));
            default:
                return (Value.Int(border), Value.Int(border));
        }
    }

    /// <summary>Pools the last axes; all before them are one batch.</summary>
    private static object? Pool(Arguments a, int rank)
    {
        Expr x = a.Tensor("input");
        Seq<int> size = a.Ints("ws", rank), stride = a.Has("stride") ? a.Ints("stride", rank) : size, pad = a.Ints("pad", rank);
        bool ceiling = !a.Flag("ignore_border");
        if (ceiling && pad.Any(p => p != 0))
        {
            throw new PythonError("NotImplementedError", "padding works only with ignore_border=True");
        }
        if (pad.Zip(size).Any(p => p.First >= p.Second))
        {
            throw new PythonError("NotImplementedError", "padding must be smaller than strides");
        }
        Shape spatial = x.Shape[^rank..];
        Expr batch = x.Reshape([1, x.Shape[..^rank].Elements, .. spatial]);
        Window window = Window.Pooling(spatial, size, stride, pad, ceiling);
        Expr pooled = a.Text("mode") switch
        {
            "max" => Functions.MaxPool(batch, window, gradientToAllTies: true),
            "sum" => Functions.SumPool(batch, window),
            "average_inc_pad" => Functions.AveragePool(batch, window, Averaging.WithPadding),
            "average_exc_pad" => Functions.AveragePool(batch, window, Averaging.WithoutPadding),
            var mode => throw PythonError.ValueError($"invalid pooling mode {mode}"),
        };
        return pooled.Reshape([.. x.Shape[..^rank], .. pooled.Shape[^rank..]]);
    }

    /// <summary>A row per window of each channel of each image.</summary>
    private static object? Neighbourhoods(Arguments a)
    {
        Expr x = a.Tensor("ten4");
        Seq<int> size = a.Ints("neib_shape", 2), step = a.Has("neib_step") ? a.Ints("neib_step", 2) : size;
        string mode = a.Text("mode");
        Seq<int> pad = mode switch
        {
            "valid" or "ignore_borders" => [0, 0],
            "half" => size.Map(s => s / 2),
            "full" => size.Map(s => s - 1),
            _ => throw new MissingFeature($"images2neibs(mode={mode})"),
        };
        Expr windows = Functions.Unfold(x, Window.Of(size, step, pad));
        return windows.Reshape([windows.Shape[..4].Elements, windows.Shape[4..].Elements]);
    }

    private static object? FromNeighbourhoods(Arguments a)
    {
        Expr rows = a.Tensor("neibs");
        Seq<int> size = a.Ints("neib_shape", 2);
        Seq<Dim> image = a.Dims("original_shape").ToSeq();
        Shape windows = [image[0], image[1], image[2].FloorDiv(size[0]), image[3].FloorDiv(size[1]), size[0], size[1]];
        Expr seen = rows.Flatten(0).Equate([windows.Elements]).Reshape(windows);
        return Functions.Fold(seen, Window.Of(size, size), [image[2], image[3]]);
    }
}
