using static Symbolic.Functions;

namespace Symbolic.Test;

public class FirstGradientTests
{
    [Fact]
    public void SumOfLogOnePlusExpOfTanh()
    {
        var x = new Variable("x", DType.Float64, "n".AsDim(), 3);
        Expr loss = Log(1 + Exp(Tanh<Expr>(x.Expr) * 0.5)).Sum();
        Expr gradient = Grad(loss, x.Expr);
        Literal at = Literal.Of<double>([0.1, -0.2, 0.3, 1, 2, -3], 2, 3);
        double[] slopes = Reference.Evaluate([gradient], new Dictionary<Variable, Literal> { [x] = at })[0].ToDoubles();
        for (int i = 0; i < 6; i++)
        {
            double h = 1e-6;
            double Value(double step)
            {
                double[] moved = at.ToDoubles();
                moved[i] += step;
                return Reference.Evaluate([loss], new Dictionary<Variable, Literal> { [x] = Literal.Of<double>(moved, 2, 3) })[0].ToDoubles()[0];
            }
            Assert.Equal((Value(h) - Value(-h)) / (2 * h), slopes[i], 6);
        }
    }
}

file static class Names
{
    public static Dim AsDim(this string name) => new NamedSymbol(name);
}
