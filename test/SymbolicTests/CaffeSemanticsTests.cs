using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>The ops that LeNet and the autoencoder need against the layers of real Caffe: values and gradients.</summary>
public class CaffeSemanticsTests
{
    private static readonly Dictionary<string, Func<Dictionary<string, Expr>, Expr>> Layers = new()
    {
        ["Conv_basic"] = b => Convolve(b["in.x"], b["param.layer.0"]) + Bias(b),
        ["Conv_pad_stride"] = b => Convolve(b["in.x"], b["param.layer.0"], [2, 2], [1, 1]) + Bias(b),
        ["Conv_nonsquare"] = b => Convolve(b["in.x"], b["param.layer.0"], [2, 3], [1, 2]) + Bias(b),
        ["Conv_dilation_hw"] = b => Convolve(b["in.x"], b["param.layer.0"], [1, 2], [1, 0], [2, 3]) + Bias(b),
        ["Conv_group"] = b => Convolve(b["in.x"], b["param.layer.0"], padding: [1, 1], groups: 3) + Bias(b),
        ["Conv_3d"] = b => Convolve(b["in.x"], b["param.layer.0"], padding: [0, 1, 1]) + b["param.layer.1"].Reshape([3, 1, 1, 1]),
        ["Pool_max_basic"] = b => MaxPool(b["in.x"], Ceiling(b["in.x"], [2, 2], [2, 2], [0, 0])),
        ["Pool_max_floor"] = b => MaxPool(b["in.x"], Ops.Window.Of([3, 3], [2, 2])),
        ["Pool_max_mask"] = b => MaxPool(b["in.x"], Ceiling(b["in.x"], [3, 3], [2, 2], [1, 1])),
        ["Pool_max_nonsq"] = b => MaxPool(b["in.x"], Ceiling(b["in.x"], [2, 3], [1, 2], [1, 1])),
        ["Pool_max_ties"] = b => MaxPool(b["in.x"], Ceiling(b["in.x"], [3, 3], [1, 1], [0, 0])),
        ["Pool_ave_floor"] = b => AveragePool(b["in.x"], Ops.Window.Of([3, 3], [2, 2], [1, 1])),
        ["Pool_ave_pad_ceil"] = b => AveragePool(b["in.x"], Ceiling(b["in.x"], [3, 3], [2, 2], [1, 1])),
        ["Pool_ave_pad_ceil2"] = b => AveragePool(b["in.x"], Ceiling(b["in.x"], [4, 4], [3, 3], [1, 1])),
        ["LRN_across_alexnet"] = b => ChannelResponseNorm(b["in.x"], 5, 0.0001),
        ["LRN_across_default"] = b => ChannelResponseNorm(b["in.x"], 5),
        ["LRN_across_k2_n3"] = b => ChannelResponseNorm(b["in.x"], 3, 0.5, 0.6, 2),
        ["LRN_within_k_ignored"] = b => SpatialResponseNorm(b["in.x"], 5, 0.8, 0.5),
        ["BatchNorm_train"] = b => BatchNormalize(b["in.x"], epsilon: 1e-5).Output,
        ["Conv_1d"] = b => Convolve(b["in.x"], b["param.layer.0"], [2], [1]) + b["param.layer.1"].Reshape([4, 1]),
        ["Conv_depthwise"] = b => Convolve(b["in.x"], b["param.layer.0"], [2, 2], [1, 1], groups: 4),
        ["Deconv_basic"] = b => ConvolveTransposed(b["in.x"], b["param.layer.0"], Ops.Window.Of([3, 3], [2, 2])) + Bias(b),
        ["Deconv_dilation_nonsq"] = b => ConvolveTransposed(b["in.x"], b["param.layer.0"], Ops.Window.Of([2, 3], [1, 2], dilation: [2, 2])) + Bias(b),
        ["Deconv_pad"] = b => ConvolveTransposed(b["in.x"], b["param.layer.0"], Ops.Window.Of([4, 4], [2, 2], [1, 1])),
        ["Hinge_L1"] = b => HingeLoss(b["in.x"], b["in.l"]).Mean(),
        ["ReLU_default"] = b => Relu<Expr>(b["in.x"]),
        ["ReLU_inplace_leaky"] = b => Relu<Expr>(b["in.x"], 0.25),
        ["Sigmoid_basic"] = b => Sigmoid<Expr>(b["in.x"]),
        ["TanH_basic"] = b => Tanh<Expr>(b["in.x"]),
        ["Softmax_axis0"] = b => Softmax(b["in.x"], 0),
        ["Softmax_large"] = b => Softmax(b["in.x"], 1),
        ["Softmax_spatial"] = b => Softmax(b["in.x"], 1),
        ["SoftmaxLoss_default"] = b => CrossEntropy(b["in.x"], b["in.l"]).Mean(),
        ["SigmoidCE_none_big"] = b => SigmoidCrossEntropy(b["in.x"], b["in.l"]).Sum(),
        ["Euclidean_lw4d"] = b => ((b["in.a"] - b["in.b"]) * (b["in.a"] - b["in.b"])).Sum() / (2 * SizeOf(b["in.a"].Shape[0]).Cast(DType.Float32)),
        ["Accuracy_top1"] = b => EqualTo<Expr>(b["in.x"].ArgMax(1), b["in.l"].Cast(DType.Int64)).Cast(DType.Float32).Mean(),
    };

    [DataFact]
    public void LayersAgreeWithCaffe()
    {
        foreach (string name in Layers.Keys)
        {
            Dictionary<string, Literal> golden = Npz.Read(ReferenceData.File("caffe", "golden", "layers", $"{name}.npz")).ToDictionary(array => array.Key, array => array.Value.ToLiteral());
            var blobs = golden.Where(array => array.Key.StartsWith("in.", StringComparison.Ordinal) || array.Key.StartsWith("param.", StringComparison.Ordinal))
                .ToDictionary(array => array.Key, array => new Variable(array.Key, DType.Float32, [.. array.Value.Sizes.Select(size => (Dim?)size)]));
            Expr result = Layers[name](blobs.ToDictionary(blob => blob.Key, blob => blob.Value.Expr));
            Dictionary<Variable, Literal> values = blobs.ToDictionary(blob => blob.Value, blob => golden[blob.Key]);
            Compare($"{name} out", golden.Single(array => array.Key.StartsWith("out.", StringComparison.Ordinal) && array.Key != "out.mask").Value, Reference.Evaluate([result], values)[0]);
            if (golden.SingleOrDefault(array => array.Key.StartsWith("outdiff.", StringComparison.Ordinal)).Value is not { } arriving)
            {
                continue;
            }
            foreach ((string key, Literal expected) in golden)
            {
                string blob = key.Replace("paramdiff.", "param.", StringComparison.Ordinal).Replace("diff.", "in.", StringComparison.Ordinal);
                if (key.StartsWith("diff.", StringComparison.Ordinal) || key.StartsWith("paramdiff.", StringComparison.Ordinal))
                {
                    Derivative slope = Differentiation.Gradient([blobs[blob].Expr], [result], [Constant(arriving)])[0];
                    // Statistics that a layer keeps for itself get no gradient: Caffe's stays 0.
                    Expr found = slope is Derivative.Known known ? known.Expr : Zeros(blobs[blob].Expr.Tensor);
                    Compare($"{name} {key}", expected, Reference.Evaluate([found], values)[0]);
                }
            }
        }
    }

    [Theory]
    // caffe/src/caffe/layers/pooling_layer.cpp, PoolingLayer::Reshape: sizes worked out by hand.
    [InlineData(24, 2, 2, 0, 12)]
    [InlineData(7, 2, 2, 0, 4)]
    [InlineData(5, 3, 2, 1, 3)]
    [InlineData(4, 3, 2, 1, 3)]
    [InlineData(4, 2, 2, 1, 3)]
    [InlineData(3, 2, 2, 1, 2)]
    [InlineData(7, 2, 3, 0, 3)]
    public void WindowsThatStickOut(int image, int size, int stride, int padding, long expected)
    {
        Expr x = Input("x", DType.Float32, 1, 1, image);
        Assert.Equal(expected, MaxPool(x, Ceiling(x, [size], [stride], [padding])).Shape[2].Constant);
    }

    /// <summary>Caffe rounds the number of windows up, and drops a last one that would begin in the padding behind the image.</summary>
    private static Ops.Window Ceiling(Expr image, Seq<int> size, Seq<int> stride, Seq<int> padding)
    {
        Seq<int> after = Enumerable.Range(0, size.Count).Select(axis =>
        {
            int extent = (int)image.Shape[axis + 2].Constant, pad = padding[axis];
            int windows = (int)Math.Ceiling((extent + 2 * pad - size[axis]) / (double)stride[axis]) + 1;
            windows -= pad > 0 && (windows - 1) * stride[axis] >= extent + pad ? 1 : 0;
            return Math.Max(0, (windows - 1) * stride[axis] + size[axis] - extent - pad);
        }).ToSeq();
        return new Ops.Window(size, stride, padding, after, size.Map(_ => 1));
    }

    private static Expr Bias(Dictionary<string, Expr> blobs) => blobs["param.layer.1"].Reshape([blobs["param.layer.1"].Shape[0], 1, 1]);

    private static void Compare(string what, Literal expected, Literal found)
    {
        Assert.Equal(expected.Count, found.Count);
        double[] wanted = expected.ToDoubles(), values = found.ToDoubles();
        for (int i = 0; i < wanted.Length; i++)
        {
            // The tolerance that the data's README gives: both sides are float32 sums in different orders.
            Assert.True(Math.Abs(wanted[i] - values[i]) <= 1e-5 + 1e-4 * Math.Abs(wanted[i]), $"{what}[{i}]: {values[i]}, Caffe says {wanted[i]}");
        }
    }
}
