using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>What becomes of an expression when all rules work on it together.</summary>
public class InteractionTests
{
    private static readonly Expr X = Vector("x", 5), Y = Vector("y", 5);

    private static readonly Expr Whole = Matrix("m", 2, 3);

    public static TheoryData<int, string, string> Cases => Table(
        (Log(1 + X), "log1p(x)"),
        (Log(X + 1), "log1p(x)"),
        (Log(1 + Exp(X)), "softplus(x)"),
        (1 / (1 + Exp(-X)), "sigmoid(x)"),
        (1 / (Exp(X * -1) + 1), "sigmoid(x)"),
        (1 / (1 + Exp(0 - X)), "sigmoid(x)"),
        (1 / (1 + Exp(X)), "sigmoid(neg(x))"),
        (Log(1 / (1 + Exp(-X))), "neg(softplus(neg(x)))"),
        (Log(1 - Sigmoid(X)), "neg(softplus(x))"),
        (Log(Exp(X)), "x"),
        (Log(Softmax(X)), "log_softmax(x)"),
        (Exp(Log(Softmax(X))), "softmax(x)"),
        (Exp(X) / Exp(X).Sum([0]), "softmax(x)"),
        (Log(Exp(X) / Exp(X).Sum([-1], keepDims: true)), "log_softmax(x)"),
        (Exp(X) - 1, "expm1(x)"),
        (-(-X) * 1 + Y / 1, "add(x, y)"),
        (Tanh(X) + Y, "add(tanh(x), y)"),
        (Y + Tanh(X), "add(tanh(x), y)"),
        (X * 0.01 + X * 0.01, "mul(x, 0.02)"),
        (X - -Y, "add(x, y)"),
        (X + -Y, "sub(x, y)"),
        (-X * -Y, "mul(x, y)"),
        (X / 8, "mul(x, 0.125)"),
        (X / 3, "div(x, 3)"),
        (X * 0.5 * 3, "mul(x, 1.5)"),
        (X / X, "div(x, x)"),
        (X * 0, "mul(x, 0)"),
        (X - X, "sub(x, x)"),
        (X + 0, "x"),
        (Pow(X, 2), "mul(x, x)"),
        (X.Cast(DType.Float64).Cast(DType.Float32), "x"),
        (X.Cast(DType.Int32).Cast(DType.Float32), "cast(cast(x))"),
        (Switch<Expr>(X > 0, Y, Y), "y"),
        (Matrix("m", 2, 3).Transpose().Transpose(), "m"),
        (Matrix("m", 2, 3).Reshape([6]).Reshape([3, 2]), "reshape(m)"),
        ((Matrix("m", 2, 3) * 2)[1].Sum(), "sum(reshape(mul(slice(m), 2)))"),
        (Concatenate(Whole.Split([1, 2], 1), 1), "m"),
        (GradientOfWeights(), "dot(transpose(tanh(dot(m, transpose(w)))), m)"),
        (Scalar("s") * Full(DType.Float32, [3], 2), "broadcast(mul(s, 2))"),
        (Scalar("s").BroadcastTo([4]).Sum(), "mul(s, 4)"),
        (Grad(Log(1 + Exp(X)).Sum(), X), "sigmoid(x)"),
        (Grad(Log(Exp(X)).Sum(), X), "1"),
        (Grad((X * X).Sum(), X), "mul(x, 2)"));

    /// <summary>Of a layer as Caffe stores it, weights [out,in].</summary>
    private static Expr GradientOfWeights()
    {
        Expr m = Matrix("m", 2, 3), w = Matrix("w", 4, 3), y = Dot(m, w.Transpose());
        return ((Derivative.Known)Differentiation.Gradient([w], [y], [Tanh(y)])[0]).Expr;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Becomes(int number, string optimized, string expected) => Assert.True(expected == optimized, $"case {number}: wanted {expected}, got {optimized}");

    private static TheoryData<int, string, string> Table(params ReadOnlySpan<(Expr Left, string Right)> cases)
    {
        var data = new TheoryData<int, string, string>();
        foreach ((Expr left, string right) in cases)
        {
            data.Add(data.Count(), Programs.Optimized(left), right);
        }
        return data;
    }
}
