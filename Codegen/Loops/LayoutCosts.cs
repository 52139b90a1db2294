using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// What a unit is expected to cost with the layouts that its buffers have: cycles of one core, as in <see cref="ConvolutionScheduling"/>. Only differences between
/// layouts count, so what all layouts have in common may be left out. A size that only the call knows counts as 1.
/// </summary>
internal sealed class LayoutCosts(Outline outline, CodegenOptions options)
{
    /// <summary>Cycles of an element that lanes read or store side by side.</summary>
    private const double Near = 0.15;

    /// <summary>Cycles of one that they take from afar.</summary>
    private const double Far = 8;

    /// <summary>Cycles of one whose place must be divided out.</summary>
    private const double Divided = 12;

    /// <summary>Multiply-adds per cycle of kernels' gradients.</summary>
    private const double MultiplyAdds = 12;

    /// <summary>Cycles of an element of a product by panels whose epilogue is no sum in registers, as one per channel is only where channels are columns.</summary>
    private const double Ended = 0.5;

    /// <summary>Cycles of an element that a copy moves, side by side on one side at least.</summary>
    private const double Copied = 0.45;

    /// <summary>Cycles of one that lies apart on both.</summary>
    private const double Scattered = 1.6;

    /// <summary>Lanes of another array are taken in steps up to this no slower than side by side.</summary>
    private const long NearStride = 2;

    /// <summary>Fewest terms of a reduction that are worth being lanes.</summary>
    private const long FewestTerms = 16;

    private readonly Dictionary<Unit, List<(Expr Node, Seq<Dim> At)>> reads = [];
    private readonly Dictionary<object, double> contractions = [];

    /// <summary>The cost of a unit.</summary>
    public double Of(Unit unit)
    {
        if (unit.Roots[0].Op is not FormulaOp)
        {
            return 0;
        }
        Layout? layout = unit.Roots.Where(root => !unit.Inner.Contains(root)).Select(outline.LayoutOf).FirstOrDefault(layout => layout is not null);
        Seq<LoopIndex> axes = Inlining.Space(unit.Roots[0].Shape);
        LoopIndex? lane = Layout.InOrder(layout, axes).LastOrDefault(i => !i.Extent.Is(1));
        double points = axes.Aggregate(1.0, (product, i) => product * Number(i.Extent)), cost = unit.Contraction is { } contraction ? OfContraction(unit.Roots[0], contraction, isEnded: unit.Roots.Any(root => root != contraction)) : 0;
        foreach (Expr root in unit.Roots.Where(root => !unit.Inner.Contains(root)))
        {
            cost += points * OfLanes(outline.LayoutOf(root), root.Shape, axes.Map(i => (Dim)i), [lane]);
        }
        foreach ((Expr node, Seq<Dim> at) in Reads(unit, axes))
        {
            LoopIndex[] terms = [.. at.SelectMany(dim => dim.Symbols).OfType<LoopIndex>().Distinct().Where(i => !axes.Contains(i))];
            // What is joined of several is read in parts.
            double times = terms.Length == 0 ? Math.Min(points, Elements(node.Shape)) : terms.Aggregate(points, (product, i) => product * Number(i.Extent));
            // Where a long reduction runs along memory its terms are lanes.
            cost += times * OfLanes(outline.LayoutOf(node), node.Shape, at, [lane, .. terms.Where(i => Number(i.Extent) >= FewestTerms)]);
        }
        return cost;
    }

    /// <summary>The cycles of an element read or stored at an index, where any of some indices may become lanes.</summary>
    private static double OfLanes(Layout? layout, Shape shape, Seq<Dim> at, LoopIndex?[] lanes)
    {
        Dim offset = Layout.Offset(layout, shape, at);
        return Array.Exists(lanes, lane => lane is null || Vectorizing.Stride(offset, lane) is >= 0 and <= NearStride) ? Near : offset.Linear(lanes[0]!) is null ? Divided : Far;
    }

    private static double Elements(Shape shape) => shape.Aggregate(1.0, (product, extent) => product * Number(extent));

    /// <summary>What the unit reads beside the operands of its contraction: in a store's epilogue these are as in a nest.</summary>
    private List<(Expr Node, Seq<Dim> At)> Reads(Unit unit, Seq<LoopIndex> axes)
    {
        if (!reads.TryGetValue(unit, out List<(Expr Node, Seq<Dim> At)>? found))
        {
            reads[unit] = found = [];
            var inlining = new Inlining(outline, _ => 0, (node, at) => found.Add((node, at)));
            Seq<Dim> point = axes.Map(i => (Dim)i);
            if (unit.Contraction is { } contraction)
            {
                inlining.Set(contraction, point, new Element.Read(-1, point, contraction.DType));
            }
            foreach (Expr root in unit.Roots.Where(root => root != unit.Contraction))
            {
                inlining.At(root, point, isRoot: true);
            }
            found.RemoveAll(read => !Layout.Matters(read.Node.Shape));
        }
        return found;
    }

    private double OfContraction(Expr root, Expr contraction, bool isEnded)
    {
        bool isView = contraction.Inputs.Any(input => !outline.HasBuffer(input));
        object key = ValueTuple.Create<object, Seq<ExprType>, Seq<bool>, Seq<Layout?>, string, (Layout?, bool)>(isView ? contraction : contraction.Op, contraction.Inputs.Map(input => input.Type), contraction.Inputs.Map(input => input.Op is Ops.Constant),
            contraction.Inputs.Map(input => isView ? null : outline.LayoutOf(input)), isView ? string.Concat(Views(contraction).Select(node => $"{outline.LayoutOf(node)}")) : "", (outline.LayoutOf(root), isEnded));
        if (!contractions.TryGetValue(key, out double cost))
        {
            contractions[key] = cost = Cycles(Roles.Of(root, contraction, outline, new Inlining(outline, _ => 0), options), contraction, isEnded && outline.LayoutOf(root) is null ? Ended : 0);
        }
        return cost;
    }

    /// <summary>The buffers behind operands that are moved on the way.</summary>
    private IEnumerable<Expr> Views(Expr contraction)
    {
        var pending = new Stack<Expr>(contraction.Inputs);
        while (pending.TryPop(out Expr? node))
        {
            if (outline.HasBuffer(node))
            {
                yield return node;
                continue;
            }
            foreach (Expr input in node.Inputs)
            {
                pending.Push(input);
            }
        }
    }

    private double Cycles(Roles roles, Expr contraction, double ended)
    {
        if (roles is { Convolved: { } schedule, Convolution: { } shape })
        {
            return ConvolutionScheduling.Cycles(schedule, shape);
        }
        if (roles.Gradient is { Geometry: var g })
        {
            double results = (double)g.Groups * g.Images * g.OutHeight * g.OutWidth, products = results * g.Channels * g.Filters * g.TapsY * g.TapsX;
            return (products / MultiplyAdds) + (g.ResultFilter == 1 ? 0 : results * g.Filters * Copied) + (g.ImageChannel == 1 ? 0 : (double)g.Groups * g.Images * g.Height * g.Width * g.Channels * Near);
        }
        long batches = Size(roles.Batch), rows = Size(roles.Rows), columns = Size(roles.Columns), depth = Size(roles.Depth);
        int bytes = contraction.DType.Size(), bits = options.ProductBits ?? options.VectorBits;
        double sums = PanelChoice.Cycles(rows, columns, depth, bits / 8 / bytes, bits / 8, 0) * Math.Ceiling(depth / (double)PanelLayout.BlockDepth);
        return batches * (sums + (rows * columns * ended) + OfOperand(1 - roles.Wide, roles.Rows, isColumns: false) + OfOperand(roles.Wide, roles.Columns, isColumns: true));

        // What steps evenly is read in place, the rest is packed; constants are packed once for all.
        double OfOperand(int operand, Seq<LoopIndex> lines, bool isColumns)
        {
            if (contraction.Inputs[operand].Op is Ops.Constant)
            {
                return 0;
            }
            double elements = (double)Size(lines) * depth;
            Element element = roles.Operands[operand];
            double halo = element is Element.Call ? elements * Near : 0;
            element = element is Element.Call { Function: Intrinsic.Select } guarded ? guarded.Arguments[1] : element;
            return OperandSteps.Of(element, lines, roles.Depth) is not { } steps ? elements * Divided
                : steps.IsMatrix && halo == 0 && (!isColumns || steps.LineStep!.Is(1)) ? 0
                : halo + (elements * (IsNear(steps.Line, lines) || IsNear(steps.Depth, roles.Depth) ? Copied : Scattered));
        }
    }

    private static bool IsNear(Dim offset, Seq<LoopIndex> indices) => indices.Count > 0 && Vectorizing.Stride(offset, indices[^1]) == 1;

    private static long Size(Seq<LoopIndex> indices) => indices.Aggregate(1L, (product, i) => product * Number(i.Extent));

    private static long Number(Dim size) => size.IsConstant ? size.Constant : Math.Max(1, size.Substitute(_ => (Dim)1) is { IsConstant: true } known ? known.Constant : 1);
}
