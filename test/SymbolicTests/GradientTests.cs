using static Symbolic.Functions;

namespace Symbolic.Test;

public class GradientTests
{
    private static readonly TensorType Scalars = new(DType.Float64, Shape.Scalar);

    [Fact]
    public void OneEntryPerInputSaysWhatItIs()
    {
        Expr x = Vector("x", "n"), unused = Vector("unused", "n"), k = Vector("k", "n", DType.Int32), compared = Vector("compared", "n");
        Expr loss = Switch<Expr>(compared > 0, x * k, 0).Sum();
        Derivative[] slopes = Differentiation.Gradient([x, unused, k, compared], [loss]);
        Assert.IsType<Derivative.Known>(slopes[0]);
        Assert.Equal(Derivative.Disconnected, slopes[1]);
        Assert.Equal(Derivative.Disconnected, slopes[2]);
        Assert.Equal(Derivative.Disconnected, slopes[3]);
    }

    [Fact]
    public void AnUndefinedGradientSaysWhyAndOnlyWhereItIsAskedFor()
    {
        Expr x = Vector("x", "n", DType.Float64), y = Vector("y", "n", DType.Float64);
        Expr loss = (Expr.Of(new Unsmooth(), x) * y).Sum();
        Derivative[] slopes = Differentiation.Gradient([x, y], [loss]);
        Assert.Equal("unsmooth: f64[n] has no gradient with respect to x: f64[n]: it is made for this test", Assert.IsType<Derivative.UndefinedEntry>(slopes[0]).Reason);
        Assert.IsType<Derivative.Known>(slopes[1]);
        Assert.Equal("unsmooth: f64[n] has no gradient with respect to x: f64[n]: it is made for this test", Assert.Throws<GradientError>(() => Grad(loss, x)).Message);
        // What lies below is undefined too, and what lies beside is not.
        Expr below = Exp<Expr>(x);
        Expr deep = Expr.Of(new Unsmooth(), below).Sum() + y.Sum();
        Assert.IsType<Derivative.UndefinedEntry>(Differentiation.Gradient([x], [deep])[0]);
        Assert.IsType<Derivative.Known>(Differentiation.Gradient([y], [deep])[0]);
    }

    [Fact]
    public void MistakesInAskingAreNamed()
    {
        Expr x = Matrix("x", "n", 3), y = Vector("y", "m"), k = Vector("k", "n", DType.Int64);
        Assert.Equal("the gradient of x: f32[n,3] is asked for, which is not a scalar: sum it, or give the gradient that arrives at it", Assert.Throws<GradientError>(() => Grad(x, x)).Message);
        Assert.Equal("the gradient of sum: i64[] is asked for, which is not a float", Assert.Throws<GradientError>(() => Grad(k.Sum(), k)).Message);
        Assert.Equal("sum: f32[] does not depend on y: f32[m] through any differentiable path", Assert.Throws<GradientError>(() => Grad(x.Sum(), y)).Message);
    }

    [Fact]
    public void OutputGradientsAreTaken()
    {
        Expr x = Vector("x", 2, DType.Float64), seed = Vector("seed", 2, DType.Float64);
        Derivative slope = Differentiation.Gradient([x], [x * x, 3 * x], [seed, Constant(1.0)])[0];
        Assert.Equal([2 * 2 * 10 + 3.0, 2 * 5 * 100 + 3], Value(Assert.IsType<Derivative.Known>(slope).Expr, (x, [2, 5]), (seed, [10, 100])));
    }

    [Fact]
    public void AnyExpressionMayBeAnInput()
    {
        Expr x = Vector("x", 2, DType.Float64);
        Expr hidden = Tanh<Expr>(x);
        Assert.Equal([3.0, 3], Value(Grad((3 * hidden).Sum(), hidden), (x, [0.1, 0.2])));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1000.0)] // exp overflows: its own derivative is infinite
    [InlineData(-1000.0)] // and here it vanishes
    public void LogOfExpKeepsAGradientInTheGraphThatRulesCanRead(double at)
    {
        // As written, ∞/∞ is NaN: the rule that makes x of log(exp(x)) must see the forward and the backward graph, and does, since
        // gradients are taken before any rewriting. Here the graph has the form that the rules look for: dy · 1/u · u with u = exp(x).
        Expr x = Scalar("x", DType.Float64);
        Expr slope = Grad(Log(Exp<Expr>(x)), x);
        Assert.IsType<Ops.Mul>(slope.Op);
        Assert.Same(Exp<Expr>(x), slope.Inputs[1]);
        double value = Value(slope, (x, [at]))[0];
        Assert.Equal(at == 0, value == 1);
    }

    public static TheoryData<string> Cases => [.. Composed.Keys];

    private static readonly Dictionary<string, Func<Seq<Expr>, Seq<Expr>>> Composed = new()
    {
        ["softmax cross-entropy"] = p => [CrossEntropy(p[0], Constant(Literal.Of<float>([2, 0, 1], 3))).Mean()],
        ["sigmoid cross-entropy"] = p => [SigmoidCrossEntropy(p[0], Sigmoid<Expr>(p[1])).Sum()],
        ["mean of a power"] = p => [Pow<Expr>(p[0] * p[0] + 1, 1.7).Mean([0])],
        ["broadcast on both sides"] = p => [p[0].Sum([0]) * p[1].Sum([1], keepDims: true)],
        ["dot of dots"] = p => [Dot(p[0], Dot(p[1].Transpose(), p[0]))],
        ["dot with a vector"] = p => [Dot(p[0], p[1].Max([0]))],
        ["flatten and transpose"] = p => [Tanh<Expr>(p[0].Flatten(0)) * p[1].Transpose().Reshape([12])],
        ["one input twice"] = p => [p[0] / (p[0] * p[0] + 2) % 3.0],
        ["a loop"] = p => Loop(3, [p[0]], [p[1]], (step, carried, captures) => [Tanh<Expr>(carried[0] * captures[0] + step.Cast(DType.Float64))]),
        ["a loop of no steps"] = p => Loop(0, [p[0] * 2], [p[1]], (_, carried, captures) => [carried[0] * captures[0]]),
        ["a loop of two values"] = p => Loop(4, [p[0], p[1].Sum()], [p[1]], (_, carried, captures) => [Sin<Expr>(carried[0]) * carried[1], carried[1] * 0.5 + (captures[0] * carried[0]).Mean()]),
        ["a loop that carries a count and a flag"] = p => Loop(3, [p[0], Constant(ScalarValue.Of(DType.Int32, 0L)), Constant(ScalarValue.Of(DType.Bool, 0L))], [p[1]],
            (_, c, captures) => [Switch<Expr>(c[2], c[0] * captures[0], Sin<Expr>(c[0])) * (c[1] + 1).Cast(DType.Float64), c[1] + 1, Not<Expr>(c[2])])[..1],
        ["a loop in a loop"] = p => Loop(2, [p[0]], [p[1]], (step, carried, captures) => Loop(2, [carried[0]], [captures[0], step], (_, inner, c) => [inner[0] * c[0] + c[1].Cast(DType.Float64)])),
        ["a branch taken"] = p => IfElse(Constant(1.0) > 0, [p[0], p[1]], c => [c[0] * c[1] * c[0]], c => [c[1]]),
        ["a branch not taken"] = p => IfElse(Constant(1.0) < 0, [p[0], p[1]], c => [c[0] * c[1] * c[0]], c => [Exp<Expr>(c[1])]),
        ["a branch by value"] = p => IfElse(p[0].Sum() > 100, [p[0]], c => [c[0]], c => [c[0] * c[0] * c[0]]),
        ["a branch in a loop"] = p => Loop(3, [p[0]], [p[1]], (step, carried, captures) => IfElse(step < 2, [carried[0], captures[0]], c => [Sin<Expr>(c[0]) * c[1]], c => [c[0] + c[1]])),
        ["a loop in a branch"] = p => IfElse(p[0].Sum() < 100, [p[0], p[1]], c => Loop(2, [c[0]], [c[1]], (_, carried, d) => [carried[0] * d[0]]), c => [c[0]]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsOfCompositionsAgreeWithDifferences(string name)
    {
        TensorType matrix = new(DType.Float64, [3, 4]);
        GradientCheck.Agrees(name, Lambda.Of([matrix, matrix], Composed[name]), [GradientCheck.Noise(matrix, 1), GradientCheck.Noise(matrix, 2)]);
    }

    [Fact]
    public void GradientsOfSymbolicSizesAgreeWithDifferences()
    {
        TensorType matrix = new(DType.Float64, [new NamedSymbol("n"), 4]), vector = new(DType.Float64, [new NamedSymbol("m")]);
        Lambda program = Lambda.Of([matrix, vector], p => [(Tanh<Expr>(p[0].Sum([1])) * p[1]).Mean() + LogSoftmax(p[0]).Mean()]);
        GradientCheck.Agrees("symbolic sizes", program, [GradientCheck.Noise(new(DType.Float64, [5, 4]), 1), GradientCheck.Noise(new(DType.Float64, [5]), 2)]);
    }

    [Fact]
    public void TiesAndKinksGoWhereTheOpsSay()
    {
        Expr x = Vector("x", 3, DType.Float64), y = Vector("y", 3, DType.Float64);
        double[] Slope(Expr result, Expr wrt) => Value(Grad(result.Sum(), wrt), (x, [1, 2, 2]), (y, [1, 3, 1]));
        Assert.Equal([1.0, 0, 1], Slope(Maximum<Expr>(x, y), x));
        Assert.Equal([0.0, 1, 0], Slope(Maximum<Expr>(x, y), y));
        Assert.Equal([1.0, 1, 0], Slope(Minimum<Expr>(x, y), x));
        Assert.Equal([0.0, 1, 1], Slope(x.Max(), x));
        Assert.Equal([0.0, 1, 1], Slope(Relu<Expr>(x - 1), x));
        Assert.Equal([0.25, 1, 1], Slope(Relu<Expr>(x - 1, 0.25), x));
        Assert.Equal([0.0, 1, 1], Slope(Abs<Expr>(x - 1), x));
        Assert.Equal([0.0, 0, 0], Slope(Pow<Expr>(0 * x, 2), x));
    }

    private static double[] Value(Expr result, params (Expr Input, double[] Values)[] inputs) =>
        Reference.Evaluate([result], inputs.ToDictionary(
            input => ((Ops.Leaf)input.Input.Op).Variable,
            input => Literal.Of<double>(input.Values, input.Input.Rank == 0 ? [] : [input.Values.Length])))[0].ToDoubles();

    /// <summary>An op whose gradient is undefined.</summary>
    private sealed record Unsmooth : FormulaOp
    {
        public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs) => inputs[0];

        public override Element Define(Formula formula, Seq<Dim> at) => formula.Read(0, at);

        public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) => [Derivative.Undefined("it is made for this test")];

        public override IEnumerable<Sample> Samples => [];
    }
}
