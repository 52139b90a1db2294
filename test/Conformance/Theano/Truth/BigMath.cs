using System.Numerics;

namespace Symbolic.Conformance.Theano.Truth;

/// <summary>
/// Functions of <see cref="BigFloat"/>s by argument reduction and Taylor series (Brent and Zimmermann, Modern Computer Arithmetic, 2010,
/// chapter 4).
/// </summary>
internal static class BigMath
{
    private const int Halvings = 40;

    /// <summary>Arguments beyond this power of two have exponentials that are not written down.</summary>
    private const int LargestExponent = 1400;

    public static BigFloat Ln2 { get; } = LogNear(2);

    public static BigFloat Pi { get; } = (InverseArctan(5).Scale(2) - InverseArctan(239)).Scale(2);

    public static BigFloat Exp(BigFloat x)
    {
        if (x.IsNaN || x.IsZero)
        {
            return x.IsNaN ? x : BigFloat.One;
        }
        if (x.IsInfinite || x.Magnitude > LargestExponent)
        {
            return x.IsNegative ? BigFloat.Zero : BigFloat.Infinity;
        }
        BigInteger powers = Round(x / Ln2);
        return ExpNear(x - BigFloat.Of(powers, 0) * Ln2).Scale(powers);
    }

    public static BigFloat Log(BigFloat x)
    {
        if (x.IsNaN || x.IsZero || x.IsNegative || x.IsInfinite)
        {
            return x.IsZero ? -BigFloat.Infinity : x.IsNegative ? BigFloat.NaN : x;
        }
        BigInteger powers = x.Magnitude;
        BigFloat near = x.Scale(-powers);
        if (near.ToDouble() > 1.4)
        {
            powers += 1;
            near = near.Scale(-1);
        }
        return LogNear(near) + (powers.IsZero ? BigFloat.Zero : BigFloat.Of(powers, 0) * Ln2);
    }

    public static BigFloat Sin(BigFloat x) => Trigonometric(x, isCosine: false);

    public static BigFloat Cos(BigFloat x) => Trigonometric(x, isCosine: true);

    public static BigFloat Sinh(BigFloat x) => x.IsZero || !x.IsFinite ? x : (Exp(x) - Exp(-x)).Scale(-1);

    public static BigFloat Cosh(BigFloat x) => (Exp(x) + Exp(-x)).Scale(-1);

    public static BigFloat Tanh(BigFloat x)
    {
        if (x.IsZero || x.IsNaN)
        {
            return x;
        }
        BigFloat e = Exp(x.Abs().Scale(1));
        BigFloat y = e.IsInfinite ? BigFloat.One : (e - 1) / (e + 1);
        return x.IsNegative ? -y : y;
    }

    public static BigFloat Arctan(BigFloat x)
    {
        if (x.IsNaN || x.IsZero)
        {
            return x;
        }
        if (x.IsInfinite)
        {
            return x.IsNegative ? -Pi.Scale(-1) : Pi.Scale(-1);
        }
        // Halving the angle: tan(a/2) = t / (1 + √(1 + t²)).
        const int halvings = 16;
        BigFloat t = x;
        for (int i = 0; i < halvings; i++)
        {
            t /= 1 + (1 + t * t).Sqrt();
        }
        BigFloat square = -(t * t), power = t, sum = t;
        for (int n = 3; Matters(power, sum); n += 2)
        {
            power *= square;
            sum += power / n;
        }
        return sum.Scale(halvings);
    }

    public static BigFloat Arctan2(BigFloat y, BigFloat x)
    {
        if (y.IsNaN || x.IsNaN)
        {
            return BigFloat.NaN;
        }
        BigFloat angle = y.IsInfinite && x.IsInfinite ? Pi.Scale(-2)
            : x.IsZero && y.IsZero ? BigFloat.Zero
            : x.IsZero ? Pi.Scale(-1)
            : Arctan((y / x).Abs());
        angle = x.IsNegative ? Pi - angle : angle;
        return y.IsNegative ? -angle : angle;
    }

    public static BigFloat Arcsin(BigFloat x) => x.Abs() > BigFloat.One || x.IsNaN ? BigFloat.NaN : Arctan2(x, (1 - x * x).Sqrt());

    public static BigFloat Arccos(BigFloat x) => x.Abs() > BigFloat.One || x.IsNaN ? BigFloat.NaN : Arctan2((1 - x * x).Sqrt(), x);

    public static BigFloat Arcsinh(BigFloat x)
    {
        if (!x.IsFinite || x.IsZero)
        {
            return x;
        }
        BigFloat y = Log(x.Abs() + (x * x + 1).Sqrt());
        return x.IsNegative ? -y : y;
    }

    public static BigFloat Arccosh(BigFloat x) => x < BigFloat.One ? BigFloat.NaN : x.IsInfinite ? x : Log(x + (x * x - 1).Sqrt());

    public static BigFloat Arctanh(BigFloat x) => x.IsZero ? x : Log((1 + x) / (1 - x)).Scale(-1);

    /// <summary>a to the b, with C's special cases (C17, F.10.4.4).</summary>
    public static BigFloat Pow(BigFloat a, BigFloat b)
    {
        if (b.IsZero || (a - 1).IsZero)
        {
            return BigFloat.One;
        }
        if (a.IsNaN || b.IsNaN)
        {
            return BigFloat.NaN;
        }
        if (b.IsInfinite)
        {
            int order = a.Abs().CompareTo(BigFloat.One);
            return order == 0 ? BigFloat.One : (order > 0) == !b.IsNegative ? BigFloat.Infinity : BigFloat.Zero;
        }
        bool odd = b.IsInteger && b.Magnitude < 64 && !b.ToInteger().IsEven;
        if (a.IsZero || a.IsInfinite)
        {
            BigFloat end = a.IsZero == b.IsNegative ? BigFloat.Infinity : BigFloat.Zero;
            return a.IsNegative && odd ? -end : end;
        }
        if (a.IsNegative && !b.IsInteger)
        {
            return BigFloat.NaN;
        }
        BigFloat power = Exp(b * Log(a.Abs()));
        return a.IsNegative && odd ? -power : power;
    }

    /// <summary>The nearest integer, halves up.</summary>
    private static BigInteger Round(BigFloat x) => (x + BigFloat.One.Scale(-1)).Floor().ToInteger();

    /// <summary>exp of |x| below 1.</summary>
    private static BigFloat ExpNear(BigFloat x)
    {
        // exp(x) − 1 is kept apart through the doublings, so that nothing is lost beside the 1.
        BigFloat reduced = x.Scale(-Halvings), term = reduced, less = reduced;
        for (int n = 2; Matters(term, less); n++)
        {
            term = term * reduced / n;
            less += term;
        }
        for (int i = 0; i < Halvings; i++)
        {
            less = less * (less + 2);
        }
        return 1 + less;
    }

    /// <summary>log of a number near 1 by Halley's iteration on exp.</summary>
    private static BigFloat LogNear(BigFloat x)
    {
        BigFloat less = x - 1;
        if (less.IsZero)
        {
            return BigFloat.Zero;
        }
        if (less.Magnitude < -40)
        {
            // The series of log(1 + t) is short here, and exact relative to t.
            BigFloat power = less, sum = less;
            for (int n = 2; Matters(power, sum); n++)
            {
                power = -(power * less);
                sum += power / n;
            }
            return sum;
        }
        BigFloat y = BigFloat.Of(Math.Log(x.ToDouble()));
        for (int i = 0; i < 4; i++)
        {
            BigFloat e = ExpNear(y);
            y += ((x - e) / (x + e)).Scale(1);
        }
        return y;
    }

    private static BigFloat Trigonometric(BigFloat x, bool isCosine)
    {
        if (!x.IsFinite)
        {
            return BigFloat.NaN;
        }
        if (x.IsZero)
        {
            return isCosine ? BigFloat.One : x;
        }
        if (x.Magnitude > BigFloat.Precision * 5 / 8)
        {
            throw new NoTruth("an angle with more digits than π has here");
        }
        BigFloat quarter = Pi.Scale(-1);
        BigInteger turns = Round(x / quarter);
        BigFloat rest = x - BigFloat.Of(turns, 0) * quarter;
        int which = (int)(((turns % 4) + 4 + (isCosine ? 1 : 0)) % 4);
        BigFloat value = Taylor(rest, which % 2 == 0);
        return which >= 2 ? -value : value;
    }

    /// <summary>The sine or cosine of an angle within a quarter of π.</summary>
    private static BigFloat Taylor(BigFloat x, bool isSine)
    {
        BigFloat square = -(x * x), term = isSine ? x : BigFloat.One, sum = term;
        for (int n = isSine ? 2 : 1; Matters(term, sum); n += 2)
        {
            term = term * square / (n * (n + 1));
            sum += term;
        }
        return sum;
    }

    private static BigFloat InverseArctan(int n)
    {
        BigFloat power = BigFloat.One / n, sum = power;
        for (int k = 3; Matters(power, sum); k += 2)
        {
            power = -(power / (n * n));
            sum += power / k;
        }
        return sum;
    }

    private static bool Matters(BigFloat term, BigFloat sum) => !term.IsZero && (sum.IsZero || term.Magnitude > sum.Magnitude - BigFloat.Precision - 8);
}
