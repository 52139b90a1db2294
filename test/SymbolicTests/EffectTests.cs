using static Symbolic.Functions;

namespace Symbolic.Test;

public class EffectTests
{
    [Fact]
    public void EffectsAreIdentityOnTheirFirstInput()
    {
        Expr x = Vector("x", 2);
        var seen = new List<double[]>();
        Expr watched = Callback(x, value => seen.Add(value.ToDoubles()));
        Assert.Equal([1.0, 2], Value(Require(watched, x > 0, "positive"), x, 1, 2));
        Assert.Equal([[1.0, 2]], seen);
        Assert.Equal(x.Type, Print(x, "x").Type);
    }

    [Fact]
    public void AFailedAssertionEndsTheCallWithItsMessage()
    {
        Expr x = Vector("x", 2);
        Assert.Equal("x must be positive", Assert.Throws<AssertionFailed>(() => Value(Require(x, x > 0, "x must be positive"), x, 1, -2)).Message);
        Assert.Equal("assert wants a boolean condition; got f32[2]", Assert.Throws<TypeMismatch>(() => Require(x, x, "")).Message);
    }

    [Fact]
    public void EffectsStayWhereEqualValuesMeet()
    {
        // Neither merged with what they pass on, nor with each other unless they do the same to the same.
        Expr x = Vector("x", 2);
        Assert.NotSame(x, Print(x, "a"));
        Assert.NotSame(Print(x, "a"), Print(x, "b"));
        Assert.Same(Print(x, "a"), Print(x, "a"));
        int calls = 0;
        Action<Literal> count = _ => calls++;
        Expr both = Callback(x, count) + Callback(x * 1, count);
        Value(both, x, 1, 2);
        Assert.Equal(2, calls);
        Assert.NotSame(Callback(x, _ => calls++), Callback(x, _ => calls--));
    }

    [Fact]
    public void GradientsPassThroughAndRepeatNoEffect()
    {
        Expr x = Vector("x", 2);
        int calls = 0;
        Expr slope = Grad(Callback(x * x, _ => calls++).Sum(), x);
        Assert.Equal([2.0, 4], Value(slope, x, 1, 2));
        Assert.Equal(0, calls);
    }

    [Fact]
    public void OnlyTheBranchTakenActs()
    {
        Expr x = Vector("x", 2);
        var log = new List<string>();
        Expr result = IfElse(x.Sum() > 0, [x], c => [Callback(c[0], _ => log.Add("then"))], c => [Callback(c[0], _ => log.Add("else"))])[0];
        Value(result, x, 1, 2);
        Value(result, x, -1, -2);
        Assert.Equal(["then", "else"], log);
    }

    [Fact]
    public void ALoopActsAtEveryStep()
    {
        Expr x = Scalar("x");
        var log = new List<double>();
        Expr result = Loop(3, [x], [], (_, carried, _) => [Callback(carried[0], value => log.Add(value.ToDoubles()[0])) * 2])[0];
        Assert.Equal([8.0], Reference.Evaluate([result], new Dictionary<Variable, Literal> { [((Ops.Leaf)x.Op).Variable] = Literal.Of<float>([1]) })[0].ToDoubles());
        Assert.Equal([1.0, 2, 4], log);
    }

    private static double[] Value(Expr result, Expr x, params float[] at) =>
        Reference.Evaluate([result], new Dictionary<Variable, Literal> { [((Ops.Leaf)x.Op).Variable] = Literal.Of<float>(at, at.Length) })[0].ToDoubles();
}
