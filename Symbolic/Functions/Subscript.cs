namespace Symbolic;

/// <summary>
/// A place on an axis as a user writes it: a number, which counts from the end when negative; a C# index such as <c>^1</c>; a size expression; or
/// an integer scalar computed when the function runs, which counts from the end when its value is negative.
/// </summary>
public readonly record struct Bound
{
    private readonly Dim? size;
    private readonly Expr? value;
    private readonly bool fromEnd;

    private Bound(Dim? size, Expr? value, bool fromEnd)
    {
        this.size = size;
        this.value = value;
        this.fromEnd = fromEnd;
    }

    /// <summary>A number.</summary>
    public static implicit operator Bound(int position) => (long)position;

    /// <summary>A number.</summary>
    public static implicit operator Bound(long position) => (Dim)position;

    /// <summary>A size expression; a known negative number counts from the end, anything else from the start.</summary>
    public static implicit operator Bound(Dim position) => position is { IsConstant: true, Constant: < 0 } ? new Bound(-position, null, true) : new Bound(position, null, false);

    /// <summary>A number from the start, or from the end as <c>^1</c>.</summary>
    public static implicit operator Bound(Index position) => new(position.Value, null, position.IsFromEnd);

    /// <summary>The value of an integer scalar. One that is made of sizes and numbers alone is a size expression.</summary>
    public static implicit operator Bound(Expr position) => position.Rank == 0 && position.DType.IsInteger()
        ? Sizes.Of(position) is { } known ? known : new Bound(null, position, false)
        : throw new TypeMismatch($"the bound of a slice wants an integer scalar; got {position.Label}");

    /// <summary>The integer scalar, where it is one whose value is not known before the function runs.</summary>
    internal Expr? Value => value;

    /// <summary>
    /// The position on an axis of this size; it may lie outside. The value of an expression is brought between <paramref name="low"/>, 0 or −1, and one
    /// axis length further, since a size cannot be negative.
    /// </summary>
    internal Dim On(Dim axis, int low = 0)
    {
        if (value is null)
        {
            return fromEnd ? axis - size! : size!;
        }
        Expr length = Functions.SizeOf(axis), wide = value.Cast(DType.Int64);
        Expr position = Functions.Switch<Expr>(wide < 0, wide + length, wide);
        return Functions.SizeFrom(Functions.Minimum<Expr>(Functions.Maximum<Expr>(position, low), length + low) - low, axis) + low;
    }
}

/// <summary>
/// What stands between the brackets of <c>x[...]</c>, one per axis, as in numpy: a position, a range, an array of positions, a boolean mask, a new axis, or
/// all axes that are not named. Numbers, C# ranges and indices, sizes and expressions convert to it.
/// </summary>
public abstract record Subscript
{
    private Subscript()
    {
    }

    /// <summary>The whole axis.</summary>
    public static Subscript All { get; } = new Span(null, null, 1);

    /// <summary>A new axis of size 1.</summary>
    public static Subscript NewAxis { get; } = new New();

    /// <summary>All axes that the other subscripts do not name.</summary>
    public static Subscript Ellipsis { get; } = new Rest();

    /// <summary>Every step-th position from start, or an end if null, up to but without stop, or an end if null.</summary>
    public static Subscript Range(Bound? start, Bound? stop, long step = 1) => new Span(start, stop, step);

    /// <summary>One position; the axis vanishes.</summary>
    public static implicit operator Subscript(int position) => new At(position);

    /// <summary>One position; the axis vanishes.</summary>
    public static implicit operator Subscript(long position) => new At(position);

    /// <summary>One position; the axis vanishes.</summary>
    public static implicit operator Subscript(Index position) => new At(position);

    /// <summary>One position; the axis vanishes.</summary>
    public static implicit operator Subscript(Dim position) => new At(position);

    /// <summary>A range as C# writes it: <c>1..^1</c>.</summary>
    public static implicit operator Subscript(Range range) => new Span(range.Start, range.End, 1);

    /// <summary>Several positions; negative ones count from the end.</summary>
    public static implicit operator Subscript(int[] positions) => new Array(Functions.Constant(Literal.Of<long>([.. positions.Select(p => (long)p)], positions.Length)));

    /// <summary>Positions given by integers of any shape, or by a mask of booleans over one or more axes.</summary>
    public static implicit operator Subscript(Expr positions) => positions.Rank == 0 && Sizes.Of(positions) is { } known ? new At(known) : new Array(positions);

    internal sealed record At(Bound Position) : Subscript;

    internal sealed record Span(Bound? Start, Bound? Stop, long Step) : Subscript;

    internal sealed record Array(Expr Positions) : Subscript;

    internal sealed record New : Subscript;

    internal sealed record Rest : Subscript;
}
