namespace Symbolic;

/// <summary>Which size symbols a graph mentions.</summary>
internal static class SizeSymbols
{
    /// <summary>Every size that is not a number in the types and op parameters of a graph, node by node; nested graphs included.</summary>
    public static IEnumerable<Dim> Sizes(Seq<Expr> roots) => Traversal.Order(roots).SelectMany(Sizes);

    /// <summary>Every size that is not a number in the type and the op parameters of one node.</summary>
    public static List<Dim> Sizes(Expr node)
    {
        var sizes = new List<Dim>();
        Dim Note(Dim size)
        {
            if (!size.IsConstant)
            {
                sizes.Add(size);
            }
            return size;
        }
        foreach (TensorType type in node.Type switch { TupleType tuple => tuple.Items, var single => [(TensorType)single] })
        {
            foreach (Dim size in type.Shape)
            {
                Note(size);
            }
        }
        node.Op.MapDims(Note);
        return sizes;
    }

    /// <summary>The symbol that a size consists of, if it is one symbol and nothing else.</summary>
    public static DimSymbol? Alone(Dim size) =>
        size is { Offset: 0, Terms: [{ Coefficient: 1, Factors: [SymbolAtom { Symbol: var symbol }] }] } ? symbol : null;
}
