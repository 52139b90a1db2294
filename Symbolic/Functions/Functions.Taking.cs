namespace Symbolic;

using Symbolic.Ops;

/// <summary>What becomes of a position outside an axis, as in numpy.</summary>
public enum TakeMode
{
    /// <summary>It is an error when the function runs. Negative positions count from the end.</summary>
    Raise,
    /// <summary>It stands for the nearest end; negative ones for the start.</summary>
    Clip,
    /// <summary>It goes round: the remainder by the size.</summary>
    Wrap,
}

public static partial class Functions
{
    /// <summary>The slices of x at positions of any shape along an axis, whose place the positions' axes take; of the flattened tensor where no axis is given.</summary>
    /// <exception cref="TypeMismatch">The positions are not integers, or are known and lie outside.</exception>
    public static Expr Take(this Expr x, Expr positions, int? axis = null, TakeMode mode = TakeMode.Raise)
    {
        if (axis is not { } along)
        {
            return x.FlattenTo().Take(positions, 0, mode);
        }
        along = Axis(x, along);
        Expr taken = Expr.Of(new Gather(along), x, PositionsOn(positions, x.Shape[along], mode).Flatten(0));
        return taken.Reshape([.. x.Shape[..along], .. positions.Shape, .. x.Shape[(along + 1)..]]);
    }

    /// <summary>
    /// The elements of x at positions along an axis that differ from lane to lane: the positions have as many axes as x, and but along that one its
    /// sizes, or 1.
    /// </summary>
    public static Expr TakeAlongAxis(this Expr x, Expr positions, int axis)
    {
        int along = Axis(x, axis);
        if (positions.Rank != x.Rank)
        {
            throw new TypeMismatch($"positions along an axis of {x.Label} want as many axes; got {positions.Label}");
        }
        Expr lanes = Alignment.Fit(PositionsOn(positions, x.Shape[along]), new Shape(x.Shape.Dims.With(along, positions.Shape[along])));
        return PickAlong(x, lanes, along);
    }

    /// <summary>The slices along an axis for which the condition, a vector of booleans or numbers, is not 0; of the flattened tensor where no axis is given.</summary>
    public static Expr Compress(Expr condition, Expr x, int? axis = null) => condition.Rank == 1
        ? x.Take(FlatNonzero(condition), axis)
        : throw new TypeMismatch($"compress wants a vector of conditions; got {condition.Label}");

    /// <summary>
    /// Each element from the choice that its number names; numbers and choices are broadcast together. With <see cref="TakeMode.Raise"/> negative numbers are
    /// errors too.
    /// </summary>
    public static Expr Choose(Expr numbers, Seq<Expr> choices, TakeMode mode = TakeMode.Raise)
    {
        if (choices.Count == 0)
        {
            throw new TypeMismatch("choose wants at least one choice");
        }
        Expr number = PositionsOn(numbers, choices.Count, mode, fromEnd: false);
        Expr result = choices[^1];
        for (int i = choices.Count - 2; i >= 0; i--)
        {
            result = Switch<Expr>(EqualTo<Expr>(number, i), choices[i], result);
        }
        // With one choice the numbers still say the shape, and must be right.
        return choices.Count > 1 ? result : Switch<Expr>(EqualTo<Expr>(number, 0), result, result.DType == DType.Bool ? Full(DType.Bool, Shape.Scalar, 0) : FullLike(result, 0));
    }

    /// <summary>The positions of the elements that are not 0 in the flattened tensor, in increasing order, as int64.</summary>
    public static Expr FlatNonzero(this Expr x)
    {
        Expr flat = x.FlattenTo();
        Expr isTrue = flat.DType == DType.Bool ? flat : NotEqualTo<Expr>(flat, 0);
        Dim count = SizeFrom(isTrue.Cast(DType.Int64).Sum().Named("nonzero"), flat.Shape[0]);
        return Expr.Of(new Nonzero(count), isTrue);
    }

    /// <summary>The positions of the elements that are not 0 on each axis, in row-major order, as int64.</summary>
    public static Seq<Expr> Nonzero(this Expr x) => x.Rank == 0
        ? throw new TypeMismatch($"nonzero wants a tensor with axes; got {x.Label}")
        : UnravelIndex(FlatNonzero(x), x.Shape, isKnownInside: true);

    /// <summary>The elements that are not 0, in row-major order.</summary>
    public static Expr NonzeroValues(this Expr x) => Expr.Of(new Gather(0), x.FlattenTo(), FlatNonzero(x));

    /// <summary>The positions on each axis of a shape for row-major positions; ones outside are errors when the function runs.</summary>
    public static Seq<Expr> UnravelIndex(Expr positions, Shape shape) => UnravelIndex(positions, shape, isKnownInside: false);

    /// <summary>The row-major positions in a shape for positions on each of its axes, which are broadcast together.</summary>
    public static Expr RavelMultiIndex(Seq<Expr> positions, Shape shape, TakeMode mode = TakeMode.Raise)
    {
        if (positions.Count != shape.Rank || shape.Rank == 0)
        {
            throw new TypeMismatch($"row-major positions in {shape} want positions on each axis; got {positions.Count}");
        }
        Seq<Dim> strides = shape.Strides();
        return positions.Select((own, axis) => PositionsOn(own, shape[axis], mode, fromEnd: false) is var inside && strides[axis].Is(1) ? inside : inside * SizeOf(strides[axis])).Aggregate((sum, own) => sum + own);
    }

    private static Seq<Expr> UnravelIndex(Expr positions, Shape shape, bool isKnownInside)
    {
        Seq<Dim> strides = shape.Strides();
        Expr inside = isKnownInside ? positions : PositionsOn(positions, shape.Elements, TakeMode.Raise, fromEnd: false);
        return strides.Select((stride, axis) =>
        {
            Expr place = stride.Is(1) ? inside : FloorDiv<Expr>(inside, SizeOf(stride));
            return axis == 0 ? place : place % SizeOf(shape[axis]);
        }).ToSeq();
    }

    /// <summary>Positions as int64 that lie on an axis, counted from its start; checked at once where they and the size are known.</summary>
    internal static Expr PositionsOn(Expr positions, Dim size, TakeMode mode = TakeMode.Raise, bool fromEnd = true)
    {
        Expr whole = Positions(positions), length = SizeOf(size);
        switch (mode)
        {
            case TakeMode.Clip:
                return Maximum<Expr>(Minimum<Expr>(whole, length - 1), 0);
            case TakeMode.Wrap:
                return whole % Maximum<Expr>(length, 1);
        }
        return !size.IsConstant ? Expr.Of(new Positions(fromEnd), whole, length) : positions.Op switch
        {
            Ops.Full full => Full(DType.Int64, full.Shape, KnownPosition(full.Value, size.Constant, fromEnd)),
            Ops.Constant { Value: var values } => Constant(Literal.Build(DType.Int64, values.Sizes, i => ScalarValue.Of(DType.Int64, KnownPosition(values[i], size.Constant, fromEnd)))),
            _ => Expr.Of(new Positions(fromEnd), whole, length),
        };
    }

    private static long KnownPosition(ScalarValue value, long size, bool fromEnd)
    {
        long position = value.ToInt64();
        return position >= (fromEnd ? -size : 0) && position < size
            ? position < 0 ? position + size : position
            : throw new TypeMismatch($"position {position} lies outside an axis of {size} elements");
    }
}
