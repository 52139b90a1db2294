using static Symbolic.Functions;
using static Symbolic.Test.Programs;

namespace Symbolic.Test;

/// <summary>Effects happen once each, in the order of first need, whatever the rules do around them.</summary>
public class EffectTests
{
    private static readonly Expr X = Vector("x", 2), Y = Vector("y", 2);

    private static (List<string> Before, List<string> After, Lambda Optimized) Run(Func<Func<Expr, string, Expr>, Expr> build)
    {
        var seen = new List<string>();
        Expr Seen(Expr x, string label) => Callback(x, value => seen.Add($"{label}{value[0].ToDouble():0.##}"));
        (Lambda program, Variable[] inputs) = Close(build(Seen));
        Literal[] arguments = [.. inputs.Select((input, i) => Filled(input.Type, [i + 2.0]))];
        Lambda optimized = Pipeline.Optimize(program, new OptimizerOptions { Strict = true });
        Assert.Empty(seen);
        Reference.Evaluate(program, arguments);
        List<string> before = [.. seen];
        seen.Clear();
        Reference.Evaluate(optimized, arguments);
        return (before, seen, optimized);
    }

    private static void AssertKept(Func<Func<Expr, string, Expr>, Expr> build, params string[] wanted)
    {
        (List<string> before, List<string> after, _) = Run(build);
        Assert.Equal(wanted, before);
        Assert.Equal(before, after);
    }

    [Fact]
    public void ConstantsWithEffectsAreNotFolded() => AssertKept(seen => seen(Full(DType.Float32, [2], 3) * 2, "a"), "a6");

    [Fact]
    public void EqualEffectsOnEqualValuesStayTwo() => AssertKept(seen =>
    {
        // x + 0 becomes x, so both effects would be one node.
        var label = new Dictionary<string, Expr>();
        Expr first = seen(X, "a");
        return first + Same(first, X + 0);
    }, "a2", "a2");

    [Fact]
    public void EqualEffectsStayTwoWhicheverComesFirst() => AssertKept(seen =>
    {
        Expr first = seen(X, "a");
        return Same(first, X + 0) + first;
    }, "a2", "a2");

    private static Expr Same(Expr effect, Expr input) => effect.WithInputs([input]);

    [Fact]
    public void ArgumentsAreNotExchangedPastEffects() => AssertKept(seen => seen(Tanh(Y * 3), "b") + seen(X, "a"), "b1", "a3");

    [Fact]
    public void RulesThatExchangeEffectsDoNotFire()
    {
        AssertKept(seen => Switch(Not(X > 0), seen(X, "a"), seen(Y, "b")), "a2", "b3");
        // Without effects the same rule fires.
        Assert.StartsWith("switch(less(", Optimized(Switch(Not(X > 0), X, Y)), StringComparison.Ordinal);
    }

    [Fact]
    public void EffectsThatAreReadAreNotDropped() =>
        AssertKept(seen => Switch<Expr>(Full(DType.Bool, [2], 1), X, seen(Y, "b")) + 0, "b3");

    [Fact]
    public void RulesThatKeepEffectsFire()
    {
        (List<string> before, List<string> after, Lambda optimized) = Run(seen => Log(1 + Exp(seen(X, "a"))) * 1);
        Assert.Equal(before, after);
        Assert.Equal("softplus(callback(x))", Show(optimized.Results[0], [((Ops.Leaf)X.Op).Variable]));
    }

    [Fact]
    public void EffectsInsideLoopsStay() => AssertKept(seen => Loop(2, [X], [], (_, state, _) => [seen(state[0] * 1 + 1, "s")])[0] + 0, "s3", "s4");
}
