namespace Symbolic;

/// <summary>
/// An index that is data: the value of an integer element, or the end of the axis that is nearest to it. So no read through it lies
/// outside, whatever the data are; only an axis without elements needs a guard. It occurs in formulas, never in the sizes of a type.
/// </summary>
/// <param name="Value">An int64.</param>
/// <param name="Extent">The size of the axis.</param>
public sealed record ElementIndex(Element Value, Dim Extent) : DimSymbol
{
    private string? key;

    /// <inheritdoc/>
    public override string Name => "element";

    /// <inheritdoc/>
    public override long? Upper => Extent.Upper is long extent ? Math.Max(extent - 1, 0) : null;

    /// <inheritdoc/>
    public override Dim Limit => Extent;

    /// <inheritdoc/>
    public override string SortKey => key ??= $"{Name}\0{nameof(ElementIndex)}\0{Extent}\0{Value}";

    /// <inheritdoc/>
    internal override IEnumerable<DimSymbol> Inner => Extent.Symbols.Concat(Value.Dims().SelectMany(dim => dim.Symbols));

    /// <inheritdoc/>
    internal override DimSymbol? Substitute(Func<DimSymbol, Dim?> map)
    {
        Element value = Value.MapDims(dim => dim.Substitute(map));
        Dim extent = Extent.Substitute(map);
        return ReferenceEquals(value, Value) && ReferenceEquals(extent, Extent) ? null : new ElementIndex(value, extent);
    }

    /// <inheritdoc/>
    public bool Equals(ElementIndex? other) => ReferenceEquals(this, other) || (other is not null && Extent.Equals(other.Extent) && Value.Equals(other.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Extent, Value);
}
