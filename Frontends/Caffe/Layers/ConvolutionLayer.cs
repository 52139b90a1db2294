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
        ConvolutionGeometry geometry = ConvolutionGeometry.Of(layer, parameter);
        (long channels, long outputs, int groups) = Channels(layer, parameter, geometry);
        Window window = geometry.Window;
        Expr kernel = layer.Weight([outputs, channels / groups, .. window.Size.Select(size => (long)size)], parameter.WeightFiller);
        Expr? bias = parameter.BiasTerm ? layer.Weight([outputs], parameter.BiasFiller) : null;
        return layer.Bottoms.Map(x =>
        {
            Expr y = Convolve(geometry.Images(x), kernel, window.Stride, window.Before, window.Dilation, groups);
            y = bias is null ? y : y + bias.BroadcastTo(y.Shape, [1]);
            return geometry.Blob(y, x);
        });
    }

    /// <summary>Numbers of channels in and out, and of the groups that divide both.</summary>
    internal static (long Channels, long Outputs, int Groups) Channels(LayerScope layer, ConvolutionParameter parameter, ConvolutionGeometry geometry)
    {
        long outputs = layer.Number(parameter.NumOutput, "num_output", least: 1), channels = layer.Size(layer.Bottom, geometry.Axis);
        int groups = layer.Number(parameter.Group, "group", least: 1);
        return channels % groups == 0 && outputs % groups == 0 ? (channels, outputs, groups)
            : throw layer.Error($"group {groups} must divide the {channels} input channels and num_output {outputs}");
    }
}

/// <summary>
/// The transpose of a convolution: each value puts its kernel into the result, stride apart. The weights are those of the
/// convolution from the result to the bottom, [in, out/group, ...]; its gradient is that convolution.
/// </summary>
internal sealed class DeconvolutionLayer : LayerType
{
    public override string Name => "Deconvolution";

    public override Arity Bottoms => Arity.AtLeast(1);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        ConvolutionParameter parameter = layer.Parameter.ConvolutionParam ?? throw layer.Error("convolution_param is missing");
        ConvolutionGeometry geometry = ConvolutionGeometry.Of(layer, parameter);
        (long channels, long outputs, int groups) = ConvolutionLayer.Channels(layer, parameter, geometry);
        Window window = geometry.Window;
        Expr kernel = layer.Weight([channels, outputs / groups, .. window.Size.Select(size => (long)size)], parameter.WeightFiller);
        Expr? bias = parameter.BiasTerm ? layer.Weight([outputs], parameter.BiasFiller) : null;
        return layer.Bottoms.Map(x =>
        {
            Expr images = geometry.Images(x);
            Shape result = [images.Shape[0], outputs, .. Enumerable.Range(0, window.Rank).Select(axis => Extent(layer, window, axis, images.Shape[axis + 2]))];
            Expr y = Expr.Of(new ConvolutionImage(window, groups, result), images, kernel);
            y = bias is null ? y : y + bias.BroadcastTo(y.Shape, [1]);
            return geometry.Blob(y, x);
        });
    }

    private static Dim Extent(LayerScope layer, Window window, int axis, Dim positions)
    {
        Dim extent = (positions - 1) * window.Stride[axis] + ((long)window.Dilation[axis] * (window.Size[axis] - 1) + 1 - 2L * window.Before[axis]);
        return extent.Upper < 1 ? throw layer.Error($"pad {window.Before[axis]} leaves nothing of {positions} positions of a kernel of {window.Size[axis]}") : extent;
    }
}
