namespace Symbolic;

/// <summary>One summand of a <see cref="Dim"/>: a coefficient times a product of atoms, in their canonical order.</summary>
/// <param name="Coefficient">Never 0.</param>
/// <param name="Factors">At least one; repeated for a power.</param>
public sealed record DimTerm(long Coefficient, Seq<DimAtom> Factors)
{
    // Higher degrees first, then by the factors: the order in which polynomials are usually written.
    internal static int CompareFactors(Seq<DimAtom> left, Seq<DimAtom> right)
    {
        int order = right.Count.CompareTo(left.Count);
        for (int i = 0; order == 0 && i < left.Count; i++)
        {
            order = DimAtom.Compare(left[i], right[i]);
        }
        return order;
    }

    /// <summary>The product of two terms.</summary>
    public static DimTerm operator *(DimTerm left, DimTerm right) =>
        new(checked(left.Coefficient * right.Coefficient), Merge(left.Factors, right.Factors));

    /// <summary>The factors left when those of <paramref name="divisor"/> are taken out, or null if some are missing.</summary>
    internal static Seq<DimAtom>? Without(Seq<DimAtom> factors, Seq<DimAtom> divisor)
    {
        foreach (DimAtom atom in divisor)
        {
            int index = factors.IndexOf(atom);
            if (index < 0)
            {
                return null;
            }
            factors = factors.RemoveAt(index);
        }
        return factors;
    }

    internal DimBounds Bounds
    {
        get
        {
            DimBounds bounds = Factors[0].Bounds;
            for (int i = 1; i < Factors.Count; i++)
            {
                // Squares and other repeated factors are products like any other: the bounds are safe, not tight.
                bounds *= Factors[i].Bounds;
            }
            return bounds * DimBounds.Exactly(Coefficient);
        }
    }

    private static Seq<DimAtom> Merge(Seq<DimAtom> left, Seq<DimAtom> right)
    {
        if (left.Count == 0 || right.Count == 0)
        {
            return left.Concat(right);
        }
        var merged = new List<DimAtom>(left.Count + right.Count);
        int i = 0;
        int j = 0;
        while (i < left.Count && j < right.Count)
        {
            merged.Add(DimAtom.Compare(left[i], right[j]) <= 0 ? left[i++] : right[j++]);
        }
        merged.AddRange(left[i..]);
        merged.AddRange(right[j..]);
        return merged.ToSeq();
    }
}
