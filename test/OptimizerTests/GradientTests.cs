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
        "mean of log(exp x)" => Log(Exp(X)).Mean(),
        "weighted log(1 + exp x)" => (Scalar("weight") * Log(1 + Exp(X))).Sum(),
        _ => throw new ArgumentOutOfRangeException(name),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void AreFiniteFarOut(string name, double[] wanted)
    {
        (_, double[] got) = Values(Grad(Loss(name), X), ("x", [1000, -1000, 0.5, 0]), ("weight", [3]));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], got[i], 6);
        }
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
