namespace Symbolic.Optimizer;

/// <summary>Which casts keep every value.</summary>
internal static class Widening
{
    /// <summary>Whether every value of one dtype is a value of another.</summary>
    public static bool IsLossless(DType from, DType to)
    {
        if (from == to || from == DType.Bool)
        {
            return true;
        }
        if (to.IsFloat())
        {
            return from.IsFloat() ? to == DType.Float64 || (to == DType.Float32 && from != DType.Float64) : from.Bits() - (from.IsSigned() ? 1 : 0) <= Digits(to);
        }
        return from.IsInteger() && to.IsInteger() && to.Bits() > from.Bits() && (to.IsSigned() || from.IsUnsigned());
    }

    /// <summary>A wider dtype that holds every value of this float dtype, or of this integer dtype.</summary>
    public static DType Of(DType dtype) => dtype switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        DType.Int64 or DType.UInt64 => dtype,
        _ when dtype.IsFloat() => DType.Float64,
        _ => DType.Int64,
    };

    /// <summary>The digits of a float's mantissa, the hidden one included.</summary>
    private static int Digits(DType dtype) => dtype switch
    {
        DType.BFloat16 => 8,
        DType.Float16 => 11,
        DType.Float32 => 24,
        DType.Float64 => 53,
        _ => throw new System.Diagnostics.UnreachableException($"{dtype}"),
    };
}
