using System.Diagnostics;
using Xunit.Abstractions;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Nothing in the language is recursive over the depth of a graph.</summary>
[Collection(nameof(Alone))]
public class DepthTests(ITestOutputHelper output)
{
    [Fact]
    public void AChainOfAHundredThousandNodesIsBuiltDifferentiatedPrintedAndRead()
    {
        var clock = Stopwatch.StartNew();
        // A walk of the stack of a test runner at every node would cost more than all that is tested here; OriginTests measure it.
        using Origin.Scope scope = Origin.At("a chain");
        Expr x = Vector("x", "n");
        Expr y = x;
        for (int i = 0; i < 50_000; i++)
        {
            y = Tanh<Expr>(y) + x;
        }
        Expr loss = y.Sum();
        Lap("built");
        Expr slope = Grad(loss, x);
        Lap("differentiated");
        Closing closing = Closing.Of(Closing.Variables([loss]), [loss, slope]);
        Lap("closed");
        Verifier.Check(closing.Program);
        Lap("verified");
        string text = IrText.Print(closing.Program);
        Lap($"printed ({text.Length} characters)");
        Lambda again = IrText.Parse(text);
        Lap("read");
        Assert.Same(closing.Program.Results[1], again.Results[1]);
        Assert.Equal(text, IrText.Print(again));
        Lap("printed again");
        Assert.True(Traversal.Order([loss]).Count > 100_000);

        void Lap(string what)
        {
            output.WriteLine($"{what}: {clock.ElapsedMilliseconds} ms");
            // Each takes a second or two; what is quadratic in the depth takes hours.
            Assert.True(clock.Elapsed.TotalSeconds < 120, $"{what} took {clock.Elapsed}");
            clock.Restart();
        }
    }
}
