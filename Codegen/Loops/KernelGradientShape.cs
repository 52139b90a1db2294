using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// A contraction seen as the gradient of a convolution over two axes with respect to its kernels, by its index formulas alone: the sum runs over images and places of the result,
/// each of which meets the image at the place that a tap takes it to. Extents are known but for the number of images.
/// </summary>
/// <param name="Images">How many images.</param>
/// <param name="Geometry">Everything else; its number of images is that of <paramref name="Images"/> where it is known, else 1.</param>
/// <param name="ImageBuffer">The position of the images' buffer.</param>
/// <param name="ImageOrigin">The offset in it of row 0 and column 0 of image 0.</param>
/// <param name="ResultBuffer">The position of the buffer of the gradient with respect to the result.</param>
/// <param name="ResultOrigin">The offset in it of its first element.</param>
internal sealed record KernelGradientShape(Dim Images, ConvolutionGeometry Geometry, int ImageBuffer, long ImageOrigin, int ResultBuffer, long ResultOrigin)
{
    /// <summary>Where the values and positions of windows lie of which the gradient with respect to the result is made, where that has no buffer.</summary>
    public PooledShape? Pooled { get; init; }

    /// <summary>The shape, or null where the contraction is no such gradient.</summary>
    /// <param name="image">An element of the operand that has the columns.</param>
    /// <param name="result">An element of the operand that has the rows.</param>
    /// <param name="source">The type of the images as the contraction reads them.</param>
    /// <param name="index">The index at which it does.</param>
    /// <param name="isRead">Whether they lie in a buffer: then nothing but their borders can guard the element.</param>
    /// <param name="batch">Indices in both operands.</param>
    /// <param name="rows">Indices in the result alone.</param>
    /// <param name="columns">Indices in the images alone.</param>
    /// <param name="depth">Indices summed over.</param>
    public static KernelGradientShape? Of(
        Element image, Element result, TensorType source, Seq<Dim> index, bool isRead, Seq<LoopIndex> batch, Seq<LoopIndex> rows, Seq<LoopIndex> columns, Seq<LoopIndex> depth)
    {
        var read = image as Element.Read ?? (isRead && image is Element.Call { Function: Intrinsic.Select } guarded ? guarded.Arguments[1] as Element.Read : null);
        if (read is null || result is not Element.Read places || index.Count != 4 || batch.Count > 1 || rows.Count > 1
            || source.Shape.Skip(1).Any(extent => !extent.IsConstant) || batch.Concat(rows).Concat(columns).Any(i => !i.Extent.IsConstant))
        {
            return null;
        }
        if (ConvolutionShape.AxisOf(index[2], source.Shape[2].Constant, columns, depth) is not { Walk: >= 0 } y || ConvolutionShape.AxisOf(index[3], source.Shape[3].Constant, columns, depth) is not { Walk: >= 0 } x)
        {
            return null;
        }
        // What is a line of a convolution is a tap here, and the other way round.
        LoopIndex? n = depth.FirstOrDefault(i => i != y.Tap && i != x.Tap), g = batch.FirstOrDefault(), k = rows.FirstOrDefault(), c = columns.FirstOrDefault(i => i != y.Line && i != x.Line);
        LoopIndex?[] taps = [c, y.Line, x.Line], sums = [n, y.Tap, x.Tap];
        if (!columns.SequenceEqual(taps.OfType<LoopIndex>()) || !depth.SequenceEqual(sums.OfType<LoopIndex>()) || sums.Skip(1).OfType<LoopIndex>().Any(i => !i.Extent.IsConstant)
            || (n is null ? !index[0].Is(0) : !index[0].Equals((Dim)n)) || index[1].Symbols.Any(s => s != g && s != c))
        {
            return null;
        }
        if (ConvolutionShape.Steps(places.At[0], [g, k, n, y.Tap, x.Tap]) is not { } of || ConvolutionShape.Steps(read.At[0], [g, n, c, y.Line, y.Tap, x.Line, x.Tap]) is not { } at)
        {
            return null;
        }
        // A step of 0 is that of an index which is not there, or of an axis along which nothing moves.
        long row = y.Line is not null ? at.Steps[3] / Math.Max(1, y.Step) : y.Tap is not null ? at.Steps[4] / Math.Max(1, y.Walk) : 0;
        long column = x.Line is not null ? at.Steps[5] / Math.Max(1, x.Step) : x.Tap is not null ? at.Steps[6] / Math.Max(1, x.Walk) : 0;
        if (at.Steps[3] != row * y.Step || at.Steps[4] != row * y.Walk || at.Steps[5] != column * x.Step || at.Steps[6] != column * x.Walk)
        {
            return null;
        }
        Dim images = n is null ? 1 : n.Extent;
        var geometry = new ConvolutionGeometry
        {
            Groups = g?.Extent.Constant ?? 1,
            Images = images.IsConstant ? images.Constant : 1,
            Channels = c?.Extent.Constant ?? 1,
            Filters = k?.Extent.Constant ?? 1,
            Height = source.Shape[2].Constant,
            Width = source.Shape[3].Constant,
            OutHeight = y.Tap?.Extent.Constant ?? 1,
            OutWidth = x.Tap?.Extent.Constant ?? 1,
            TapsY = y.Line?.Extent.Constant ?? 1,
            TapsX = x.Line?.Extent.Constant ?? 1,
            StrideY = y.Tap is null ? 1 : y.Walk,
            StrideX = x.Tap is null ? 1 : x.Walk,
            DilationY = y.Line is null ? 1 : y.Step,
            DilationX = x.Line is null ? 1 : x.Step,
            Top = -y.Origin,
            Left = -x.Origin,
            ImageGroup = at.Steps[0],
            ImageStep = at.Steps[1],
            ImageChannel = at.Steps[2],
            ImageRow = row,
            ImageColumn = column,
            ResultGroup = of.Steps[0],
            ResultFilter = of.Steps[1],
            ResultStep = of.Steps[2],
            ResultRow = of.Steps[3],
            ResultColumn = of.Steps[4],
        };
        return new KernelGradientShape(images, geometry, read.Operand, at.Origin - (row * y.Origin) - (column * x.Origin), places.Operand, of.Origin);
    }
}
