using Google.Protobuf.Collections;
using Symbolic.Caffe.Schema;
using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Cross-correlation over all axes behind the channel axis, with groups, strides, padding and dilation. Several bottoms go
/// through the same weights, each to its own top.
/// </summary>
internal sealed class ConvolutionLayer : LayerType
{
    public override string Name => "Convolution";

    public override Arity Bottoms => Arity.AtLeast(1);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        ConvolutionParameter parameter = layer.Parameter.ConvolutionParam ?? throw layer.Error("convolution_param is missing");
        if (layer.TopCount != layer.Bottoms.Count)
        {
            throw layer.Error($"produces {layer.TopCount} top blob(s) of {layer.Bottoms.Count} bottom blob(s); it wants one top per bottom");
        }
        Expr first = layer.Bottom;
        int axis = layer.Axis(parameter.Axis, first);
        int spatial = first.Rank - axis - 1;
        if (spatial < 1)
        {
            throw layer.Error($"wants axes behind the channel axis {axis} of {first.Label}");
        }
        Window window = Geometry(layer, parameter, spatial);
        long outputs = layer.Number(parameter.NumOutput, "num_output", least: 1), channels = layer.Size(first, axis);
        int groups = layer.Number(parameter.Group, "group", least: 1);
        if (channels % groups != 0 || outputs % groups != 0)
        {
            throw layer.Error($"group {groups} must divide the {channels} input channels and num_output {outputs}");
        }
        Expr kernel = layer.Weight([outputs, channels / groups, .. window.Size.Select(size => (long)size)], parameter.WeightFiller);
        Expr? bias = parameter.BiasTerm ? layer.Weight([outputs], parameter.BiasFiller) : null;
        return layer.Bottoms.Map(x =>
        {
            if (!x.Shape.Equals(first.Shape))
            {
                throw layer.Error($"wants all bottoms of one shape; got {first.Label} and {x.Label}");
            }
            Expr images = x.Reshape([x.Shape[..axis].Elements, .. x.Shape[axis..]]);
            Expr y = Convolve(images, kernel, window.Stride, window.Before, window.Dilation, groups);
            y = bias is null ? y : y + bias.BroadcastTo(y.Shape, [1]);
            return y.Reshape([.. x.Shape[..axis], .. y.Shape[1..]]);
        });
    }

    private static Window Geometry(LayerScope layer, ConvolutionParameter parameter, int spatial)
    {
        Seq<int> size = Either(layer, parameter.KernelSize, "kernel_size", "kernel_h/w", parameter.HasKernelH || parameter.HasKernelW, parameter.KernelH, parameter.KernelW, spatial, null);
        Seq<int> stride = Either(layer, parameter.Stride, "stride", "stride_h/w", parameter.HasStrideH || parameter.HasStrideW, parameter.StrideH, parameter.StrideW, spatial, 1);
        Seq<int> pad = Either(layer, parameter.Pad, "pad", "pad_h/w", parameter.HasPadH || parameter.HasPadW, parameter.PadH, parameter.PadW, spatial, 0);
        Seq<int> dilation = Either(layer, parameter.Dilation, "dilation", "", false, 0, 0, spatial, 1);
        if (size.Any(s => s == 0) || stride.Any(s => s == 0) || dilation.Any(d => d == 0))
        {
            throw layer.Error("kernel_size, stride and dilation must be nonzero");
        }
        return Window.Of(size, stride, pad, dilation);
    }

    /// <summary>A field given once, once per axis, or (for two axes) as _h and _w; never both ways.</summary>
    private static Seq<int> Either(LayerScope layer, RepeatedField<uint> list, string name, string pair, bool hasPair, uint h, uint w, int spatial, int? fallback)
    {
        if (hasPair)
        {
            return list.Count > 0 ? throw layer.Error($"either {name} or {pair} should be specified; not both")
                : spatial != 2 ? throw layer.Error($"{pair} can only be used for 2-D convolution; this one has {spatial} axes")
                : [layer.Number(h, name), layer.Number(w, name)];
        }
        if (list.Count == 0 && fallback is { } value)
        {
            return Enumerable.Repeat(value, spatial).ToSeq();
        }
        return list.Count == 1 || list.Count == spatial
            ? Enumerable.Range(0, spatial).Select(axis => layer.Number(list[list.Count == 1 ? 0 : axis], name)).ToSeq()
            : throw layer.Error($"{name} must be specified once, or once per spatial dimension ({name} specified {list.Count} times; {spatial} spatial dims)");
    }
}
