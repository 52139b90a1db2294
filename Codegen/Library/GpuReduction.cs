using ILGPU;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Large arguments of circular functions, to a quarter turn (Payne and Hanek, Radian reduction for trigonometric functions, SIGNUM 1983): of the product with 2/π only
/// those 192 bits of 2/π matter that lie below the multiples of whole turns. No float64 comes closer to a multiple of π/2 than some 2^−62, so that more than 53 bits remain.
/// </summary>
public static class GpuReduction
{
    /// <summary>x less the nearest multiple of π/2, and which multiple, modulo 4.</summary>
    /// <param name="x">Finite, at least 2^−9.</param>
    /// <param name="turn">Of 0, 1, 2, 3.</param>
    public static double Rest(double x, out long turn)
    {
        ulong bits = Interop.FloatAsInt(x);
        ulong mantissa = (bits & 0xFFFFFFFFFFFFFUL) | 0x10000000000000UL;
        // x is mantissa·2^e. The first bit of 2/π that does not make whole turns only has the weight 2^(1 − e).
        int first = (int)(bits >> 52) - 1075 + 62, word = first >> 6, shift = first & 63;
        ulong high = Window(word, shift), middle = Window(word + 1, shift), low = Window(word + 2, shift);
        ulong carry = HighProduct(mantissa, low), third = mantissa * low;
        ulong second = (mantissa * middle) + carry;
        ulong top = (mantissa * high) + HighProduct(mantissa, middle) + (second < carry ? 1UL : 0UL);
        turn = (long)(top >> 62);
        ulong fraction = (top << 2) | (second >> 62), below = (second << 2) | (third >> 62), last = third << 2;
        bool isAbove = fraction >> 63 != 0;
        if (isAbove)
        {
            turn = (turn + 1) & 3;
            fraction = ~fraction;
            below = ~below;
            last = ~last;
        }
        // 53 bits at a time, each exact; up to 62 of the first may be zeros.
        const double Step = 1.0 / 9007199254740992.0;
        double rest = (long)(fraction >> 11) + (Step * ((long)(((fraction & 0x7FF) << 42) | (below >> 22)) + (Step * (long)(((below & 0x3FFFFF) << 31) | (last >> 33)))));
        return (isAbove ? -rest : rest) * Step * 1.57079632679489661923;
    }

    private static ulong Window(int word, int shift) => shift == 0 ? Word(word) : (Word(word) << shift) | (Word(word + 1) >> (64 - shift));

    /// <summary>The upper half of the product.</summary>
    private static ulong HighProduct(ulong a, ulong b)
    {
        ulong aHigh = a >> 32, aLow = a & 0xFFFFFFFF, bHigh = b >> 32, bLow = b & 0xFFFFFFFF;
        ulong cross = (aHigh * bLow) + ((aLow * bLow) >> 32), other = (aLow * bHigh) + (cross & 0xFFFFFFFF);
        return (aHigh * bHigh) + (cross >> 32) + (other >> 32);
    }

    /// <summary>2/π, 64 bits at a time, behind a word of zeros.</summary>
    private static ulong Word(int index) => index switch
    {
        1 => 0xA2F9836E4E441529,
        2 => 0xFC2757D1F534DDC0,
        3 => 0xDB6295993C439041,
        4 => 0xFE5163ABDEBBC561,
        5 => 0xB7246E3A424DD2E0,
        6 => 0x06492EEA09D1921C,
        7 => 0xFE1DEB1CB129A73E,
        8 => 0xE88235F52EBB4484,
        9 => 0xE99C7026B45F7E41,
        10 => 0x3991D639835339F4,
        11 => 0x9C845F8BBDF9283B,
        12 => 0x1FF897FFDE05980F,
        13 => 0xEF2F118B5A0A6D1F,
        14 => 0x6D367ECF27CB09B7,
        15 => 0x4F463F669E5FEA2D,
        16 => 0x7527BAC7EBE5F17B,
        17 => 0x3D0739F78A5292EA,
        18 => 0x6BFB5FB11F8D5D08,
        19 => 0x56033046FC7B6BAB,
        _ => 0,
    };
}
