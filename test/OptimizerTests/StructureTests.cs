using System.Diagnostics;
using static Symbolic.Functions;
using static Symbolic.Test.Programs;

namespace Symbolic.Test;

/// <summary>What the pipeline keeps and how it behaves on large and nested programs.</summary>
public class StructureTests
{
    private const int Long = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ALongChainIsRewrittenInSeconds(bool withEffect)
    {
        Expr x = Vector("x", 3);
        Expr chain = withEffect ? Print(x, "x") : x;
        for (int i = 0; i < Long / 4; i++)
        {
            chain = Tanh(chain + 0) * 1 + x;
        }
        (Lambda program, _) = Close(chain);
        Assert.True(Traversal.Order(program.Results).Count >= Long);
        var watch = Stopwatch.StartNew();
        Lambda optimized = Pipeline.Optimize(program, new OptimizerOptions { Strict = true });
        // It takes about two seconds of processor time; quadratic behaviour would take hours, a busy machine does not.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(100), $"took {watch.Elapsed}");
        Assert.Equal(Long / 4 * 2 + (withEffect ? 2 : 1), Traversal.Order(optimized.Results).Count);
    }

    [Fact]
    public void ADeepPowerOfSharedNodesIsRewrittenOnce()
    {
        // 2^64 paths, 129 nodes.
        Expr x = Scalar("x");
        for (int i = 0; i < 64; i++)
        {
            x = Tanh(x) * x;
        }
        (Lambda program, _) = Close(x * 1);
        Assert.Equal(129, Traversal.Order(Pipeline.Optimize(program).Results).Count);
    }

    [Fact]
    public void ResultsKeepTheirOrderAndTypes()
    {
        Expr x = Vector("x", 3), y = Vector("y", "n", DType.Float64);
        (Lambda program, _) = Close(y + 0, x * 1, Full(DType.Int32, [2], 4), y + 0, (x * 2).Sum());
        Lambda optimized = Pipeline.Optimize(program);
        Assert.Equal(program.Results.Map(r => r.Type), optimized.Results.Map(r => r.Type));
        Assert.Equal(program.Parameters, optimized.Parameters);
        Assert.Same(optimized.Results[0], optimized.Results[3]);
    }

    [Fact]
    public void NestedGraphsAreOptimized()
    {
        Expr x = Vector("x", 3), flag = Scalar("flag", DType.Bool);
        Expr looped = Loop(3, [x], [], (_, state, _) => [Log(1 + Exp(state[0])) * 1])[0];
        Expr chosen = IfElse(flag, [x], c => [c[0] + 0], c => [Loop(2, [c[0]], [], (_, s, _) => [-(-s[0]) - 0])[0]])[0];
        var trace = new RewriteTrace();
        (Lambda program, Variable[] inputs) = Close(looped + chosen);
        Lambda optimized = Pipeline.Optimize(program, new OptimizerOptions { Strict = true }, trace);
        Assert.True(trace.CountOf("softplus") > 0);
        Assert.All(new[] { "mul-one", "add-zero", "neg-neg", "sub-zero" }, rule => Assert.True(trace.CountOf(rule) > 0, $"{rule} did not fire in\n{trace}"));
        Literal[] at = [.. inputs.Select(input => Filled(input.Type, [0.5, -1, 2]))];
        double[] wanted = Reference.Evaluate(program, at)[0].ToDoubles(), got = Reference.Evaluate(optimized, at)[0].ToDoubles();
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], got[i], 5);
        }
    }

    [Fact]
    public void NamesAndOriginsAreCarried()
    {
        Expr x = Vector("x", 3);
        Expr result = Log(1 + Tanh(x)).Named("loss");
        Origin.Mark(result, "net.prototxt:12:3");
        (Lambda program, _) = Close(result);
        Expr optimized = Pipeline.Optimize(program).Results[0];
        Assert.IsType<Ops.Log1p>(optimized.Op);
        Assert.Equal("loss", optimized.Name);
        Assert.Equal("net.prototxt:12:3", Origin.Of(optimized)!.ToString());
        // What merely passes through keeps its own.
        Assert.NotEqual("copy", Pipeline.Optimize(Close((x * 1).Named("copy")).Program).Results[0].Name);
    }

    [Fact]
    public void ModelsBuiltInAnotherOrderAreTheSame()
    {
        Expr x = Matrix("x", 4, 6), w = Matrix("w", 6, 3), b = Vector("b", 3), label = Matrix("label", 4, 3);
        Variable[] inputs = [.. new[] { x, w, b, label }.Select(leaf => ((Ops.Leaf)leaf.Op).Variable)];
        Expr First()
        {
            Expr logits = Dot(x, w) + b;
            return -(LogSoftmax(logits) * label).Sum() + (w * w * 0.01).Sum();
        }
        Expr Second()
        {
            Expr decay = (0.01 * (w * w)).Sum();
            Expr logits = b + Dot(x, w);
            return -(label * LogSoftmax(logits)).Sum() + decay;
        }
        Lambda first = Close(inputs, [First(), .. Grad(First(), w, b)]), second = Close(inputs, [Second(), .. Grad(Second(), w, b)]);
        Assert.NotEqual(first, second);
        Assert.Equal(Pipeline.Optimize(first), Pipeline.Optimize(second));
    }

    [Fact]
    public void RewritingThatGoesRoundIsStopped()
    {
        var trace = new RewriteTrace();
        var round = new RuleSet(Trust.Exact) { { "there", x => (Exp(x), Log(x)) }, { "back", x => (Log(x), Exp(x)) } };
        Expr x = Vector("x", 3);
        new Rewriter("round", round, trace).Run([Exp(x)]);
        Assert.Contains("comes back to", trace.Capped, StringComparison.Ordinal);

        trace = new RewriteTrace();
        var growing = new RuleSet(Trust.Exact) { { "more", x => (Exp(x), Exp(x + 1)) } };
        new Rewriter("growing", growing, trace).Run([Exp(x)]);
        Assert.Contains("fires without end, last more", trace.Capped, StringComparison.Ordinal);
    }

    [Fact]
    public void RulesCanBeLeftOutAndTrustLowered()
    {
        Expr x = Vector("x", 3);
        Assert.Equal("add(x, 0)", Optimized(x + 0, new OptimizerOptions { AllowRounding = false }));
        Assert.Equal("log(add(x, 1))", Optimized(Log(1 + x), new OptimizerOptions { Without = ["log1p"] }));
        Assert.Equal("x", Optimized(Exp(Log(x)), new OptimizerOptions { AllowAssumptions = true }));
        Assert.Equal("exp(log(x))", Optimized(Exp(Log(x))));
    }

    [Fact]
    public void SymbolicSizesAreKept()
    {
        Expr x = Matrix("x", "n", "k");
        Assert.Equal("log1p(x)", Optimized(Log(1 + x)));
        Assert.Equal("div(sum(x), broadcast(cast(size_of())))", Optimized(x.Mean([0])));
        // n may be 0, and then the sum is 0 even where s is not finite.
        Assert.Equal("sum(broadcast(s))", Optimized(Scalar("s").BroadcastTo([x.Shape[0]], []).Sum()));
    }
}
