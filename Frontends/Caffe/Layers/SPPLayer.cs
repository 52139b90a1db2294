using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Spatial pyramid pooling (He et al. 2014): on level i, 2^i by 2^i windows that cover the image; the levels' results as one row per
/// image (spp_layer.cpp).
/// </summary>
internal sealed class SPPLayer : LayerType
{
    // The windows of a level are four times those of the one below.
    private const int MostLevels = 12;

    public override string Name => "SPP";

    public override Seq<Expr> Build(LayerScope layer)
    {
        SPPParameter parameter = layer.Parameter.SppParam ?? throw layer.Error("spp_param is missing");
        Expr x = layer.Bottom;
        if (x.Rank != 4)
        {
            throw layer.Error($"input must have 4 axes, corresponding to (num, channels, height, width); got {x.Label}");
        }
        int levels = layer.Number(parameter.PyramidHeight, "pyramid_height", least: 1);
        if (levels > MostLevels)
        {
            throw layer.Error($"pyramid_height above {MostLevels} is refused; got {levels}", parameter, "pyramid_height");
        }
        Seq<Expr> pooled = Enumerable.Range(0, levels).Select(level => PoolingLayer.Pooled(layer, Level(layer, parameter, 1 << level, x), x)).ToSeq();
        return levels == 1 ? pooled : [Concatenate(pooled.Map(y => y.Flatten()), 1)];
    }

    private static PoolingParameter Level(LayerScope layer, SPPParameter parameter, int bins, Expr x)
    {
        (uint kernelH, uint padH) = Window(layer.Size(x, 2), bins);
        (uint kernelW, uint padW) = Window(layer.Size(x, 3), bins);
        return new PoolingParameter
        {
            Pool = (PoolingParameter.Types.PoolMethod)parameter.Pool,
            KernelH = kernelH,
            KernelW = kernelW,
            StrideH = kernelH,
            StrideW = kernelW,
            PadH = padH,
            PadW = padW,
        };
    }

    /// <summary>Windows so large that the bins cover the axis, and half of what is too much ahead of it.</summary>
    private static (uint Kernel, uint Pad) Window(long size, int bins)
    {
        long kernel = (size + bins - 1) / bins;
        return ((uint)kernel, (uint)((kernel * bins - size + 1) / 2));
    }
}
