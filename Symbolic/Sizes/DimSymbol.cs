namespace Symbolic;

/// <summary>An unknown in a <see cref="Dim"/>. Derive to add a kind; equality says when two stand for the same number.</summary>
public abstract record DimSymbol
{
    /// <summary>The name by which it is printed.</summary>
    public abstract string Name { get; }

    /// <summary>No value is less.</summary>
    public virtual long Lower => 0;

    /// <summary>No value is greater; null where nothing is known.</summary>
    public virtual long? Upper => null;

    /// <summary>Every value is less than this expression, which may be symbolic; null where nothing is known.</summary>
    public virtual Dim? Limit => null;

    /// <summary>The symbols on whose values its own depends; a loop's index does not depend on its extent.</summary>
    internal virtual IEnumerable<DimSymbol> Inner => [];

    /// <summary>The same symbol over others, or null where it depends on none of those that are mapped.</summary>
    internal virtual DimSymbol? Substitute(Func<DimSymbol, Dim?> map) => null;

    /// <summary>
    /// Decides the order of terms and factors, so it must not depend on when the symbol was made, and must tell apart
    /// symbols that share a name without being equal. The name comes first so that printed order is alphabetic.
    /// </summary>
    public virtual string SortKey => $"{Name}\0{GetType().Name}\0{Lower}\0{Upper}\0{Limit}";

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;
}

/// <summary>A size that the user named. Two with one name and the same bounds are the same size.</summary>
/// <param name="Name">The user's name for it.</param>
/// <param name="Lower">No value is less.</param>
/// <param name="Upper">No value is greater; null where nothing is known.</param>
public sealed record NamedSymbol(string Name, long Lower = 0, long? Upper = null) : DimSymbol
{
    /// <inheritdoc/>
    public override string Name { get; } = Name;

    /// <inheritdoc/>
    public override long Lower { get; } = Lower;

    /// <inheritdoc/>
    public override long? Upper { get; } = Upper;
}

/// <summary>The index of a loop, from 0 to one less than its extent.</summary>
/// <param name="Name">The name of the variable.</param>
/// <param name="Extent">How many values it takes.</param>
public sealed record LoopIndex(string Name, Dim Extent) : DimSymbol
{
    /// <inheritdoc/>
    public override string Name { get; } = Name;

    /// <inheritdoc/>
    public override long? Upper => Extent.Upper is long extent ? extent - 1 : null;

    /// <inheritdoc/>
    public override Dim Limit => Extent;
}
