using ILGPU;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Functions of single values in plain arithmetic, which compiles for any GPU: the hardware's own are approximations to some 2^−11
/// (tanh) or to an absolute error (exp, log), and those of the framework do not compile. Reductions, polynomials and rational functions are those of
/// Moshier's Cephes library, as in <see cref="VectorMath{TLanes, TVector, T}"/>. Results differ from the CPU's by rounding, since a GPU
/// contracts multiply-adds as it likes.
/// </summary>
public static class GpuMath
{
    /// <summary>The greater; NaN if either is; +0 above −0.</summary>
    public static float Max(float a, float b) => a > b || float.IsNaN(a) ? a : b > a || float.IsNaN(b) ? b : a == 0 ? a + b : a;

    /// <summary>The greater; NaN if either is; +0 above −0.</summary>
    public static double Max(double a, double b) => a > b || double.IsNaN(a) ? a : b > a || double.IsNaN(b) ? b : a == 0 ? a + b : a;

    /// <summary>The smaller; NaN if either is; −0 below +0.</summary>
    public static float Min(float a, float b) => -Max(-a, -b);

    /// <summary>The smaller; NaN if either is; −0 below +0.</summary>
    public static double Min(double a, double b) => -Max(-a, -b);

    /// <summary>Nearest integer, halves to even.</summary>
    public static double Round(double x)
    {
        // Adding 2^52 leaves no bits below the units; what is larger, or no number, is its own nearest integer.
        double size = x < 0 ? -x : x;
        if (!(size < 4503599627370496.0))
        {
            return x;
        }
        double whole = size + 4503599627370496.0 - 4503599627370496.0;
        return x < 0 || Negative(x) ? -whole : whole;
    }

    /// <summary>Nearest integer, halves to even.</summary>
    public static float Round(float x) => (float)Round((double)x);

    /// <summary>Largest integer not above.</summary>
    public static double Floor(double x)
    {
        double whole = Round(x);
        return whole > x ? whole - 1 : whole;
    }

    /// <summary>Largest integer not above.</summary>
    public static float Floor(float x) => (float)Floor((double)x);

    /// <summary>Smallest integer not below.</summary>
    public static double Ceil(double x) => -Floor(-x);

    /// <summary>Smallest integer not below.</summary>
    public static float Ceil(float x) => (float)Ceil((double)x);

    /// <summary>Square root, rounded correctly.</summary>
    public static double Sqrt(double x) => Math.Sqrt(x);

    /// <summary>Square root.</summary>
    public static float Sqrt(float x) => (float)Math.Sqrt((double)x);

    /// <summary>Remainder with the divisor's sign, as CPython's float_rem: a zero result takes the divisor's sign too.</summary>
    public static double Mod(double a, double b)
    {
        double remainder = Remainder(a, b);
        return remainder != 0 ? (remainder < 0) != (b < 0) ? remainder + b : remainder : double.IsNaN(remainder) ? remainder : b < 0 || Negative(b) ? -0.0 : 0.0;
    }

    /// <summary>Floor of the exact quotient, as <see cref="FloatDivision.FloorDiv"/>.</summary>
    public static double FloorDiv(double a, double b)
    {
        double remainder = Remainder(a, b);
        if (b == 0 || double.IsNaN(remainder))
        {
            return a / b;
        }
        double quotient = (a - remainder) / b;
        quotient = remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
        // Whole but for rounding.
        return quotient == 0 ? Negative(a) != Negative(b) ? -0.0 : 0.0 : Round(quotient);
    }

    /// <summary>Nearest integer toward zero.</summary>
    public static double Trunc(double x) => x < 0 || Negative(x) ? Ceil(x) : Floor(x);

    /// <summary>Nearest integer toward zero.</summary>
    public static float Trunc(float x) => (float)Trunc((double)x);

    /// <summary>e to the x.</summary>
    public static float Exp(float x)
    {
        float a = x < -104 ? -104 : x > 89 ? 89 : x;
        float n = Round(a * 1.44269504f);
        float r = (a - (n * 0.693359375f)) + (n * 2.12194440e-4f);
        float p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        return float.IsNaN(x) ? x : (float)Scale(1 + ((p * (r * r)) + r), (int)n);
    }

    /// <summary>e to the x.</summary>
    public static double Exp(double x)
    {
        double a = x < -746 ? -746 : x > 710 ? 710 : x;
        double n = Round(a * 1.44269504088896341);
        double r = (a - (n * 6.93145751953125e-1)) - (n * 1.42860682030941723212e-6), s = r * r;
        double p = ((((1.26177193074810590878e-4 * s) + 3.02994407707441961300e-2) * s) + 9.99999999999999999910e-1) * r;
        double q = (((((3.00198505138664455042e-6 * s) + 2.52448340349684104192e-3) * s) + 2.27265548208155028766e-1) * s) + 2.00000000000000000009;
        return double.IsNaN(x) ? x : Scale(1 + ((p + p) / (q - p)), (int)n);
    }

    /// <summary>exp(x) − 1, by Kahan's (u − 1)·x / log u with u = exp(x) rounded (Higham, "Accuracy and Stability", 1.14.1).</summary>
    public static double Expm1(double x)
    {
        double u = Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : u > double.MaxValue || double.IsNaN(u) ? u : (u - 1) * x / Log(u);
    }

    /// <summary>exp(x) − 1.</summary>
    public static float Expm1(float x) => (float)Expm1((double)x);

    /// <summary>Natural logarithm; 0 gives −∞, negative NaN.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || x > double.MaxValue)
        {
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        }
        // Denormals are raised into the normal range first.
        double raised = x < 2.2250738585072014e-308 ? x * 18014398509481984.0 : x;
        ulong bits = Interop.FloatAsInt(raised);
        int e = (int)(bits >> 52) - 1022 - (x < 2.2250738585072014e-308 ? 54 : 0);
        double m = Interop.IntAsFloat((bits & 0x000fffffffffffffUL) | 0x3fe0000000000000UL);
        // m in [√½, √2), so that the logarithm of m is small beside e·log 2 and symmetric about 0.
        if (m < 0.70710678118654752440)
        {
            m += m;
            e--;
        }
        double f = m - 1, z = f * f;
        double p = (((((((((1.01875663804580931796e-4 * f) + 4.97494994976747001425e-1) * f) + 4.70579119878881725854) * f) + 1.44989225341610930846e1) * f) + 1.79368678507819816313e1) * f) + 7.70838733755885391666;
        double q = ((((((((f + 1.12873587189167450590e1) * f) + 4.52279145837532221105e1) * f) + 8.29875266912776603211e1) * f) + 7.11544750618563894466e1) * f) + 2.31251620126765340583e1;
        double y = (f * (z * (p / q))) - (e * 2.121944400546905827679e-4) - (0.5 * z);
        return f + y + (e * 0.693359375);
    }

    /// <summary>Natural logarithm.</summary>
    public static float Log(float x) => (float)Log((double)x);

    /// <summary>log(1 + x), with Kahan's correction by the rounding error of 1 + x (Higham, "Accuracy and Stability", 1.14.1).</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsNaN(u) || u > double.MaxValue ? u : Log(u) * (x / (u - 1));
    }

    /// <summary>log(1 + x).</summary>
    public static float Log1p(float x) => (float)Log1p((double)x);

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        double size = x < 0 ? -x : x, s = x * x;
        if (size < 1e-8)
        {
            return x;
        }
        if (size < 0.625)
        {
            double p = (((-9.64399179425052238628e-1 * s) - 9.92877231001918586564e1) * s) - 1.61468768441708447952e3;
            double q = ((((s + 1.12811678491632931402e2) * s) + 2.23548839060100448583e3) * s) + 4.84406305325125486048e3;
            return x + (x * s * (p / q));
        }
        double far = 1 - (2 / (Exp(size + size) + 1));
        return double.IsNaN(x) ? x : x < 0 ? -far : far;
    }

    /// <summary>Hyperbolic tangent.</summary>
    public static float Tanh(float x) => (float)Tanh((double)x);

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static double Sigmoid(double x)
    {
        double e = Exp(x < 0 ? x : -x);
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static float Sigmoid(float x) => (float)Sigmoid((double)x);

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static double Softplus(double x) => Max(x, 0) + Log1p(Exp(x < 0 ? x : -x));

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static float Softplus(float x) => (float)Softplus((double)x);

    /// <summary>Sine, of radians.</summary>
    public static double Sin(double x) => Circular(x, 0);

    /// <summary>Sine.</summary>
    public static float Sin(float x) => (float)Sin((double)x);

    /// <summary>Cosine, of radians; as <see cref="Sin(double)"/>.</summary>
    public static double Cos(double x) => Circular(x, 1);

    /// <summary>Cosine.</summary>
    public static float Cos(float x) => (float)Cos((double)x);

    /// <summary>x to the y, as C's pow, to a relative error of 10^−13.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return x + y;
        }
        double size = x < 0 ? -x : x, magnitude = y < 0 ? -y : y;
        bool isWhole = Floor(y) == y, isOdd = isWhole && magnitude < 9007199254740992.0 && Floor(y * 0.5) * 2 != y;
        bool isNegative = x < 0 || (x == 0 && Negative(x));
        if (x < 0 && !isWhole && size <= double.MaxValue)
        {
            return double.NaN;
        }
        double value = size == 1 ? 1
            : magnitude > double.MaxValue ? (size > 1) == (y > 0) ? double.PositiveInfinity : 0
            : size == 0 ? y > 0 ? 0 : double.PositiveInfinity
            : size > double.MaxValue ? y > 0 ? double.PositiveInfinity : 0
            : Exp(y * Log(size));
        return isNegative && isOdd ? -value : value;
    }

    /// <summary>x to the y, as C's pow.</summary>
    public static float Pow(float x, float y) => (float)Pow((double)x, (double)y);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static long ToInt64(double x) => x >= 9223372036854775807.0 ? long.MaxValue : x <= -9223372036854775808.0 ? long.MinValue : double.IsNaN(x) ? 0 : (long)x;

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static ulong ToUInt64(double x) => x >= 18446744073709551615.0 ? ulong.MaxValue : x >= 9223372036854775808.0 ? (ulong)(long)(x - 9223372036854775808.0) + 9223372036854775808UL : x > 0 ? (ulong)(long)x : 0;

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static int ToInt32(double x) => (int)Limited(x, int.MinValue, int.MaxValue);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static uint ToUInt32(double x) => (uint)Limited(x, 0, uint.MaxValue);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static short ToInt16(double x) => (short)Limited(x, short.MinValue, short.MaxValue);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static ushort ToUInt16(double x) => (ushort)Limited(x, 0, ushort.MaxValue);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static sbyte ToSByte(double x) => (sbyte)Limited(x, sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Toward zero, saturating; NaN gives 0.</summary>
    public static byte ToByte(double x) => (byte)Limited(x, 0, byte.MaxValue);

    private static long Limited(double x, long least, long most)
    {
        long whole = ToInt64(x);
        return whole < least ? least : whole > most ? most : whole;
    }

    private static bool Negative(double x) => Interop.FloatAsInt(x) >> 63 != 0;

    /// <summary>value·2^n in two steps, so that denormal results round once and ∞ is reached only where it is due.</summary>
    private static double Scale(double value, int n)
    {
        int half = n >> 1;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    private static double PowerOfTwo(int n) => Interop.IntAsFloat((ulong)(n + 1023) << 52);

    /// <summary>The remainder of a quotient rounded toward zero, exact: multiples of the divisor are taken off from the largest power of two down, as in long division.</summary>
    private static double Remainder(double a, double b)
    {
        double rest = a < 0 ? -a : a, divisor = b < 0 ? -b : b;
        if (!(rest <= double.MaxValue) || divisor == 0 || double.IsNaN(divisor))
        {
            return double.NaN;
        }
        while (rest >= divisor)
        {
            double part = divisor;
            while (part <= rest - part)
            {
                part += part;
            }
            rest -= part;
        }
        return a < 0 || Negative(a) ? -rest : rest;
    }

    /// <summary>sin(x + quarter·π/2).</summary>
    private static double Circular(double x, int quarter)
    {
        double size = x < 0 ? -x : x;
        if (!(size <= double.MaxValue))
        {
            return double.NaN;
        }
        // Below, a π/2 of 99 bits leaves all digits of the rest.
        double n = size < 1e6 ? Round(x * 0.63661977236758134308) : 0;
        double r = ((x - (n * 1.57079625129699707031)) - (n * 7.54978941586159635335e-8)) - (n * 5.390302858158119e-15);
        long turn = ToInt64(n);
        if (size >= 1e6)
        {
            r = GpuReduction.Rest(size, out turn);
            if (x < 0)
            {
                r = -r;
                turn = -turn;
            }
        }
        turn = (turn + quarter) & 3;
        double s = r * r, value;
        if ((turn & 1) == 0)
        {
            double p = (((((((((1.58962301576546568060e-10 * s) - 2.50507477628578072866e-8) * s) + 2.75573136213857245213e-6) * s) - 1.98412698295895385996e-4) * s) + 8.33333333332211858878e-3) * s) - 1.66666666666666307295e-1;
            value = r + (r * s * p);
        }
        else
        {
            double p = (((((((((-1.13585365213876817300e-11 * s) + 2.08757008419747316778e-9) * s) - 2.75573141792967388112e-7) * s) + 2.48015872888517045348e-5) * s) - 1.38888888888730564116e-3) * s) + 4.16666666666665929218e-2;
            value = 1 - (0.5 * s) + (s * s * p);
        }
        return turn >= 2 ? -value : value;
    }
}
