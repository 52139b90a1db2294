using System.Numerics;

namespace Symbolic;

/// <summary>
/// Quotients and remainders that vanish: indices into reshaped and tiled arrays are full of them. The identities hold for
/// rounding down, any sign of the dividend, and a divisor other than zero; each says so where it needs more.
/// </summary>
internal static class DimDivision
{
    public static Dim FloorDiv(Dim dividend, Dim divisor)
    {
        if (divisor.IsConstant && divisor.Offset <= 1)
        {
            return divisor.Offset switch
            {
                0 => throw new DivideByZeroException($"{dividend} is divided by 0"),
                1 => dividend,
                _ => FloorDiv(-dividend, -divisor),
            };
        }
        (Dim quotient, Dim rest) = Split(dividend, divisor);
        return quotient + DivideRest(rest, divisor);
    }

    public static Dim Mod(Dim dividend, Dim divisor)
    {
        if (divisor.IsConstant && divisor.Offset <= 1)
        {
            return divisor.Offset switch
            {
                0 => throw new DivideByZeroException($"{dividend} is divided by 0"),
                1 => 0,
                _ => -Mod(-dividend, -divisor),
            };
        }
        return RemainderOfRest(Split(dividend, divisor).Remaining, divisor);
    }

    /// <summary>Whether the bounds of the symbols prove that it is never negative; false only says that no proof was found.</summary>
    public static bool IsNonNegative(Dim dim) => IsNonNegative(dim, MostCases);

    // Each distinction of cases doubles the work.
    private const int MostCases = 2;
    private const int MostTermsInCases = 8;

    private static bool IsNonNegative(Dim dim, int cases) => IsBounded(dim) || (cases > 0 && HoldsInCases(dim, cases - 1));

    /// <summary>A lesser or greater of two is one of them: what holds whichever it is, holds; and of what is on the good side, one is enough.</summary>
    private static bool HoldsInCases(Dim dim, int cases)
    {
        // What comes from a hostile file may have thousands.
        foreach (DimTerm term in dim.Terms.Count <= MostTermsInCases ? dim.Terms : [])
        {
            if (term.Factors is not [MinAtom or MaxAtom])
            {
                continue;
            }
            Dim others = dim - Dim.Of(term);
            Dim left = others + term.Coefficient * term.Factors[0].Operands[0], right = others + term.Coefficient * term.Factors[0].Operands[1];
            bool isOneEnough = term.Factors[0] is MaxAtom == term.Coefficient > 0;
            if (IsNonNegative(left, cases) ? isOneEnough || IsNonNegative(right, cases) : isOneEnough && IsNonNegative(right, cases))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsBounded(Dim dim)
    {
        // Each round trades a negative multiple of something for that of an expression which is at least as great, so the whole
        // can only become less. Extents are written in terms of outer symbols, so few rounds are enough.
        for (int round = 0; round < 8; round++)
        {
            if (dim.Lower >= 0)
            {
                return true;
            }
            Dim less = dim.Offset;
            bool changed = false;
            foreach (DimTerm term in dim.Terms)
            {
                Dim replaced = term.Coefficient < 0 ? Enlarged(term) : Dim.Of(term);
                changed |= term.Coefficient < 0 && replaced != Dim.Of(term);
                less += replaced;
            }
            if (!changed)
            {
                return false;
            }
            dim = less;
        }
        return false;
    }

    // A negative term with one factor replaced by its symbolic bound, if the other factors have a known sign.
    private static Dim Enlarged(DimTerm term)
    {
        for (int i = 0; i < term.Factors.Count; i++)
        {
            Seq<DimAtom> others = term.Factors.RemoveAt(i);
            // -e*d*(x//d) is at least -e*x, for d > 0 and e >= 0.
            if (term.Factors[i] is DivAtom { Divisor: { Lower: >= 0 } divisor, Dividend: var dividend }
                && Split(Dim.Of(new DimTerm(term.Coefficient, others)), divisor) is ({ Upper: <= 0 } multiple, { } remaining) && remaining.Is(0))
            {
                return multiple * dividend;
            }
            if (Greatest(term.Factors[i]) is Dim greatest && others.All(atom => atom.Bounds.Lower >= 0))
            {
                return Dim.Of(new DimTerm(term.Coefficient, others)) * greatest;
            }
        }
        return Dim.Of(term);
    }

    private static Dim? Greatest(DimAtom atom) => atom switch
    {
        SymbolAtom { Symbol.Limit: Dim limit } => limit - 1,
        ModAtom { Divisor: { IsConstant: false, Lower: >= 0 } divisor } => divisor - 1,
        MinAtom { Left: { IsConstant: false } left } => left,
        DivAtom { Dividend: { Lower: >= 0, Upper: null } dividend, Divisor.Lower: >= 1 } => dividend,
        _ => null,
    };

    private static bool IsBelow(Dim value, Dim limit) => IsNonNegative(value) && IsNonNegative(limit - 1 - value);

    /// <summary>dividend = quotient*divisor + rest, with the multiples that are plain to see in the quotient.</summary>
    private static (Dim Quotient, Dim Remaining) Split(Dim dividend, Dim divisor)
    {
        Dim quotient = 0;
        if (divisor.IsConstant)
        {
            // The constant of the rest is between 0 and the divisor, so that equal quotients look equal.
            quotient = Dim.FloorDivide(dividend.Offset, divisor.Offset);
        }
        if (divisor.Terms.Count + (divisor.Offset == 0 ? 0 : 1) == 1)
        {
            DimTerm by = divisor.IsConstant ? new(divisor.Offset, []) : divisor.Terms[0];
            foreach (DimTerm term in dividend.Terms)
            {
                long multiple = term.Coefficient / by.Coefficient;
                if (multiple != 0 && DimTerm.Without(term.Factors, by.Factors) is { } factors)
                {
                    quotient += Dim.Of(new DimTerm(multiple, factors));
                }
            }
            return (quotient, dividend - quotient * divisor);
        }
        Dim rest = dividend;
        while (MultipleIn(rest, divisor) is Dim multiple)
        {
            quotient += multiple;
            rest -= multiple * divisor;
        }
        return (quotient, rest);
    }

    // A multiple of a sum counts only if all of its terms are there, and taking it away leaves less of each: so n*k + k holds
    // k times n + 1, but n*k alone does not, which would be k*(n + 1) - k. It also means that splitting ends.
    private static Dim? MultipleIn(Dim dividend, Dim divisor)
    {
        DimTerm leading = divisor.Terms[0];
        foreach (DimTerm term in dividend.Terms)
        {
            long most = term.Coefficient / leading.Coefficient;
            if (most == 0 || DimTerm.Without(term.Factors, leading.Factors) is not { } factors)
            {
                continue;
            }
            foreach (long count in most is 1 or -1 ? [most] : (ReadOnlySpan<long>)[most, Math.Sign(most)])
            {
                Dim multiple = Dim.Of(new DimTerm(count, factors));
                Dim taken = multiple * divisor;
                bool isThere = IsPart(taken.Offset, dividend.Offset)
                    && taken.Terms.All(part => dividend.Terms.Any(whole =>
                        IsPart(part.Coefficient, whole.Coefficient) && whole.Factors.Equals(part.Factors)));
                if (isThere)
                {
                    return multiple;
                }
            }
        }
        return null;
    }

    private static bool IsPart(long part, long whole) => part == 0 || (Math.Sign(part) == Math.Sign(whole) && Int128.Abs(part) <= Int128.Abs(whole));

    private static Dim DivideRest(Dim rest, Dim divisor)
    {
        if (rest.Is(0) || IsBelow(rest, divisor))
        {
            return 0;
        }
        if (CommonQuotient(rest, divisor) is long known)
        {
            return known;
        }
        // (g*x + y)//(g*d) = x//d if 0 <= y < g; with y = 0, for any g.
        foreach ((Dim scale, Dim multiple, Dim remaining) in Factorings(rest, divisor))
        {
            Dim reduced = Split(divisor, scale).Quotient;
            if (remaining.Is(0) || (reduced.Lower >= 0 && IsBelow(remaining, scale)))
            {
                return FloorDiv(multiple, reduced);
            }
        }
        if (rest.Terms is [{ Coefficient: 1, Factors: [var atom] }])
        {
            // (x//d + k)//e = (x + k*d)//(d*e) for e > 0
            if (atom is DivAtom inner && divisor.Lower >= 0 && FitTogether(inner.Divisor, divisor, rest.Offset))
            {
                return FloorDiv(inner.Dividend + rest.Offset * inner.Divisor, inner.Divisor * divisor);
            }
            // x%(d*e)//d = x//d%e for d, e > 0
            if (atom is ModAtom remainder && rest.Offset == 0 && divisor.Lower >= 0
                && Split(remainder.Divisor, divisor) is ({ Lower: >= 0 } times, { } none) && none.Is(0))
            {
                return Mod(FloorDiv(remainder.Dividend, divisor), times);
            }
        }
        return Dim.Of(new DivAtom(rest, divisor));
    }

    // Numbers whose product might not fit 64 bits stay apart: what can be evaluated must not overflow when it is simplified.
    private static bool FitTogether(Dim inner, Dim outer, long offset) =>
        LargestNumber(inner) < int.MaxValue && LargestNumber(outer) < int.MaxValue && Int128.Abs(offset) < int.MaxValue;

    private static Int128 LargestNumber(Dim dim) =>
        dim.Terms.Aggregate(Int128.Abs(dim.Offset), (largest, term) => Int128.Max(largest, Int128.Abs(term.Coefficient)));

    private static Dim RemainderOfRest(Dim rest, Dim divisor)
    {
        if (rest.Is(0) || IsBelow(rest, divisor))
        {
            return rest;
        }
        if (CommonQuotient(rest, divisor) is long known)
        {
            return rest - known * divisor;
        }
        // x%(d*e) and x differ by a multiple of d, so within a remainder by d either will do.
        foreach (DimTerm term in rest.Terms)
        {
            for (int i = 0; i < term.Factors.Count; i++)
            {
                if (term.Factors[i] is ModAtom inner && Split(inner.Divisor, divisor).Remaining.Is(0))
                {
                    Dim others = Dim.Of(term with { Factors = term.Factors.RemoveAt(i) });
                    return Mod(rest - Dim.Of(term) + others * inner.Dividend, divisor);
                }
            }
        }
        // (g*x + y)%(g*d) = g*(x%d) + y if 0 <= y < g and d > 0; with y = 0, for any g.
        foreach ((Dim scale, Dim multiple, Dim remaining) in Factorings(rest, divisor))
        {
            Dim reduced = Split(divisor, scale).Quotient;
            if (remaining.Is(0) || (reduced.Lower >= 0 && IsBelow(remaining, scale)))
            {
                return scale * Mod(multiple, reduced) + remaining;
            }
        }
        return Dim.Of(new ModAtom(rest, divisor));
    }

    // The quotient, if it is the same at both ends of the dividend's range.
    private static long? CommonQuotient(Dim rest, Dim divisor) =>
        divisor is { IsConstant: true, Offset: var by } && rest is { Lower: long lower, Upper: long upper } && lower <= upper
        && Dim.FloorDivide(lower, by) == Dim.FloorDivide(upper, by)
            ? Dim.FloorDivide(lower, by)
            : null;

    // The ways to write rest = scale*multiple + remaining where scale > 1 divides the divisor, which is one product.
    private static IEnumerable<(Dim Scale, Dim Multiple, Dim Remaining)> Factorings(Dim rest, Dim divisor)
    {
        if (divisor.Terms.Count + (divisor.Offset == 0 ? 0 : 1) != 1)
        {
            yield break;
        }
        DimTerm whole = divisor.IsConstant ? new(divisor.Offset, []) : divisor.Terms[0];
        var constant = new DimTerm(rest.Offset, []);
        DimTerm shared = rest.Terms.Aggregate(rest.Offset == 0 ? whole : Shared(whole, constant), Shared);
        foreach (DimTerm scale in rest.Terms.Select(term => Shared(whole, term)).Prepend(shared).Distinct())
        {
            if (scale is { Coefficient: 1, Factors.Count: 0 })
            {
                continue;
            }
            (Dim multiple, Dim remaining) = Split(rest, Dim.Of(scale));
            yield return (Dim.Of(scale), multiple, remaining);
        }
    }

    // The greatest product that divides both.
    private static DimTerm Shared(DimTerm one, DimTerm other)
    {
        Seq<DimAtom> factors = [];
        Seq<DimAtom> left = other.Factors;
        foreach (DimAtom atom in one.Factors)
        {
            if (left.IndexOf(atom) is >= 0 and int index)
            {
                factors = factors.Add(atom);
                left = left.RemoveAt(index);
            }
        }
        return new((long)BigInteger.GreatestCommonDivisor(one.Coefficient, other.Coefficient), factors);
    }
}
