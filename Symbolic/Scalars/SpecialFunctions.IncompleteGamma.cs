namespace Symbolic;

/// <summary>
/// Regularised incomplete gamma functions: the power series (DLMF 8.11.4), the continued fraction (8.9.2) and, for large a with x near it,
/// Temme's uniform expansion (8.12.3, 8.12.4), whose coefficients were computed in rational arithmetic from 8.12.9.
/// </summary>
public static partial class SpecialFunctions
{
    private const int MostSteps = 100000;

    // Coefficients of c_k(η) in powers of η.
    private static readonly double[][] Temme =
    [
        [-0.33333333333333333, 0.083333333333333333, -0.014814814814814815, 0.0011574074074074074, 0.0003527336860670194, -0.00017875514403292181, 3.9192631785224378e-5, -2.1854485106799922e-6, -1.85406221071516e-6, 8.296711340953086e-7, -1.7665952736826079e-7, 6.7078535434014986e-9],
        [-0.0018518518518518519, -0.0034722222222222222, 0.0026455026455026455, -0.00099022633744855967, 0.00020576131687242798, -4.0187757201646091e-7, -1.8098550334489978e-5, 7.6491609160811101e-6, -1.6120900894563446e-6],
        [0.0041335978835978836, -0.0026813271604938272, 0.00077160493827160494, 2.0093878600823045e-6, -0.00010736653226365161, 5.2923448829120125e-5, -1.2760635188618728e-5],
        [0.00064943415637860082, 0.00022947209362139918, -0.00046918949439525571, 0.00026772063206283885, -7.5618016718839764e-5],
        [-0.0008618882909167117, 0.00078403922172006663, -0.00029907248030319018],
    ];

    /// <summary>P(a, x) = γ(a, x)/Γ(a), increasing from 0 to 1 in x; NaN for negative a or x. To 2e-14; below 1e-20 to 1e-13.</summary>
    public static double GammaP(double a, double x) => IncompleteGamma(a, x, upper: false);

    /// <summary>Q(a, x) = Γ(a, x)/Γ(a) = 1 − P(a, x), without cancellation; NaN for negative a or x. To 2e-14; below 1e-20 to 1e-13.</summary>
    public static double GammaQ(double a, double x) => IncompleteGamma(a, x, upper: true);

    private static double IncompleteGamma(double a, double x, bool upper)
    {
        if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (double.IsInfinity(a) && double.IsInfinity(x)))
        {
            return double.NaN;
        }
        if (x == 0 || double.IsInfinity(a))
        {
            return upper ? 1 : 0;
        }
        if (a == 0 || double.IsInfinity(x))
        {
            return upper ? 0 : 1;
        }
        double excess = (x - a) / a;
        if (a > 1000 && Math.Abs(excess) < 0.1)
        {
            return Uniform(a, excess, upper);
        }
        if (upper)
        {
            // For small a, P is so near 1 that its complement is not to be had from it.
            return x <= 1.1 && (a < 1 || x >= 0.5 * a) ? UpperOfSmall(a, x) : x < a ? 1 - LowerSeries(a, x) : UpperFraction(a, x);
        }
        return x <= 1.1 || x < a ? LowerSeries(a, x) : 1 - UpperFraction(a, x);
    }

    /// <summary>x^a·e^−x/Γ(a + 1): for large a by the deviation of x from a, so that no large exponents cancel.</summary>
    private static double GammaDensity(double a, double x)
    {
        if (a < 10)
        {
            double power = Math.Pow(x, a);
            return power > 1e-300 && x < 700 ? power * Math.Exp(-x) / Gamma(a + 1) : Math.Exp((a * Math.Log(x)) - x - GammaLn(a + 1));
        }
        return Math.Exp((a * LogExcessOf(a, x)) - StirlingSum(a)) / Math.Sqrt(2 * Math.PI * a);
    }

    private static double LowerSeries(double a, double x)
    {
        double term = 1, sum = 1, n = a;
        for (int i = 0; i < MostSteps && term > sum * Epsilon; i++)
        {
            n++;
            term *= x / n;
            sum += term;
        }
        return GammaDensity(a, x) * sum;
    }

    /// <summary>The continued fraction by Lentz's method, as modified by Thompson and Barnett (J. Comput. Phys. 64, 1986).</summary>
    private static double UpperFraction(double a, double x)
    {
        double b = x + 1 - a, c = double.PositiveInfinity, d = 1 / b, h = d;
        for (int i = 1; i < MostSteps; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = 1 / ((an * d) + b);
            c = b + (an / c);
            double step = c * d;
            h *= step;
            if (Math.Abs(step - 1) <= Epsilon)
            {
                break;
            }
        }
        return GammaDensity(a, x) * a * h;
    }

    /// <summary>Q for small x: 1 − x^a/Γ(1 + a)·(1 + a·Σ (−x)^n/(n!·(a + n))).</summary>
    private static double UpperOfSmall(double a, double x)
    {
        double term = 1, sum = 0;
        for (int n = 1; n < 100; n++)
        {
            term *= -x / n;
            sum += term / (a + n);
            if (Math.Abs(term) <= Epsilon * Math.Abs(sum) * (a + n))
            {
                break;
            }
        }
        double logGamma = a <= 0.5 ? LogGammaNearOne(a) : GammaLn(a + 1);
        double exponent = (a * Math.Log(x)) - logGamma;
        return -ReferenceIntrinsics.Expm1(exponent) - (a * Math.Exp(exponent) * sum);
    }

    private static double Uniform(double a, double excess, bool upper)
    {
        double half = -LogExcess(excess);
        double eta = Math.CopySign(Math.Sqrt(2 * half), excess), rest = 0;
        for (int k = Temme.Length - 1; k >= 0; k--)
        {
            rest = (rest / a) + Polynomial(Temme[k], eta);
        }
        rest *= Math.Exp(-a * half) / Math.Sqrt(2 * Math.PI * a);
        double y = eta * Math.Sqrt(a / 2);
        return upper ? (0.5 * Erfc(y)) + rest : (0.5 * Erfc(-y)) - rest;
    }

    /// <summary>log(x/a) − (x − a)/a.</summary>
    private static double LogExcessOf(double a, double x)
    {
        double excess = (x - a) / a;
        return Math.Abs(excess) > 0.5 ? Math.Log(x / a) - excess : LogExcess(excess);
    }

    /// <summary>log(1 + μ) − μ for |μ| ≤ ½ without cancellation: log(1 + μ) = 2·artanh r with r = μ/(2 + μ).</summary>
    private static double LogExcess(double mu)
    {
        double r = mu / (2 + mu), s = r * r, sum = 0;
        for (int n = 31; n >= 3; n -= 2)
        {
            sum = (sum * s) + (1.0 / n);
        }
        return r * ((2 * s * sum) - mu);
    }
}
