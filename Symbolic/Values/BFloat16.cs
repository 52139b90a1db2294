using System.Globalization;

namespace Symbolic;

/// <summary>
/// The upper half of a 32-bit float: the same range, 8 bits of precision. Conversions to it round to the nearest, ties to even,
/// once; a NaN keeps its sign and what fits of its payload.
/// </summary>
public readonly struct BFloat16 : IEquatable<BFloat16>
{
    private BFloat16(ushort bits) => Bits = bits;

    /// <summary>The default NaN, made of the same bits as <see cref="float.NaN"/>.</summary>
    public static BFloat16 NaN { get; } = (BFloat16)float.NaN;

    /// <summary>The greatest finite number.</summary>
    public static BFloat16 MaxValue { get; } = FromBits(0x7F7F);

    /// <summary>The least finite number.</summary>
    public static BFloat16 MinValue { get; } = FromBits(0xFF7F);

    /// <summary>Sign, 8 bits of exponent, 7 bits of fraction.</summary>
    public ushort Bits { get; }

    /// <summary>The number with these bits.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>Whether it is no number.</summary>
    public static bool IsNaN(BFloat16 value) => (value.Bits & 0x7FFF) > 0x7F80;

    /// <summary>The same number, exactly.</summary>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>The same number, exactly.</summary>
    public static explicit operator double(BFloat16 value) => (float)value;

    /// <summary>The nearest number.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            // A payload in the lower half alone would leave the bits of an infinity: the quiet bit keeps it a NaN.
            return new((ushort)((bits >> 16) | 0x40));
        }
        // Half of the last place, less one if the last bit is even: a carry out of the lower half is the rounding.
        return new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The nearest number.</summary>
    public static explicit operator BFloat16(double value)
    {
        float single = (float)value;
        if (single != value && !double.IsNaN(value))
        {
            // Rounding twice to nearest could round a near-tie the wrong way; rounding to odd first cannot, as it has 2 bits to spare.
            // Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008.
            uint bits = BitConverter.SingleToUInt32Bits(single);
            bits = Math.Abs((double)single) > Math.Abs(value) ? bits - 1 : bits;
            single = BitConverter.UInt32BitsToSingle(bits | 1);
        }
        return (BFloat16)single;
    }

    /// <summary>Whether two are equal as numbers: zeros of both signs are, NaNs are not.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Whether two differ as numbers.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !(left == right);

    /// <summary>Whether two are equal as numbers, a NaN being equal to a NaN, as for <see cref="float"/>.</summary>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <summary>The shortest decimal number that is nearer to this than to any other.</summary>
    public override string ToString()
    {
        float value = (float)this;
        if (float.IsFinite(value))
        {
            // Four digits tell any two numbers of 8 bits apart (2 + 8 * log10(2), rounded down).
            for (int digits = 1; digits < 4; digits++)
            {
                string text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
                if (((BFloat16)double.Parse(text, CultureInfo.InvariantCulture)).Bits == Bits)
                {
                    return text;
                }
            }
        }
        return value.ToString("G4", CultureInfo.InvariantCulture);
    }
}
