namespace Symbolic;

/// <summary>
/// An integer expression: the size of a tensor's axis, or an index in a loop. Immutable, compared by structure, and always in
/// canonical form: a constant plus a sum of coefficients times products of atoms, in an order that is the same in every run.
/// </summary>
/// <remarks>
/// A divisor is taken not to be zero, and a symbol to lie within its bounds: where that does not hold, the value is unspecified.
/// </remarks>
public sealed partial class Dim : IEquatable<Dim>
{
    // Products of sums multiply out; a hostile expression of a few lines could otherwise fill the memory.
    private const int MostTerms = 4096;
    private const int MostFactors = 64;
    private const int MostNesting = 200;
    private const int MostParts = 1 << 18;
    private const int DeepestRecombined = 4;

    private DimBounds? bounds;
    private string? text;
    private Seq<DimSymbol>? symbols;
    private int hash;

    private Dim(Seq<DimTerm> terms, long offset)
    {
        Terms = terms;
        Offset = offset;
        Depth = 0;
        Parts = terms.Count;
        foreach (DimTerm term in terms)
        {
            if (term.Factors.Count > MostFactors)
            {
                throw new OverflowException($"a product in an integer expression may have {MostFactors} factors; this one has {term.Factors.Count}");
            }
            foreach (DimAtom factor in term.Factors)
            {
                Depth = Math.Max(Depth, factor.Depth);
                Parts += factor.Parts;
            }
        }
        if (Parts > MostParts)
        {
            throw new OverflowException($"an integer expression may have {MostParts} parts; this one has {Parts}");
        }
        if (terms.Count > MostTerms || Depth > MostNesting)
        {
            throw new OverflowException($"an integer expression may have {MostTerms} terms nested {MostNesting} deep; this one has {terms.Count} nested {Depth} deep");
        }
    }

    /// <summary>The summands that are not constant, in canonical order.</summary>
    public Seq<DimTerm> Terms { get; }

    /// <summary>The constant summand.</summary>
    public long Offset { get; }

    /// <summary>Whether it is a number.</summary>
    public bool IsConstant => Terms.Count == 0;

    /// <summary>The number that it is.</summary>
    /// <exception cref="InvalidOperationException">It is not constant.</exception>
    public long Constant => IsConstant ? Offset : throw new InvalidOperationException($"the size {this} is not a constant");

    /// <summary>The least value it can have, from the bounds of its symbols; null if none is known.</summary>
    public long? Lower => Bounds.Lower;

    /// <summary>The greatest value it can have, from the bounds of its symbols; null if none is known.</summary>
    public long? Upper => Bounds.Upper;

    /// <summary>Every symbol in it, each once, by name.</summary>
    public IReadOnlyCollection<DimSymbol> Symbols => symbols ??= FindSymbols();

    internal int Depth { get; }

    // What is shared counts each time: an expression in which each part is there twice doubles its text with each level.
    internal long Parts { get; }

    internal DimBounds Bounds => bounds ??= Terms.Aggregate(DimBounds.Exactly(Offset), (sum, term) => sum + term.Bounds);

    /// <summary>A number.</summary>
    public static implicit operator Dim(long value) => new([], value);

    /// <summary>A number.</summary>
    public static implicit operator Dim(int value) => new([], value);

    /// <summary>A symbol; a number if its bounds leave only one.</summary>
    public static implicit operator Dim(DimSymbol symbol) => symbol.Lower == symbol.Upper ? symbol.Lower : Of(new SymbolAtom(symbol));

    /// <summary>The sum.</summary>
    public static Dim operator +(Dim left, Dim right) => Recombine(Add(left, right));

    /// <summary>The difference.</summary>
    public static Dim operator -(Dim left, Dim right) => left + -right;

    /// <summary>The negative.</summary>
    public static Dim operator -(Dim value) => Scale(value, -1);

    /// <summary>The product.</summary>
    public static Dim operator *(Dim left, Dim right)
    {
        if (left.IsConstant || right.IsConstant)
        {
            return left.IsConstant ? Scale(right, left.Offset) : Scale(left, right.Offset);
        }
        if ((long)(left.Terms.Count + 1) * (right.Terms.Count + 1) > 16L * MostTerms)
        {
            throw new OverflowException($"a product of sums of {left.Terms.Count} and {right.Terms.Count} terms is too large to multiply out");
        }
        Dim product = Add(Scale(left, right.Offset), Scale(new Dim(right.Terms, 0), left.Offset));
        var terms = new List<DimTerm>(left.Terms.Count * right.Terms.Count);
        foreach (DimTerm one in left.Terms)
        {
            foreach (DimTerm other in right.Terms)
            {
                terms.Add(one * other);
            }
        }
        terms.Sort((one, other) => DimTerm.CompareFactors(one.Factors, other.Factors));
        return Recombine(Add(product, new Dim(Collect(terms), 0)));
    }

    /// <summary>The quotient rounded down.</summary>
    public Dim FloorDiv(Dim divisor) => DimDivision.FloorDiv(this, divisor);

    /// <summary>The quotient rounded up.</summary>
    public Dim CeilDiv(Dim divisor) => divisor.Lower >= 0 ? (this + divisor - 1).FloorDiv(divisor) : -(-this).FloorDiv(divisor);

    /// <summary>The remainder of the quotient rounded down, which has the sign of the divisor.</summary>
    public Dim Mod(Dim divisor) => DimDivision.Mod(this, divisor);

    /// <summary>The lesser of two.</summary>
    public static Dim Min(Dim a, Dim b) => Extreme(a, b, wantLess: true);

    /// <summary>The greater of two.</summary>
    public static Dim Max(Dim a, Dim b) => Extreme(a, b, wantLess: false);

    /// <summary>Whether it is this number.</summary>
    public bool Is(long value) => IsConstant && Offset == value;

    /// <summary>Whether it is known never to be less than <paramref name="other"/>, from the bounds of the symbols.</summary>
    public bool IsAtLeast(Dim other) => DimDivision.IsNonNegative(this - other);

    /// <summary>Whether two are the same expression.</summary>
    public static bool operator ==(Dim? left, Dim? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two are different expressions; they may still have equal values.</summary>
    public static bool operator !=(Dim? left, Dim? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(Dim? other) => ReferenceEquals(this, other)
        || (other is not null && Offset == other.Offset && GetHashCode() == other.GetHashCode() && Terms.Equals(other.Terms));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (hash == 0)
        {
            int found = HashCode.Combine(Terms, Offset);
            hash = found == 0 ? 1 : found;
        }
        return hash;
    }

    /// <summary>The text that <see cref="Parse"/> reads: <c>n</c>, <c>2*n + 1</c>, <c>(n + 1)//2</c>, <c>n%4</c>, <c>min(a, b)</c>.</summary>
    public override string ToString() => text ??= DimText.Write(this);

    /// <summary>The inverse of <see cref="ToString"/>; <paramref name="symbolOf"/> says what a name stands for.</summary>
    /// <exception cref="FormatException">The text is no integer expression; the message says where.</exception>
    public static Dim Parse(string text, Func<string, DimSymbol> symbolOf) => DimText.Parse(text, symbolOf);

    internal static Dim Of(DimAtom atom) => Of(new DimTerm(1, [atom]));

    internal static Dim Of(DimTerm term) => term.Factors.Count == 0 ? term.Coefficient : new Dim([term], 0);

    internal static Dim Of(IEnumerable<DimTerm> sorted, long offset) => new(sorted.ToSeq(), offset);

    internal static int Compare(Dim left, Dim right)
    {
        for (int i = 0; i < left.Terms.Count && i < right.Terms.Count; i++)
        {
            int order = DimTerm.CompareFactors(left.Terms[i].Factors, right.Terms[i].Factors);
            order = order != 0 ? order : left.Terms[i].Coefficient.CompareTo(right.Terms[i].Coefficient);
            if (order != 0)
            {
                return order;
            }
        }
        int byCount = left.Terms.Count.CompareTo(right.Terms.Count);
        return byCount != 0 ? byCount : left.Offset.CompareTo(right.Offset);
    }

    internal static long FloorDivide(long dividend, long divisor)
    {
        long quotient = checked(dividend / divisor);
        return dividend % divisor != 0 && (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient;
    }
}
