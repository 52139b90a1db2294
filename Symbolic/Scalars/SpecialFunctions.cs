namespace Symbolic;

/// <summary>
/// Special functions of real numbers in double precision, one definition for the interpreter and for emitted kernels. Narrower floats
/// are computed in double and rounded once. Error bounds are relative, measured against mpmath at 30 digits by SpecialFunctionTests.
/// </summary>
public static partial class SpecialFunctions
{
    private const double Epsilon = 1.1102230246251565e-16;

    /// <summary>c[0] + c[1]·x + c[2]·x² + ..., by Horner's rule.</summary>
    private static double Polynomial(ReadOnlySpan<double> c, double x)
    {
        double sum = c[^1];
        for (int i = c.Length - 2; i >= 0; i--)
        {
            sum = (sum * x) + c[i];
        }
        return sum;
    }

    private static bool IsWhole(double x) => Math.Floor(x) == x;
}
