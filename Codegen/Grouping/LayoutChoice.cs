namespace Symbolic.Codegen;

/// <summary>Chooses the layouts of a graph's buffers, from shapes and options alone.</summary>
internal static class LayoutChoice
{
    /// <summary>The layouts that are not row-major.</summary>
    /// <param name="outline">Which expressions have buffers.</param>
    /// <param name="units">What is computed together.</param>
    /// <param name="options">What may be used.</param>
    public static IReadOnlyDictionary<Expr, Layout> Of(Outline outline, IReadOnlyList<Unit> units, CodegenOptions options)
    {
        var layouts = new Dictionary<Expr, Layout>(ReferenceEqualityComparer.Instance);
        if (options.Layouts != Layouts.ChannelsLast)
        {
            return layouts;
        }
        foreach (Expr root in units.SelectMany(unit => unit.Roots.Where(root => !unit.Inner.Contains(root) && IsFree(root, outline))))
        {
            layouts[root] = Layout.ChannelsLast(root.Tensor.Rank);
        }
        return layouts;
    }

    /// <summary>Whether a buffer may have any layout: kernels alone write and read it, which address it by one offset. What others see is row-major.</summary>
    private static bool IsFree(Expr root, Outline outline) =>
        root.Op is FormulaOp && !outline.IsResult(root) && Layout.Matters(root.Shape) && outline.ReadersOf(root).All(reader => reader.Op is FormulaOp);
}
