using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// A contraction seen as a convolution over two axes, by its index formulas alone: so forward passes are found, gradients with respect to an image (where taps
/// walk backwards) and transposed convolutions. Extents are known but for the number of images.
/// </summary>
/// <param name="DType">The dtype.</param>
/// <param name="Images">How many images.</param>
/// <param name="Geometry">Everything else; its number of images is that of <paramref name="Images"/> where it is known, else 1.</param>
/// <param name="ImageBuffer">The position of the images' buffer.</param>
/// <param name="ImageOrigin">The offset in it of row 0 and column 0 of image 0.</param>
/// <param name="KernelBuffer">The position of the kernels' buffer.</param>
/// <param name="KernelOrigin">The offset in it of tap 0 of filter 0.</param>
internal sealed record ConvolutionShape(DType DType, Dim Images, ConvolutionGeometry Geometry, int ImageBuffer, long ImageOrigin, int KernelBuffer, long KernelOrigin)
{
    /// <summary>The shape, or null where the contraction is no such convolution.</summary>
    /// <param name="image">An element of the operand that has the pixels.</param>
    /// <param name="kernel">An element of the operand that has the filters.</param>
    /// <param name="source">The type of the images as the contraction reads them.</param>
    /// <param name="index">The index at which it does.</param>
    /// <param name="isRead">Whether they lie in a buffer: then nothing but their borders can guard the element.</param>
    /// <param name="layout">How that buffer lies.</param>
    /// <param name="batch">Indices in both operands.</param>
    /// <param name="rows">Indices in the kernels alone.</param>
    /// <param name="columns">Indices in the images alone.</param>
    /// <param name="depth">Indices summed over.</param>
    public static ConvolutionShape? Of(
        Element image, Element kernel, TensorType source, Seq<Dim> index, bool isRead, Layout? layout, Seq<LoopIndex> batch, Seq<LoopIndex> rows, Seq<LoopIndex> columns, Seq<LoopIndex> depth)
    {
        var read = image as Element.Read ?? (isRead && image is Element.Call { Function: Intrinsic.Select } guarded ? guarded.Arguments[1] as Element.Read : null);
        if (read is null || kernel is not Element.Read taps || index.Count != 4 || batch.Count > 1 || rows.Count > 1
            || source.Shape.Skip(1).Any(extent => !extent.IsConstant) || batch.Concat(rows).Concat(depth).Any(i => !i.Extent.IsConstant))
        {
            return null;
        }
        Element? guard = isRead && image is Element.Call { Function: Intrinsic.Select } select ? select.Arguments[0] : null;
        (Dim inY, long upY) = Undivided(index[2], guard);
        (Dim inX, long upX) = Undivided(index[3], guard);
        if (AxisOf(inY, source.Shape[2].Constant, columns, depth) is not { } y || AxisOf(inX, source.Shape[3].Constant, columns, depth) is not { } x || (upY > 1 && y.Step > 1) || (upX > 1 && x.Step > 1))
        {
            return null;
        }
        LoopIndex? n = columns.FirstOrDefault(i => i != y.Line && i != x.Line), g = batch.FirstOrDefault(), k = rows.FirstOrDefault(), c = depth.FirstOrDefault(i => i != y.Tap && i != x.Tap);
        LoopIndex?[] lines = [n, y.Line, x.Line], sums = [c, y.Tap, x.Tap];
        if (!columns.SequenceEqual(lines.OfType<LoopIndex>()) || depth.Count != sums.OfType<LoopIndex>().Distinct().Count() || !depth.All(sums.Contains)
            || (n is null ? !index[0].Is(0) : !index[0].Equals((Dim)n)) || index[1].Symbols.Any(s => s != g && s != c))
        {
            return null;
        }
        if (Steps(taps.At[0], [g, k, c, y.Tap, x.Tap]) is not { } of || PlacesOf(read, source.Shape, index, isRead, layout, [g, n, c], y, x) is not { } places)
        {
            return null;
        }
        // Taps that walk backwards are numbered from their other end.
        long tapsY = y.Tap?.Extent.Constant ?? 1, tapsX = x.Tap?.Extent.Constant ?? 1;
        long beforeY = -y.Origin - Math.Min(0, y.Walk * (tapsY - 1)), beforeX = -x.Origin - Math.Min(0, x.Walk * (tapsX - 1));
        long kernelOrigin = of.Origin + (y.Walk < 0 ? of.Steps[3] * (tapsY - 1) : 0) + (x.Walk < 0 ? of.Steps[4] * (tapsX - 1) : 0);
        Dim images = n is null ? 1 : n.Extent;
        var geometry = new ConvolutionGeometry
        {
            Groups = g?.Extent.Constant ?? 1,
            Images = images.IsConstant ? images.Constant : 1,
            Channels = c?.Extent.Constant ?? 1,
            Filters = k?.Extent.Constant ?? 1,
            Height = source.Shape[2].Constant,
            Width = source.Shape[3].Constant,
            OutHeight = y.Line?.Extent.Constant ?? 1,
            OutWidth = x.Line?.Extent.Constant ?? 1,
            TapsY = tapsY,
            TapsX = tapsX,
            StrideY = y.Line is null ? 1 : y.Step,
            StrideX = x.Line is null ? 1 : x.Step,
            UpY = upY,
            UpX = upX,
            DilationY = Math.Max(1, Math.Abs(y.Walk)),
            DilationX = Math.Max(1, Math.Abs(x.Walk)),
            Top = beforeY,
            Left = beforeX,
            ImageGroup = places.Steps[0],
            ImageStep = places.Steps[1],
            ImageChannel = places.Steps[2],
            ImageRow = places.Row,
            ImageColumn = places.Column,
            KernelGroup = of.Steps[0],
            KernelFilter = of.Steps[1],
            KernelChannel = of.Steps[2],
            KernelY = y.Walk < 0 ? -of.Steps[3] : of.Steps[3],
            KernelX = x.Walk < 0 ? -of.Steps[4] : of.Steps[4],
        };
        return new ConvolutionShape(kernel.DType, images, geometry, read.Operand, places.Origin, taps.Operand, kernelOrigin);
    }

    /// <summary>Whether the kernels are constants, as in a net that does not learn.</summary>
    public bool HasConstantKernels { get; init; }

    /// <summary>Whether it is a gradient with respect to images: then no rectifier or maximum follows, which might turn by an error.</summary>
    public bool IsGradient { get; init; }

    /// <summary>
    /// Whether somebody asks where in windows of the result the maxima are, if only behind a rectifier. Patches that are equal, as in an image's blank background, should then have equal results, so that the first
    /// of them is found, and a place's rounding should not depend on where in a tile it lies.
    /// </summary>
    public bool DecidesPlaces { get; init; }

    /// <summary>Whether filters lie side by side in the result: then they are the product's columns and pixels its rows.</summary>
    public bool FiltersAreLanes { get; init; }

    /// <summary>Whether pixels of a row lie side by side in the images and in the result.</summary>
    public bool HasPixelLanes => !FiltersAreLanes && Geometry.ImageColumn == 1;

    /// <summary>Multiply-adds of one image, where images are not counted.</summary>
    public double Products => (double)Geometry.Groups * Geometry.Channels * Geometry.Filters * Geometry.TapsY * Geometry.TapsX * Geometry.OutHeight * Geometry.OutWidth * Geometry.Images;

    /// <summary>
    /// Where group, image, channel and row lie: in a buffer as its shape says; else, in a view of one, as its offset does, which must then step through rows and columns
    /// as the index does.
    /// </summary>
    private static (long Origin, long[] Steps, long Row, long Column)? PlacesOf(Element.Read read, Shape shape, Seq<Dim> index, bool isRead, Layout? layout, LoopIndex?[] outer, Axis y, Axis x)
    {
        if (isRead)
        {
            long down = Layout.Offset(layout, shape, [0, 0, 1, 0]).Constant, next = Layout.Offset(layout, shape, [0, 0, 0, 1]).Constant;
            return Steps(Layout.Offset(layout, shape, [index[0], index[1], 0, 0]), outer) is { } known ? (known.Origin, known.Steps, down, next) : null;
        }
        if (Steps(read.At[0], [.. outer, y.Line, y.Tap, x.Line, x.Tap]) is not { } at)
        {
            return null;
        }
        long row = y.Line is not null ? at.Steps[3] / y.Step : y.Tap is not null ? at.Steps[4] / y.Walk : 0, column = x.Line is not null ? at.Steps[5] / x.Step : x.Tap is not null ? at.Steps[6] / x.Walk : 1;
        bool even = at.Steps[3] == row * y.Step && at.Steps[4] == row * y.Walk && at.Steps[5] == column * x.Step && at.Steps[6] == column * x.Walk;
        return even ? (at.Origin - (row * y.Origin) - (column * x.Origin), at.Steps[..3], row, column) : null;
    }

    /// <summary>An index that is a quotient, where the guard asks that nothing remains, as what is divided and by what.</summary>
    private static (Dim Index, long By) Undivided(Dim index, Element? guard)
    {
        if (guard is null || index.Terms is not [{ Coefficient: 1, Factors: [DivAtom(var dividend, { IsConstant: true } by)] }])
        {
            return (index, 1);
        }
        Dim remainder = dividend.Mod(by);
        bool isWhole = Elements.All([guard]).Any(e => e is Element.Call { Function: Intrinsic.Equal, Arguments: [Element.IndexValue { Index: var left }, Element.IndexValue { Index: var right }] } && left.Equals(remainder) && right.Is(0));
        return isWhole ? (dividend + (index.Offset * by), by.Constant) : (index, 1);
    }

    /// <summary>An index of the image as an axis of a convolution, or null.</summary>
    internal static Axis? AxisOf(Dim index, long extent, Seq<LoopIndex> lines, Seq<LoopIndex> over)
    {
        LoopIndex[] found = [.. index.Symbols.OfType<LoopIndex>()], taps = [.. found.Where(over.Contains)], places = [.. found.Where(lines.Contains)];
        if (taps.Length > 1 || places.Length > 1 || index.Symbols.Count != taps.Length + places.Length || extent == 0)
        {
            return null;
        }
        (Dim walk, Dim rest) = (0, index);
        if (taps.Length == 1)
        {
            if (index.Linear(taps[0]) is not var (by, without))
            {
                return null;
            }
            (walk, rest) = (by, without);
        }
        (Dim step, Dim origin) = (0, rest);
        if (places.Length == 1)
        {
            if (rest.Linear(places[0]) is not var (by, without))
            {
                return null;
            }
            (step, origin) = (by, without);
        }
        return walk.IsConstant && step is { IsConstant: true, Constant: >= 0 } && origin.IsConstant
            ? new Axis(places.FirstOrDefault(), step.Constant, taps.FirstOrDefault(), walk.Constant, origin.Constant) : null;
    }

    /// <summary>An offset's origin and its steps along some indices, absent ones included; null where it is not linear in them, or depends on anything else.</summary>
    internal static (long Origin, long[] Steps)? Steps(Dim offset, LoopIndex?[] indices)
    {
        long[] steps = new long[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] is not { } index || !offset.Contains(index))
            {
                continue;
            }
            if (offset.Linear(index) is not ({ IsConstant: true } step, var rest))
            {
                return null;
            }
            (steps[i], offset) = (step.Constant, rest);
        }
        return offset.IsConstant ? (offset.Constant, steps) : null;
    }

    /// <summary>An axis of the image: the place step·line + walk·tap + origin.</summary>
    internal sealed record Axis(LoopIndex? Line, long Step, LoopIndex? Tap, long Walk, long Origin);
}
