using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Slices, borders and joints against plain C# over lists, and what becomes of sizes that are not known.</summary>
public class SliceTests
{
    [Fact]
    public void SlicesAreThoseOfPython()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 2_000; trial++)
        {
            int size = random.Next(0, 8);
            long? Bound() => random.Next(4) == 0 ? null : random.Next(-10, 11);
            (long? start, long? stop, long step) = (Bound(), Bound(), random.Next(1, 4) * (random.Next(2) == 0 ? 1 : -1));
            double[] values = [.. Enumerable.Range(0, size).Select(i => (double)i)];
            Expr x = Vector("x", random.Next(2) == 0 ? size : null, DType.Float64);
            Expr slice = x.Slice(0, start is { } a ? a : (Bound?)null, stop is { } b ? b : (Bound?)null, step);
            double[] found = Value(slice, (x, values));
            Assert.True(Python(size, start, stop, step).SequenceEqual(found), $"{size} elements [{start}:{stop}:{step}] are [{string.Join(",", found)}] by {slice}");
        }
    }

    [Fact]
    public void BoundsMayBeComputedWhenTheFunctionRuns()
    {
        Expr x = Vector("x", null, DType.Float64), i = Scalar("i", DType.Int32), j = Scalar("j", DType.Int64);
        foreach (long step in (long[])[1, 2, -1, -3])
        {
            Expr slice = x.Slice(0, i, j, step);
            for (int start = -7; start <= 7; start++)
            {
                for (int stop = -7; stop <= 7; stop++)
                {
                    double[] found = Reference.Evaluate([slice], new Dictionary<Variable, Literal>
                    {
                        [Variable(x)] = Literal.Of<double>([0, 1, 2, 3, 4], 5), [Variable(i)] = Literal.Of<int>([start]), [Variable(j)] = Literal.Of<long>([stop]),
                    })[0].ToDoubles();
                    Assert.Equal(Python(5, start, stop, step), found);
                }
            }
        }
    }

    [Fact]
    public void SubscriptsNameAxes()
    {
        Expr x = Counting(3, 4, 5);
        Assert.Equal("f64[4,5]", $"{x[1].Type}");
        Assert.Equal("f64[3,5]", $"{x[.., ^1].Type}");
        Assert.Equal("f64[2,1,4,2]", $"{x[1.., Subscript.NewAxis, Subscript.Ellipsis, Subscript.Range(null, null, -3)].Type}");
        Assert.Equal([59.0, 56, 39], Values(x[-1, -1, -1], x[2, 3, 1], x[1, 3, 4]));
        Assert.Equal([4.0, 1, 24, 21], Value(x[..2, Subscript.Range(0, 1), Subscript.Range(null, null, -3)]));
        Assert.Equal([7.0, 27, 47], Value(x[Subscript.All, 1, 2]));
        Assert.Same(x, x[.., 0..4]);
        Assert.Equal("4 subscripts for the 3 axes of constant: f64[3,4,5]", Assert.Throws<TypeMismatch>(() => x[0, 0, 0, 0]).Message);
        Assert.Equal("position 9 lies outside axis 0 of constant: f64[3,4,5]", Assert.Throws<TypeMismatch>(() => x[9]).Message);
        Assert.Equal("position -1 lies outside axis 1 of constant: f64[3,4,5]", Assert.Throws<TypeMismatch>(() => x[0, -5]).Message);
        Assert.Equal("more than one ellipsis in the subscripts of constant: f64[3,4,5]", Assert.Throws<TypeMismatch>(() => x[Subscript.Ellipsis, Subscript.Ellipsis]).Message);
        Assert.Equal("the step of a slice of constant: f64[3,4,5] is 0", Assert.Throws<TypeMismatch>(() => x[Subscript.Range(0, 1, 0)]).Message);
        Assert.Equal("the bound of a slice wants an integer scalar; got x: f32[]", Assert.Throws<TypeMismatch>(() => x[Subscript.Range(Scalar("x"), null)]).Message);
    }

    [Fact]
    public void APositionOutsideAnAxisOfUnknownSizeIsFoundBeforeAnythingRuns()
    {
        Expr x = Vector("x", "n", DType.Float64);
        Assert.Equal([7.0], Value(x[2], (x, [5, 6, 7])));
        Assert.Equal([5.0], Value(x[-3], (x, [5, 6, 7])));
        foreach (Expr outside in (Expr[])[x[3], x[-4]])
        {
            Assert.Matches("^a position( built at .*)? lies outside its axis: .* elements are there, which should be 1, but are 0$", Assert.Throws<BindingError>(() => Value(outside, (x, [5, 6, 7]))).Message);
        }
    }

    [Fact]
    public void ScalarsMadeOfSizesAreSizes()
    {
        Expr x = Matrix("x", "n", "m", DType.Float64);
        Expr last = SizeOf(x.Shape[0]) - 1;
        Assert.Equal("f64[n - max(0, n - 1),m]", $"{x.Slice(0, last, null).Type}");
        Assert.Equal("f64[n,m//2]", $"{x.Slice(1, null, FloorDiv<Expr>(SizeOf(x.Shape[1]), 2)).Type}");
    }

    [Fact]
    public void LongChainsOfSlicesWithUnknownBoundsEndSoon()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Expr x = Vector("x", "n");
        try
        {
            for (int i = 0; i < 300; i++)
            {
                x = x.Slice(0, (Dim)new NamedSymbol($"k{i % 7}"), i % 2 == 0 ? (Bound?)null : (Dim)new NamedSymbol("m") + i, i % 3 == 0 ? -1 : 1);
            }
            Dim extent = new NamedSymbol("n"), least = extent;
            for (int i = 0; i < 60; i++)
            {
                least = Dim.Max(0, Dim.Min(least * Dim.Min(1, Dim.Max(0, (Dim)new NamedSymbol("m") - i)), least));
            }
        }
        catch (OverflowException error)
        {
            Assert.StartsWith("an integer expression may have ", error.Message, StringComparison.Ordinal);
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void JoinsAndParts()
    {
        Expr x = Counting(2, 3), y = Counting(2, 3) + 10;
        Assert.Equal([0.0, 1, 2, 10, 11, 12, 3, 4, 5, 13, 14, 15], Value(Concatenate([x, y], -1)));
        Assert.Equal([0.0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15], Value(Stack([x, y], -1)));
        Assert.Equal("f64[2,2,3]", $"{Stack([x, y]).Type}");
        Seq<Expr> parts = x.Split([1, 2], 1);
        Assert.Equal([0.0, 3, 1, 2, 4, 5], parts.SelectMany(part => Value(part)));
        Assert.Equal([3.0, 4, 5], Value(x.SplitEvenly(2)[1]));
        Assert.Equal([5.0, 4, 3, 2, 1, 0], Value(x.Flip()));
        Assert.Equal([0.0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], Value(x.Tile([2])));
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], Value(x.Tile([2, 1, 1])));
        Assert.Equal([0.0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], Value(x.Repeat(2)));
        Assert.Equal([0.0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], Value(x.Repeat(2, 0)));
        Assert.Equal([5.0, 0, 1, 2, 3, 4], Value(x.Roll(1)));
        Assert.Equal([1.0, 2, 0, 4, 5, 3], Value(x.Roll(-1, 1)));
        Assert.Equal([1.0, 2, 0, 4, 5, 3], Value(x.Roll(SizeOf(2), 1)));
        Assert.Equal([0.0, 4], Value(x.Diagonal()));
        Assert.Equal([1.0, 5], Value(x.Diagonal(1)));
        Assert.Equal([3.0], Value(x.Diagonal(-1)));
        Assert.Equal([], Value(x.Diagonal(3)));
        Assert.Equal([0.0, 7, 14], Value(Counting(3, 6).Diagonal()));
        Assert.Equal("parts of sizes [1,1] along axis 1 are 2, not the whole of constant: f64[2,3]", Assert.Throws<TypeMismatch>(() => x.Split([1, 1], 1)).Message);
        Assert.Equal("concatenate along axis 0 wants all other sizes to agree; got constant: f64[2,3] and constant: f64[2,2]: sizes 3 and 2 of axis 1 differ", Assert.Throws<TypeMismatch>(() => Concatenate([x, Counting(2, 2)])).Message);
    }

    [Theory]
    [InlineData(PadMode.Constant, "9 9 0 1 2 9 9 9")]
    [InlineData(PadMode.Edge, "0 0 0 1 2 2 2 2")]
    [InlineData(PadMode.Reflect, "2 1 0 1 2 1 0 1")]
    [InlineData(PadMode.Symmetric, "1 0 0 1 2 2 1 0")]
    [InlineData(PadMode.Wrap, "1 2 0 1 2 0 1 2")]
    public void BordersAreThoseOfNumpy(PadMode mode, string expected)
    {
        double[] wanted = [.. expected.Split(' ').Select(double.Parse)];
        Assert.Equal(wanted, Value(Counting(3).Pad([(2, 3)], mode, 9)));
        Expr x = Vector("x", "n", DType.Float64);
        Assert.Equal(wanted[..6], Value(x.Pad([(2, 1)], mode, 9), (x, [0, 1, 2])));
        Assert.Equal(wanted.SelectMany(value => (double[])[value, value]), Value(Counting(3).Repeat(2, 0).Reshape([3, 2]).Pad([(2, 3), (0, 0)], mode, 9)));
    }

    [Fact]
    public void AxesMove()
    {
        Expr x = Matrix("x", "n", 3), one = Input("one", DType.Float32, 2, 1, 4);
        Assert.Equal("f32[3,1,n]", $"{x.DimShuffle(1, null, 0).Type}");
        Assert.Equal("f32[4,2]", $"{one.DimShuffle(2, 0).Type}");
        Assert.Equal("f32[2,4]", $"{one.Squeeze().Type}");
        Assert.Equal("f32[n,3,1]", $"{x.ExpandDims(-1).Type}");
        Assert.Equal("f32[4,2,1]", $"{one.MoveAxis(-1, 0).Type}");
        Assert.Equal("f32[4,1,2]", $"{one.SwapAxes(0, 2).Type}");
        Assert.Equal("f32[1,1,n,3]", $"{x.AtLeast(4).Type}");
        Assert.Equal("f32[2,4]", $"{one.FlattenTo(2).Type}");
        Assert.Equal("f32[8]", $"{one.FlattenTo().Type}");
        Assert.Equal("f32[3,n]", $"{x.Reshape([3, -1]).Type}");
        Assert.Equal("axis 0 of x: f32[n,3] cannot be dropped: its size n is not known to be 1", Assert.Throws<TypeMismatch>(() => x.Squeeze([0])).Message);
        Assert.Equal("reshape cannot make [5,1] of f32[2,1,4]: 8 elements are not 5", Assert.Throws<TypeMismatch>(() => one.Reshape([5, -1])).Message);
    }

    private static List<double> Python(int size, long? start, long? stop, long step)
    {
        long low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
        long Place(long? bound, long otherwise) => bound is { } given ? Math.Clamp(given < 0 ? given + size : given, low, high) : otherwise;
        (long from, long to) = (Place(start, step > 0 ? low : high), Place(stop, step > 0 ? high : low));
        var taken = new List<double>();
        for (long i = from; step > 0 ? i < to : i > to; i += step)
        {
            taken.Add(i);
        }
        return taken;
    }

    private static Variable Variable(Expr leaf) => ((Ops.Leaf)leaf.Op).Variable;

    private static double[] Value(Expr result, params (Expr Leaf, double[] Values)[] inputs) =>
        Reference.Evaluate([result], inputs.ToDictionary(input => Variable(input.Leaf), input => Literal.Of<double>(input.Values, input.Values.Length)))[0].ToDoubles();

    private static double[] Values(params Expr[] scalars) => [.. scalars.SelectMany(scalar => Value(scalar))];

    private static Expr Counting(params long[] sizes)
    {
        double[] values = [.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (a, b) => a * b)).Select(i => (double)i)];
        return Expr.Of(new Ops.Constant(Literal.Of<double>(values, sizes)));
    }
}
