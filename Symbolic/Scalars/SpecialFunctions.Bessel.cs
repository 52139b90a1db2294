namespace Symbolic;

/// <summary>
/// Bessel functions of real order: Miller's backward recurrence normalised by Neumann's expansion (DLMF 10.23.15) or by Hankel's
/// (10.17.3), from which orders are reached along stable directions of the recurrence (10.6.1); modified ones by their power series (10.25.2)
/// and Hankel's expansion (10.40.1).
/// </summary>
public static partial class SpecialFunctions
{
    private const double MostOrder = 1e6;
    private const double HankelFrom = 25;

    /// <summary>
    /// J of an order of size up to 10⁶ (NaN beyond) at x; for negative x NaN unless the order is whole; 0 at ±∞. To 1e-14 of the function's
    /// amplitude √(2/πx) where x exceeds the order, to 1e-13 relatively below it.
    /// </summary>
    public static double BesselJ(double order, double x)
    {
        if (double.IsNaN(order) || double.IsNaN(x) || Math.Abs(order) > MostOrder)
        {
            return double.NaN;
        }
        if (x < 0 || (x == 0 && double.IsNegative(x)))
        {
            return IsWhole(order) ? order % 2 == 0 ? BesselJ(order, -x) : -BesselJ(order, -x) : x == 0 ? BesselJ(order, 0) : double.NaN;
        }
        if (order < 0 && IsWhole(order))
        {
            return order % 2 == 0 ? BesselJ(-order, x) : -BesselJ(-order, x);
        }
        if (x == 0 || double.IsInfinity(x))
        {
            return x > 0 ? 0 : order == 0 ? 1 : order > 0 ? 0 : PoleSign(order) * double.PositiveInfinity;
        }
        if (x * x < 4 * Math.Abs(order + 1) && (order > -1 || x < 1))
        {
            return PowerSeries(order, x, -1, 0);
        }
        double fraction = order - Math.Floor(order);
        return order > Math.Max(x, fraction + 1) || x <= HankelFrom ? Backward(order, fraction, x) : Forward(order, fraction, x);
    }

    /// <summary>
    /// I of an order of size up to 10⁶ (NaN beyond) at x; for negative x NaN unless the order is whole. To 1e-14, relatively; 1e-13 for orders
    /// above 10, 1e-12 for negative fractional ones.
    /// </summary>
    public static double BesselI(double order, double x)
    {
        if (double.IsNaN(order) || double.IsNaN(x) || Math.Abs(order) > MostOrder)
        {
            return double.NaN;
        }
        if (order < 0 && IsWhole(order))
        {
            return BesselI(-order, x);
        }
        if (x < 0 || (x == 0 && double.IsNegative(x)))
        {
            return IsWhole(order) ? order % 2 == 0 ? BesselI(order, -x) : -BesselI(order, -x) : x == 0 ? BesselI(order, 0) : double.NaN;
        }
        if (x == 0)
        {
            return order == 0 ? 1 : order > 0 ? 0 : PoleSign(order) * double.PositiveInfinity;
        }
        if (x > 1400 && x > order)
        {
            return double.PositiveInfinity;
        }
        // Terms of Hankel's expansion fall as (4ν² − (2k − 1)²)/8kx; elsewhere the series has few terms, scaled where they might overflow.
        return x > 30 && x > 2 * order * order ? HankelI(order, x) : PowerSeries(order, x, 1, x > 600 && x > order ? Math.Min(x - 600, 700) : 0);
    }

    /// <summary>The sign of 1/Γ(1 + order), which is that of the pole at 0 of a function of negative fractional order.</summary>
    private static double PoleSign(double order) => order < -1 && Math.Floor(order) % 2 == 0 ? -1 : 1;

    /// <summary>(x/2)^ν·Σ (sign·x²/4)^k/(k!·Γ(ν + k + 1)), the terms summed with a factor e^−scale that the end takes back.</summary>
    private static double PowerSeries(double order, double x, int sign, double scale)
    {
        double first = order < 170 ? Math.Pow(x / 2, order) / Gamma(order + 1) * Math.Exp(-scale) : 0;
        if (!(Math.Abs(first) is > 1e-290 and < 1e290))
        {
            first = order < 10 ? PoleSign(order) * Math.Exp((order * Math.Log(x / 2)) - GammaLn(order + 1) - scale)
                // As in GammaDensity, so that no large exponents cancel.
                : Math.Exp((order * LogExcessOf(order, x / 2)) + ((x / 2) - scale - StirlingSum(order))) / Math.Sqrt(2 * Math.PI * order);
        }
        double quarter = sign * x / 2 * x / 2, term = first, sum = first, k = 1;
        for (; k < 3 * MostOrder; k++)
        {
            term *= quarter / (k * (k + order));
            sum += term;
            if (Math.Abs(term) <= Epsilon / 4 * Math.Abs(sum) && k * (k + order) > Math.Abs(quarter))
            {
                break;
            }
        }
        return scale == 0 ? sum : sum * Math.Exp(scale / 2) * Math.Exp(scale / 2);
    }

    /// <summary>Hankel's sums P and Q (DLMF 10.17.3) for order² far below x.</summary>
    private static (double P, double Q) HankelSums(double order, double x)
    {
        double mu = 4 * order * order, term = 1, p = 1, q = 0;
        for (int k = 1; k < 60; k++)
        {
            double next = term * (mu - ((2 * k) - 1.0) * ((2 * k) - 1.0)) / (8 * k * x);
            if (Math.Abs(next) > Math.Abs(term) || next == 0)
            {
                break;
            }
            term = next;
            // The signs go + P, + Q, − P, − Q.
            if (k % 2 == 0)
            {
                p += k % 4 == 0 ? term : -term;
            }
            else
            {
                q += k % 4 == 1 ? term : -term;
            }
            if (Math.Abs(term) < Epsilon / 8)
            {
                break;
            }
        }
        return (p, q);
    }

    private static double HankelJ(double order, double x)
    {
        (double p, double q) = HankelSums(order, x);
        // cos and sin of x − (order/2 + ¼)·π, from those of x, whose reduction is exact for any size.
        double shift = (order / 2) + 0.25, cos = Math.Cos(x), sin = Math.Sin(x), c = double.CosPi(shift), s = double.SinPi(shift);
        double cosine = (cos * c) + (sin * s), sine = (sin * c) - (cos * s);
        return Math.Sqrt(2 / Math.PI / x) * ((p * cosine) - (q * sine));
    }

    private static double HankelI(double order, double x)
    {
        double mu = 4 * order * order, term = 1, sum = 1;
        for (int k = 1; k < 200; k++)
        {
            double next = -term * (mu - (((2 * k) - 1.0) * ((2 * k) - 1.0))) / (8 * k * x);
            if (Math.Abs(next) > Math.Abs(term) && k > order)
            {
                break;
            }
            term = next;
            sum += term;
            if (Math.Abs(term) < Epsilon / 8)
            {
                break;
            }
        }
        double half = Math.Exp(x / 2);
        return half * (sum / Math.Sqrt(2 * Math.PI * x)) * half;
    }

    /// <summary>From Hankel's values at two orders in [0, 2) upward to order ≤ x, or downward below 0: both are stable.</summary>
    private static double Forward(double order, double fraction, double x)
    {
        double here = HankelJ(fraction, x), next = HankelJ(fraction + 1, x);
        double at = fraction;
        for (; at < order - 0.5; at++)
        {
            (here, next) = (next, (2 * (at + 1) / x * next) - here);
        }
        return Downward(order, at, here, next, x);
    }

    /// <summary>J of an order from those of two orders above it.</summary>
    private static double Downward(double order, double at, double here, double above, double x)
    {
        for (; at > order + 0.5; at--)
        {
            (here, above) = ((2 * at / x * here) - above, here);
            if (double.IsInfinity(here))
            {
                // The signs alternate from here on.
                return Math.Round(at - 1 - order) % 2 == 0 ? here : -here;
            }
        }
        return here;
    }

    /// <summary>Down from an order so high that nothing of the other solution is left, normalised at the end.</summary>
    private static double Backward(double order, double fraction, double x)
    {
        double highest = Math.Max(order, x), start = Math.Ceiling(highest + 30 + (12 * Math.Cbrt(highest)));
        if ((start % 2) != 0)
        {
            start++;
        }
        bool isWhole = fraction == 0;
        double above = 0, here = 1e-280, wanted = 0, sum = 0;
        // Neumann: (x/2)^μ = Σ (μ + 2k)·Γ(μ + k)/k! · J of order μ + 2k. The weight at k, without Γ(μ + 1), which is put in at the end.
        double k = start / 2, weight = x <= HankelFrom ? NeumannWeight(fraction, k) : 0;
        for (double n = start; n >= 0; n--)
        {
            double at = fraction + n;
            if (Math.Abs(at - order) < 0.5)
            {
                wanted = here;
            }
            if (x <= HankelFrom && n % 2 == 0)
            {
                sum += weight * here;
                // Down from k to k − 1; for order 0 all weights are 2 but the last, which is 1.
                weight = isWhole ? (n == 2 ? 1 : 2) : weight * ((fraction + (2 * k) - 2) / (fraction + (2 * k))) * (k / (fraction + k - 1));
                k--;
            }
            if (n == 0)
            {
                break;
            }
            (above, here) = (here, (2 * at / x * here) - above);
            if (Math.Abs(here) > 1e250)
            {
                (above, here, wanted, sum) = (above * 1e-250, here * 1e-250, wanted * 1e-250, sum * 1e-250);
            }
        }
        double scale;
        if (x <= HankelFrom)
        {
            scale = Math.Pow(x / 2, fraction) / (sum * Gamma(fraction + 1));
        }
        else
        {
            double first = HankelJ(fraction, x), second = HankelJ(fraction + 1, x);
            scale = Math.Abs(first) > Math.Abs(second) ? first / here : second / above;
        }
        return order >= 0 ? wanted * scale : Downward(order, fraction, here * scale, above * scale, x);
    }

    /// <summary>(μ + 2k)·Γ(μ + k)/(k!·Γ(μ + 1)).</summary>
    private static double NeumannWeight(double mu, double k)
    {
        if (mu == 0)
        {
            return k == 0 ? 1 : 2;
        }
        double ratio = 1 / mu;
        for (int i = 1; i <= k; i++)
        {
            ratio *= (mu + i - 1) / i;
        }
        return (mu + (2 * k)) * ratio;
    }
}
