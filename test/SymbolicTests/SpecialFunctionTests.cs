using System.Globalization;

namespace Symbolic.Test;

/// <summary>Special functions against values of 22 digits, and at the edges.</summary>
public class SpecialFunctionTests
{
    /// <summary>Each function with its bound on the error: relative, or where the true value is small in units of the scale given.</summary>
    private static readonly Dictionary<string, (Func<double[], double> Compute, double Bound, Func<double[], double, double> Scale)> Functions = new()
    {
        ["Erf"] = (x => SpecialFunctions.Erf(x[0]), 4e-16, Own),
        ["Erfc"] = (x => SpecialFunctions.Erfc(x[0]), 1e-15, Own),
        ["Erfcx"] = (x => SpecialFunctions.Erfcx(x[0]), 1e-15, Own),
        ["ErfInv"] = (x => SpecialFunctions.ErfInv(x[0]), 1e-15, Own),
        ["ErfcInv"] = (x => SpecialFunctions.ErfcInv(x[0]), 1e-15, Own),
        ["Gamma"] = (x => SpecialFunctions.Gamma(x[0]), 2e-15, Own),
        ["GammaLn"] = (x => SpecialFunctions.GammaLn(x[0]), 1e-15, (x, value) => x[0] > 0 ? Math.Abs(value) : 1 + Math.Abs(SpecialFunctions.GammaLn(-x[0]))),
        ["Polygamma"] = (x => SpecialFunctions.Polygamma(x[0], x[1]), 2e-15, (x, value) => x[1] > 0 ? (x[0] + 1) * Math.Abs(value) : 1e300),
        ["GammaP"] = (x => SpecialFunctions.GammaP(x[0], x[1]), 2e-14, (_, value) => value < 1e-20 ? 5 * value : value),
        ["GammaQ"] = (x => SpecialFunctions.GammaQ(x[0], x[1]), 2e-14, (_, value) => value < 1e-20 ? 5 * value : value),
        ["BesselJ"] = (x => SpecialFunctions.BesselJ(x[0], x[1]), 1e-14, (x, value) => Math.Abs(x[1]) > Math.Abs(x[0]) ? Math.Max(Math.Abs(value), Math.Sqrt(2 / Math.PI / Math.Abs(x[1]))) : 10 * Math.Abs(value)),
        ["BesselI"] = (x => SpecialFunctions.BesselI(x[0], x[1]), 1e-14, (x, value) => Math.Abs(value) * (x[0] < 0 ? 100 : x[0] > 10 ? 10 : 1)),
    };

    private static double Own(double[] x, double value) => Math.Abs(value);

    [Fact]
    public void AgreeWithTrueValues()
    {
        var worst = new Dictionary<string, (double Error, string Line)>();
        foreach (string line in File.ReadLines(Path.Combine(Golden.Root(), "test", "SymbolicTests", "Golden", "special_functions.txt")).Skip(1))
        {
            string[] words = line.Split(' ');
            double[] numbers = [.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            (Func<double[], double> compute, double bound, Func<double[], double, double> scale) = Functions[words[0]];
            double found = compute(numbers[..^1]), error = found == numbers[^1] ? 0 : Math.Abs(found - numbers[^1]) / scale(numbers[..^1], numbers[^1]) / bound;
            if (!(error <= worst.GetValueOrDefault(words[0]).Error))
            {
                worst[words[0]] = (error, $"{line}, found {found:r}");
            }
        }
        Assert.Equal(Functions.Keys.Order(), worst.Keys.Order());
        Assert.True(worst.Values.All(w => w.Error <= 1), string.Join("\n", worst.Select(w => $"{w.Value.Error:f2} of the bound: {w.Value.Line}")));
    }

    [Fact]
    public void Edges()
    {
        const double inf = double.PositiveInfinity, nan = double.NaN;
        (double Wanted, double Found)[] edges =
        [
            (1, SpecialFunctions.Erf(inf)), (-1, SpecialFunctions.Erf(-inf)), (nan, SpecialFunctions.Erf(nan)), (-0.0, SpecialFunctions.Erf(-0.0)),
            (0, SpecialFunctions.Erfc(inf)), (2, SpecialFunctions.Erfc(-inf)), (0, SpecialFunctions.Erfcx(inf)), (inf, SpecialFunctions.Erfcx(-inf)), (nan, SpecialFunctions.Erfcx(nan)),
            (inf, SpecialFunctions.ErfInv(1)), (-inf, SpecialFunctions.ErfInv(-1)), (nan, SpecialFunctions.ErfInv(1.5)), (double.Epsilon, SpecialFunctions.ErfInv(double.Epsilon)), (-0.0, SpecialFunctions.ErfInv(-0.0)),
            (inf, SpecialFunctions.ErfcInv(0)), (-inf, SpecialFunctions.ErfcInv(2)), (nan, SpecialFunctions.ErfcInv(-1)), (0, SpecialFunctions.ErfcInv(1)),
            (inf, SpecialFunctions.Gamma(0.0)), (-inf, SpecialFunctions.Gamma(-0.0)), (nan, SpecialFunctions.Gamma(-3)), (inf, SpecialFunctions.Gamma(inf)), (nan, SpecialFunctions.Gamma(-inf)),
            (inf, SpecialFunctions.Gamma(172)), (-0.0, SpecialFunctions.Gamma(-250.5)), (6, SpecialFunctions.Gamma(4)), (1124000727777607680000.0, SpecialFunctions.Gamma(23)),
            (0, SpecialFunctions.GammaLn(1)), (0, SpecialFunctions.GammaLn(2)), (inf, SpecialFunctions.GammaLn(-2)), (inf, SpecialFunctions.GammaLn(-inf)), (inf, SpecialFunctions.GammaLn(inf)), (inf, SpecialFunctions.GammaLn(0)),
            (-inf, SpecialFunctions.Polygamma(0, 0.0)), (inf, SpecialFunctions.Polygamma(0, -0.0)), (nan, SpecialFunctions.Polygamma(0, -1)), (inf, SpecialFunctions.Polygamma(1, -1)), (inf, SpecialFunctions.Polygamma(0, inf)),
            (0, SpecialFunctions.Polygamma(1, inf)), (nan, SpecialFunctions.Polygamma(0, -inf)), (1e-300, SpecialFunctions.Polygamma(1, 1e300)), (nan, SpecialFunctions.Polygamma(0.5, 1)),
            (0, SpecialFunctions.GammaP(2, 0)), (1, SpecialFunctions.GammaP(2, inf)), (nan, SpecialFunctions.GammaP(-1, 1)), (nan, SpecialFunctions.GammaP(0, 0)), (1, SpecialFunctions.GammaQ(2, 0)), (0, SpecialFunctions.GammaQ(0, 1)),
            (1, SpecialFunctions.BesselJ(0, 0)), (-0.0, SpecialFunctions.BesselJ(1, -0.0)), (0, SpecialFunctions.BesselJ(0, inf)), (nan, SpecialFunctions.BesselJ(0.5, -1)), (nan, SpecialFunctions.BesselJ(2e6, 1)), (inf, SpecialFunctions.BesselJ(-0.5, 0)),
            (1, SpecialFunctions.BesselI(0, 0)), (inf, SpecialFunctions.BesselI(0, inf)), (-inf, SpecialFunctions.BesselI(1, -inf)), (nan, SpecialFunctions.BesselI(0.5, -1)), (-inf, SpecialFunctions.BesselI(-1.5, 0)),
        ];
        Assert.All(edges.Index(), edge => Assert.True(BitConverter.DoubleToInt64Bits(edge.Item.Wanted) == BitConverter.DoubleToInt64Bits(edge.Item.Found)
            || (double.IsNaN(edge.Item.Wanted) && double.IsNaN(edge.Item.Found)), $"edge {edge.Index}: {edge.Item}"));
    }

    [Fact]
    public void EveryCallEnds()
    {
        double[] values = [0, -0.0, 1, -1, 0.5, -0.5, 1e-320, 1e-30, 26, 171.5, 1e3, 999999.5, -999999.5, 1e6, 1e15, -1e15, 1e308, -1e308, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach (double x in values)
        {
            foreach ((Func<double[], double> compute, _, _) in Functions.Values)
            {
                Assert.All(values, a => compute([x, a]));
                Assert.All(values, a => compute([a, x]));
            }
        }
    }
}
