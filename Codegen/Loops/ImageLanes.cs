namespace Symbolic.Codegen;

/// <summary>Where an operand of a contraction has elements along one axis: 0 ≤ step·line + tap·depth + origin &lt; extent; outside it is zero.</summary>
/// <param name="Line">The index of the result that moves along the axis, or null.</param>
/// <param name="Step">How far it moves.</param>
/// <param name="Depth">The index of the sum that moves along the axis.</param>
/// <param name="Tap">How far it moves.</param>
/// <param name="Origin">Where both are 0.</param>
/// <param name="Extent">Elements along the axis.</param>
internal sealed record Border(LoopIndex? Line, long Step, LoopIndex Depth, long Tap, long Origin, long Extent);

/// <summary>
/// A schedule for a contraction whose one operand is mostly border, such as the gradient of a convolution with respect to a small
/// image: lanes are the same place of several images, so that each place meets exactly its valid taps and no zero is multiplied. The operand
/// is copied with its images innermost; taps come first in the depth, so that the valid ones are a few ranges of it.
/// </summary>
/// <param name="Source">Type of the copy, images last.</param>
/// <param name="Image">The axis of the operand that the images are along.</param>
/// <param name="Images">The index over images.</param>
/// <param name="Borders">The borders, in the order in which their depths come first.</param>
internal sealed record ImageLanes(TensorType Source, int Image, LoopIndex Images, Seq<Border> Borders)
{
    /// <summary>Above this share of valid products a halo of zeros costs less than the copy and the scattered store.</summary>
    private const double LargestShare = 0.75;

    /// <summary>The schedule for an operand whose elements are read at an index, or null where it does not apply.</summary>
    /// <param name="operand">The operand's element.</param>
    /// <param name="source">Its type.</param>
    /// <param name="index">The index at which it is read.</param>
    /// <param name="lines">Indices of the result that occur in this operand alone.</param>
    /// <param name="over">Indices of the sum.</param>
    /// <param name="options">Width of the vectors.</param>
    public static ImageLanes? For(Element operand, TensorType source, Seq<Dim> index, Seq<LoopIndex> lines, Seq<LoopIndex> over, CodegenOptions options)
    {
        if (operand is not Element.Call { Function: Intrinsic.Select } || options.VectorBits == 0 || !source.Shape.IsKnown || lines.Concat(over).Any(i => !i.Extent.IsConstant))
        {
            return null;
        }
        long tile = 2 * options.VectorBits / 8 / source.DType.Size();
        int image = index.Select((dim, axis) => (dim, axis)).FirstOrDefault(x => lines.Any(l => x.dim.Equals((Dim)l) && l.Extent.Constant > 0 && l.Extent.Constant % tile == 0), (0, -1)).axis;
        if (image < 0)
        {
            return null;
        }
        LoopIndex images = lines.First(l => index[image].Equals((Dim)l));
        var borders = new List<Border>();
        double share = 1;
        for (int axis = 0; axis < index.Count; axis++)
        {
            if (axis == image || IsInside(index[axis], source.Shape[axis].Constant))
            {
                continue;
            }
            if (BorderOf(index[axis], source.Shape[axis].Constant, lines, over) is not { } border || borders.Any(b => b.Depth == border.Depth) || border.Line == images)
            {
                return null;
            }
            borders.Add(border);
            share *= Share(border);
        }
        if (borders.Count == 0 || share > LargestShare || borders.SkipLast(1).Aggregate(1L, (a, b) => a * b.Depth.Extent.Constant) > Library.PanelLayout.MostRanges)
        {
            return null;
        }
        Shape shape = [.. source.Shape.Where((_, axis) => axis != image), source.Shape[image]];
        return new ImageLanes(source with { Shape = shape }, image, images, borders.ToSeq());
    }

    /// <summary>An index of the operand as one of the copy.</summary>
    public Seq<Dim> Moved(Seq<Dim> index) => index.RemoveAt(Image).Add(index[Image]);

    /// <summary>An index of the copy as one of the operand.</summary>
    public Seq<Dim> Original(Seq<Dim> index) => index.RemoveAt(index.Count - 1).Insert(Image, index[^1]);

    private static bool IsInside(Dim index, long extent) => index.IsAtLeast(0) && ((Dim)(extent - 1)).IsAtLeast(index);

    private static Border? BorderOf(Dim index, long extent, Seq<LoopIndex> lines, Seq<LoopIndex> over)
    {
        LoopIndex[] found = [.. index.Symbols.OfType<LoopIndex>()];
        LoopIndex[] depths = [.. found.Where(over.Contains)], places = [.. found.Where(lines.Contains)];
        if (depths.Length != 1 || places.Length > 1 || index.Symbols.Count != depths.Length + places.Length
            || index.Linear(depths[0]) is not ({ IsConstant: true } tap, var rest))
        {
            return null;
        }
        if (places.Length == 0)
        {
            return rest.IsConstant ? new Border(null, 0, depths[0], tap.Constant, rest.Constant, extent) : null;
        }
        return rest.Linear(places[0]) is ({ IsConstant: true } step, { IsConstant: true } origin)
            ? new Border(places[0], step.Constant, depths[0], tap.Constant, origin.Constant, extent)
            : null;
    }

    private static double Share(Border border)
    {
        long places = border.Line?.Extent.Constant ?? 1, depths = border.Depth.Extent.Constant, valid = 0;
        for (long line = 0; line < places; line++)
        {
            for (long depth = 0; depth < depths; depth++)
            {
                long at = (border.Step * line) + (border.Tap * depth) + border.Origin;
                valid += at >= 0 && at < border.Extent ? 1 : 0;
            }
        }
        return (double)valid / Math.Max(1, places * depths);
    }
}
