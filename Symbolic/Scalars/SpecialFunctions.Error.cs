namespace Symbolic;

/// <summary>
/// Error functions: the rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function",
/// Math. Comp. 23 (1969); their inverses by those of M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988).
/// </summary>
public static partial class SpecialFunctions
{
    private const double InverseSqrtPi = 0.56418958354775628695;

    /// <summary>erf(x) = 2/√π ∫₀ˣ exp(−t²) dt; to 4e-16.</summary>
    public static double Erf(double x)
    {
        double y = Math.Abs(x);
        if (!(y > 0.46875))
        {
            return x * ErfRatio(y * y);
        }
        double value = y > 6 ? 1 : 1 - (Gauss(y) * ErfcxTail(y));
        return x < 0 ? -value : value;
    }

    /// <summary>erfc(x) = 1 − erf(x), without cancellation for large x; to 1e-15.</summary>
    public static double Erfc(double x)
    {
        double y = Math.Abs(x);
        if (!(y > 0.46875))
        {
            return 1 - (x * ErfRatio(y * y));
        }
        double tail = y > 28 ? 0 : Gauss(y) * ErfcxTail(y);
        return x < 0 ? 2 - tail : tail;
    }

    /// <summary>exp(x²)·erfc(x), which neither underflows nor cancels for large x; to 1e-15.</summary>
    public static double Erfcx(double x)
    {
        double y = Math.Abs(x);
        if (!(y > 0.46875))
        {
            return Math.Exp(y * y) * (1 - (x * ErfRatio(y * y)));
        }
        return x > 0 ? ErfcxTail(y) : y > 27 ? double.PositiveInfinity : (2 / Gauss(y)) - ErfcxTail(y);
    }

    /// <summary>The x with erf(x) = y: ±∞ at ±1, NaN outside [−1, 1]; to 1e-15.</summary>
    public static double ErfInv(double y)
    {
        double size = Math.Abs(y);
        if (!(size <= 1))
        {
            return double.NaN;
        }
        // Below, y/2 is denormal or the product exact: erf⁻¹(y) = y·√π/2 to the last place.
        return size < 1e-160 ? y * 0.88622692545275801365
            : size == 1 ? (y > 0 ? double.PositiveInfinity : double.NegativeInfinity)
            : Math.CopySign(Quantile(size / 2, 1 - size) * Sqrt1Over2, y);
    }

    /// <summary>The x with erfc(x) = y: ∞ at 0, −∞ at 2, NaN outside [0, 2]; to 1e-15.</summary>
    public static double ErfcInv(double y) => y switch
    {
        0 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        > 0 and <= 1 => Quantile((1 - y) / 2, y) * Sqrt1Over2,
        > 1 and < 2 => -Quantile((y - 1) / 2, 2 - y) * Sqrt1Over2,
        _ => double.NaN,
    };

    private const double Sqrt1Over2 = 0.70710678118654752440;

    /// <summary>exp(−y²): the square is split so that the rounding of y² does not show (Cody).</summary>
    private static double Gauss(double y)
    {
        double head = Math.Truncate(y * 16) / 16;
        return Math.Exp(-head * head) * Math.Exp(-(y - head) * (y + head));
    }

    /// <summary>erf(x)/x for |x| ≤ 0.46875 from s = x².</summary>
    private static double ErfRatio(double s) =>
        Polynomial([3.20937758913846947e03, 3.77485237685302021e02, 1.13864154151050156e02, 3.16112374387056560e00, 1.85777706184603153e-1], s)
        / Polynomial([2.84423683343917062e03, 1.28261652607737228e03, 2.44024637934444173e02, 2.36012909523441209e01, 1], s);

    /// <summary>exp(y²)·erfc(y) for y > 0.46875.</summary>
    private static double ErfcxTail(double y)
    {
        if (y <= 4)
        {
            return Polynomial([1.23033935479799725e03, 2.05107837782607147e03, 1.71204761263407058e03, 8.81952221241769090e02, 2.98635138197400131e02,
                    6.61191906371416295e01, 8.88314979438837594e0, 5.64188496988670089e-1, 2.15311535474403846e-8], y)
                / Polynomial([1.23033935480374942e03, 3.43936767414372164e03, 4.36261909014324716e03, 3.29079923573345963e03, 1.62138957456669019e03,
                    5.37181101862009858e02, 1.17693950891312499e02, 1.57449261107098347e01, 1], y);
        }
        double s = 1 / (y * y);
        double correction = s * Polynomial([6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2], s)
            / Polynomial([2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725e00, 2.56852019228982242e00, 1], s);
        return (InverseSqrtPi - correction) / y;
    }

    /// <summary>The normal quantile at probability ½ + q; twice its complement is given too, so that neither is rounded.</summary>
    private static double Quantile(double q, double twoTails)
    {
        if (q <= 0.425)
        {
            double s = 0.180625 - (q * q);
            return q * Polynomial([3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
                    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3], s)
                / Polynomial([1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
                    3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3], s);
        }
        double r = Math.Sqrt(0.69314718055994530942 - Math.Log(twoTails));
        return r <= 5
            ? Polynomial([1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
                    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4], r - 1.6)
                / Polynomial([1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
                    1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9], r - 1.6)
            : Polynomial([6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
                    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7], r - 5)
                / Polynomial([1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
                    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15], r - 5);
    }
}
