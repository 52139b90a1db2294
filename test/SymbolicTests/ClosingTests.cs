using static Symbolic.Functions;

namespace Symbolic.Test;

public class ClosingTests
{
    [Fact]
    public void SizesAreNamedByPosition()
    {
        Expr x = Input("x", DType.Float32, "rows", "columns"), y = Vector("y", "columns"), z = Vector("z");
        Closing closing = Closing.Of(Variables(z, y, x), [x + y, z]);
        Assert.Equal(["f32[s0]", "f32[s1]", "f32[s2,s1]"], closing.Program.Parameters.Select(type => $"{type}"));
        Assert.Equal(["s0 is z.0", "s1 is columns", "s2 is rows"], closing.Sizes.Select(size => $"{size.Symbol} is {size.Original}"));
    }

    [Fact]
    public void NeitherNamesNorAgesNorTheOrderOfBuildingShow()
    {
        string Text(bool reversed, string prefix)
        {
            // Two inputs share a name, and their axes with it; which is older depends on the flag.
            Expr first = null!, second = null!;
            foreach (bool isFirst in reversed ? (bool[])[false, true] : [true, false])
            {
                (isFirst ? ref first : ref second) = Matrix(prefix);
                _ = Vector("unrelated") * 3 + new Random(7).Next();
            }
            Expr Build() => Tanh<Expr>(Dot(first, second)) + Full(DType.Float32, [first.Shape[0] + second.Shape[1]], 1).Sum() * SizeOf(second.Shape[1] * first.Shape[0]).Cast(DType.Float32);
            Expr loss = Build().Sum();
            Expr[] slopes = reversed ? [.. Grad(loss, second, first).Reverse()] : Grad(loss, first, second);
            return IrText.Print(Closing.Of(Variables(first, second), [loss, .. slopes]).Program);
        }
        string text = Text(false, "a");
        Assert.Equal(text, Text(true, "a"));
        Assert.Equal(text, Text(false, "name with spaces"));
        Assert.Equal(text, Text(true, "z"));
    }

    [Fact]
    public void OneStepOfTrainingPrintsTheSameInEveryProcess()
    {
        // The text was printed by another process: what depends on hash codes or ages differs from it sooner or later.
        Expr x = Matrix("x", "n", 3), labels = Vector("labels", "n"), w = Matrix("w", 3, 2), b = Vector("b", 2);
        Expr loss = CrossEntropy(Dot(x, w) + b, labels).Mean();
        Expr[] slopes = Grad(loss, w, b);
        Golden.Agrees("test/SymbolicTests/Golden/one_step.ir", IrText.Print(Closing.Of(Variables(x, labels, w, b), [loss, w - 0.1 * slopes[0], b - 0.1 * slopes[1]]).Program));
    }

    [Fact]
    public void SymbolicImagesAndLoopsPrintTheSameInEveryProcess()
    {
        Expr image = Tensor4("image", "n", 3), w = Tensor4("w", 4, 3, 3, 3), scale = Scalar("scale");
        Expr features = MaxPool(Convolve(image, w, [2, 2], [1, 1]), Ops.Window.Of([2, 2], [2, 2])).Flatten();
        Expr settled = Loop(2, [features], [scale], (step, carried, captures) => [Tanh<Expr>(carried[0] * captures[0]) + step.Cast(DType.Float32)])[0];
        Expr loss = settled.Mean();
        Closing closing = Closing.Of(Variables(image, w, scale), [loss, .. Grad(loss, w, scale)]);
        Verifier.Check(closing.Program);
        Golden.Agrees("test/SymbolicTests/Golden/image_loop.ir", IrText.Print(closing.Program));
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Expr x = Vector("x", "n"), y = Vector("y", "n");
        Assert.Equal("y: f32[n] is read, but is no input; the inputs are x: f32[n]", Assert.Throws<TypeMismatch>(() => Closing.Of(Variables(x), [x + y])).Message);
        Assert.Equal("x: f32[n] is given twice as an input", Assert.Throws<TypeMismatch>(() => Closing.Of(Variables(x, x), [x])).Message);
        Assert.Equal("the size m is used, but is no axis of an input; the inputs are x: f32[n]", Assert.Throws<TypeMismatch>(() => Closing.Of(Variables(x), [Full(DType.Float32, [new NamedSymbol("m")], 1)])).Message);
        Expr step = null!;
        Loop(1, [x], [], (s, carried, _) => { step = s; return carried; });
        Assert.Equal("parameter 0: i64[] of a nested graph is used outside of it", Assert.Throws<TypeMismatch>(() => Closing.Of(Variables(x), [step])).Message);
    }

    [Fact]
    public void UnusedInputsStayParameters()
    {
        Expr x = Vector("x", "n"), y = Vector("y", "m");
        Assert.Equal(2, Closing.Of(Variables(x, y), [y]).Program.Parameters.Count);
    }

    [Fact]
    public void AnOpenGraphPrintsForPeopleWithNames()
    {
        Expr x = Vector("x", "n"), w = Vector("w", "n");
        Expr score = (x * w).Sum().Named("score");
        Assert.Equal("""
            symbolic-ir 1
            size s0
            program {
              param %p0: f32[s0]  # "x"
              param %p1: f32[s0]  # "w"
              %0: f32[s0] = mul(%p0, %p1)
              %1: f32[] = sum{axes=[0]}(%0)  # "score"
              return %1
            }

            """, IrText.Print([score]));
    }

    [Fact]
    public void GraphsThatDoNotHoldAreFound()
    {
        var n = new NamedSymbol("n");
        var open = new Lambda([new TensorType(DType.Float32, [n])], [Full(DType.Float32, [new NamedSymbol("m")], 1)]);
        Assert.Equal("the size m of the program over (f32[n]) is no axis of a parameter", Assert.Throws<IllFormed>(() => Verifier.Check(open)).Message);
        Assert.Equal("a lambda must be closed: pass x: f32[k] as a capture", Assert.Throws<TypeMismatch>(() => new Lambda([], [Vector("x", "k")])).Message);
        Assert.Throws<ArgumentException>(() => IrText.Print(new Lambda([Matrix("x").Tensor], [])));
        Assert.Equal("two different sizes of the program are called n", Assert.Throws<ArgumentException>(() => IrText.Print(new Lambda([new TensorType(DType.Float32, [n, new NamedSymbol("n", 3)])], []))).Message);
    }

    private static Seq<Variable> Variables(params Expr[] leaves) => leaves.Select(leaf => ((Ops.Leaf)leaf.Op).Variable).ToSeq();
}
