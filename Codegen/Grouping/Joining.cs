namespace Symbolic.Codegen;

/// <summary>
/// Arrays that are joined without being copied: what is computed only to be joined with others lies within the array that joins them, so that the kernels that compute the parts have joined
/// them. With channels last a part has the other parts' channels between its pixels, as a gap; row-major, of a single image, it is one piece.
/// </summary>
internal static class Joining
{
    /// <summary>Where a part lies in the array that joins it.</summary>
    /// <param name="Whole">That array.</param>
    /// <param name="At">The element of it that is the part's first.</param>
    /// <param name="Layout">How the part lies then.</param>
    public sealed record Place(Expr Whole, long At, Layout? Layout);

    /// <summary>Parts begin where lines of a cache do, as arrays of their own would.</summary>
    private const long Line = 64;

    /// <summary>
    /// Whether what follows a frozen convolution by pointwise ops should be stored by it, since it is joined next: in the store of a contraction it costs nothing, and what joins has then nothing left to do
    /// but to copy.
    /// </summary>
    /// <param name="node">An expression that has no buffer yet.</param>
    /// <param name="reader">Its only reader.</param>
    /// <param name="contraction">The contraction that it follows, or null.</param>
    public static bool EndsPart(Expr node, Expr reader, Expr? contraction) =>
        node.Op is Pointwise && reader.Op is Ops.Concatenate && contraction is not null && contraction.Inputs.Any(input => input.Op is Ops.Constant);

    /// <summary>The parts that lie within another array, all or none of each array's; they get the layouts that they have there.</summary>
    /// <param name="outline">Which expressions have buffers, and how these lie.</param>
    /// <param name="units">What is computed together, in order.</param>
    public static IReadOnlyDictionary<Expr, Place> Lay(Outline outline, IReadOnlyList<Unit> units)
    {
        var places = new Dictionary<Expr, Place>(ReferenceEqualityComparer.Instance);
        var owner = new Dictionary<Expr, Unit>(ReferenceEqualityComparer.Instance);
        var layouts = new Dictionary<Expr, Layout>(outline.Layouts, ReferenceEqualityComparer.Instance);
        foreach (Unit unit in units)
        {
            if (unit.Roots is [{ Op: Ops.Concatenate } whole] && !outline.IsResult(whole) && whole.Inputs.Distinct().Count() == whole.Inputs.Count
                && whole.Inputs.All(part => owner.TryGetValue(part, out Unit? by) && by.Contraction is not null && by.Roots.Count == 1 && !outline.IsResult(part) && outline.ReadersOf(part).Count == 1)
                && Places(whole, outline) is { } found)
            {
                foreach ((Expr part, Place place) in whole.Inputs.Zip(found))
                {
                    places.Add(part, place);
                    if (place.Layout is not null)
                    {
                        layouts[part] = place.Layout;
                    }
                }
                // A part of a part would lie in what is none of its own.
                continue;
            }
            foreach (Expr root in unit.Roots.Where(root => !unit.Inner.Contains(root) && !unit.Passing.Contains(root)))
            {
                owner[root] = unit;
            }
        }
        outline.Layouts = layouts;
        return places;
    }

    private static List<Place>? Places(Expr whole, Outline outline)
    {
        int axis = ((Ops.Concatenate)whole.Op).Axis, size = whole.DType.Size();
        Layout? layout = outline.LayoutOf(whole);
        bool isInnermost = layout is not null && layout.Order[^1] == axis;
        // Elements from one index along the axis to the next.
        Dim step = isInnermost ? 1 : whole.Shape[(axis + 1)..].Aggregate((Dim)1, (elements, extent) => elements * extent);
        if (!(isInnermost || (layout is null && whole.Shape[..axis].All(extent => extent.Is(1)))) || !step.IsConstant || !whole.Shape[axis].IsConstant)
        {
            return null;
        }
        var places = new List<Place>();
        Dim at = 0;
        foreach (Expr part in whole.Inputs)
        {
            Layout? own = outline.LayoutOf(part);
            if (!(at is { IsConstant: true, Constant: <= int.MaxValue / 16 } && at.Constant * size % Line == 0) || (isInnermost ? own is null || !own.Order.Equals(layout!.Order) : own is not null))
            {
                return null;
            }
            places.Add(new Place(whole, at.Constant, isInnermost ? new Layout(layout!.Order, checked((int)(whole.Shape[axis] - part.Shape[axis]).Constant) + layout.Gap) : null));
            at += part.Shape[axis] * step;
        }
        return places;
    }
}
