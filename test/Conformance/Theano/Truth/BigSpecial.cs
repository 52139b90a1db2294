namespace Symbolic.Conformance.Theano.Truth;

/// <summary>Error functions, and gamma with its logarithm and that one's derivatives.</summary>
internal static class BigSpecial
{
    /// <summary>How far arguments are moved up before Stirling's series, whose error there is below 2^-400.</summary>
    private const int Shift = 120;

    /// <summary>Beyond this erfc is computed by its asymptotic series: both ways keep 1,300 bits there.</summary>
    private const int Far = 30;

    private static readonly BigFloat[] Bernoulli = Numbers(120);

    public static BigFloat Erf(BigFloat x)
    {
        if (x.IsZero || x.IsNaN)
        {
            return x;
        }
        if (x.Abs() > Far)
        {
            return x.IsNegative ? Erfc(-x) - 1 : 1 - Erfc(x);
        }
        // A&S 7.1.6: 2/√π exp(−x²) Σ 2^n x^(2n+1) / (1·3···(2n+1)), whose terms are all of one sign.
        BigFloat square = x * x, term = x, sum = x;
        for (int n = 1; !term.IsZero && term.Magnitude > sum.Magnitude - BigFloat.Precision; n++)
        {
            term = (term * square).Scale(1) / (2 * n + 1);
            sum += term;
        }
        return (sum * BigMath.Exp(-square)).Scale(1) / BigMath.Pi.Sqrt();
    }

    public static BigFloat Erfc(BigFloat x) => x.IsNaN ? x : x > Far ? BigMath.Exp(-(x * x)) * Tail(x) : 1 - Erf(x);

    /// <summary>exp(x²) erfc(x).</summary>
    public static BigFloat Erfcx(BigFloat x) => x.IsNaN ? x : x > Far ? Tail(x) : BigMath.Exp(x * x) * Erfc(x);

    public static BigFloat Gamma(BigFloat x)
    {
        if (x.IsInteger && x.Sign <= 0)
        {
            return BigFloat.NaN;
        }
        if (x.IsInfinite || x.IsNaN)
        {
            return x.IsNegative ? BigFloat.NaN : x;
        }
        // A&S 6.1.17.
        return x.IsNegative ? BigMath.Pi / (BigMath.Sin(BigMath.Pi * x) * Gamma(1 - x)) : BigMath.Exp(LogGamma(x));
    }

    /// <summary>log |Γ(x)|.</summary>
    public static BigFloat LogGamma(BigFloat x)
    {
        if (x.IsNaN || x.IsInfinite || (x.IsInteger && x.Sign <= 0))
        {
            return x.IsNaN ? x : BigFloat.Infinity;
        }
        if (x.IsNegative)
        {
            return BigMath.Log((BigMath.Pi / BigMath.Sin(BigMath.Pi * x)).Abs()) - LogGamma(1 - x);
        }
        BigFloat product = BigFloat.One, z = x;
        while (z < Shift)
        {
            product *= z;
            z += 1;
        }
        // A&S 6.1.40.
        BigFloat sum = (z - BigFloat.One.Scale(-1)) * BigMath.Log(z) - z + BigMath.Log(BigMath.Pi.Scale(1)).Scale(-1);
        BigFloat power = z, square = z * z;
        for (int n = 1; n < Bernoulli.Length; n++)
        {
            sum += Bernoulli[n] / (2 * n * (2 * n - 1)) / power;
            power *= square;
        }
        return sum - BigMath.Log(product);
    }

    /// <summary>The derivative of log Γ.</summary>
    public static BigFloat Digamma(BigFloat x)
    {
        if (x.IsNaN || x.IsInfinite)
        {
            return x.IsNegative ? BigFloat.NaN : x;
        }
        if (x.Sign <= 0)
        {
            // A&S 6.3.7.
            return x.IsInteger ? BigFloat.NaN : Digamma(1 - x) - BigMath.Pi * BigMath.Cos(BigMath.Pi * x) / BigMath.Sin(BigMath.Pi * x);
        }
        BigFloat sum = BigFloat.Zero, z = x;
        for (; z < Shift; z += 1)
        {
            sum -= 1 / z;
        }
        // A&S 6.3.18.
        sum += BigMath.Log(z) - 1 / z.Scale(1);
        BigFloat square = z * z, power = square;
        for (int n = 1; n < Bernoulli.Length; n++)
        {
            sum -= Bernoulli[n] / (2 * n) / power;
            power *= square;
        }
        return sum;
    }

    /// <summary>The derivative of digamma.</summary>
    public static BigFloat Trigamma(BigFloat x)
    {
        if (x.IsNaN || x.IsInfinite)
        {
            return x.IsNaN || x.IsNegative ? BigFloat.NaN : BigFloat.Zero;
        }
        if (x.Sign <= 0)
        {
            BigFloat sine = BigMath.Sin(BigMath.Pi * x);
            return x.IsInteger ? BigFloat.Infinity : BigMath.Pi * BigMath.Pi / (sine * sine) - Trigamma(1 - x);
        }
        BigFloat sum = BigFloat.Zero, z = x;
        for (; z < Shift; z += 1)
        {
            sum += 1 / (z * z);
        }
        // A&S 6.4.12.
        BigFloat square = z * z, power = square * z;
        sum += 1 / z + 1 / square.Scale(1);
        for (int n = 1; n < Bernoulli.Length; n++)
        {
            sum += Bernoulli[n] / power;
            power *= square;
        }
        return sum;
    }

    /// <summary>The Bessel function of a whole order, modified where the sign is 1: A&amp;S 9.1.10 and 9.6.10.</summary>
    public static BigFloat Bessel(BigFloat order, BigFloat x, int sign)
    {
        if (x.IsNaN || !order.IsInteger || order.Abs() > 100)
        {
            return x.IsNaN ? x : throw new NoTruth("a Bessel function of fractional order");
        }
        int n = Math.Abs((int)order.ToInteger());
        bool turns = (n % 2 == 1 && x.IsNegative) != (sign < 0 && order.IsNegative && n % 2 == 1);
        if (x.IsInfinite)
        {
            return sign < 0 ? BigFloat.Zero : turns ? -BigFloat.Infinity : BigFloat.Infinity;
        }
        if (x.Abs() > 800)
        {
            BigFloat far = Asymptotic(n, x.Abs(), sign);
            return turns ? -far : far;
        }
        BigFloat half = x.Abs().Scale(-1), term = BigFloat.One;
        for (int k = 1; k <= n; k++)
        {
            term = term * half / k;
        }
        BigFloat sum = term, square = half * half;
        for (int k = 1; !term.IsZero && (term.Magnitude > sum.Magnitude - BigFloat.Precision || k < half.ToDouble()); k++)
        {
            term = term * square / (k * (k + n));
            sum += sign < 0 && k % 2 == 1 ? -term : term;
        }
        return turns ? -sum : sum;
    }

    /// <summary>Hankel's expansions, whose smallest terms are about exp(−2x): A&amp;S 9.2.5 and 9.7.1.</summary>
    private static BigFloat Asymptotic(int n, BigFloat x, int sign)
    {
        BigFloat term = BigFloat.One, even = BigFloat.One, odd = BigFloat.Zero, eight = x.Scale(3);
        int mu = 4 * n * n;
        for (int k = 1; term.Magnitude > -BigFloat.Precision; k++)
        {
            int step = (2 * k) - 1;
            BigFloat next = term * (mu - (step * step)) / (eight * k);
            if (next.IsZero || next.Abs() >= term.Abs())
            {
                break;
            }
            term = next;
            // The signs of the terms go + + − − for J, and alternate for I.
            bool minus = sign < 0 ? k % 4 >= 2 : k % 2 == 1;
            BigFloat signed = minus ? -term : term;
            (even, odd) = k % 2 == 0 ? (even + signed, odd) : (even, odd + signed);
        }
        if (sign > 0)
        {
            return BigMath.Exp(x) * (even + odd) / (BigMath.Pi * x).Scale(1).Sqrt();
        }
        BigFloat angle = x - (BigMath.Pi * ((2 * n) + 1)).Scale(-2);
        return (1 / (BigMath.Pi * x)).Scale(1).Sqrt() * ((even * BigMath.Cos(angle)) - (odd * BigMath.Sin(angle)));
    }

    /// <summary>The inverse of erfc, by Newton's iteration on the logarithm of erfc, which is concave.</summary>
    public static BigFloat ErfcInv(BigFloat y)
    {
        if (y.IsNaN || y.IsNegative || y > 2)
        {
            return BigFloat.NaN;
        }
        if (y.IsZero || (y - 2).IsZero)
        {
            return y.IsZero ? BigFloat.Infinity : -BigFloat.Infinity;
        }
        if (y > BigFloat.One)
        {
            return -ErfcInv(2 - y);
        }
        if ((y - 1).IsZero)
        {
            return BigFloat.Zero;
        }
        BigFloat target = BigMath.Log(y), x = BigFloat.Zero;
        for (int i = 0; i < 60; i++)
        {
            BigFloat erfc = Erfc(x), slope = -(BigMath.Exp(-(x * x)).Scale(1) / (BigMath.Pi.Sqrt() * erfc));
            BigFloat step = (BigMath.Log(erfc) - target) / slope;
            x -= step;
            if (step.IsZero || (!x.IsZero && step.Magnitude < x.Magnitude - 200))
            {
                break;
            }
        }
        return x;
    }

    /// <summary>exp(x²) erfc(x) for large x: A&amp;S 7.1.23, whose smallest term is about exp(−x²).</summary>
    private static BigFloat Tail(BigFloat x)
    {
        if (x.IsInfinite)
        {
            return BigFloat.Zero;
        }
        BigFloat inverse = 1 / (x * x).Scale(1), term = BigFloat.One, sum = BigFloat.One;
        for (int n = 1; term.Magnitude > -BigFloat.Precision; n++)
        {
            BigFloat next = -(term * (2 * n - 1) * inverse);
            if (next.Abs() >= term.Abs())
            {
                break;
            }
            term = next;
            sum += term;
        }
        return sum / (x * BigMath.Pi.Sqrt());
    }

    /// <summary>The even Bernoulli numbers, from Σ C(m+1, k) B(k) = 0.</summary>
    private static BigFloat[] Numbers(int count)
    {
        var all = new BigFloat[2 * count];
        all[0] = BigFloat.One;
        for (int m = 1; m < all.Length; m++)
        {
            BigFloat sum = BigFloat.Zero, binomial = BigFloat.One;
            for (int k = 0; k < m; k++)
            {
                sum += binomial * all[k];
                binomial = binomial * (m + 1 - k) / (k + 1);
            }
            all[m] = m > 1 && m % 2 == 1 ? BigFloat.Zero : -(sum / (m + 1));
        }
        return [.. Enumerable.Range(0, count).Select(n => all[2 * n])];
    }
}
