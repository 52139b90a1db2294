using System.Diagnostics;

namespace Symbolic;

/// <summary>What a <see cref="Dim"/> is built of: a symbol, or an operation that a sum of products cannot express.</summary>
public abstract record DimAtom
{
    private protected DimAtom()
    {
    }

    internal abstract DimBounds Bounds { get; }

    /// <summary>The operands, none for a symbol.</summary>
    internal abstract Seq<Dim> Operands { get; }

    /// <summary>The same operation on other operands, simplified; a symbol has none to replace.</summary>
    internal Dim Rebuild(Dim left, Dim right) => this switch
    {
        DivAtom => left.FloorDiv(right),
        ModAtom => left.Mod(right),
        MinAtom => Dim.Min(left, right),
        MaxAtom => Dim.Max(left, right),
        _ => throw new UnreachableException($"{this} has no operands"),
    };

    internal long Parts => 1 + Operands.Sum(operand => operand.Parts);

    internal int Depth => Operands.Count == 0 ? 0 : 1 + Operands.Max(operand => operand.Depth);

    // By kind, then by structure, so that the order is the same in every run.
    internal static int Compare(DimAtom left, DimAtom right)
    {
        if (ReferenceEquals(left, right))
        {
            return 0;
        }
        if (left is SymbolAtom { Symbol: var one } && right is SymbolAtom { Symbol: var other })
        {
            int byName = string.CompareOrdinal(one.Name, other.Name);
            return byName != 0 || one.Equals(other) ? byName : string.CompareOrdinal(one.SortKey, other.SortKey);
        }
        int order = Kind(left).CompareTo(Kind(right));
        for (int i = 0; order == 0 && i < left.Operands.Count; i++)
        {
            order = Dim.Compare(left.Operands[i], right.Operands[i]);
        }
        return order;
    }

    private static int Kind(DimAtom atom) => atom switch
    {
        SymbolAtom => 0,
        DivAtom => 1,
        ModAtom => 2,
        MinAtom => 3,
        MaxAtom => 4,
        _ => throw new UnreachableException($"no such kind of atom: {atom}"),
    };
}

/// <summary>An unknown.</summary>
/// <param name="Symbol">Which one.</param>
public sealed record SymbolAtom(DimSymbol Symbol) : DimAtom
{
    internal override DimBounds Bounds => new(Symbol.Lower, Symbol.Upper);

    internal override Seq<Dim> Operands => [];
}

/// <summary>The quotient rounded down.</summary>
/// <param name="Dividend">What is divided.</param>
/// <param name="Divisor">By what.</param>
public sealed record DivAtom(Dim Dividend, Dim Divisor) : DimAtom
{
    internal override DimBounds Bounds => DimBounds.FloorDiv(Dividend.Bounds, Divisor.Bounds);

    internal override Seq<Dim> Operands => [Dividend, Divisor];
}

/// <summary>The remainder of the quotient rounded down; it has the sign of the divisor.</summary>
/// <param name="Dividend">What is divided.</param>
/// <param name="Divisor">By what.</param>
public sealed record ModAtom(Dim Dividend, Dim Divisor) : DimAtom
{
    internal override DimBounds Bounds => DimBounds.Mod(Dividend.Bounds, Divisor.Bounds);

    internal override Seq<Dim> Operands => [Dividend, Divisor];
}

/// <summary>The lesser of two.</summary>
/// <param name="Left">One of them.</param>
/// <param name="Right">The other.</param>
public sealed record MinAtom(Dim Left, Dim Right) : DimAtom
{
    internal override DimBounds Bounds => DimBounds.Min(Left.Bounds, Right.Bounds);

    internal override Seq<Dim> Operands => [Left, Right];
}

/// <summary>The greater of two.</summary>
/// <param name="Left">One of them.</param>
/// <param name="Right">The other.</param>
public sealed record MaxAtom(Dim Left, Dim Right) : DimAtom
{
    internal override DimBounds Bounds => DimBounds.Max(Left.Bounds, Right.Bounds);

    internal override Seq<Dim> Operands => [Left, Right];
}
