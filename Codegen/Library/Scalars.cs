namespace Symbolic.Codegen.Library;

/// <summary>Functions of single values that emitted kernels call where C# has no operator with the language's meaning.</summary>
public static class Scalars
{
    /// <summary>Quotient rounded down; by 0 it is 0.</summary>
    public static long FloorDiv(long a, long b)
    {
        if (b == 0)
        {
            return 0;
        }
        if (b == -1)
        {
            return unchecked(-a);
        }
        long quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    /// <summary>Quotient; by 0 it is 0.</summary>
    public static ulong FloorDiv(ulong a, ulong b) => b == 0 ? 0 : a / b;

    /// <summary>Remainder with the divisor's sign; by 0 it is 0.</summary>
    public static long Mod(long a, long b)
    {
        if (b is 0 or -1)
        {
            return 0;
        }
        long remainder = a % b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    /// <summary>Remainder; by 0 it is 0.</summary>
    public static ulong Mod(ulong a, ulong b) => b == 0 ? 0 : a % b;

    /// <summary>a to the b, wrapping; a negative exponent rounds toward 0, and of 0 gives 0.</summary>
    public static long Pow(long a, long b) => b >= 0 ? unchecked((long)Pow((ulong)a, (ulong)b)) : a == 1 || (a == -1 && b % 2 == 0) ? 1 : a == -1 ? -1 : 0;

    /// <summary>a to the b, wrapping.</summary>
    public static ulong Pow(ulong a, ulong b)
    {
        ulong power = 1;
        for (; b > 0; b >>= 1)
        {
            power = unchecked((b & 1) == 1 ? power * a : power);
            a = unchecked(a * a);
        }
        return power;
    }

    /// <summary>a·2^b of integers of so many bits; 0 for a count outside [0, bits).</summary>
    public static long ShiftLeft(long a, long b, int bits) => b < 0 || b >= bits ? 0 : a << (int)b;

    /// <summary>a·2^b of integers of so many bits; 0 for a count not below them.</summary>
    public static ulong ShiftLeft(ulong a, ulong b, int bits) => b >= (ulong)bits ? 0 : a << (int)b;

    /// <summary>Floor of a/2^b; a count outside [0, bits) leaves the sign.</summary>
    public static long ShiftRight(long a, long b, int bits) => a >> (b < 0 || b >= bits ? 63 : (int)b);

    /// <summary>Floor of a/2^b; 0 for a count not below the bits.</summary>
    public static ulong ShiftRight(ulong a, ulong b, int bits) => b >= (ulong)bits ? 0 : a >> (int)b;

    /// <summary>e to the x.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>e to the x.</summary>
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>Natural logarithm.</summary>
    public static double Log(double x) => Math.Log(x);

    /// <summary>Natural logarithm.</summary>
    public static float Log(float x) => MathF.Log(x);

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>Hyperbolic tangent.</summary>
    public static float Tanh(float x) => MathF.Tanh(x);

    /// <summary>Sine.</summary>
    public static double Sin(double x) => Math.Sin(x);

    /// <summary>Sine.</summary>
    public static float Sin(float x) => MathF.Sin(x);

    /// <summary>Cosine.</summary>
    public static double Cos(double x) => Math.Cos(x);

    /// <summary>Cosine.</summary>
    public static float Cos(float x) => MathF.Cos(x);

    /// <summary>x to the y, as C's pow.</summary>
    public static double Pow(double x, double y) => Math.Pow(x, y);

    /// <summary>x to the y, as C's pow.</summary>
    public static float Pow(float x, float y) => MathF.Pow(x, y);

    /// <summary>log(1 + x), with Kahan's correction by the rounding error of 1 + x (Higham, "Accuracy and Stability", 1.14.1).</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsNaN(u) || double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>log(1 + x).</summary>
    public static float Log1p(float x) => (float)Log1p((double)x);

    /// <summary>exp(x) − 1, by Kahan's (u − 1)·x / log u with u = exp(x) rounded.</summary>
    public static double Expm1(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : double.IsPositiveInfinity(u) ? u : (u - 1) * x / Math.Log(u);
    }

    /// <summary>exp(x) − 1.</summary>
    public static float Expm1(float x) => (float)Expm1((double)x);

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static float Sigmoid(float x) => (float)Sigmoid((double)x);

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static float Softplus(float x) => (float)Softplus((double)x);
}
