namespace Symbolic.Codegen;

/// <summary>What the indices and operands of a contraction are in its product, by where they occur and where the result lies.</summary>
/// <param name="At">The index of an element of the result.</param>
/// <param name="Target">Its offset.</param>
/// <param name="Operands">An element of either operand.</param>
/// <param name="Indices">The index at which each is read.</param>
/// <param name="Wide">Which operand has the columns.</param>
/// <param name="Batch">Indices in both operands.</param>
/// <param name="Rows">Indices in the other operand.</param>
/// <param name="Columns">Indices in the operand of the columns; they become lanes.</param>
/// <param name="Depth">Indices summed over.</param>
/// <param name="Convolution">What it is as a convolution, or null.</param>
/// <param name="Convolved">The schedule by which it runs as one, or null.</param>
/// <param name="Gradient">What it is as the gradient of a convolution with respect to its kernels, if it runs as one; else null.</param>
internal sealed record Roles(
    Seq<Dim> At, Dim Target, Seq<Element> Operands, Seq<Seq<Dim>> Indices, int Wide,
    Seq<LoopIndex> Batch, Seq<LoopIndex> Rows, Seq<LoopIndex> Columns, Seq<LoopIndex> Depth, ConvolutionShape? Convolution, Schedule? Convolved, KernelGradientShape? Gradient)
{
    /// <summary>The roles in a contraction whose result is stored as a root's layout says.</summary>
    public static Roles Of(Expr root, Expr contraction, Outline outline, Inlining inlining, CodegenOptions options) =>
        PooledShape.IsUnstored(contraction, outline) && Of(root, contraction, outline, inlining, options, isPooled: true) is { Gradient: not null } pooled ? pooled
            : Of(root, contraction, outline, inlining, options, isPooled: false);

    private static Roles Of(Expr root, Expr contraction, Outline outline, Inlining inlining, CodegenOptions options, bool isPooled)
    {
        Layout? layout = outline.LayoutOf(root);
        Seq<LoopIndex> axes = Inlining.Space(root.Shape);
        (Seq<LoopIndex> space, Seq<Dim> walked) = Splitting.Split(Layout.InOrder(layout, axes), Meaning.Of(contraction));
        Seq<Dim> at = layout is null ? walked : axes.Select((_, axis) => walked[layout.Order.IndexOf(axis)]).ToSeq();
        var indices = new Seq<Dim>[2];
        (Seq<LoopIndex> over, Element a, Element b) = Contraction.Parts(contraction, at, (operand, index) =>
        {
            indices[operand] = index;
            return isPooled && operand == 1 ? PooledShape.Unstored(contraction.Inputs[operand], index) : inlining.At(contraction.Inputs[operand], index);
        });
        Dim target = Layout.Offset(layout, root.Shape, at);
        HashSet<DimSymbol> inA = IndicesOf(a), inB = IndicesOf(b);
        Seq<LoopIndex> live = space.Where(i => !i.Extent.Is(1)).ToSeq();
        Seq<LoopIndex> batch = live.Where(i => inA.Contains(i) && inB.Contains(i)).ToSeq();
        Seq<LoopIndex> ofB = live.Where(i => inB.Contains(i) && !inA.Contains(i)).ToSeq(), ofA = live.Where(i => !inB.Contains(i)).ToSeq();
        // Columns become lanes: they should lie side by side where the result is stored.
        bool columnsOfB = ofB.Count > 0 && (Vectorizing.Stride(target, ofB[^1]) == 1 || ofA.Count == 0 || Vectorizing.Stride(target, ofA[^1]) != 1);
        var roles = new Roles(at, target, [a, b], Seq.Create<Seq<Dim>>(indices), columnsOfB ? 1 : 0, batch, columnsOfB ? ofA : ofB, columnsOfB ? ofB : ofA, over.Where(i => !i.Extent.Is(1)).ToSeq(), null, null, null);

        bool decidesPlaces = DecidesPlaces(root, outline);
        ConvolutionShape? Convolved(int image, Seq<LoopIndex> filters, Seq<LoopIndex> pixels, bool filtersAreLanes)
        {
            Expr source = contraction.Inputs[image];
            return ConvolutionShape.Of(roles.Operands[image], roles.Operands[1 - image], source.Tensor, indices[image], outline.HasBuffer(source), outline.LayoutOf(source), batch, filters, pixels, roles.Depth) is { } shape
                ? shape with { HasConstantKernels = contraction.Inputs[1 - image].Op is Ops.Constant, IsGradient = contraction.Op is Ops.ConvolutionImage, DecidesPlaces = decidesPlaces, FiltersAreLanes = filtersAreLanes } : null;
        }

        // Groups of one channel and one filter that lie side by side are lanes where a schedule of convolutions takes them so.
        if (layout is not null && batch is [var group] && roles.Rows.Count == 0 && Vectorizing.Stride(target, group) == 1
            && Convolved(roles.Wide, [], roles.Columns, filtersAreLanes: true) is { } planes && ConvolutionScheduling.Choose(planes, options) is Schedule.Depthwise and var schedule)
        {
            return roles with { Batch = [], Rows = roles.Columns, Columns = batch, Convolution = planes, Convolved = schedule };
        }
        ConvolutionShape? convolution = Convolved(roles.Wide, roles.Rows, roles.Columns, filtersAreLanes: false) ?? Convolved(1 - roles.Wide, roles.Columns, roles.Rows, filtersAreLanes: true);
        if (!isPooled && convolution is not null && ConvolutionScheduling.Choose(convolution, options) is { } convolved)
        {
            return roles with { Convolution = convolution, Convolved = convolved };
        }
        int wide = roles.Wide;
        var gradient = KernelGradientShape.Of(
            roles.Operands[wide], roles.Operands[1 - wide], contraction.Inputs[wide].Tensor, indices[wide], outline.HasBuffer(contraction.Inputs[wide]), batch, roles.Rows, roles.Columns, roles.Depth);
        if (isPooled)
        {
            gradient = wide == 0 && gradient is not null && PooledShape.Of(contraction.Inputs[1], gradient, inlining) is { } pooled ? gradient with { Pooled = pooled } : null;
        }
        return roles with { Convolution = convolution, Gradient = KernelGradientScheduling.Choose(gradient, contraction.DType, options) is null ? null : gradient };
    }

    /// <summary>Whether the place of a maximum over windows is asked of a result, of what a rectifier leaves of it, or of a concatenation with others.</summary>
    private static bool DecidesPlaces(Expr root, Outline outline)
    {
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance) { root };
        var pending = new Stack<Expr>([root]);
        while (pending.TryPop(out Expr? node))
        {
            foreach (Expr reader in outline.ReadersOf(node))
            {
                if (reader.Op is Ops.WindowArgMax)
                {
                    return true;
                }
                if (reader.Op is Ops.Relu or Ops.Concatenate && seen.Add(reader))
                {
                    pending.Push(reader);
                }
            }
        }
        return false;
    }

    private static HashSet<DimSymbol> IndicesOf(Element element)
    {
        var free = new Dictionary<Element, HashSet<DimSymbol>>(ReferenceEqualityComparer.Instance);
        foreach (Element inner in Elements.All([element]))
        {
            free[inner] = Elements.Free(inner, e => free[e]);
        }
        return free[element];
    }
}
