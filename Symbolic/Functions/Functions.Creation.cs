namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>Zeros of a shape.</summary>
    public static Expr Zeros(Shape shape, DType dtype = DType.Float32) => Full(dtype, shape, 0);

    /// <summary>Ones of a shape.</summary>
    public static Expr Ones(Shape shape, DType dtype = DType.Float32) => Full(dtype, shape, 1);

    /// <summary>Zeros with the shape of another tensor, and its dtype where none is given.</summary>
    public static Expr ZerosLike(Expr x, DType? dtype = null) => Full(dtype ?? x.DType, x.Shape, 0);

    /// <summary>Ones with the shape of another tensor, and its dtype where none is given.</summary>
    public static Expr OnesLike(Expr x, DType? dtype = null) => Full(dtype ?? x.DType, x.Shape, 1);

    /// <summary>A value repeated to a shape by the rules of pointwise ops, as Theano's alloc.</summary>
    public static Expr Full(Shape shape, Expr value) => value.BroadcastTo(shape);

    /// <summary>0, 1, ... below a size, as int64.</summary>
    public static Expr Arange(Dim stop) => Iota([Dim.Max(stop, 0)], 0);

    /// <summary>start, start + step, ... before stop, as int64.</summary>
    /// <exception cref="TypeMismatch">The sign of the step is not known.</exception>
    public static Expr Arange(Dim start, Dim stop, Dim step)
    {
        bool up = step.Lower >= 1;
        if (!up && step.Upper is not <= -1)
        {
            throw new TypeMismatch($"arange wants a step that is known to be above or below 0; got {step}");
        }
        Dim length = Dim.Max(0, up ? (stop - start).CeilDiv(step) : (start - stop).CeilDiv(-step));
        return Stepped(Iota([length], 0), SizeOf(start), SizeOf(step));
    }

    /// <summary>
    /// start, start + step, ... before stop. Integers and booleans give 64 bits, unless another dtype is asked for; the length is found when the function is
    /// called, where it is not made of sizes and numbers alone.
    /// </summary>
    /// <exception cref="TypeMismatch">One is no scalar, or the step is 0.</exception>
    /// <exception cref="BindingError">The step turns out to be 0; when the function is called.</exception>
    public static Expr Arange(Expr start, Expr stop, Expr step, DType? dtype)
    {
        if (start.Rank + stop.Rank + step.Rank > 0)
        {
            throw new TypeMismatch($"arange wants scalars; got {start.Label}, {stop.Label} and {step.Label}");
        }
        if (step.Op is Full { Value.AsBool: false })
        {
            throw new TypeMismatch($"arange wants a step other than 0; got {step.Label}");
        }
        DType common = Promotion.Of(Promotion.Of(start.DType, stop.DType), step.DType);
        DType result = dtype ?? Promotion.Reduce(common);
        if (!common.IsFloat() && Sizes.Of(start.Cast(DType.Int64)) is { } from && Sizes.Of(stop.Cast(DType.Int64)) is { } to && Sizes.Of(step.Cast(DType.Int64)) is { } by && (by.Lower >= 1 || by.Upper <= -1))
        {
            return Arange(from, to, by).Cast(result);
        }
        DType inner = common.IsFloat() ? DType.Float64 : DType.Int64;
        (Expr low, Expr high, Expr wide) = (start.Cast(inner), stop.Cast(inner), step.Cast(inner));
        // Rounded up, of either sign.
        Expr length = Maximum<Expr>((-FloorDiv<Expr>(low - high, wide)).Cast(DType.Int64), 0);
        // A size of -1 is refused by its name.
        Dim size = step.Op is not Ops.Full ? SizeFrom(Switch<Expr>(EqualTo<Expr>(wide, 0), -1, length).Named("the length of arange, which is -1 where the step is 0"))
            : start.Op is Full && stop.Op is Full ? Reference.Evaluate([length], new Dictionary<Variable, Literal>())[0][0].ToInt64()
            : SizeFrom(length.Named("the length of arange"));
        return Stepped(Iota([size], 0).Cast(inner), low, wide).Cast(result);
    }

    /// <summary>So many values at equal distances from start to stop; to one distance before it without the end point.</summary>
    /// <exception cref="TypeMismatch">An end is no scalar, or the dtype no float.</exception>
    public static Expr Linspace(Expr start, Expr stop, Dim count, bool endpoint = true, DType dtype = DType.Float64)
    {
        if (start.Rank + stop.Rank > 0 || !dtype.IsFloat())
        {
            throw new TypeMismatch($"linspace wants scalars and gives floats; got {start.Label} and {stop.Label} for {dtype.Text()}");
        }
        DType inner = dtype.Accumulator();
        (Expr low, Expr high, Expr position) = (start.Cast(inner), stop.Cast(inner), Iota([count], 0));
        Dim steps = endpoint ? count - 1 : count;
        Expr inside = Stepped(position.Cast(inner), low, (high - low) / SizeOf(Dim.Max(steps, 1)).Cast(inner));
        // The last one is the end itself, whatever rounding did to the steps before.
        return (endpoint ? Switch<Expr>(And<Expr>(EqualTo<Expr>(position, SizeOf(steps)), NotEqualTo<Expr>(position, 0)), high, inside) : inside).Cast(dtype);
    }

    /// <summary>A matrix with ones on a diagonal, of which a positive offset goes up, and zeros elsewhere.</summary>
    public static Expr Eye(Dim rows, Dim? columns = null, int offset = 0, DType dtype = DType.Float32) => OnDiagonal([rows, columns ?? rows], offset).Cast(dtype);

    /// <summary>The identity with the shape and dtype of a matrix.</summary>
    /// <exception cref="TypeMismatch">It is no matrix.</exception>
    public static Expr IdentityLike(Expr x) => x.Rank == 2 ? OnDiagonal(x.Shape, 0).Cast(x.DType) : throw new TypeMismatch($"identity_like wants a matrix; got {x.Label}");

    /// <summary>A matrix with the vector on a diagonal, or the diagonal of a matrix; a positive offset goes up.</summary>
    /// <exception cref="TypeMismatch">It is neither a vector nor a matrix.</exception>
    public static Expr Diag(Expr x, int offset = 0) => x.Rank switch
    {
        1 => x.AllocDiagonal(offset),
        2 => x.Diagonal(offset),
        _ => throw new TypeMismatch($"diag wants a vector or a matrix; got {x.Label}"),
    };

    /// <summary>Zeros with the last axis on a diagonal of two axes of the result: what <see cref="Diagonal"/> takes out. A positive offset goes up.</summary>
    /// <exception cref="TypeMismatch">There is no last axis, or the two axes are one.</exception>
    public static Expr AllocDiagonal(this Expr x, int offset = 0, int first = 0, int second = 1)
    {
        if (x.Rank == 0)
        {
            throw new TypeMismatch($"a diagonal is made of an axis; got {x.Label}");
        }
        Dim size = x.Shape[^1];
        Seq<int> lead = Enumerable.Range(0, x.Rank - 1).ToSeq();
        Shape square = [.. x.Shape, size];
        Expr spread = x.BroadcastTo(square, [.. lead, x.Rank]);
        Expr placed = Switch<Expr>(OnDiagonal([size, size], 0).BroadcastTo(square, [x.Rank - 1, x.Rank]), spread, FullLike(spread, 0));
        (Dim up, Dim down) = (Math.Max(offset, 0), Math.Max(-offset, 0));
        return placed.Pad([.. lead.Map(_ => ((Dim)0, (Dim)0)), (down, up), (up, down)]).MoveAxes([-2, -1], [first, second]);
    }

    /// <summary>The sum of a diagonal of two axes.</summary>
    public static Expr Trace(this Expr x, int offset = 0, int first = 0, int second = 1) => x.Diagonal(offset, first, second).Sum([-1]);

    /// <summary>A matrix with ones on and below a diagonal, of which a positive offset goes up, and zeros above.</summary>
    public static Expr Tri(Dim rows, Dim? columns = null, int offset = 0, DType dtype = DType.Float32) => UpTo([rows, columns ?? rows], offset).Cast(dtype);

    /// <summary>The lower triangle of the last two axes, up to a diagonal; zeros above.</summary>
    /// <exception cref="TypeMismatch">There are no two axes.</exception>
    public static Expr Tril(Expr x, int offset = 0) => Switch<Expr>(UpTo(Matrices("tril", x), offset), x, FullLike(x, 0));

    /// <summary>The upper triangle of the last two axes, from a diagonal on; zeros below.</summary>
    /// <exception cref="TypeMismatch">There are no two axes.</exception>
    public static Expr Triu(Expr x, int offset = 0) => Switch<Expr>(UpTo(Matrices("triu", x), offset - 1), FullLike(x, 0), x);

    /// <summary>A matrix with a scalar on a diagonal, of which a positive offset goes up.</summary>
    /// <exception cref="TypeMismatch">It is no matrix; or the value is no scalar that its dtype holds; or the offset is no integer scalar.</exception>
    public static Expr FillDiagonalOffset(Expr x, Expr value, Expr offset)
    {
        if (x.Rank != 2 || offset.Rank > 0 || !offset.DType.IsInteger())
        {
            throw new TypeMismatch($"fill_diagonal_offset wants a matrix and an integer offset; got {x.Label} and {offset.Label}");
        }
        return Switch<Expr>(EqualTo<Expr>(Iota(x.Shape, 1) - Iota(x.Shape, 0), offset.Cast(DType.Int64)), Held("fill_diagonal_offset", value, x), x);
    }

    /// <summary>Differences of neighbours along an axis, taken so many times; of booleans, whether they differ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Expr Diff(Expr x, int times = 1, int axis = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        int along = Axis(x, axis);
        for (; times > 0; times--)
        {
            Expr next = x.Slice(along, 1, null), own = x.Slice(along, null, ^1);
            x = x.DType == DType.Bool ? NotEqualTo<Expr>(next, own) : next - own;
        }
        return x;
    }

    /// <summary>For each range the values that it takes, repeated along the axes of the others, as numpy's mgrid.</summary>
    public static Seq<Expr> Mgrid(params ReadOnlySpan<(Dim Start, Dim Stop, Dim Step)> ranges)
    {
        Seq<Expr> values = Seq.Create(ranges).Map(range => Arange(range.Start, range.Stop, range.Step));
        var shape = new Shape(values.Map(v => v.Shape[0]));
        return values.Select((v, axis) => v.BroadcastTo(shape, [axis])).ToSeq();
    }

    /// <summary>For each range the values that it takes along its own axis, with size 1 along the others, as numpy's ogrid.</summary>
    public static Seq<Expr> Ogrid(params ReadOnlySpan<(Dim Start, Dim Stop, Dim Step)> ranges)
    {
        Seq<Expr> values = Seq.Create(ranges).Map(range => Arange(range.Start, range.Stop, range.Step));
        return values.Select((v, axis) => v.Reshape(new Shape(values.Select((_, other) => other == axis ? v.Shape[0] : 1).ToSeq()))).ToSeq();
    }

    /// <summary>Bartlett's window: a triangle that rises from 0 to 1 and falls to 0 again.</summary>
    public static Expr Bartlett(Dim count, DType dtype = DType.Float64)
    {
        Expr last = SizeOf(Dim.Max(count - 1, 1)).Cast(dtype);
        Expr window = 1 - Abs<Expr>(2 * Iota([count], 0).Cast(dtype) / last - 1);
        // A window of one element is its top.
        return count.IsConstant && count.Constant > 1 ? window : Switch<Expr>(EqualTo<Expr>(SizeOf(count), 1), 1, window);
    }

    private static Expr Stepped(Expr positions, Expr start, Expr step)
    {
        Expr scaled = step.Op is Full { Value: var one } && one.IsExactly(1) ? positions : positions * step;
        return start.Op is Full { Value: var zero } && zero.IsExactly(0) ? scaled : start + scaled;
    }

    private static Expr OnDiagonal(Shape shape, int offset) => EqualTo<Expr>(Iota(shape, 1) - Iota(shape, 0), offset);

    private static Expr UpTo(Shape shape, int offset) => Iota(shape, shape.Rank - 1) - Iota(shape, shape.Rank - 2) <= offset;

    private static Shape Matrices(string name, Expr x) => x.Rank >= 2 ? x.Shape : throw new TypeMismatch($"{name} wants at least two axes; got {x.Label}");

    private static Expr Held(string name, Expr value, Expr x) => value.Rank == 0 && Promotion.Of(value.DType, x.DType) == x.DType
        ? value.Cast(x.DType)
        : throw new TypeMismatch($"{name} wants a scalar that {x.DType.Text()} holds; got {value.Label}");
}
