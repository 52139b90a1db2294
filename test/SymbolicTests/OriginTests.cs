using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;
using static Symbolic.Functions;

namespace Symbolic.Test;

[Collection(nameof(Alone))]
public class OriginTests(ITestOutputHelper output)
{
    [Fact]
    public void AnExpressionKnowsTheLineThatBuiltIt()
    {
        Expr x = Vector("x", "n");
        (Expr y, string line) = (Sin<Expr>(x * 17.25), Here());
        Assert.Equal(line, $"{Origin.Of(y)}");
        Assert.Equal(line, $"{Origin.Of(y.Inputs[0])}");
        // The constant and its broadcast are built on the way, by the same line.
        Assert.Equal(line, $"{Origin.Of(y.Inputs[0].Inputs[1])}");
    }

    [Fact]
    public void AGradientComesFromWhereItsExpressionDid()
    {
        Expr x = Vector("x", "n");
        (Expr y, string line) = (Cos<Expr>(x * 18.25), Here());
        Expr slope = Grad(y.Sum(), x);
        Assert.Contains(Traversal.Order([slope]), node => node.Op is Ops.Sin && $"{Origin.Of(node)}" == line);
    }

    [Fact]
    public void ARebuiltNodeComesFromWhatItReplaced()
    {
        Expr x = Vector("x", "n"), other = Vector("other", "n");
        (Expr y, string line) = (Tanh<Expr>(x * 19.25), Here());
        Expr moved = Traversal.Substitute([y], new Dictionary<Expr, Expr> { [x] = other })[0];
        Assert.NotSame(y, moved);
        Assert.Equal(line, $"{Origin.Of(moved)}");
    }

    [Fact]
    public void AFrontEndNamesThePlaceInAUsersFile()
    {
        Expr x = Vector("x", "n");
        Expr y;
        using (Origin.At("lenet.prototxt:12:3"))
        {
            y = Tanh<Expr>(x * 20.25);
        }
        Assert.Equal("lenet.prototxt:12:3", $"{Origin.Of(y.Inputs[0])}");
        Expr z = Tanh<Expr>(x * 21.25);
        Origin.Mark(z, "lenet.prototxt:20:3");
        Origin.Carry(y, z);
        Assert.Equal("lenet.prototxt:20:3", $"{Origin.Of(z)}");
        Lambda read = IrText.Parse("symbolic-ir 1\nprogram {\n  param %p0: f32[22]\n  %0: f32[22] = sin(%p0)\n  return %0\n}\n");
        Assert.Equal("line 4 of the program's text", $"{Origin.Of(read.Results[0])}");
    }

    [Fact]
    public void OriginsNeverSplitEqualNodes()
    {
        Expr x = Vector("x", "n");
        Expr first = x + 23.25;
        string before = $"{Origin.Of(first)}";
        Expr second = x + 23.25;
        Assert.Same(first, second);
        Assert.Equal(before, $"{Origin.Of(second)}");
    }

    [Fact]
    public void TheCostPerNodeIsMeasured()
    {
        double With(bool walks, double seed)
        {
            // The switch is for the whole process, and other tests look at origins: a place given needs no walk either.
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < 2_000; i++)
            {
                using (walks ? Origin.OneCall() : Origin.At("here"))
                {
                    Constant(seed + i);
                }
            }
            return clock.Elapsed.TotalMicroseconds / 2_000;
        }
        With(true, 1e6);
        double walked = With(true, 2e6), given = With(false, 3e6);
        output.WriteLine($"{walked:F1} µs a node with a walk of the stack, {given:F1} µs without");
        Assert.True(walked < 2_000, $"{walked} µs");
    }

    private static string Here([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => $"{file}:{line}";
}
