using Symbolic.Caffe.Schema;

namespace Symbolic.Peers.Works.Nets;

/// <summary>What a layer makes of sizes, and which arrays it learns.</summary>
internal static class NetSizes
{
    /// <summary>Sizes of the top and of the learned arrays.</summary>
    /// <exception cref="NotSupportedException">The layer's type is not known here.</exception>
    public static (long[] Top, long[][] Learned) Of(LayerParameter layer, long[][] bottoms)
    {
        long[] x = bottoms[0];
        switch (layer.Type)
        {
            case "Convolution":
                ConvGeometry conv = ConvGeometry.Of(layer);
                (long height, long width) = conv.Result(x[2], x[3]);
                long filters = layer.ConvolutionParam.NumOutput;
                long[] kernel = [filters, x[1] / conv.Groups, conv.KernelY, conv.KernelX];
                return ([x[0], filters, height, width], conv.Biased ? [kernel, [filters]] : [kernel]);
            case "InnerProduct":
                long units = layer.InnerProductParam.NumOutput;
                long[] weights = [units, x.Skip(1).Aggregate(1L, (product, size) => product * size)];
                return ([x[0], units], layer.InnerProductParam.BiasTerm ? [weights, [units]] : [weights]);
            case "Pooling":
                PoolGeometry pool = PoolGeometry.Of(layer, x[2]);
                return ([x[0], x[1], pool.Result(x[2]), pool.Result(x[3])], []);
            case "BatchNorm":
                return (x, [[x[1]], [x[1]], [1]]);
            case "Scale":
                return (x, layer.ScaleParam.BiasTerm ? [[x[1]], [x[1]]] : [[x[1]]]);
            case "Concat":
                return ([x[0], bottoms.Sum(bottom => bottom[1]), .. x[2..]], []);
            case "SoftmaxWithLoss":
                return ([], []);
            case "ReLU" or "TanH" or "LRN" or "Dropout" or "Eltwise" or "Softmax":
                return (x, []);
            default:
                throw new NotSupportedException($"layers of type {layer.Type} are not known to the peers here");
        }
    }
}
