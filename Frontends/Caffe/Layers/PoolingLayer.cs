using Symbolic.Caffe.Schema;
using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Maximum or average of windows of images [n,c,h,w]. A second top holds where each maximum lies, as h·width + w; ties go to the
/// first. What an average divides by counts the padding, but not what sticks out behind it.
/// </summary>
internal sealed class PoolingLayer : LayerType
{
    public override string Name => "Pooling";

    public override Arity Tops => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        PoolingParameter parameter = layer.Parameter.PoolingParam ?? throw layer.Error("pooling_param is missing");
        Expr x = layer.Bottom;
        if (x.Rank != 4)
        {
            throw layer.Error($"input must have 4 axes, corresponding to (num, channels, height, width); got {x.Label}");
        }
        if (layer.TopCount > 1 && parameter.Pool != PoolingParameter.Types.PoolMethod.Max)
        {
            throw layer.Error("only pool: MAX has a second top, where each maximum lies", parameter, "pool");
        }
        Expr y = Pooled(layer, parameter, x);
        return layer.TopCount == 1 ? [y] : [y, Positions(x, PoolingGeometry.Of(layer, parameter, layer.Size(x, 2), layer.Size(x, 3)))];
    }

    /// <summary>The maximum or average of each window of images [n,c,h,w].</summary>
    internal static Expr Pooled(LayerScope layer, PoolingParameter parameter, Expr x)
    {
        Window window = PoolingGeometry.Of(layer, parameter, layer.Size(x, 2), layer.Size(x, 3));
        return parameter.Pool switch
        {
            PoolingParameter.Types.PoolMethod.Max => MaxPool(x, window),
            PoolingParameter.Types.PoolMethod.Ave => AveragePool(x, window),
            PoolingParameter.Types.PoolMethod.Stochastic => throw layer.Error("pool: STOCHASTIC is not supported; MAX and AVE are", parameter, "pool"),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
    }

    private static Expr Positions(Expr x, Window window)
    {
        Expr inWindow = Expr.Of(new WindowArgMax(window), x);
        Expr Image(int axis, Expr tap) => Iota(inWindow.Shape, axis) * window.Stride[axis - 2] - window.Before[axis - 2] + tap;
        Expr row = Image(2, FloorDiv<Expr>(inWindow, window.Size[1])), column = Image(3, inWindow % window.Size[1]);
        return (row * SizeOf(x.Shape[3]) + column).Cast(x.DType);
    }
}

/// <summary>
/// The windows of Caffe's pooling (pooling_layer.cpp, Reshape): the number of positions is rounded up by default, so that the
/// last window may stick out behind; one that would begin in the padding behind is dropped.
/// </summary>
internal static class PoolingGeometry
{
    public static Window Of(LayerScope layer, PoolingParameter parameter, long height, long width)
    {
        Seq<long> image = [height, width];
        Seq<int> size = Size(layer, parameter, image);
        Seq<int> pad = Pair(layer, parameter.HasPad, parameter.Pad, parameter.HasPadH || parameter.HasPadW, parameter.PadH, parameter.PadW, "pad", 0);
        Seq<int> stride = Pair(layer, parameter.HasStride, parameter.Stride, parameter.HasStrideH || parameter.HasStrideW, parameter.StrideH, parameter.StrideW, "stride", 1);
        if (parameter.GlobalPooling && (pad.Any(p => p != 0) || stride.Any(s => s != 1)))
        {
            throw layer.Error("with global_pooling: true, pad must be 0 and stride 1", parameter);
        }
        var after = new int[2];
        for (int axis = 0; axis < 2; axis++)
        {
            if (pad[axis] >= size[axis])
            {
                throw layer.Error($"{(axis == 0 ? "pad_h" : "pad_w")} {pad[axis]} must be less than {(axis == 0 ? "kernel_h" : "kernel_w")} {size[axis]}", parameter);
            }
            long room = image[axis] + 2L * pad[axis] - size[axis];
            if (room < 0)
            {
                throw layer.Error($"a kernel of {size[axis]} does not fit into {image[axis]} + 2 * {pad[axis]}", parameter);
            }
            bool up = parameter.RoundMode == PoolingParameter.Types.RoundMode.Ceil;
            long positions = (up ? room + stride[axis] - 1 : room) / stride[axis] + 1;
            if (pad.Any(p => p > 0) && (positions - 1) * stride[axis] >= image[axis] + pad[axis])
            {
                positions--;
            }
            after[axis] = (int)Math.Max(0, (positions - 1) * stride[axis] + size[axis] - pad[axis] - image[axis]);
        }
        return new Window(size, stride, pad, Seq.Create<int>(after), [1, 1]);
    }

    private static Seq<int> Size(LayerScope layer, PoolingParameter parameter, Seq<long> image)
    {
        bool pair = parameter.HasKernelH && parameter.HasKernelW;
        if (parameter.GlobalPooling)
        {
            return parameter.HasKernelSize || parameter.HasKernelH || parameter.HasKernelW
                ? throw layer.Error("with global_pooling: true, the filter size cannot be specified", parameter)
                : image.Map(size => checked((int)size));
        }
        if (parameter.HasKernelSize == pair || (parameter.HasKernelSize && (parameter.HasKernelH || parameter.HasKernelW)))
        {
            throw layer.Error("filter size is kernel_size OR kernel_h and kernel_w; not both, and one of them is needed", parameter);
        }
        return pair
            ? [layer.Number(parameter.KernelH, "kernel_h", 1), layer.Number(parameter.KernelW, "kernel_w", 1)]
            : [layer.Number(parameter.KernelSize, "kernel_size", 1), layer.Number(parameter.KernelSize, "kernel_size", 1)];
    }

    private static Seq<int> Pair(LayerScope layer, bool hasOne, uint one, bool hasPair, uint h, uint w, string name, int least) => hasPair
        ? hasOne ? throw layer.Error($"{name} is {name} OR {name}_h and {name}_w; not both") : [layer.Number(h, $"{name}_h", least), layer.Number(w, $"{name}_w", least)]
        : [layer.Number(one, name, least), layer.Number(one, name, least)];
}
