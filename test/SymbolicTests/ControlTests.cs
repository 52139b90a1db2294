using static Symbolic.Functions;

namespace Symbolic.Test;

public class ControlTests
{
    [Fact]
    public void ALoopCarriesValuesAndKnowsItsStep()
    {
        // Fibonacci numbers, and the sum of squares of the steps.
        Expr a = Scalar("a", DType.Int64), b = Scalar("b", DType.Int64);
        Seq<Expr> results = Loop(10, [a, b, SizeOf(0)], [], (step, c, _) => [c[1], c[0] + c[1], c[2] + step * step]);
        Assert.Equal([55, 89, 285], Evaluate(results, (a, 0), (b, 1)));
    }

    [Fact]
    public void ALoopOfNoStepsYieldsWhatItStartsWith()
    {
        Expr a = Scalar("a", DType.Int64);
        Assert.Equal([7], Evaluate(Loop(0, [a], [], (_, c, _) => [c[0] + 1]), (a, 7)));
    }

    [Fact]
    public void CapturesAreTheSameAtEveryStep()
    {
        Expr a = Scalar("a", DType.Int64), k = Scalar("k", DType.Int64);
        Assert.Equal([3 * 3 * 3 * 2], Evaluate(Loop(3, [a], [k], (_, c, captures) => [c[0] * captures[0]]), (a, 2), (k, 3)));
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(-5, 25)]
    public void ABranchIsChosenByItsCondition(long at, long expected)
    {
        Expr a = Scalar("a", DType.Int64);
        Assert.Equal([expected], Evaluate(IfElse(a > 0, [a], c => [c[0] * 2], c => [c[0] * c[0]]), (a, at)));
    }

    [Fact]
    public void TheBranchNotTakenIsNotComputed()
    {
        Expr a = Scalar("a", DType.Int64);
        Seq<Expr> safe = IfElse(a > 0, [a], c => [c[0]], c => [Require(c[0], c[0] > 0, "computed all the same")]);
        Assert.Equal([5], Evaluate(safe, (a, 5)));
        Assert.Throws<AssertionFailed>(() => Evaluate(safe, (a, -5)));
    }

    [Fact]
    public void SizesOfTheGraphAroundAreKnownInside()
    {
        Expr x = Vector("x", "n", DType.Float64), start = Scalar("start", DType.Float64);
        Expr sum = Loop(2, [start], [], (_, c, _) => [c[0] + Full(DType.Float64, [new NamedSymbol("n")], 1).Sum()])[0];
        Assert.Equal(6, Reference.Evaluate([sum + 0 * x.Sum()], new Dictionary<Variable, Literal>
        {
            [((Ops.Leaf)x.Op).Variable] = Literal.Of<double>([1, 2, 3], 3),
            [((Ops.Leaf)start.Op).Variable] = Literal.Of<double>([0]),
        })[0].ToDoubles()[0]);
    }

    [Fact]
    public void TypesThatDoNotFitAreNamed()
    {
        Expr x = Vector("x", "n"), open = Vector("open", "n");
        Assert.Equal("loop with a body (i64[], f32[n]) -> (f32[]) wants the step, then carried values and captures of those types; got f32[n]",
            Assert.Throws<TypeMismatch>(() => Loop(2, [x], [], (_, c, _) => [c[0].Sum()])).Message);
        Assert.Equal("if_else wants branches of the same types; got (f32[n]) and (f32[])",
            Assert.Throws<TypeMismatch>(() => IfElse(x.Sum() > 0, [x], c => [c[0]], c => [c[0].Sum()])).Message);
        Assert.Equal("if_else wants a condition bool[] and captures (f32[n]) for both branches; got f32[], f32[n]",
            Assert.Throws<TypeMismatch>(() => IfElse(x.Sum(), [x], c => [c[0]], c => [c[0]])).Message);
        Assert.Equal("a lambda must be closed: pass open: f32[n] as a capture",
            Assert.Throws<TypeMismatch>(() => Loop(2, [x], [], (_, c, _) => [c[0] + open])).Message);
        Assert.Equal("item 1 does not exist in (f32[n])",
            Assert.Throws<TypeMismatch>(() => Loop(2, [x], [], (_, c, _) => c)[0].Inputs[0].Item(1)).Message);
        Assert.Equal("loop: (f32[n]) yields (f32[n]); take one of its results with Item",
            Assert.Throws<TypeMismatch>(() => Exp<Expr>(Loop(2, [x], [], (_, c, _) => c)[0].Inputs[0])).Message);
    }

    private static long[] Evaluate(Seq<Expr> results, params (Expr Input, long Value)[] inputs) =>
        [.. Reference.Evaluate(results, inputs.ToDictionary(input => ((Ops.Leaf)input.Input.Op).Variable, input => Literal.Of<long>([input.Value]))).Select(value => value[0].ToInt64())];
}
