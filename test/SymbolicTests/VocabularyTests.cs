using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>What a user writes reads like mathematics, and like Theano.</summary>
public class VocabularyTests
{
    [Fact]
    public void LogisticRegressionAsInTheanosTutorial()
    {
        // https://theano-pymc.readthedocs.io/en/latest/tutorial/examples.html, "A Real Example: Logistic Regression"
        Expr x = Matrix("x", dtype: DType.Float64), y = Vector("y", dtype: DType.Float64);
        Expr w = Vector("w", dtype: DType.Float64), b = Scalar("b", DType.Float64);
        Expr p = 1 / (1 + Exp<Expr>(-Dot(x, w) - b));
        Expr crossEntropy = -y * Log<Expr>(p) - (1 - y) * Log<Expr>(1 - p);
        Expr cost = crossEntropy.Mean() + 0.01 * (w * w).Sum();
        Expr[] slopes = Grad(cost, w, b);
        Dictionary<Variable, Literal> at = new()
        {
            [((Ops.Leaf)x.Op).Variable] = Literal.Of<double>([1, 2, -1, 0.5, 0, 3], 3, 2),
            [((Ops.Leaf)y.Op).Variable] = Literal.Of<double>([1, 0, 1], 3),
            [((Ops.Leaf)w.Op).Variable] = Literal.Of<double>([0.3, -0.2], 2),
            [((Ops.Leaf)b.Op).Variable] = Literal.Of<double>([0.1]),
        };
        double[] probability = [.. new[] { 0.3 - 0.4 + 0.1, -0.3 - 0.1 + 0.1, -0.6 + 0.1 }.Select(z => 1 / (1 + Math.Exp(-z)))];
        double[] error = [probability[0] - 1, probability[1], probability[2] - 1];
        double[] expected =
        [
            (error[0] * 1 + error[1] * -1 + error[2] * 0) / 3 + 0.02 * 0.3,
            (error[0] * 2 + error[1] * 0.5 + error[2] * 3) / 3 + 0.02 * -0.2,
            error.Sum() / 3,
        ];
        double[] found = [.. Reference.Evaluate(slopes, at).SelectMany(value => value.ToDoubles())];
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Fact]
    public void LeNetTypes()
    {
        Expr image = Tensor4("image", "n", 1, 28, 28), label = Vector("label", "n");
        Ops.Window halves = Ops.Window.Of([2, 2], [2, 2]);
        Expr conv1 = Convolve(image, Tensor4("w1", 20, 1, 5, 5)) + Vector("b1", 20).Reshape([20, 1, 1]);
        Expr pool1 = MaxPool(conv1, halves);
        Expr conv2 = Convolve(pool1, Tensor4("w2", 50, 20, 5, 5)) + Vector("b2", 50).Reshape([50, 1, 1]);
        Expr pool2 = MaxPool(conv2, halves);
        Expr ip1 = Relu<Expr>(Dot(pool2.Flatten(), Matrix("w3", 800, 500)) + Vector("b3", 500));
        Expr ip2 = Dot(ip1, Matrix("w4", 500, 10)) + Vector("b4", 10);
        Expr loss = CrossEntropy(ip2, label).Mean();
        Expr accuracy = EqualTo<Expr>(ip2.ArgMax(), label.Cast(DType.Int64)).Cast(DType.Float32).Mean();
        Assert.Equal(["f32[n,20,24,24]", "f32[n,20,12,12]", "f32[n,50,8,8]", "f32[n,50,4,4]", "f32[n,500]", "f32[n,10]", "f32[]", "f32[]"],
            new[] { conv1, pool1, conv2, pool2, ip1, ip2, loss, accuracy }.Select(e => $"{e.Type}"));
        Assert.Equal("f32[20,1,5,5]", $"{Grad(loss, conv1.Inputs[0].Inputs[1]).Type}");
    }

    [Theory]
    [InlineData(DType.Int32, DType.Int32, DType.Float64)]
    [InlineData(DType.UInt8, DType.UInt8, DType.Float32)]
    [InlineData(DType.Float16, DType.Float16, DType.Float16)]
    [InlineData(DType.BFloat16, DType.BFloat16, DType.BFloat16)]
    [InlineData(DType.Float32, DType.Float32, DType.Float32)]
    [InlineData(DType.Float64, DType.Float64, DType.Float64)]
    public void NumbersBesideAnExpressionTakeItsFamily(DType dtype, DType withInteger, DType withFraction)
    {
        Expr x = Vector("x", "n", dtype);
        Assert.Equal(withInteger, (x + 1).DType);
        Assert.Equal(withInteger, (1 - x).DType);
        Assert.Equal(withFraction, (x * 0.5).DType);
        Assert.Equal(withFraction, Maximum<Expr>(x, 0.5).DType);
    }

    [Fact]
    public void NumbersThatADTypeDoesNotHoldAreRefused()
    {
        Expr x = Vector("x", "n", DType.UInt8), big = Vector("big", "n", DType.Int64);
        Assert.Equal("the number 300 is none of u8, the dtype beside which it stands; cast the expression, or write Constant(value) with a dtype", Assert.Throws<TypeMismatch>(() => x + 300).Message);
        Assert.StartsWith("the number -1 is none of u8", Assert.Throws<TypeMismatch>(() => x + -1).Message, StringComparison.Ordinal);
        Assert.Equal("9007199254740993", ((Ops.Full)(big + 9007199254740993).Inputs[1].Op).Value.Text());
    }

    [Fact]
    public void MistakesAreToldInTheUsersWords()
    {
        Expr x = Matrix("x", "n", 3), k = Vector("k", "n", DType.Int32), flag = Vector("flag", "n", DType.Bool), image = Tensor4("image", "n", 3, 8, 8);
        (string Message, Action Act)[] mistakes =
        [
            ("axis 2 does not exist in x: f32[n,3]", () => x.Sum([2])),
            ("softmax wants floats with an axis 0; got i32[n]", () => Softmax(k)),
            ("round is defined on floats; got i32", () => Round<Expr>(k)),
            ("neg is not defined on booleans; use Not, or cast them to numbers", () => _ = -flag),
            ("bit_and wants two integers of a common integer dtype, or two booleans; got bool and i32", () => _ = flag & k),
            ("polygamma wants an order from 0 to 100; got -1", () => Polygamma<Expr>(-1, x)),
            ("sub is not defined on booleans; use NotEqualTo, or cast them to numbers", () => _ = flag - flag),
            ("convolution wants images [n,c,...] and kernels [o,c/1,5,5] with the same c and one float dtype; got f32[n,3,8,8] and f32[4,2,5,5]", () => Convolve(image, Tensor4("w", 4, 2, 5, 5))),
            ("convolution wants kernels [o,c,...] whose window sizes are known numbers; got w: f32[4,3,w.2,w.3]", () => Convolve(image, Tensor4("w", 4, 3))),
            ("convolution: a window of 9 (dilation 1) does not fit into 8 + 0 of padding", () => Convolve(image, Tensor4("w", 4, 3, 9, 9))),
            ("max_pool with a window of 1 axes wants float images [n,c,...] of rank 3; got f32[n,3,8,8]", () => MaxPool(image, Ops.Window.Of([2]))),
            ("transpose wants each axis of f32[n,3] once; got [0,0]", () => x.Transpose([0, 0])),
            ("dot wants an expression as input 0; got a C# number. Write Constant(value) to give it a dtype", () => Expr.Apply(new Ops.Dot(), 1, x)),
            ("iota has no axis 2 in [3,4]", () => Iota([3, 4], 2)),
            ("relu wants a finite negative slope; got NaN", () => Relu<Expr>(x, double.NaN)),
        ];
        Assert.All(mistakes, mistake => Assert.Equal(mistake.Message, Assert.Throws<TypeMismatch>(mistake.Act).Message));
    }
}
