namespace Symbolic;

// Sums, and the walks over the structure. Coefficients are exact: what does not fit 64 bits is an OverflowException.
public sealed partial class Dim
{
    /// <summary>Replaces symbols by expressions, and simplifies; null leaves a symbol. Bounds of symbols are not rewritten.</summary>
    public Dim Substitute(Func<DimSymbol, Dim?> map)
    {
        Dim sum = Offset;
        bool changed = false;
        foreach (DimTerm term in Terms)
        {
            Dim product = term.Coefficient;
            bool termChanged = false;
            foreach (DimAtom factor in term.Factors)
            {
                Dim? replaced = Substitute(factor, map);
                termChanged |= replaced is not null;
                product *= replaced ?? Of(factor);
            }
            changed |= termChanged;
            sum += termChanged ? product : Of(term);
        }
        return changed ? sum : this;
    }

    /// <summary>The value, given those of the symbols.</summary>
    /// <exception cref="OverflowException">A step does not fit 64 bits.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public long Evaluate(Func<DimSymbol, long> valueOf)
    {
        try
        {
            long sum = Offset;
            foreach (DimTerm term in Terms)
            {
                long product = term.Coefficient;
                foreach (DimAtom factor in term.Factors)
                {
                    product = checked(product * Evaluate(factor, valueOf));
                }
                sum = checked(sum + product);
            }
            return sum;
        }
        catch (OverflowException inner)
        {
            string values = string.Join(", ", Symbols.Select(symbol => $"{symbol} = {valueOf(symbol)}"));
            throw new OverflowException($"{this} does not fit 64 bits with {values}", inner);
        }
    }

    /// <summary>
    /// Splits it into <c>stride*symbol + rest</c>, neither of which contains the symbol; null if it has no such form.
    /// </summary>
    public (Dim stride, Dim rest)? Linear(DimSymbol symbol)
    {
        var wanted = new SymbolAtom(symbol);
        var strides = new List<DimTerm>();
        var rest = new List<DimTerm>();
        long constantStride = 0;
        foreach (DimTerm term in Terms)
        {
            int index = term.Factors.IndexOf(wanted);
            Seq<DimAtom> others = index < 0 ? term.Factors : term.Factors.RemoveAt(index);
            if (others.Any(atom => Contains(atom, symbol)))
            {
                return null;
            }
            if (index < 0)
            {
                rest.Add(term);
            }
            else if (others.Count == 0)
            {
                constantStride = term.Coefficient;
            }
            else
            {
                strides.Add(new(term.Coefficient, others));
            }
        }
        // Taking one factor out of each product can change which comes first.
        strides.Sort((one, other) => DimTerm.CompareFactors(one.Factors, other.Factors));
        return (Of(strides, constantStride), Of(rest, Offset));
    }

    /// <summary>Whether the symbol occurs in it, anywhere.</summary>
    public bool Contains(DimSymbol symbol) => Terms.Any(term => term.Factors.Any(atom => Contains(atom, symbol)));

    private static bool Contains(DimAtom atom, DimSymbol symbol) =>
        atom is SymbolAtom found ? found.Symbol.Equals(symbol) || found.Symbol.Inner.Contains(symbol) : atom.Operands.Any(operand => operand.Contains(symbol));

    private static Dim? Substitute(DimAtom atom, Func<DimSymbol, Dim?> map)
    {
        if (atom is SymbolAtom { Symbol: var symbol })
        {
            return map(symbol) ?? (symbol.Substitute(map) is { } other ? (Dim)other : null);
        }
        Seq<Dim> replaced = atom.Operands.Map(operand => operand.Substitute(map));
        return replaced.Equals(atom.Operands) ? null : atom.Rebuild(replaced[0], replaced[1]);
    }

    private static long Evaluate(DimAtom atom, Func<DimSymbol, long> valueOf)
    {
        if (atom is SymbolAtom { Symbol: var symbol })
        {
            return valueOf(symbol);
        }
        long left = atom.Operands[0].Evaluate(valueOf);
        long right = atom.Operands[1].Evaluate(valueOf);
        return right == 0 && atom is (DivAtom or ModAtom)
            ? throw new DivideByZeroException($"the divisor in {Of(atom)} is 0")
            : atom.Rebuild(left, right).Constant;
    }

    private static Dim Add(Dim left, Dim right)
    {
        if (left.IsConstant || right.IsConstant)
        {
            long sum = checked(left.Offset + right.Offset);
            return left.IsConstant && left.Offset == 0 ? right
                : right.IsConstant && right.Offset == 0 ? left
                : new Dim(left.IsConstant ? right.Terms : left.Terms, sum);
        }
        var terms = new List<DimTerm>(left.Terms.Count + right.Terms.Count);
        int i = 0;
        int j = 0;
        while (i < left.Terms.Count && j < right.Terms.Count)
        {
            terms.Add(DimTerm.CompareFactors(left.Terms[i].Factors, right.Terms[j].Factors) <= 0 ? left.Terms[i++] : right.Terms[j++]);
        }
        terms.AddRange(left.Terms[i..]);
        terms.AddRange(right.Terms[j..]);
        return new Dim(Collect(terms), checked(left.Offset + right.Offset));
    }

    private static Dim Scale(Dim value, long by) => by switch
    {
        0 => 0,
        1 => value,
        _ => new Dim(value.Terms.Map(term => term with { Coefficient = checked(term.Coefficient * by) }), checked(value.Offset * by)),
    };

    // Adds up neighbours that have the same factors; the terms are sorted.
    private static Seq<DimTerm> Collect(List<DimTerm> terms)
    {
        var collected = new List<DimTerm>(terms.Count);
        foreach (DimTerm term in terms)
        {
            if (collected.Count > 0 && DimTerm.CompareFactors(collected[^1].Factors, term.Factors) == 0)
            {
                long coefficient = checked(collected[^1].Coefficient + term.Coefficient);
                collected.RemoveAt(collected.Count - 1);
                if (coefficient != 0)
                {
                    collected.Add(term with { Coefficient = coefficient });
                }
            }
            else
            {
                collected.Add(term);
            }
        }
        return collected.ToSeq();
    }

    // x//d*d + x%d = x: for each remainder in the sum, looks for the quotient that belongs to it.
    private static Dim Recombine(Dim sum)
    {
        // To find the quotient is to divide anew, which adds, which looks for remainders within: the work grows by a factor with each level.
        if (sum.Depth > DeepestRecombined || !sum.Terms.Any(term => term.Factors.Any(atom => atom is DivAtom)))
        {
            return sum;
        }
        foreach (DimTerm term in sum.Terms)
        {
            for (int i = 0; i < term.Factors.Count; i++)
            {
                if (term.Factors[i] is not ModAtom { Dividend: var dividend, Divisor: var divisor })
                {
                    continue;
                }
                Dim others = Of(term with { Factors = term.Factors.RemoveAt(i) });
                Dim quotient = others * divisor * dividend.FloorDiv(divisor);
                if (!quotient.IsConstant && quotient.Offset == 0 && quotient.Terms.All(part => sum.Terms.IndexOf(part) >= 0))
                {
                    return Recombine(Add(Add(sum, -Add(quotient, Of(term))), others * dividend));
                }
            }
        }
        return sum;
    }

    private static Dim Extreme(Dim a, Dim b, bool wantLess)
    {
        if (a.IsConstant && b.IsConstant)
        {
            return wantLess ? Math.Min(a.Offset, b.Offset) : Math.Max(a.Offset, b.Offset);
        }
        // min(min(b, c), a) and min(min(a, b), c) are one expression: the operands are gathered, sorted and nested anew.
        var operands = new List<Dim>();
        foreach (Dim operand in Operands(a, wantLess).Concat(Operands(b, wantLess)))
        {
            if (operands.Exists(kept => wantLess ? operand.IsAtLeast(kept) : kept.IsAtLeast(operand)))
            {
                continue;
            }
            operands.RemoveAll(kept => wantLess ? kept.IsAtLeast(operand) : operand.IsAtLeast(kept));
            operands.Add(operand);
        }
        operands.Sort(Compare);
        return operands.Aggregate((left, right) => Of(wantLess ? new MinAtom(left, right) : new MaxAtom(left, right)));
    }

    private static IEnumerable<Dim> Operands(Dim dim, bool wantLess)
    {
        if (dim is { Offset: 0, Terms: [{ Coefficient: 1, Factors: [var atom] }] } && (wantLess ? atom is MinAtom : atom is MaxAtom))
        {
            return atom.Operands.SelectMany(operand => Operands(operand, wantLess));
        }
        return [dim];
    }

    private Seq<DimSymbol> FindSymbols()
    {
        var found = new HashSet<DimSymbol>();
        foreach (DimAtom atom in Terms.SelectMany(term => term.Factors))
        {
            found.UnionWith(atom is SymbolAtom { Symbol: var symbol } ? symbol.Inner.Prepend(symbol) : atom.Operands.SelectMany(operand => operand.Symbols));
        }
        return found.OrderBy(symbol => symbol.SortKey, StringComparer.Ordinal).ToSeq();
    }
}
