using static Symbolic.Functions;
using static Symbolic.Test.Programs;

namespace Symbolic.Test;

/// <summary>Gradients are taken of the graph as built, and become stable by rules that see both graphs.</summary>
public class GradientTests
{
    private static readonly Expr X = Vector("x", 4, DType.Float32);

    public static TheoryData<string, double[]> Functions => new()
    {
        // Gradients at 1000, -1000, 0.5, 0.
        { "log(exp x)", [1, 1, 1, 1] },
        { "log(1 + exp x)", [1, 0, 0.62245933, 0.5] },
        { "log(1 + exp -x)", [0, -1, -0.37754067, -0.5] },
        { "log(sigmoid x)", [0, 1, 0.37754067, 0.5] },
        { "log(1 - sigmoid x)", [-1, 0, -0.62245933, -0.5] },
        { "log(1 / (1 + exp -x))", [0, 1, 0.37754067, 0.5] },
        { "log(exp x + exp 2x)", [2, 1, 1.62245933, 1.5] },
        { "log(erfc x) / 1000", [-2.000001, 0, -0.00183270564, -0.00112837917] },
        { "log sum exp x", [1, 0, 0, 0] },
        { "cross-entropy by hand", [0, 0.5, 0.12245933, 0] }, // σ(x) less the target
        { "mean of log(exp x)", [0.25, 0.25, 0.25, 0.25] },
        { "weighted log(1 + exp x)", [3, 0, 3 * 0.62245933, 1.5] },
    };

    private static Expr Loss(string name) => name switch
    {
        "log(exp x)" => Log(Exp(X)).Sum(),
        "log(1 + exp x)" => Log(1 + Exp(X)).Sum(),
        "log(1 + exp -x)" => Log(1 + Exp(-X)).Sum(),
        "log(sigmoid x)" => Log(Sigmoid(X)).Sum(),
        "log(1 - sigmoid x)" => Log(1 - Sigmoid(X)).Sum(),
        "log(1 / (1 + exp -x))" => Log(1 / (1 + Exp(-X))).Sum(),
        "log(exp x + exp 2x)" => Log(Exp(X) + Exp(2 * X)).Sum(),
        "log(erfc x) / 1000" => (0.001 * Log(Erfc(X))).Sum(),
        "log sum exp x" => Log(Exp(X).Sum()),
        "cross-entropy by hand" => -(Vector("target", 4) * Log(Sigmoid(X)) + (1 - Vector("target", 4)) * Log(1 - Sigmoid(X))).Sum(),
        "mean of log(exp x)" => Log(Exp(X)).Mean(),
        "weighted log(1 + exp x)" => (Scalar("weight") * Log(1 + Exp(X))).Sum(),
        _ => throw new ArgumentOutOfRangeException(name),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void AreFiniteFarOut(string name, double[] wanted)
    {
        (_, double[] got) = Values(Grad(Loss(name), X), ("x", [1000, -1000, 0.5, 0]), ("weight", [3]), ("target", [1, -0.5, 0.5, 0.5]));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], got[i], 6);
        }
    }

    /// <summary>A rectifier between a convolution and maximum pooling gates what windows put back before they do, so that the gradient of the convolution is what they put back and nothing else.</summary>
    [Fact]
    public void GatesStandAheadOfPooling()
    {
        Expr x = Input("x", DType.Float32, 2, 1, 6, 6), w = Input("w", DType.Float32, 3, 1, 3, 3), b = Input("b", DType.Float32, 3);
        Expr y = Convolve(x, w, padding: [1, 1]), biased = y + b.BroadcastTo(y.Shape, [1]);
        Expr pooled = MaxPool(Relu(biased), Ops.Window.Of([2, 2], [2, 2]));
        Expr loss = (pooled * pooled).Sum();
        Lambda optimized = Pipeline.Optimize(Close(Grad(loss, w), Grad(loss, b)).Program);
        Assert.True(optimized.Results[0] is { Op: Ops.ConvolutionKernel, Inputs: [_, { Op: Ops.WindowPut, Inputs: [var put, _] }] } && optimized.Results[1] is { Op: Ops.Sum, Inputs: [var summed] } && summed.Equals(put), $"{optimized}");
    }

    /// <summary>Derivatives along a direction, by differentiating the gradient's own dependence on its weights: other products of the same factors.</summary>
    [Fact]
    public void DirectionalDerivativesAreFiniteFarOut()
    {
        Expr weights = Vector("weights", 4), direction = Vector("direction", 4);
        (Expr Value, double[] Wanted)[] cases =
        [
            (Log(Sigmoid(X)), [0, 1, 0.37754067, 0.5]), (Log(1 - Sigmoid(X)), [-1, 0, -0.62245933, -0.5]),
            (Log(1 + Exp(X)), [1, 0, 0.62245933, 0.5]), (Exp(X) / (1 + Exp(X)), [0, 0, 0.23500371, 0.25]), (Log(Exp(X) + Exp(2 * X)), [2, 1, 1.62245933, 1.5]),
        ];
        foreach ((Expr value, double[] wanted) in cases)
        {
            Expr along = Grad((Grad((weights * value).Sum(), X) * direction).Sum(), weights);
            (_, double[] got) = Values(along, ("x", [1000, -1000, 0.5, 0]), ("direction", [1, 1, 1, 1]));
            Assert.All(wanted.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 6));
        }
    }

    [Theory]
    [InlineData("quotient", new[] { 0.0, 0, 0, -0.38865, 0.47537, -0.08672 })]
    [InlineData("log of the quotient", new[] { -2.0, 1, 1, -0.99904, 1.22195, -0.22291 })]
    [InlineData("less log of the sum", new[] { -2.0, 1, 1, -0.99904, 1.22195, -0.22291 })]
    public void SoftmaxByHandIsStable(string spelling, double[] wanted)
    {
        Expr x = Matrix("x", 2, 3), e = Exp(x), sum = e.Sum([1], keepDims: true);
        Expr value = spelling switch
        {
            "quotient" => e / sum,
            "log of the quotient" => Log(e / sum),
            _ => x - Log(sum),
        };
        (_, double[] got) = Values(Grad((Matrix("w", 2, 3) * value).Sum(), x), ("x", [1000, 0, -1000, 0.5, 0.25, -1]), ("w", [0, 1, 1, 0, 2, 0]));
        Assert.All(wanted.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 4));
    }

    [Fact]
    public void WithoutTheRulesTheyAreNot() =>
        Assert.True(double.IsNaN(Values(Grad(Loss("log(exp x)"), X), ("x", [1000, -1000, 0.5, 0])).Plain[0]));

    /// <summary>−Σ label · log softmax(x), the gradient is softmax − label, at any distance.</summary>
    [Theory]
    [InlineData("log(softmax)")]
    [InlineData("log_softmax")]
    public void CrossEntropyIsSoftmaxMinusLabel(string spelling)
    {
        Expr x = Matrix("x", 2, 3), label = Matrix("label", 2, 3);
        Expr logs = spelling switch
        {
            "log(softmax)" => Log(Softmax(x)),
            _ => LogSoftmax(x),
        };
        Expr gradient = Grad(-(label * logs).Sum(), x);
        (_, double[] got) = Values(gradient, ("x", [1000, 0, -1000, 0.5, 0.25, -1]), ("label", [0, 0, 1, 0, 1, 0]));
        double sum = Math.Exp(0.5) + Math.Exp(0.25) + Math.Exp(-1);
        double[] softmax = [1, 0, 0, Math.Exp(0.5) / sum, Math.Exp(0.25) / sum, Math.Exp(-1) / sum];
        double[] labels = [0, 0, 1, 0, 1, 0];
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(softmax[i] - labels[i], got[i], 6);
        }
    }

    [Fact]
    public void SecondDerivativesAreFiniteToo()
    {
        Expr slope = Grad(Log(1 + Exp(X)).Sum(), X);
        (_, double[] got) = Values(Grad(slope.Sum(), X), ("x", [1000, -1000, 0.5, 0]));
        double[] wanted = [0, 0, 0.62245933 * 0.37754067, 0.25];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(wanted[i], got[i], 6);
        }
    }
}
