using System.Numerics;

namespace Symbolic.Conformance.Theano.Truth;

/// <summary>
/// A binary float of 2,600 bits whose exponent has no bound: enough for 1 + 1e-300 and for sinh(745) − cosh(745). It has both infinities,
/// NaN and signed zeros, and neither overflows nor underflows.
/// </summary>
internal readonly struct BigFloat : IComparable<BigFloat>
{
    public const int Precision = 2600;

    private enum Kind : byte
    {
        Zero,
        Finite,
        Infinity,
        NaN,
    }

    private readonly Kind kind;
    private readonly bool negative;
    private readonly BigInteger mantissa;

    private BigFloat(Kind kind, bool negative, BigInteger mantissa, BigInteger exponent)
    {
        this.kind = kind;
        this.negative = negative;
        this.mantissa = mantissa;
        Exponent = exponent;
    }

    public static BigFloat Zero { get; }

    public static BigFloat One { get; } = Of(BigInteger.One, 0);

    public static BigFloat NaN { get; } = new(Kind.NaN, false, 0, 0);

    public static BigFloat Infinity { get; } = new(Kind.Infinity, false, 0, 0);

    public bool IsNaN => kind == Kind.NaN;

    public bool IsInfinite => kind == Kind.Infinity;

    public bool IsZero => kind == Kind.Zero;

    public bool IsFinite => kind is Kind.Zero or Kind.Finite;

    public bool IsNegative => negative;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => kind is Kind.Zero or Kind.NaN ? 0 : negative ? -1 : 1;

    /// <summary>The value is its mantissa times two to this.</summary>
    public BigInteger Exponent { get; }

    /// <summary>The power of two at or below its magnitude.</summary>
    public BigInteger Magnitude => Exponent + (int)mantissa.GetBitLength() - 1;

    /// <summary>mantissa · 2^exponent, rounded to the precision, ties to even.</summary>
    public static BigFloat Of(BigInteger mantissa, BigInteger exponent)
    {
        if (mantissa.IsZero)
        {
            return Zero;
        }
        bool negative = mantissa.Sign < 0;
        BigInteger size = BigInteger.Abs(mantissa);
        int extra = (int)size.GetBitLength() - Precision;
        if (extra > 0)
        {
            size = Shifted(size, extra);
            exponent += extra;
        }
        return new BigFloat(Kind.Finite, negative, size, exponent);
    }

    public static BigFloat Of(double value)
    {
        if (double.IsNaN(value))
        {
            return NaN;
        }
        if (double.IsInfinity(value))
        {
            return value > 0 ? Infinity : -Infinity;
        }
        if (value == 0)
        {
            return double.IsNegative(value) ? -Zero : Zero;
        }
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7ff);
        long fraction = bits & 0xfffffffffffffL;
        BigInteger mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        return Of(value < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    public static implicit operator BigFloat(int value) => Of(value, 0);

    public static BigFloat operator -(BigFloat a) => new(a.kind, !a.negative, a.mantissa, a.Exponent);

    public static BigFloat operator +(BigFloat a, BigFloat b)
    {
        if (a.IsNaN || b.IsNaN || (a.IsInfinite && b.IsInfinite && a.negative != b.negative))
        {
            return NaN;
        }
        if (!a.IsFinite || b.IsZero)
        {
            return a.IsZero && b.IsZero && !(a.negative && b.negative) ? Zero : a;
        }
        if (!b.IsFinite || a.IsZero)
        {
            return b;
        }
        BigInteger apart = a.Magnitude - b.Magnitude;
        if (BigInteger.Abs(apart) > Precision + 8)
        {
            return apart.Sign > 0 ? a : b;
        }
        BigInteger low = BigInteger.Min(a.Exponent, b.Exponent);
        return Of((a.Signed << (int)(a.Exponent - low)) + (b.Signed << (int)(b.Exponent - low)), low);
    }

    public static BigFloat operator -(BigFloat a, BigFloat b) => a + -b;

    public static BigFloat operator *(BigFloat a, BigFloat b)
    {
        bool minus = a.negative != b.negative;
        if (a.IsNaN || b.IsNaN || (a.IsInfinite && b.IsZero) || (a.IsZero && b.IsInfinite))
        {
            return NaN;
        }
        if (a.IsInfinite || b.IsInfinite)
        {
            return minus ? -Infinity : Infinity;
        }
        return a.IsZero || b.IsZero ? (minus ? -Zero : Zero) : Of(a.Signed * b.Signed, a.Exponent + b.Exponent);
    }

    public static BigFloat operator /(BigFloat a, BigFloat b)
    {
        bool minus = a.negative != b.negative;
        if (a.IsNaN || b.IsNaN || (a.IsInfinite && b.IsInfinite) || (a.IsZero && b.IsZero))
        {
            return NaN;
        }
        if (a.IsInfinite || b.IsZero)
        {
            return minus ? -Infinity : Infinity;
        }
        if (a.IsZero || b.IsInfinite)
        {
            return minus ? -Zero : Zero;
        }
        int shift = Precision + 2 + Math.Max(0, (int)(b.mantissa.GetBitLength() - a.mantissa.GetBitLength()));
        return Of((a.Signed << shift) / b.Signed, a.Exponent - b.Exponent - shift);
    }

    /// <summary>Times a power of two.</summary>
    public BigFloat Scale(BigInteger power) => kind == Kind.Finite ? new BigFloat(kind, negative, mantissa, Exponent + power) : this;

    public BigFloat Abs() => negative ? -this : this;

    public BigFloat Sqrt()
    {
        if (IsNaN || IsZero || (IsInfinite && !negative))
        {
            return this;
        }
        if (negative)
        {
            return NaN;
        }
        int shift = 2 * Precision - (int)mantissa.GetBitLength();
        shift += (Exponent - shift).IsEven ? 0 : 1;
        return Of(Root(mantissa << shift), (Exponent - shift) / 2);
    }

    /// <summary>The greatest integer not above; only of finite values.</summary>
    public BigFloat Floor()
    {
        if (kind != Kind.Finite || Exponent.Sign >= 0)
        {
            return this;
        }
        if (Magnitude < 0)
        {
            return negative ? -One : Zero;
        }
        BigInteger floor = Signed >> (int)-Exponent;
        return floor.IsZero ? Zero : Of(floor, 0);
    }

    /// <summary>Its integer part as a number; only where it is finite and not astronomic.</summary>
    public BigInteger ToInteger() => kind != Kind.Finite || Magnitude < 0 ? BigInteger.Zero
        : Magnitude > 100_000 ? throw new NoTruth("an integer too large to write down")
        : Exponent.Sign >= 0 ? Signed << (int)Exponent : Signed / (BigInteger.One << (int)-Exponent);

    public bool IsInteger => IsZero || (kind == Kind.Finite && (Exponent.Sign >= 0 || Floor().CompareTo(this) == 0));

    public int CompareTo(BigFloat other)
    {
        if (IsInfinite || other.IsInfinite || Sign != other.Sign)
        {
            return (IsInfinite ? 2 * Sign : Sign).CompareTo(other.IsInfinite ? 2 * other.Sign : other.Sign);
        }
        return (this - other).Sign;
    }

    public static bool operator <(BigFloat a, BigFloat b) => !a.IsNaN && !b.IsNaN && a.CompareTo(b) < 0;

    public static bool operator >(BigFloat a, BigFloat b) => b < a;

    public static bool operator <=(BigFloat a, BigFloat b) => !a.IsNaN && !b.IsNaN && a.CompareTo(b) <= 0;

    public static bool operator >=(BigFloat a, BigFloat b) => b <= a;

    /// <summary>The nearest double, with subnormal numbers and overflow.</summary>
    public double ToDouble()
    {
        if (kind != Kind.Finite)
        {
            double special = IsNaN ? double.NaN : IsInfinite ? double.PositiveInfinity : 0;
            return negative ? -special : special;
        }
        if (Magnitude > 1024 || Magnitude < -1080)
        {
            return (negative ? -1 : 1) * (Magnitude > 0 ? double.PositiveInfinity : 0);
        }
        int magnitude = (int)Magnitude;
        int last = Math.Max(magnitude - 52, -1074);
        int extra = last - (int)Exponent;
        BigInteger rounded = extra > 0 ? Shifted(mantissa, extra) : mantissa << -extra;
        double value = Math.ScaleB((double)rounded, last);
        return negative ? -value : value;
    }

    private BigInteger Signed => negative ? -mantissa : mantissa;

    /// <summary>A positive number without its last bits, rounded to nearest, ties to even.</summary>
    private static BigInteger Shifted(BigInteger size, int extra)
    {
        BigInteger kept = size >> extra, rest = size - (kept << extra), half = BigInteger.One << (extra - 1);
        int order = rest.CompareTo(half);
        return order > 0 || (order == 0 && !kept.IsEven) ? kept + 1 : kept;
    }

    /// <summary>The integer square root by Newton's iteration.</summary>
    private static BigInteger Root(BigInteger value)
    {
        BigInteger guess = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (guess + value / guess) >> 1;
            if (next >= guess)
            {
                return guess;
            }
            guess = next;
        }
    }
}

/// <summary>The true value of something cannot be had this way.</summary>
internal sealed class NoTruth(string reason) : Exception(reason);
