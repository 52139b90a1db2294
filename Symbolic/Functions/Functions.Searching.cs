namespace Symbolic;

using Symbolic.Ops;

/// <content>Functions whose results have sizes that depend on data. Such a size is the value of an expression, found before the call is bound.</content>
public static partial class Functions
{
    /// <summary>
    /// The different elements of a tensor in increasing order (all NaN count as one, the greatest); the row-major position of the first of each; for
    /// each element of the flattened tensor its place among them; and how many there are of each. Positions and counts are int64. What is not
    /// used is not computed.
    /// </summary>
    public static (Expr Values, Expr First, Expr Inverse, Expr Counts) Unique(Expr x)
    {
        Expr flat = x.Flatten(0);
        Dim size = flat.Shape[0];
        Expr order = Expr.Of(new ArgSort(0), flat), sorted = Expr.Of(new Gather(0), flat, order), previous = Expr.Of(new Shift(0, 1), sorted);
        Expr differs = NotEqualTo<Expr>(sorted, previous);
        if (x.DType.IsContinuous())
        {
            differs = And<Expr>(differs, Or<Expr>(EqualTo<Expr>(sorted, sorted), EqualTo<Expr>(previous, previous)));
        }
        Expr isNew = Or<Expr>(EqualTo<Expr>(Iota([size], 0), 0), differs);
        Dim count = SizeFrom(isNew.Cast(DType.Int64).Sum().Named("unique"), size);
        Expr starts = Expr.Of(new Nonzero(count), isNew);
        Expr next = Switch<Expr>(EqualTo<Expr>(Iota([count], 0), SizeOf(count - 1)), SizeOf(size), Expr.Of(new Shift(0, -1), starts));
        Expr places = Expr.Of(new CumSum(0, Reverse: false), isNew.Cast(DType.Int64)) - 1;
        return (Expr.Of(new Gather(0), sorted, starts), Expr.Of(new Gather(0), order, starts), Expr.Of(new ScatterSet(0), FullLike(order, 0), order, places), next - starts);
    }

    /// <summary>
    /// For each value, the position, as int64, at which it would have to be inserted into a vector in increasing order: before equal elements, or
    /// behind them. NaN counts as the greatest.
    /// </summary>
    /// <param name="sorted">The vector.</param>
    /// <param name="values">The values, of any shape.</param>
    /// <param name="behind">Whether behind equal elements ("right") or before them.</param>
    /// <param name="sorter">Positions that bring the vector in order, where it is in none.</param>
    /// <exception cref="TypeMismatch">The first is no vector.</exception>
    public static Expr SearchSorted(Expr sorted, Expr values, bool behind = false, Expr? sorter = null)
    {
        DType dtype = Promotion.Of(sorted.DType, values.DType);
        Expr ordered = sorter is null ? sorted : sorted.Take(sorter, 0);
        return Expr.Of(new SearchSorted(behind), ordered.Cast(dtype), values.Cast(dtype));
    }

    /// <summary>
    /// How often each number from 0 to the greatest occurs in a vector of integers, or the sums of weights of its occurrences; at least
    /// <paramref name="least"/> numbers are counted.
    /// </summary>
    /// <exception cref="TypeMismatch">The first is no vector of integers, or the weights have another rank.</exception>
    /// <exception cref="BindingError">A number is negative; when the function is called.</exception>
    public static Expr BinCount(Expr x, Expr? weights = null, Dim? least = null)
    {
        if (x.Rank != 1 || !(x.DType.IsInteger() || x.DType == DType.Bool) || weights is not null and not { Rank: 1 })
        {
            throw new TypeMismatch($"bin_count wants a vector of integers, and a vector of weights if any; got {x.Label}{(weights is null ? "" : $" and {weights.Label}")}");
        }
        Expr numbers = x.Cast(DType.Int64);
        // Of nothing the maximum is the least integer.
        Expr most = Maximum<Expr>(Expr.Of(new Max([0]), numbers), -1) + 1;
        Dim size = SizeFrom((least is null ? most : Maximum<Expr>(most, SizeOf(least))).Named("bin_count"));
        Expr added = weights is null ? Full(DType.Int64, x.Shape, 1) : weights.Cast(weights.DType.IsFloat() ? weights.DType : Promotion.Reduce(weights.DType)).Equate(x.Shape);
        return Expr.Of(new ScatterAdd(0), Full(added.DType, [size], 0), Expr.Of(new NotNegative("bin_count"), numbers), added);
    }

    /// <summary>Each slice along an axis repeated as often as its count says; elements of the flattened tensor where the axis is null. A scalar is the count of all.</summary>
    /// <exception cref="TypeMismatch">Counts are neither an integer scalar nor a vector of integers.</exception>
    /// <exception cref="BindingError">A count is negative; when the function is called.</exception>
    public static Expr Repeat(this Expr x, Expr counts, int? axis)
    {
        if (counts.Rank > 1 || !(counts.DType.IsInteger() || counts.DType == DType.Bool))
        {
            throw new TypeMismatch($"repeat wants an integer or a vector of integers as counts; got {counts.Label}");
        }
        if (counts.Rank == 0 || counts.Shape[0].Is(1))
        {
            Expr single = counts.Reshape([]).Cast(DType.Int64);
            return x.Repeat(Sizes.Of(single) ?? SizeFrom(single), axis);
        }
        Expr from = axis is null ? x.Flatten(0) : x;
        int along = axis is { } given ? Axis(x, given) : 0;
        Expr times = counts.Cast(DType.Int64).Equate([from.Shape[along]]);
        Expr ends = Expr.Of(new CumSum(0, Reverse: false), Expr.Of(new NotNegative("repeat"), times));
        Dim total = SizeFrom(times.Sum().Named("repeat"));
        // Element i is of the first slice that ends behind it.
        return Expr.Of(new Gather(along), from, Expr.Of(new SearchSorted(Behind: true), ends, Iota([total], 0)));
    }
}
