using System.Globalization;
using Symbolic.Conformance.Theano.Truth;

namespace Symbolic.Test;

/// <summary>The exact arithmetic that judges others, beside published digits (Abramowitz and Stegun; NIST's Digital Library of Mathematical Functions).</summary>
public class TruthTests
{
    private static readonly Dictionary<string, Func<BigFloat, BigFloat>> Functions = new()
    {
        ["exp"] = BigMath.Exp,
        ["log"] = BigMath.Log,
        ["sin"] = BigMath.Sin,
        ["cos"] = BigMath.Cos,
        ["tanh"] = BigMath.Tanh,
        ["arctan"] = BigMath.Arctan,
        ["arcsinh"] = BigMath.Arcsinh,
        ["erf"] = BigSpecial.Erf,
        ["erfc"] = BigSpecial.Erfc,
        ["gamma"] = BigSpecial.Gamma,
        ["log gamma"] = BigSpecial.LogGamma,
        ["digamma"] = BigSpecial.Digamma,
        ["trigamma"] = BigSpecial.Trigamma,
        ["j0"] = x => BigSpecial.Bessel(0, x, -1),
        ["j1"] = x => BigSpecial.Bessel(1, x, -1),
        ["i0"] = x => BigSpecial.Bessel(0, x, 1),
    };

    [Theory]
    [InlineData("exp", 1, 2.718281828459045)]
    [InlineData("exp", -745, 5e-324)]
    [InlineData("log", 1e-300, -690.7755278982137)]
    [InlineData("sin", 1e22, -0.8522008497671888)]
    [InlineData("cos", 1, 0.5403023058681398)]
    [InlineData("tanh", 1e-10, 1e-10)]
    [InlineData("arctan", 1, 0.7853981633974483)]
    [InlineData("arcsinh", 1, 0.881373587019543)]
    [InlineData("erf", 1, 0.8427007929497149)]
    [InlineData("erfc", 2, 0.004677734981047266)]
    [InlineData("erfc", 27, 5.237048923789258e-319)]
    [InlineData("gamma", 0.5, 1.772453850905516)]
    [InlineData("gamma", -1.5, 2.363271801207355)]
    [InlineData("log gamma", 100, 359.1342053695754)]
    [InlineData("digamma", 1, -0.5772156649015329)]
    [InlineData("trigamma", 1, 1.6449340668482264)]
    [InlineData("j0", 1, 0.7651976865579666)]
    [InlineData("j1", 1, 0.44005058574493355)]
    [InlineData("i0", 1, 1.2660658777520084)]
    public void FunctionsHaveTheirPublishedValues(string function, double x, double wanted) =>
        Assert.Equal(wanted, Functions[function](BigFloat.Of(x)).ToDouble(), Math.Abs(wanted) * 4e-16);

    [Theory]
    [InlineData(799.5)]
    [InlineData(800.5)]
    public void BesselFunctionsFarOutAreTheSolutionsOfTheirEquation(double at)
    {
        // x J0'' + J0' + x J0 = 0, with differences; the series hands over to the asymptotic one at 800.
        BigFloat x = BigFloat.Of(at), h = BigFloat.One.Scale(-60);
        BigFloat up = BigSpecial.Bessel(0, x + h, -1), here = BigSpecial.Bessel(0, x, -1), down = BigSpecial.Bessel(0, x - h, -1);
        BigFloat rest = x * ((up - here - here + down) / (h * h)) + ((up - down) / h).Scale(-1) + x * here;
        Assert.True(rest.Abs() < BigFloat.One.Scale(-80), rest.ToDouble().ToString("R", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(5e-324)]
    [InlineData(0.3)]
    [InlineData(1.9)]
    public void TheInverseOfErfcIsOne(double y) => Assert.Equal(y, BigSpecial.Erfc(BigSpecial.ErfcInv(BigFloat.Of(y))).ToDouble(), y * 1e-15);

    [Theory]
    [InlineData(1.5)]
    [InlineData(-5e-324)]
    [InlineData(1e308)]
    [InlineData(0.1)]
    public void DoublesGoInAndOut(double value) => Assert.Equal(value, BigFloat.Of(value).ToDouble());

    [Fact]
    public void NothingOverflowsOnTheWay() => Assert.Equal(1e200, BigMath.Log(BigMath.Exp(BigFloat.Of(1e200))).ToDouble());
}
