namespace Symbolic;

/// <summary>The least and greatest value of an integer expression; null where it is not bounded by a 64-bit number.</summary>
internal readonly record struct DimBounds(long? Lower, long? Upper)
{
    private static DimBounds Unknown => new(null, null);

    public static DimBounds Exactly(long value) => new(value, value);

    public static DimBounds operator +(DimBounds left, DimBounds right) =>
        new(Fit((Int128?)left.Lower + right.Lower), Fit((Int128?)left.Upper + right.Upper));

    public static DimBounds operator *(DimBounds left, DimBounds right)
    {
        if (left.IsFinite && right.IsFinite)
        {
            return Spanning([
                (Int128)left.Lower!.Value * right.Lower!.Value, (Int128)left.Lower.Value * right.Upper!.Value,
                (Int128)left.Upper!.Value * right.Lower.Value, (Int128)left.Upper.Value * right.Upper.Value]);
        }
        if (left == Exactly(0) || right == Exactly(0))
        {
            return Exactly(0);
        }
        if (left.Lower > left.Upper || right.Lower > right.Upper)
        {
            // The index of an empty loop, say: there is no value to bound.
            return Unknown;
        }
        if (left.Upper <= 0)
        {
            return -(-left * right);
        }
        if (right.Upper <= 0)
        {
            return -(left * -right);
        }
        return left.Lower >= 0 && right.Lower >= 0
            ? new(Fit((Int128)left.Lower.Value * right.Lower.Value), Fit((Int128?)left.Upper * right.Upper))
            : Unknown;
    }

    public static DimBounds operator -(DimBounds bounds) => new(Fit(-(Int128?)bounds.Upper), Fit(-(Int128?)bounds.Lower));

    // A divisor that may be 0 counts as at least 1: a quotient by 0 has no value to bound.
    public static DimBounds FloorDiv(DimBounds dividend, DimBounds divisor)
    {
        if (divisor.Lower is not >= 0 || divisor.Upper <= 0)
        {
            return Unknown;
        }
        long least = Math.Max(divisor.Lower.Value, 1);
        // Rounding down is monotone in the dividend; a larger divisor moves the quotient towards 0 (or -1).
        long? lower = dividend.Lower switch
        {
            null => null,
            < 0 and long low => Dim.FloorDivide(low, least),
            long low => divisor.Upper is long greatest ? low / greatest : 0,
        };
        long? upper = dividend.Upper switch
        {
            null => null,
            < 0 and long high => divisor.Upper is long greatest ? Dim.FloorDivide(high, greatest) : -1,
            long high => high / least,
        };
        return new(lower, upper);
    }

    public static DimBounds Mod(DimBounds dividend, DimBounds divisor)
    {
        if (divisor.Lower is not >= 0)
        {
            return Unknown;
        }
        long? upper = divisor.Upper - 1;
        return new(0, dividend.Lower >= 0 ? Least(upper, dividend.Upper) : upper);
    }

    public static DimBounds Min(DimBounds left, DimBounds right) =>
        new(left.Lower is long one && right.Lower is long other ? Math.Min(one, other) : null, Least(left.Upper, right.Upper));

    public static DimBounds Max(DimBounds left, DimBounds right) => -Min(-left, -right);

    private bool IsFinite => Lower is not null && Upper is not null;

    private static long? Least(long? left, long? right) => left is null ? right : right is null ? left : Math.Min(left.Value, right.Value);

    private static DimBounds Spanning(ReadOnlySpan<Int128> values)
    {
        Int128 least = values[0];
        Int128 greatest = values[0];
        foreach (Int128 value in values)
        {
            least = Int128.Min(least, value);
            greatest = Int128.Max(greatest, value);
        }
        return new(Fit(least), Fit(greatest));
    }

    private static long? Fit(Int128? value) => value is Int128 known && known >= long.MinValue && known <= long.MaxValue ? (long)known : null;
}
