namespace Symbolic.Test;

/// <summary>Random expressions, built once as they are written and once as a <see cref="Dim"/>: both must have the same value.</summary>
public class DimPropertyTests
{
    private static readonly DimSymbol[] Symbols =
    [
        .. new[] { "n", "a", "b", "c", "s", "i4", "i8", "ia", "jb", "kc", "kc1" }.Select(DimTests.SymbolOf),
    ];

    // An expression as it is written: an operator and its operands, or a symbol, or a number.
    private sealed record Tree(char Operator, Tree? Left = null, Tree? Right = null, DimSymbol? Symbol = null, long Number = 0)
    {
        public Dim Build() => Operator switch
        {
            '#' => Number,
            'x' => Symbol!,
            '+' => Left!.Build() + Right!.Build(),
            '-' => Left!.Build() - Right!.Build(),
            '*' => Left!.Build() * Right!.Build(),
            '/' => Left!.Build().FloorDiv(Right!.Build()),
            '%' => Left!.Build().Mod(Right!.Build()),
            'c' => Left!.Build().CeilDiv(Right!.Build()),
            '<' => Dim.Min(Left!.Build(), Right!.Build()),
            '>' => Dim.Max(Left!.Build(), Right!.Build()),
            _ => throw new InvalidOperationException($"{Operator}"),
        };

        public Int128 Value(Func<DimSymbol, long> valueOf)
        {
            if (Operator is '#' or 'x')
            {
                return Operator == '#' ? Number : valueOf(Symbol!);
            }
            Int128 left = Left!.Value(valueOf);
            Int128 right = Right!.Value(valueOf);
            return Operator switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                '/' => Floor(left, right),
                '%' => left - Floor(left, right) * right,
                'c' => -Floor(-left, right),
                '<' => Int128.Min(left, right),
                '>' => Int128.Max(left, right),
                _ => throw new InvalidOperationException($"{Operator}"),
            };
        }

        public override string ToString() => Operator switch
        {
            '#' => $"{Number}",
            'x' => Symbol!.Name,
            _ => $"({Left} {Operator} {Right})",
        };

        private static Int128 Floor(Int128 left, Int128 right)
        {
            (Int128 quotient, Int128 rest) = Int128.DivRem(left, right);
            return rest != 0 && (rest < 0) != (right < 0) ? quotient - 1 : quotient;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SimplifyingKeepsTheValue(int seed)
    {
        var random = new Random(seed);
        int compared = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            Tree tree = Grow(random, random.Next(1, 6));
            Dim dim;
            try
            {
                dim = tree.Build();
            }
            catch (DivideByZeroException)
            {
                continue;
            }
            Assert.Equal(dim, Dim.Parse(dim.ToString(), DimTests.SymbolOf));
            for (int sample = 0; sample < 8; sample++)
            {
                Dictionary<DimSymbol, long> values = Draw(random);
                try
                {
                    Int128 expected = tree.Value(symbol => values[symbol]);
                    long found = dim.Evaluate(symbol => values[symbol]);
                    string context = $"{tree} = {dim} with {string.Join(", ", values.Select(pair => $"{pair.Key} = {pair.Value}"))}";
                    Assert.True(expected == found, $"{context}: expected {expected}, found {found}");
                    Assert.True(!(dim.Lower > found) && !(dim.Upper < found), $"{context}: {found} is not within {dim.Lower}..{dim.Upper}");
                    compared++;
                }
                catch (DivideByZeroException)
                {
                    // Such a size has no value, neither as written nor simplified.
                }
            }
        }
        Assert.True(compared > 10_000, $"only {compared} values were compared");
    }

    private static Tree Grow(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            return random.Next(3) == 0
                ? new('#', Number: random.Next(-4, 9))
                : new('x', Symbol: Symbols[random.Next(Symbols.Length)]);
        }
        return new("++--**//%%c<>"[random.Next(13)], Grow(random, depth - 1), Grow(random, depth - 1));
    }

    private static Dictionary<DimSymbol, long> Draw(Random random)
    {
        // Sizes first: the loops over them then have an index.
        var values = new Dictionary<DimSymbol, long>();
        foreach (DimSymbol symbol in Symbols.OrderBy(symbol => symbol is LoopIndex))
        {
            bool isExtent = Symbols.OfType<LoopIndex>().Any(loop => loop.Extent.Contains(symbol));
            long below = symbol.Limit is Dim limit ? limit.Evaluate(other => values[other]) : symbol.Upper + 1 ?? 13;
            values[symbol] = random.NextInt64(isExtent ? Math.Max(symbol.Lower, 1) : symbol.Lower, below);
        }
        return values;
    }
}
