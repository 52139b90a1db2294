namespace Symbolic;

/// <summary>What an expression yields: one tensor or a tuple of them.</summary>
public abstract record ExprType;

/// <summary>Element type and sizes of a tensor; printed as <c>f32[n,784]</c>.</summary>
public sealed record TensorType(DType DType, Shape Shape) : ExprType
{
    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <inheritdoc/>
    public override string ToString() => DType.Text() + Shape;
}

/// <summary>The type of an op with several results; each is taken out by <see cref="Ops.Item"/>.</summary>
public sealed record TupleType(Seq<TensorType> Items) : ExprType
{
    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", Items)})";
}
