using System.Diagnostics;
using System.Numerics;

namespace Symbolic;

/// <summary>
/// One constant by its dtype and bits, so that constants are equal exactly when they are indistinguishable: 0 and -0 differ, and a
/// NaN equals itself.
/// </summary>
/// <param name="DType">Its dtype.</param>
/// <param name="Bits">Its element in memory, as an unsigned number; no bits beyond the element's.</param>
public readonly partial record struct ScalarValue(DType DType, UInt128 Bits)
{
    /// <summary>The nearest value of the dtype; see <see cref="Cast"/>.</summary>
    public static ScalarValue Of(DType dtype, double value) => dtype switch
    {
        DType.Bool => new(dtype, value != 0 ? 1u : 0u),
        // CreateSaturating makes 0 of a NaN.
        DType.Int8 => new(dtype, (byte)sbyte.CreateSaturating(value)),
        DType.Int16 => new(dtype, (ushort)short.CreateSaturating(value)),
        DType.Int32 => new(dtype, (uint)int.CreateSaturating(value)),
        DType.Int64 => new(dtype, (ulong)long.CreateSaturating(value)),
        DType.UInt8 => new(dtype, byte.CreateSaturating(value)),
        DType.UInt16 => new(dtype, ushort.CreateSaturating(value)),
        DType.UInt32 => new(dtype, uint.CreateSaturating(value)),
        DType.UInt64 => new(dtype, ulong.CreateSaturating(value)),
        DType.Float16 => new(dtype, BitConverter.HalfToUInt16Bits((Half)value)),
        DType.BFloat16 => new(dtype, ((BFloat16)value).Bits),
        DType.Float32 => new(dtype, BitConverter.SingleToUInt32Bits((float)value)),
        DType.Float64 => new(dtype, BitConverter.DoubleToUInt64Bits(value)),
        DType.Complex64 or DType.Complex128 => Of(dtype, new Complex(value, 0)),
        _ => throw new UnreachableException($"no such dtype: {dtype}"),
    };

    /// <summary>The nearest value of a complex dtype.</summary>
    /// <exception cref="InvalidOperationException">The dtype is not complex: which real number is meant is for the caller to say.</exception>
    public static ScalarValue Of(DType dtype, Complex value) => dtype.IsComplex()
        ? OfParts(dtype, Of(dtype.Real(), value.Real), Of(dtype.Real(), value.Imaginary))
        : throw new InvalidOperationException($"{value} is complex and has no {dtype.Text()}");

    /// <summary>The value of the dtype; see <see cref="Cast"/>.</summary>
    public static ScalarValue Of(DType dtype, long value) => OfInteger(dtype, value);

    /// <summary>What no number of the dtype is less than: false, the least integer, −∞, or −∞ in both parts.</summary>
    public static ScalarValue Least(DType dtype) => Extreme(dtype, double.NegativeInfinity);

    /// <summary>What no number of the dtype is greater than: true, the greatest integer, ∞, or ∞ in both parts.</summary>
    public static ScalarValue Greatest(DType dtype) => Extreme(dtype, double.PositiveInfinity);

    /// <summary>The value with these bits.</summary>
    /// <exception cref="ArgumentException">There are more bits than the dtype has.</exception>
    public static ScalarValue FromBits(DType dtype, UInt128 bits)
    {
        bool fits = dtype == DType.Bool ? bits <= 1 : bits <= UInt128.MaxValue >> (128 - dtype.Bits());
        return fits ? new(dtype, bits) : throw new ArgumentException($"0x{bits:x} has more bits than {dtype.Text()}", nameof(bits));
    }

    /// <summary>Whether it differs from zero.</summary>
    public bool AsBool => DType.IsComplex() ? Parts.Real.AsBool || Parts.Imaginary.AsBool : DType.IsFloat() ? ToDouble() != 0 : Bits != 0;

    /// <summary>Real and imaginary part of a complex number, bit for bit; of any other the number itself and 0.</summary>
    public (ScalarValue Real, ScalarValue Imaginary) Parts => DType switch
    {
        // In memory the real part comes first.
        DType.Complex64 => (new(DType.Float32, (uint)Bits), new(DType.Float32, (uint)(Bits >> 32))),
        DType.Complex128 => (new(DType.Float64, (ulong)Bits), new(DType.Float64, (ulong)(Bits >> 64))),
        _ => (this, Of(DType, 0L)),
    };

    /// <summary>The number, its parts as 64-bit floats.</summary>
    public Complex ToComplex() => new(Parts.Real.ToDouble(), Parts.Imaginary.ToDouble());

    /// <summary>The nearest 64-bit float.</summary>
    /// <exception cref="InvalidOperationException">The number is complex.</exception>
    public double ToDouble() => DType switch
    {
        DType.Float16 => (double)BitConverter.UInt16BitsToHalf((ushort)Bits),
        DType.BFloat16 => (double)BFloat16.FromBits((ushort)Bits),
        DType.Float32 => BitConverter.UInt32BitsToSingle((uint)Bits),
        DType.Float64 => BitConverter.UInt64BitsToDouble((ulong)Bits),
        DType.Complex64 or DType.Complex128 => throw new InvalidOperationException($"{this} is complex and no one real number"),
        _ => (double)ToInteger(),
    };

    /// <summary>The integer, or the float without its fraction; see <see cref="Cast"/>.</summary>
    public long ToInt64() => DType.IsFloat() ? long.CreateSaturating(ToDouble()) : unchecked((long)ToInteger());

    /// <summary>
    /// The same number in another dtype, as C does: integers wrap, floats round to the nearest, ties to even, and lose their fraction on the way to
    /// integers. Where C leaves it open, floats out of an integer's range saturate, and NaN gives 0. Anything but zero is true. A real
    /// number becomes a complex one without imaginary part.
    /// </summary>
    /// <exception cref="InvalidOperationException">A complex number is to become a real one.</exception>
    public ScalarValue Cast(DType to)
    {
        if (to == DType)
        {
            return this;
        }
        if (to == DType.Bool)
        {
            return new(to, AsBool ? 1u : 0u);
        }
        return DType.IsComplex() ? Of(to, ToComplex()) : DType.IsFloat() ? Of(to, ToDouble()) : OfInteger(to, ToInteger());
    }

    /// <summary>Whether it is this number: <c>IsExactly(0)</c> holds of integers that are zero and of 0.0, but not of -0.0.</summary>
    public bool IsExactly(double value) => ToComplex() == value && this == Of(DType, value) && !IsRounded(value);

    /// <summary>The dtype and the text.</summary>
    public override string ToString() => $"{DType.Text()} {Text()}";

    // A 64-bit integer can have several of the same nearest double.
    private bool IsRounded(double value) => !DType.IsContinuous() && (Int128)value != ToInteger();

    internal Int128 ToInteger() => DType switch
    {
        DType.Int8 => (sbyte)(byte)Bits,
        DType.Int16 => (short)(ushort)Bits,
        DType.Int32 => (int)(uint)Bits,
        DType.Int64 => (long)(ulong)Bits,
        DType.Bool or DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64 => (Int128)Bits,
        _ => throw new UnreachableException($"{DType} is not an integer"),
    };

    internal static ScalarValue OfInteger(DType dtype, Int128 value)
    {
        if (dtype == DType.Bool)
        {
            return new(dtype, value != 0 ? 1u : 0u);
        }
        if (dtype.IsComplex())
        {
            return OfParts(dtype, OfInteger(dtype.Real(), value), OfInteger(dtype.Real(), 0));
        }
        if (!dtype.IsFloat())
        {
            return new(dtype, (UInt128)value & (UInt128.MaxValue >> (128 - dtype.Bits())));
        }
        if (dtype == DType.Float64)
        {
            return Of(dtype, (double)value);
        }
        // Rounded to odd at 53 bits, and then once to the narrower dtype: see BFloat16.
        Int128 size = Int128.Abs(value);
        if (size >> 53 != 0)
        {
            Int128 kept = size >> 11 << 11;
            size = kept == size ? size : kept | (Int128.One << 11);
        }
        return Of(dtype, (double)(value < 0 ? -size : size));
    }

    private static ScalarValue Extreme(DType dtype, double infinity) => dtype == DType.Bool ? Of(dtype, infinity > 0 ? 1L : 0L)
        : dtype.IsComplex() ? Of(dtype, new Complex(infinity, infinity))
        : Of(dtype, infinity);

    private static ScalarValue OfParts(DType dtype, ScalarValue real, ScalarValue imaginary) => new(dtype, real.Bits | (imaginary.Bits << (8 * real.DType.Size())));
}
