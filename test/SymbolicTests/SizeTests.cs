using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Sizes: what a dimension can be, what becomes an equation, what broadcasts.</summary>
public class SizeTests
{
    [Fact]
    public void WhatIsKnownIsFixedAndTheRestHasItsOwnSymbol()
    {
        Assert.Equal("f32[n,784]", $"{Matrix("x", "n", 784).Type}");
        Assert.Equal("f32[x.0,x.1]", $"{Matrix("x").Type}");
        Assert.NotEqual(Matrix("x").Shape, Matrix("x").Shape);
        Assert.Equal(Matrix("x", "n").Shape[0], Vector("y", "n").Shape[0]);
    }

    [Fact]
    public void TwoSymbolsBecomeAnEquation()
    {
        Expr x = Vector("x", "n", DType.Float64), y = Vector("y", "m", DType.Float64);
        Expr sum = x + y;
        Assert.Equal("f64[n]", $"{sum.Type}");
        Assert.IsType<Ops.Equate>(sum.Inputs[1].Op);
        Assert.Equal([11.0, 22], Value(sum, (x, [1, 2]), (y, [10, 20])));
        string place = $"{Origin.Of(sum.Inputs[1])}";
        Assert.Equal(
            $"an elementwise operation built at {place} needs m = n, but m is 3 and n is 2. Declare both axes with one name if they are always equal",
            Assert.Throws<BindingError>(() => Value(sum, (x, [1, 2]), (y, [1, 2, 3]))).Message);
    }

    [Fact]
    public void ASizeThatIsOneOnlyWhenRunDoesNotBroadcast()
    {
        Expr x = Vector("x", "n", DType.Float64), y = Vector("y", "m", DType.Float64);
        Assert.EndsWith(
            "needs m = n, but m is 1 and n is 2. A size that is 1 only when run does not broadcast: declare that axis with the known size 1",
            Assert.Throws<BindingError>(() => Value(x + y, (x, [1, 2]), (y, [5]))).Message, StringComparison.Ordinal);
        Expr one = Vector("one", 1, DType.Float64);
        Assert.Equal([6.0, 7], Value(x + one, (x, [1, 2]), (one, [5])));
        // A lower bound that leaves only 1 makes it known.
        Expr bounded = Vector("bounded", (Dim)new NamedSymbol("b", 1, 1), DType.Float64);
        Assert.Equal([6.0, 7], Value(x + bounded, (x, [1, 2]), (bounded, [5])));
    }

    [Fact]
    public void AKnownSizeWinsOverASymbol()
    {
        Expr x = Vector("x", "n", DType.Float64), y = Vector("y", 2, DType.Float64);
        Assert.Equal("f64[2]", $"{(x + y).Type}");
        Assert.Equal([11.0, 22], Value(x + y, (x, [1, 2]), (y, [10, 20])));
        Assert.Contains("needs n = 2, but n is 3", Assert.Throws<BindingError>(() => Value(x + y, (x, [1, 2, 3]), (y, [1, 2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesThatNeverAgreeAreRefusedWhereTheGraphIsBuilt()
    {
        Expr x = Matrix("x", "n", 3), y = Matrix("y", "n", 4);
        Assert.Equal("add wants shapes that agree or are 1 from the last axis on; got x: f32[n,3] and y: f32[n,4]: sizes 3 and 4 differ", Assert.Throws<TypeMismatch>(() => x + y).Message);
        Assert.Equal("dot wants the last axis of the first and the last but one axis of the second to agree; got x: f32[n,3] and transpose: f32[4,n]: 3 is not 4", Assert.Throws<TypeMismatch>(() => Dot(x, y.Transpose())).Message);
        Assert.Equal("reshape cannot make [n,4] of f32[n,3]: 3*n elements are not 4*n", Assert.Throws<TypeMismatch>(() => x.Reshape([new NamedSymbol("n"), 4])).Message);
    }

    [Fact]
    public void TheDataOfACallMustFitWhatIsDeclared()
    {
        Expr x = Matrix("x", "n", 3, DType.Float64), y = Vector("y", "n", DType.Float64);
        Dictionary<Variable, Literal> Inputs(Literal a, Literal b) => new() { [((Ops.Leaf)x.Op).Variable] = a, [((Ops.Leaf)y.Op).Variable] = b };
        Expr both = x.Sum([1]) + y;
        string Message(Literal a, Literal b) => Assert.Throws<BindingError>(() => Reference.Evaluate([both], Inputs(a, b))).Message;
        Assert.Equal("axis 0 of y gives n = 1, but axis 0 of x gives n = 2", Message(Literal.Of<double>(new double[6], 2, 3), Literal.Of<double>([1], 1)));
        Assert.Equal("x is declared as f64[n,3]; got a value of sizes [2,2]: axis 1 has 2, not 3", Message(Literal.Of<double>(new double[4], 2, 2), Literal.Of<double>([1, 2], 2)));
        Assert.Equal("x is declared as f64[n,3]; got a value of sizes [6]", Message(Literal.Of<double>(new double[6], 6), Literal.Of<double>([1, 2], 2)));
        Assert.Equal("x is declared as f64[n,3]; got a value f32[2,3]", Message(Literal.Of<float>(new float[6], 2, 3), Literal.Of<double>([1, 2], 2)));
        Assert.Equal("no value is given for y: f64[n]", Assert.Throws<BindingError>(() => Reference.Evaluate([both], new Dictionary<Variable, Literal> { [((Ops.Leaf)x.Op).Variable] = Literal.Of<double>(new double[6], 2, 3) })).Message);
    }

    [Fact]
    public void ASizeMayBeTheValueOfAScalar()
    {
        Expr k = Scalar("k", DType.Int32);
        Dim size = SizeFrom(k, 8);
        Expr ones = Full(DType.Float64, [size], 1);
        Dictionary<Variable, Literal> Value(int value) => new() { [((Ops.Leaf)k.Op).Variable] = Literal.Of<int>([value]) };
        Assert.Equal([1.0, 1, 1], Reference.Evaluate([ones], Value(3))[0].ToDoubles());
        Assert.Equal("k: i32[] gives the size k = 9, which is not between 0 and 8", Assert.Throws<BindingError>(() => Reference.Evaluate([ones], Value(9))).Message);
        Assert.Equal("k: i32[] gives the size k = -1, which is not between 0 and 8", Assert.Throws<BindingError>(() => Reference.Evaluate([ones], Value(-1))).Message);
        // As an int64 scalar it has no size of its own that would tell.
        Assert.Equal(6, Reference.Evaluate([SizeOf(2 * size)], Value(3))[0][0].ToInt64());
        Assert.Equal("a size wants an integer scalar; got x: f32[]", Assert.Throws<TypeMismatch>(() => SizeFrom(Scalar("x"))).Message);
    }

    [Fact]
    public void ACountHasAnUpperBoundBeforeAnythingRuns()
    {
        Expr x = Vector("x", "n", DType.Float64);
        Expr positions = NonZero(x);
        ValueSymbol count = Assert.IsType<ValueSymbol>(Assert.Single(positions.Shape[0].Symbols));
        Assert.Equal("n", $"{count.UpperBound}");
        Assert.True(((Dim)new NamedSymbol("n")).IsAtLeast(positions.Shape[0]));
        Assert.Equal([1.0, 3, 4], Value(positions, (x, [0, 5, 0, -1, 2])));
        Assert.Equal([], Value(positions, (x, [0, 0])));
    }

    [Fact]
    public void AClosedProgramListsItsCountsInTheOrderInWhichTheyCanBeComputed()
    {
        Expr x = Vector("x", "n", DType.Float64), k = Scalar("k", DType.Int64);
        Expr some = NonZero(x).Cast(DType.Float64);
        Expr fewer = Full(DType.Float64, [SizeFrom((some > 1).Cast(DType.Int64).Sum(), some.Shape[0]) + SizeFrom(k)], 2);
        Closing closing = Closing.Of(Closing.Variables([fewer]), [fewer]);
        Verifier.Check(closing.Program);
        Assert.Equal(["v0", "v1 <= s0", "v2 <= v1"], closing.Computed.Select(c => $"{c.Symbol}{(c.Symbol.UpperBound is { } bound ? $" <= {bound}" : "")}").Order(StringComparer.Ordinal));
        Literal[] arguments = [.. closing.Inputs.Select(input => input.Name == "k" ? Literal.Of<long>([2]) : Literal.Of<double>([0, 5, 0, -1, 2], 5))];
        Assert.Equal([2.0, 2, 2, 2], Reference.Evaluate(closing, arguments)[0].ToDoubles());
    }

    [Fact]
    public void NegativeSizesCannotBeBuilt()
    {
        Assert.Equal("full would yield f32[-1], which has a negative size", Assert.Throws<TypeMismatch>(() => Full(DType.Float32, [-1], 0)).Message);
        Assert.Equal("leaf would yield f32[-3], which has a negative size", Assert.Throws<TypeMismatch>(() => Vector("x", -3)).Message);
    }

    /// <summary>Positions of what is not zero: the size of the result is a count.</summary>
    private static Expr NonZero(Expr x)
    {
        Dim n = x.Shape[0];
        Expr isSet = NotEqualTo<Expr>(x, 0).Cast(DType.Int64);
        Dim count = SizeFrom(isSet.Sum(), n);
        // How many are set up to each position; position k of the result comes after all positions with at most k set.
        Expr upTo = Switch<Expr>(Iota([n, n], 1) <= Iota([n, n], 0), isSet.BroadcastTo([n, n], [1]), 0).Sum([1]);
        return (upTo.BroadcastTo([count, n], [1]) <= Iota([count, n], 0)).Cast(DType.Int64).Sum([1]);
    }

    private static double[] Value(Expr result, params (Expr Input, double[] Values)[] inputs) =>
        Reference.Evaluate([result], inputs.ToDictionary(input => ((Ops.Leaf)input.Input.Op).Variable, input => Literal.Of<double>(input.Values, input.Values.Length)))[0].ToDoubles();
}
