namespace Symbolic;

/// <summary>
/// Something with identity that stands in a graph as a leaf: an input, or a shared variable of the runtime.
/// Two variables of one name are two variables; everything else in a graph is equal by value.
/// </summary>
public class Variable
{
    private static long made;

    /// <summary>A variable of this type; axes given as null get symbols of their own.</summary>
    /// <param name="name">How messages and printed graphs call it.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="sizes">Sizes per axis; null for one that is not known yet.</param>
    public Variable(string name, DType dtype, params ReadOnlySpan<Dim?> sizes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Serial = Interlocked.Increment(ref made);
        var dims = new Dim[sizes.Length];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            dims[axis] = sizes[axis] ?? new AxisSymbol(this, axis);
        }
        Type = new TensorType(dtype, new Shape(Seq.Create<Dim>(dims)));
        Expr = Expr.Of(new Ops.Leaf(this));
    }

    /// <summary>How messages and printed graphs call it.</summary>
    public string Name { get; }

    /// <summary>Its dtype and sizes.</summary>
    public TensorType Type { get; }

    /// <summary>The leaf expression that reads it.</summary>
    public Expr Expr { get; }

    /// <summary>Order of making; tells apart what shares a name while a graph is built.</summary>
    internal long Serial { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}

/// <summary>The size of one axis of a variable, where the user did not name it.</summary>
public sealed record AxisSymbol(Variable Variable, int Axis) : DimSymbol
{
    /// <inheritdoc/>
    public override string Name => $"{Variable.Name}.{Axis}";

    /// <summary>
    /// Tells two variables of one name apart by age. A compiled program renames all symbols by position first, so age never
    /// shows in emitted code.
    /// </summary>
    public override string SortKey => $"{Name}\0{nameof(AxisSymbol)}\0{Variable.Serial}";
}

/// <summary>The value of an integer scalar expression used as a size, at least 0 and at most <see cref="UpperBound"/> where given.</summary>
public sealed record ValueSymbol(Expr Value, Dim? UpperBound) : DimSymbol
{
    /// <inheritdoc/>
    public override string Name => Value.Name ?? $"value_{Value.Op.Name}";

    /// <inheritdoc/>
    public override long? Upper => UpperBound?.Upper;

    /// <inheritdoc/>
    public override Dim? Limit => UpperBound is { Offset: < long.MaxValue } bound ? bound + 1 : null;

    /// <summary>Two values of one name are told apart by their nodes; a compiled program renames all symbols by position first.</summary>
    public override string SortKey => $"{Name}\0{nameof(ValueSymbol)}\0{Value.GetHashCode()}";
}

/// <summary>A size that a closed program computes, such as the number of elements that are not zero; see <see cref="Closing"/>.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="UpperBound">No value is greater; null where nothing is known.</param>
public sealed record CountSymbol(string Name, Dim? UpperBound = null) : DimSymbol
{
    /// <inheritdoc/>
    public override string Name { get; } = Name;

    /// <inheritdoc/>
    public override long? Upper => UpperBound?.Upper;

    /// <inheritdoc/>
    public override Dim? Limit => UpperBound is { Offset: < long.MaxValue } bound ? bound + 1 : null;
}
