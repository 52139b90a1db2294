namespace Symbolic;

/// <summary>
/// The gamma function, its logarithm and derivatives: Taylor's series about 2 (DLMF 5.7.3), Stirling's (5.11.1, 5.11.2), recurrences and
/// reflections (5.5), Hurwitz's zeta by Euler and Maclaurin (25.11.5).
/// </summary>
public static partial class SpecialFunctions
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // B(2k) / (2k·(2k − 1)): log Γ(x) less its leading terms, in odd powers of 1/x.
    private static readonly double[] Stirling = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    // 1 − γ, then (−1)^k·(ζ(k) − 1)/k: log Γ(2 + e)/e.
    private static readonly double[] LogGammaAboutTwo =
    [
        0.42278433509846713939, 0.32246703342411321824, -0.067352301053198095133, 0.020580808427784547879, -0.0073855510286739852663,
        0.0028905103307415232858, -0.0011927539117032609771, 0.00050966952474304242234, -0.00022315475845357937976, 0.000099457512781808533715,
        -0.0000449262367381331417, 0.000020507212775670691553, -9.439488275268395904e-6, 4.3748667899074878042e-6, -2.0392157538013662368e-6,
        9.5514121304074198329e-7, -4.4924691987645660433e-7, 2.1207184805554665869e-7, -1.0043224823968099609e-7, 4.7698101693639805658e-8,
        -2.271109460894316491e-8, 1.0838659214896954091e-8, -5.1834750419700466551e-9, 2.4836745438024783172e-9, -1.1921401405860912074e-9,
        5.7313672416788620133e-10, -2.7595228851242331452e-10,
    ];

    /// <summary>Γ(x); ±∞ at ±0, NaN at negative integers, where the two sides differ; to 2e-15, whole results below 2⁵³ exactly.</summary>
    public static double Gamma(double x)
    {
        if (x == 0 || !double.IsFinite(x))
        {
            return x == 0 ? Math.CopySign(double.PositiveInfinity, x) : x > 0 ? x : double.NaN;
        }
        if (x <= -0.5)
        {
            return IsWhole(x) ? double.NaN : GammaOfNegative(-x);
        }
        if (x >= 10)
        {
            return x > 171.7 ? double.PositiveInfinity : x <= 23 && IsWhole(x) ? Factorial((int)x - 1) : GammaOfLarge(x);
        }
        double factor = 1;
        for (; x >= 2.5; factor *= x)
        {
            x--;
        }
        return x >= 1.5 ? factor * Math.Exp(LogGammaNearTwo(x - 2))
            : x >= 0.5 ? Math.Exp(LogGammaNearTwo(x - 1)) / x
            : Math.Exp(LogGammaNearTwo(x)) / (x * (x + 1));
    }

    /// <summary>log |Γ(x)|; ∞ at 0 and negative integers. To 1e-15 for positive x; for negative x to 1e-15 of 1 + |log Γ(|x|)|.</summary>
    public static double GammaLn(double x)
    {
        if (x <= -0.5)
        {
            // Γ(x)·Γ(−x) = −π / (x·sin πx)
            return IsWhole(x) ? double.PositiveInfinity : Math.Log(Math.PI / Math.Abs(x * double.SinPi(x))) - GammaLn(-x);
        }
        if (x >= 10)
        {
            return x < 1e300 ? ((x - 0.5) * (Math.Log(x) - 1)) + (HalfLogTwoPi - 0.5) + StirlingSum(x) : x * (Math.Log(x) - 1);
        }
        double factor = 1;
        for (; x >= 2.5; factor *= x)
        {
            x--;
        }
        return x >= 1.5 ? Math.Log(factor) + LogGammaNearTwo(x - 2) : x >= 0.5 ? LogGammaNearOne(x - 1) : LogGammaNearOne(x) - Math.Log(Math.Abs(x));
    }

    /// <summary>
    /// The n-th derivative of ψ = Γ'/Γ for whole n from 0 to 100 (else NaN): ψ itself is the digamma function, n = 1 trigamma. At a pole ±∞ if
    /// both sides agree or the sign of zero decides, else NaN. To 2e-15 for n = 0 (also next to its root at 1.46) and (n + 1)·1e-15 beyond,
    /// of the largest term of the reflection where x is negative.
    /// </summary>
    public static double Polygamma(double n, double x)
    {
        if (!(n >= 0 && n <= 100 && IsWhole(n)) || double.IsNaN(x) || double.IsNegativeInfinity(x))
        {
            return double.NaN;
        }
        int order = (int)n;
        if (x <= 0 && IsWhole(x))
        {
            return order % 2 == 1 ? double.PositiveInfinity : x == 0 ? -Math.CopySign(double.PositiveInfinity, x) : double.NaN;
        }
        if (x < 0)
        {
            // (−1)ⁿ·ψ⁽ⁿ⁾(1 − x) − ψ⁽ⁿ⁾(x) = dⁿ/dxⁿ π·cot πx
            double mirrored = Polygamma(n, 1 - x);
            return (order % 2 == 0 ? mirrored : -mirrored) - CotangentDerivative(order, x);
        }
        if (order == 0)
        {
            return Digamma(x);
        }
        double zeta = double.IsPositiveInfinity(x) ? 0 : Factorial(order) * HurwitzZeta(order + 1, x);
        return order % 2 == 1 ? zeta : -zeta;
    }

    /// <summary>log Γ(1 + a), relatively exact near 0, for |a| ≤ ½.</summary>
    private static double LogGammaNearOne(double a) => LogGammaNearTwo(a) - ReferenceIntrinsics.Log1p(a);

    /// <summary>log Γ(2 + e), relatively exact near 0, for |e| ≤ ½.</summary>
    private static double LogGammaNearTwo(double e) => e * Polynomial(LogGammaAboutTwo, e);

    private static double StirlingSum(double x) => Polynomial(Stirling, 1 / x / x) / x;

    // The power's base and exponent are exact, and so is the exponential's argument: no rounding is magnified.
    private static double GammaOfLarge(double x)
    {
        double root = Math.Pow(x, (x - 0.5) / 2);
        return root * (root * Math.Exp(-x)) * (2.5066282746310005024 * Math.Exp(StirlingSum(x)));
    }

    /// <summary>Γ(−a) = −π / (a·sin(πa)·Γ(a)), where Γ(a) may overflow before the quotient underflows.</summary>
    private static double GammaOfNegative(double a)
    {
        double value = -Math.PI / (a * double.SinPi(a));
        if (a > 200)
        {
            return Math.CopySign(0, value);
        }
        if (a > 150)
        {
            for (int i = 0; i < 40; i++)
            {
                a--;
                value /= a;
            }
        }
        return value / Gamma(a);
    }

    private static double Factorial(int n)
    {
        double product = 1;
        for (int i = 2; i <= n; i++)
        {
            product *= i;
        }
        return product;
    }

    // The root of ψ to twice the precision of a double, and Taylor's coefficients there: ψ⁽ᵏ⁾(x₀)/k! = (−1)^(k+1)·ζ(k + 1, x₀).
    private const double DigammaRoot = 1.4616321449683622, DigammaRootRest = 9.5499954299656977152e-17;
    private static readonly double[] DigammaAboutRoot = [.. Enumerable.Range(1, 22).Select(k => (k % 2 == 1 ? 1 : -1) * HurwitzZeta(k + 1, DigammaRoot))];

    private static double Digamma(double x)
    {
        double fromRoot = x - DigammaRoot - DigammaRootRest;
        if (Math.Abs(fromRoot) < 0.25)
        {
            return fromRoot * Polynomial(DigammaAboutRoot, fromRoot);
        }
        double sum = 0;
        for (; x < 10; x++)
        {
            sum -= 1 / x;
        }
        double s = 1 / x / x;
        double tail = s * Polynomial([1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160], s);
        return sum + (Math.Log(x) - (0.5 / x) - tail);
    }

    /// <summary>ζ(s, a) = Σ (a + k)^−s over k ≥ 0, for whole s ≥ 2 and a > 0.</summary>
    private static double HurwitzZeta(int s, double a)
    {
        double sum = 0;
        // Bernoulli's terms fall by ((s + 2j)/2πw)²: they are small enough where w exceeds s and 10.
        for (double least = 10 + s; a < least; a++)
        {
            sum += Math.Pow(a, -s);
        }
        double power = Math.Pow(a, -s), tail = (Math.Pow(a, 1 - s) / (s - 1)) + (power / 2);
        // B(2j)/(2j)!
        ReadOnlySpan<double> bernoulli = [1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000];
        double factor = s * power / a;
        for (int j = 0; j < bernoulli.Length; j++)
        {
            tail += bernoulli[j] * factor;
            factor *= (s + (2 * j) + 1) * (s + (2 * j) + 2) / a / a;
        }
        return sum + tail;
    }

    /// <summary>The n-th derivative of π·cot πx: a polynomial in the cotangent, since cot' = −(1 + cot²).</summary>
    private static double CotangentDerivative(int n, double x)
    {
        double[] c = [0, 1];
        for (int k = 0; k < n; k++)
        {
            double[] next = new double[c.Length + 1];
            for (int i = 1; i < c.Length; i++)
            {
                next[i - 1] -= i * c[i];
                next[i + 1] -= i * c[i];
            }
            c = next;
        }
        return Math.Pow(Math.PI, n + 1) * Polynomial(c, double.CosPi(x) / double.SinPi(x));
    }
}
