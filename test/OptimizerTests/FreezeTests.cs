using static Symbolic.Functions;
using static Symbolic.Test.Programs;

namespace Symbolic.Test;

/// <summary>Constant scales and shifts of frozen weights cost nothing when run.</summary>
public class FreezeTests
{
    private static Expr Array(params long[] sizes) => Constant(Literal.Build(DType.Float32, sizes.ToSeq(), i => ScalarValue.Of(DType.Float32, 0.3 * (i % 11) - 1.1)));

    private static Expr PerChannel(double first) => Constant(Literal.Build(DType.Float32, [4], i => ScalarValue.Of(DType.Float32, first + i))).Reshape([1, 4, 1, 1]);

    /// <summary>Inference of a batch normalisation, as a front end writes it: mean, variance, scale and shift per channel.</summary>
    private static Expr Normalised(Expr y) => (y - PerChannel(0.5)) / Pow(PerChannel(2) + 1e-5, 0.5) * PerChannel(-1.5) + PerChannel(7);

    [Fact]
    public void ABatchNormalisationGoesIntoTheWeights()
    {
        Expr x = Tensor4("x", "n", 2, 5, 5);
        Expr y = Convolve(x, Array(4, 2, 3, 3), padding: [1, 1]) + PerChannel(1);
        Assert.Equal("add(broadcast(constant), convolution(x, constant))", Optimized(Normalised(y)));
        (double[] plain, double[] optimized) = Values(Normalised(Convolve(Tensor4("x", 2, 2, 5, 5), Array(4, 2, 3, 3)) + PerChannel(1)), ("x", [0.5, -1, 2, 0.25, -0.125, 3, 1]));
        Assert.Equal(plain.Length, optimized.Length);
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal(plain[i], optimized[i], 1e-4 * (1 + Math.Abs(plain[i])));
        }
    }

    [Fact]
    public void TheProductStaysWhereTheContractionIsReadTwice()
    {
        Expr y = Dot(Matrix("x", 2, 3), Array(3, 4));
        Assert.Equal("dot(x, constant)", Optimized(y * 0.3));
        Assert.Equal("add(mul(dot(x, constant), 0.3), tanh(dot(x, constant)))", Optimized(y * 0.3 + Tanh(y)));
    }

    [Fact]
    public void WeightsThatAreNotConstantStay() => Assert.Equal("mul(dot(x, w), 0.3)", Optimized(Dot(Matrix("x", 2, 3), Matrix("w", 3, 4)) * 0.3));
}
