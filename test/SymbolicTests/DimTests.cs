namespace Symbolic.Test;

public class DimTests
{
    private static readonly NamedSymbol N = new("n");
    private static readonly NamedSymbol M = new("m");
    private static readonly NamedSymbol A = new("a");
    private static readonly NamedSymbol B = new("b");
    private static readonly NamedSymbol C = new("c");
    private static readonly NamedSymbol Signed = new("s", -5, 5);

    // Loop indices: i4 < 4, i8 < 8, and those below a symbolic extent.
    private static readonly LoopIndex I4 = new("i4", 4);
    private static readonly LoopIndex I8 = new("i8", 8);
    private static readonly LoopIndex Ia = new("ia", A);
    private static readonly LoopIndex Jb = new("jb", B);
    private static readonly LoopIndex Kc = new("kc", C);
    private static readonly LoopIndex Kc1 = new("kc1", (Dim)C + 1);

    internal static DimSymbol SymbolOf(string name) =>
        new DimSymbol[] { N, M, A, B, C, Signed, I4, I8, Ia, Jb, Kc, Kc1 }.FirstOrDefault(symbol => symbol.Name == name)
        ?? throw new ArgumentException($"the test has no symbol {name}");

    private static Dim Parse(string text) => Dim.Parse(text, SymbolOf);

    [Theory]
    // Sums and products
    [InlineData("n + n", "2*n")]
    [InlineData("n - n", "0")]
    [InlineData("0*n", "0")]
    [InlineData("1 + n + m*2 - 3", "2*m + n - 2")]
    [InlineData("(n + 1)*(n - 1)", "n*n - 1")]
    [InlineData("c*(b*ia + jb) + kc", "b*c*ia + c*jb + kc")]
    [InlineData("--n", "n")]
    [InlineData("-(n//2)", "-(n//2)")]
    // Quotients and remainders
    [InlineData("n//1", "n")]
    [InlineData("n%1", "0")]
    [InlineData("0//n", "0")]
    [InlineData("n//n", "1")]
    [InlineData("n%n", "0")]
    [InlineData("-7//2", "-4")]
    [InlineData("-7%2", "1")]
    [InlineData("7//-2", "-4")]
    [InlineData("7%-2", "-1")]
    [InlineData("(4*n + i4)//4", "n")]
    [InlineData("(4*n + i4)%4", "i4")]
    [InlineData("(4*n + m)//4", "n + m//4")]
    [InlineData("(7*n + 9)//3", "2*n + n//3 + 3")]
    [InlineData("(n + 3)//2", "(n + 1)//2 + 1")]
    [InlineData("(n*c + kc)//c", "n")]
    [InlineData("(n*c + kc)%c", "kc")]
    [InlineData("(ia*b*c + jb*c + kc)//c", "b*ia + jb")]
    [InlineData("(ia*b*c + jb*c + kc)//(b*c)", "ia")]
    [InlineData("(ia*b*c + jb*c + kc)%(b*c)", "c*jb + kc")]
    [InlineData("(ia*b*c + jb*c + kc)//c%b", "jb")]
    [InlineData("(ia*b*c + jb*c + kc)%c", "kc")]
    [InlineData("(ia*b*c + jb*c + kc)//(a*b*c)", "0")]
    [InlineData("(n*(c + 1) + kc1)//(c + 1)", "n")]
    [InlineData("(n*(c + 1) + kc1)%(c + 1)", "kc1")]
    [InlineData("n*c//(c + 1)", "(c*n)//(c + 1)")]
    [InlineData("n//4//2", "n//8")]
    [InlineData("n//b//c", "n//(b*c)")]
    [InlineData("(n//4 + 1)//2", "(n + 4)//8")]
    [InlineData("n%8%4", "n%4")]
    [InlineData("n%8//4", "(n//4)%2")]
    [InlineData("4*n//8", "n//2")]
    [InlineData("4*n%8", "4*(n%2)")]
    [InlineData("(4*n + i4)//8", "n//2")]
    [InlineData("(4*n + i4)%8", "i4 + 4*(n%2)")]
    [InlineData("(6*n + 10*m)//30", "(5*m + 3*n)//15")]
    [InlineData("i8//8", "0")]
    [InlineData("(i4 + 4)//4", "1")]
    [InlineData("s%7", "s%7")]
    [InlineData("n//4*4 + n%4", "n")]
    [InlineData("m*(n//c)*c + m*(n%c)", "m*n")]
    [InlineData("n//32*32 + n//4%8*4 + n%4", "n")]
    // Extremes
    [InlineData("min(n, n + 1)", "n")]
    [InlineData("max(n, n + 1)", "n + 1")]
    [InlineData("min(i4, 7)", "i4")]
    [InlineData("max(i4, 7)", "7")]
    [InlineData("max(n, 0)", "n")]
    [InlineData("min(kc, c)", "kc")]
    [InlineData("min(min(c, b), a)", "min(min(a, b), c)")]
    [InlineData("max(a, max(b, a))", "max(a, b)")]
    public void Simplifies(string text, string expected)
    {
        Dim dim = Parse(text);
        Assert.Equal(expected, dim.ToString());
        Assert.Equal(dim, Parse(expected));
    }

    [Fact]
    public void OrderOfOperandsDoesNotMatter()
    {
        Dim n = N, m = M, a = A;
        Assert.Equal(n + m, m + n);
        Assert.Equal(n * m * a, a * (m * n));
        Assert.Equal((n + m) * a, a * n + m * a);
        Assert.Equal(Dim.Min(n, m), Dim.Min(m, n));
        Assert.Equal((n + m).GetHashCode(), (m + n).GetHashCode());
        Assert.True(n + m == m + n && n != m);
    }

    [Fact]
    public void SymbolsOfOneNameAndDifferentBoundsAreOrdered()
    {
        Dim small = new NamedSymbol("x", 0, 4), large = new NamedSymbol("x", 0, 9);
        Assert.NotEqual(small, large);
        Assert.Equal(small + large, large + small);
    }

    [Fact]
    public void Bounds()
    {
        Assert.Equal((0L, 31L), ((Dim)I4 * 8 + I8) is { Lower: long lower, Upper: long upper } ? (lower, upper) : default);
        Assert.Equal((1L, null), ((Dim)N + 1 is var more ? (more.Lower, more.Upper) : default));
        Assert.Null((-(Dim)N).Lower);
        Assert.True(((Dim)C).IsAtLeast((Dim)Kc + 1));
        Assert.False(((Dim)C).IsAtLeast((Dim)Jb));
        Assert.True(((Dim)N).IsAtLeast(Parse("n//4*4")));
        Assert.True(((Dim)N).IsAtLeast(Parse("n//c*c")));
        Assert.False(Parse("n//4*4").IsAtLeast(N));
        Assert.True(((Dim)A * B * C).IsAtLeast(Parse("ia*b*c + jb*c + kc + 1")));
    }

    [Fact]
    public void ALoopThatNeverRunsBoundsNothing()
    {
        Dim never = new LoopIndex("i", 0);
        Assert.Equal((null, null), ((never * -3 * N) is var none ? (none.Lower, none.Upper) : default));
    }

    [Fact]
    public void AnIndexOfOneValueIsThatValue() => Assert.True(((Dim)new LoopIndex("i", 1)).Is(0));

    [Fact]
    public void Substitutes()
    {
        Dim size = Parse("(n + 1)//2 + n*m");
        Assert.Equal(Parse("4 + 7*m"), size.Substitute(symbol => symbol == N ? 7 : null));
        Assert.Same(size, size.Substitute(_ => null));
        Assert.Equal(["m", "n"], size.Symbols.Select(symbol => symbol.Name));
    }

    [Theory]
    [InlineData("b*c*ia + c*jb + kc + 3", "b*c", "c*jb + kc + 3")]
    [InlineData("2*ia - ia*n", "-n + 2", "0")]
    [InlineData("n", "0", "n")]
    public void SplitsOffASymbol(string text, string stride, string rest) =>
        Assert.Equal((Parse(stride), Parse(rest)), Parse(text).Linear(Ia));

    [Theory]
    [InlineData("ia*ia")]
    [InlineData("ia//2")]
    [InlineData("n*(ia%3)")]
    [InlineData("min(ia, n)")]
    public void HasNoStrideWhereItIsNotLinear(string text) => Assert.Null(Parse(text).Linear(Ia));

    [Fact]
    public void EvaluationThatDoesNotFitSaysWhat()
    {
        var overflow = Assert.Throws<OverflowException>(() => Parse("n*n + 1").Evaluate(_ => 1L << 40));
        Assert.Equal("n*n + 1 does not fit 64 bits with n = 1099511627776", overflow.Message);
        var zero = Assert.Throws<DivideByZeroException>(() => Parse("m//n + 1").Evaluate(_ => 0));
        Assert.Equal("the divisor in m//n is 0", zero.Message);
        Assert.Throws<OverflowException>(() => (Dim)long.MaxValue + 1);
        Assert.Throws<InvalidOperationException>(() => ((Dim)N).Constant);
    }

    [Theory]
    [InlineData("", "'' is no size: expected a number, a name or '(' at position 0")]
    [InlineData("n +", "'n +' is no size: expected a number, a name or '(' at position 3")]
    [InlineData("n m", "'n m' is no size: unexpected 'm' at position 2")]
    [InlineData("(n", "'(n' is no size: expected ')' at position 2")]
    [InlineData("min(n)", "'min(n)' is no size: expected ',' at position 5")]
    [InlineData("n/2", "'n/2' is no size: unexpected '/' at position 1")]
    [InlineData("n//0", "'n//0' is no size: n is divided by 0 at position 4")]
    [InlineData("\"n", "'\"n' is no size: expected '\"' at position 2")]
    [InlineData("99999999999999999999", "'99999999999999999999' is no size: 99999999999999999999 does not fit 64 bits at position 0")]
    public void SaysWhereTextIsWrong(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Parse(text)).Message);

    [Fact]
    public void HostileTextIsRefused()
    {
        Assert.Throws<FormatException>(() => Parse(new string('(', 100_000)));
        DimSymbol AnyName(string name) => new NamedSymbol(name);
        string doubling = string.Join('*', Enumerable.Range(0, 40).Select(i => $"(x{i} + y{i})"));
        Assert.Throws<FormatException>(() => Dim.Parse(doubling, AnyName));
        string remainders = new string('(', 120) + "n" + string.Concat(Enumerable.Range(101, 60).Select(i => $"+m//3)%{i}+m)"));
        Assert.Equal(Dim.Parse(remainders, AnyName), Dim.Parse(Dim.Parse(remainders, AnyName).ToString(), AnyName));
        string quotients = new string('(', 60) + "n" + string.Concat(Enumerable.Range(101, 60).Select(i => $"+1)//{i}"));
        Assert.Equal(Dim.Parse(quotients, AnyName), Dim.Parse(Dim.Parse(quotients, AnyName).ToString(), AnyName));
        string tower = string.Concat(Enumerable.Repeat("(1 + min(q, (", 60)) + "q" + string.Concat(Enumerable.Repeat(")*q)*3)", 60));
        Assert.Equal(Dim.Parse(tower, AnyName), Dim.Parse(Dim.Parse(tower, AnyName).ToString(), AnyName));
    }

    [Fact]
    public void AnyNameCanBeReadBack()
    {
        Dim odd = (Dim)new NamedSymbol("x.shape[0] \"\\") * 2;
        Assert.Equal("2*\"x.shape[0] \\\"\\\\\"", odd.ToString());
        Assert.Equal(odd, Dim.Parse(odd.ToString(), name => new NamedSymbol(name)));
        Dim least = (Dim)N + M * (Dim)long.MinValue + long.MinValue;
        Assert.Equal(least, Parse(least.ToString()));
    }
}
