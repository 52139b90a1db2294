namespace Symbolic.Codegen;

/// <summary>
/// Writes the formula of one kernel: an expression with a buffer is read, any other has its meaning put in its place. Reads
/// address their buffer by one offset, which is all that a kernel knows of its layout.
/// </summary>
/// <param name="outline">Which expressions have buffers, and how these lie.</param>
/// <param name="slotOf">The position of a buffer in the kernel.</param>
/// <param name="onRead">Told of every read and its index.</param>
/// <param name="placeOf">Where elements lie of what has no buffer of the plan; null for all else.</param>
internal sealed class Inlining(Outline outline, Func<Expr, int> slotOf, Action<Expr, Seq<Dim>>? onRead = null, Func<Expr, Seq<Dim>, Dim?>? placeOf = null)
{
    private readonly Dictionary<(Expr Node, Seq<Dim> At), Element> memo = [];
    private readonly IndexNames names = new();

    /// <summary>The element of an expression at an index; the root of a kernel is computed even though it has a buffer.</summary>
    public Element At(Expr node, Seq<Dim> at, bool isRoot = false)
    {
        if (memo.TryGetValue((node, at), out Element? known))
        {
            return known;
        }
        Element made = outline.HasBuffer(node) && !isRoot ? Read(node, at)
            : ((FormulaOp)node.Op).Define(new Formula(node.Inputs.Map(x => x.Tensor), node.Tensor, (operand, index) => At(node.Inputs[operand], index), names), at);
        return memo[(node, at)] = made;
    }

    /// <summary>Says what stands for an expression at an index, such as the finished tile of a contraction.</summary>
    public void Set(Expr node, Seq<Dim> at, Element element) => memo[(node, at)] = element;

    /// <summary>A read of an expression's buffer.</summary>
    public Element Read(Expr node, Seq<Dim> at)
    {
        onRead?.Invoke(node, at);
        return new Element.Read(slotOf(node), [Offset(node, at)], node.DType);
    }

    /// <summary>Where an element lies in what an expression is kept in.</summary>
    public Dim Offset(Expr node, Seq<Dim> at) => placeOf?.Invoke(node, at) ?? Layout.Offset(outline.LayoutOf(node), node.Shape, at);

    /// <summary>An index per axis of a shape.</summary>
    public static Seq<LoopIndex> Space(Shape shape) => Enumerable.Range(0, shape.Rank).Select(axis => new LoopIndex($"i{axis}", shape[axis])).ToSeq();
}
