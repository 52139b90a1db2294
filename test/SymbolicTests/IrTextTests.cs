using static Symbolic.Functions;

namespace Symbolic.Test;

public class IrTextTests
{
    [Fact]
    public void AnOpStandsAsInAProgram()
    {
        Assert.Equal("sum{axes=[0,2]}", IrText.Print(new Ops.Sum([0, 2])));
        Assert.Equal("tanh", IrText.Print(new Ops.Tanh()));
        Assert.Equal("loop{count=3, body=@0}", IrText.Print(new Ops.Loop(3, Lambda.Of([new TensorType(DType.Int64, []), new TensorType(DType.Float32, [])], p => [p[1]]))));
    }

    [Fact]
    public void OneDenseLayer()
    {
        Expr x = Matrix("x", "n", 784), w = Matrix("w", 784, 10), b = Vector("b", 10);
        Closing closing = Closing.Of(Closing.Variables([x, w, b]), [Softmax(Dot(x, w) + b)]);
        Assert.Equal("""
            symbolic-ir 1
            size s0
            program {
              param %p0: f32[s0,784]
              param %p1: f32[784,10]
              param %p2: f32[10]
              %0: f32[s0,10] = dot(%p0, %p1)
              %1: f32[s0,10] = broadcast{to=[s0,10], axes=[1]}(%p2)
              %2: f32[s0,10] = add(%0, %1)
              %3: f32[s0,10] = softmax{axis=1}(%2)
              return %3
            }

            """, IrText.Print(closing.Program));
    }

    [Fact]
    public void EveryProgramReadsBackToTheSameNodes()
    {
        foreach ((string name, Func<Lambda> build) in All())
        {
            Lambda program = build();
            Verifier.Check(program);
            string text = IrText.Print(program);
            Lambda again = IrText.Parse(text);
            Assert.True(program.Equals(again) && program.Results.Zip(again.Results).All(pair => ReferenceEquals(pair.First, pair.Second)), $"{name}:\n{text}");
            Assert.Equal(text, IrText.Print(again));
        }
    }

    [Fact]
    public void CallbacksAreNumberedAndNotRead()
    {
        Action<Literal> one = _ => { }, other = value => _ = value;
        Expr x = Vector("x", "n");
        string text = IrText.Print(Close([Callback(Callback(Callback(x, one), other), one)]));
        Assert.Equal(
            ["  %0: f32[s0] = callback{action=!0}(%p0)", "  %1: f32[s0] = callback{action=!1}(%0)", "  %2: f32[s0] = callback{action=!0}(%1)"],
            text.Split('\n').Where(line => line.Contains("callback", StringComparison.Ordinal)));
        Assert.Equal("5:33: a callback is a C# delegate of the process that printed it, and cannot be read back", Assert.Throws<FormatException>(() => IrText.Parse(text)).Message);
    }

    /// <summary>Every sample of every op, and programs with what samples lack.</summary>
    internal static IEnumerable<(string Name, Func<Lambda> Build)> All()
    {
        foreach (Type type in OpTable.Types)
        {
            int number = 0;
            foreach (Sample sample in OpTable.SamplesOf(type).Where(sample => sample.Op is not Ops.Callback))
            {
                yield return ($"{sample.Op.Name} {number++}", () => OpTable.Program(sample));
            }
        }
        yield return ("loop", () => Close(Loop(3, [Vector("x", "n")], [Scalar("a")], (step, carried, captures) => [carried[0] * captures[0] + step.Cast(DType.Float32)])));
        yield return ("loop in a branch in a loop", () => Close(Loop(3, [Vector("x", "n")], [Scalar("a")], (step, carried, captures) =>
            IfElse(step < 2, [carried[0], captures[0]], c => Loop(2, [c[0]], [c[1]], (_, inner, a) => [inner[0] * a[0]]), c => [c[0] - c[1]]))));
        yield return ("strings", () => Close([Print(Require(Vector("x"), Constant(1.0) > 0, "a \"quoted\" \\ message\nof two lines, é \ud800 \0"), "")]));
        yield return ("bits", () => Close([Constant(Literal.Of<double>([0.0, -0.0, double.NaN, BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_0001), double.PositiveInfinity, double.Epsilon], 2, 3)), Constant(-0.0), Constant(0.0)]));
        yield return ("bytes", () => Close([Constant(Literal.Of<Half>([.. Enumerable.Range(0, 70).Select(i => (Half)i)], 7, 10))]));
        yield return ("empty", () => Close([]));
        yield return ("no elements", () => Close([Constant(Literal.Of<float>([], 3, 0))]));
        yield return ("a parameter alone", () => Close([Vector("x"), Vector("y", "n")]));
        yield return ("sizes", () => Close([Vector("x", "a").Reshape([new NamedSymbol("a"), 1]) + Matrix("y", new NamedSymbol("b", 2, 9).AsDim(), null), Vector("z", (Dim)new NamedSymbol("c") + 3), Vector("c", "c")]));
        yield return ("a count", () => Close([Positive(Vector("x", "n"))]));
    }

    /// <summary>Ones, as many as the vector has elements above zero: a result whose size is a count.</summary>
    private static Expr Positive(Expr x) => Full(DType.Float32, [SizeFrom((x > 0).Cast(DType.Int64).Sum(), x.Shape[0])], 1);

    private static Lambda Close(Seq<Expr> roots) => Closing.Of(Closing.Variables(roots), roots).Program;
}

file static class Names
{
    public static Dim AsDim(this DimSymbol symbol) => symbol;
}
