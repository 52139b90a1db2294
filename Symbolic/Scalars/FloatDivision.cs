namespace Symbolic;

/// <summary>Division of floats with a whole quotient, one definition for the interpreter and for emitted kernels.</summary>
public static class FloatDivision
{
    /// <summary>
    /// Floor of the exact quotient, as numpy and CPython: 1 // 0.1 is 9, since 0.1 is a little more than a tenth, and 1 // −∞ is −1. By 0 and of ±∞
    /// it is the quotient itself.
    /// </summary>
    public static double FloorDiv(double a, double b)
    {
        double remainder = a % b;
        if (b == 0 || double.IsNaN(remainder))
        {
            return a / b;
        }
        double quotient = (a - remainder) / b;
        quotient = remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
        // Whole but for rounding.
        return quotient == 0 ? Math.CopySign(0, a / b) : Math.Round(quotient);
    }

    /// <summary>Remainder with the divisor's sign, as CPython's float_rem: a zero result takes the divisor's sign too.</summary>
    public static double Mod(double a, double b)
    {
        double remainder = a % b;
        return remainder != 0 ? (remainder < 0) != (b < 0) ? remainder + b : remainder : double.IsNaN(remainder) ? remainder : Math.CopySign(0, b);
    }
}
