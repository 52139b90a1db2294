using Google.Protobuf.Collections;
using Symbolic.Caffe.Schema;
using Symbolic.Ops;

namespace Symbolic.Caffe.Layers;

/// <summary>What Convolution, Deconvolution and Im2col have in common: where the channels are, and how the window moves over all axes behind them (base_conv_layer.cpp).</summary>
internal sealed record ConvolutionGeometry(int Axis, Window Window)
{
    /// <summary>The geometry that a layer's parameters say for its bottoms, which must be of one shape.</summary>
    public static ConvolutionGeometry Of(LayerScope layer, ConvolutionParameter parameter)
    {
        Expr first = layer.Bottom;
        if (layer.TopCount != layer.Bottoms.Count)
        {
            throw layer.Error($"produces {layer.TopCount} top blob(s) of {layer.Bottoms.Count} bottom blob(s); it wants one top per bottom");
        }
        int axis = layer.Axis(parameter.Axis, first);
        int spatial = first.Rank - axis - 1;
        if (spatial < 1)
        {
            throw layer.Error($"wants axes behind the channel axis {axis} of {first.Label}");
        }
        if (layer.Bottoms.FirstOrDefault(x => !x.Shape.Equals(first.Shape)) is { } other)
        {
            throw layer.Error($"wants all bottoms of one shape; got {first.Label} and {other.Label}");
        }
        return new ConvolutionGeometry(axis, Moves(layer, parameter, spatial));
    }

    /// <summary>A blob as images [n,c,...]: all axes before the channels joined.</summary>
    public Expr Images(Expr x) => x.Reshape([x.Shape[..Axis].Elements, .. x.Shape[Axis..]]);

    /// <summary>Images as a blob again, with the axes that <paramref name="like"/> has before the channels.</summary>
    public Expr Blob(Expr images, Expr like) => images.Reshape([.. like.Shape[..Axis], .. images.Shape[1..]]);

    private static Window Moves(LayerScope layer, ConvolutionParameter parameter, int spatial)
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
