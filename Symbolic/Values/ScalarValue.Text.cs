using System.Globalization;
using System.Numerics;

namespace Symbolic;

public readonly partial record struct ScalarValue
{
    /// <summary>
    /// The text that <see cref="Parse"/> reads back to the same bits: <c>true</c>, <c>7</c>, <c>1.5</c>, <c>-0</c>, <c>-inf</c>,
    /// <c>nan</c>; a NaN other than the default one of .NET with its bits, <c>nan:0x7fc00001</c>; a complex number by its parts, <c>1.5-2i</c>.
    /// </summary>
    public string Text()
    {
        if (DType == DType.Bool)
        {
            return Bits == 0 ? "false" : "true";
        }
        if (DType.IsComplex())
        {
            (string real, string imaginary) = (Parts.Real.Text(), Parts.Imaginary.Text());
            return $"{real}{(imaginary[0] == '-' ? "" : "+")}{imaginary}i";
        }
        if (!DType.IsFloat())
        {
            return ToInteger().ToString(CultureInfo.InvariantCulture);
        }
        double value = ToDouble();
        if (double.IsNaN(value))
        {
            return this == Of(DType, double.NaN) ? "nan" : $"nan:0x{Bits.ToString($"x{2 * DType.Size()}", CultureInfo.InvariantCulture)}";
        }
        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }
        return DType switch
        {
            DType.Float16 => BitConverter.UInt16BitsToHalf((ushort)Bits).ToString("R", CultureInfo.InvariantCulture),
            DType.BFloat16 => BFloat16.FromBits((ushort)Bits).ToString(),
            DType.Float32 => BitConverter.UInt32BitsToSingle((uint)Bits).ToString("R", CultureInfo.InvariantCulture),
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The inverse of <see cref="Text"/>.</summary>
    /// <exception cref="FormatException">The text is no value of the dtype.</exception>
    public static ScalarValue Parse(DType dtype, string text)
    {
        ScalarValue? parsed = dtype == DType.Bool ? ParseBool(text) : dtype.IsFloat() ? ParseFloat(dtype, text) : dtype.IsComplex() ? ParseComplex(dtype, text) : ParseInteger(dtype, text);
        return parsed ?? throw new FormatException($"'{text}' is no value of {dtype.Text()}");
    }

    private static ScalarValue? ParseBool(string text) => text switch
    {
        "true" => new(DType.Bool, 1),
        "false" => new(DType.Bool, 0),
        _ => null,
    };

    private static ScalarValue? ParseInteger(DType dtype, string text)
    {
        if (text.Length > 20 || !Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 value))
        {
            return null;
        }
        ScalarValue parsed = OfInteger(dtype, value);
        return parsed.ToInteger() == value ? parsed : null;
    }

    private static ScalarValue? ParseFloat(DType dtype, string text)
    {
        const string ByBits = "nan:0x";
        switch (text)
        {
            case "inf":
                return Of(dtype, double.PositiveInfinity);
            case "-inf":
                return Of(dtype, double.NegativeInfinity);
            case "nan":
                return Of(dtype, double.NaN);
        }
        if (text.StartsWith(ByBits, StringComparison.Ordinal))
        {
            return text.Length == ByBits.Length + 2 * dtype.Size()
                && ulong.TryParse(text.AsSpan(ByBits.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
                && double.IsNaN(new ScalarValue(dtype, bits).ToDouble())
                    ? new(dtype, bits)
                    : null;
        }
        return dtype switch
        {
            DType.Float16 => Read<Half>(text) is Half half ? new(dtype, BitConverter.HalfToUInt16Bits(half)) : null,
            DType.Float32 => Read<float>(text) is float single ? new(dtype, BitConverter.SingleToUInt32Bits(single)) : null,
            DType.BFloat16 => Read<double>(text) is double wide && float.IsFinite((float)(BFloat16)wide) ? Of(dtype, wide) : null,
            _ => Read<double>(text) is double value ? Of(dtype, value) : null,
        };
    }

    private static ScalarValue? ParseComplex(DType dtype, string text)
    {
        // Text writes less than the half; each sign of a longer one would be tried in vain.
        const int Longest = 100;
        if (!text.EndsWith('i') || text.Length > Longest)
        {
            return null;
        }
        DType part = dtype.Real();
        for (int at = 1; at < text.Length - 2; at++)
        {
            // A sign may also stand in an exponent; at one place alone both sides are numbers.
            bool isSum = text[at] == '+' && text[at + 1] is not ('+' or '-');
            if ((isSum || text[at] == '-') && ParseFloat(part, text[..at]) is { } real && ParseFloat(part, text[(isSum ? at + 1 : at)..^1]) is { } imaginary)
            {
                return OfParts(dtype, real, imaginary);
            }
        }
        return null;
    }

    // "Infinity", "NaN" and numbers that are too large are not what Text writes.
    private static T? Read<T>(string text)
        where T : struct, IFloatingPointIeee754<T> =>
        T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value)
            ? value
            : null;
}
