using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Powers. In single precision 2 to the y·log₂x, where the logarithm and its product with y are sums of two numbers (Dekker, "A floating-point
/// technique for extending the available precision", 1971): log₂x = e + 2/log 2 · artanh((m − 1)/(m + 1)) for x = m·2^e.
/// </summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>x to the y as C's pow.</summary>
    [MethodImpl(Inline)]
    public static TVector Pow(TVector x, TVector y) => IsFloat && IsFused ? PowerEdges(x, y, PowerOfSize(TLanes.Abs(x), y)) : TLanes.Map(x, y, &PowOf);

    /// <summary>
    /// x to 3/4, −3/4 or −7/4, as C's pow, by square roots: of each rounding what it took is kept, since three of them would leave more than two units
    /// of the last place.
    /// </summary>
    [MethodImpl(Inline)]
    public static TVector PowOfQuarters(TVector x, int quarters)
    {
        if (!IsFloat || !IsFused)
        {
            return Pow(x, Number(quarters * 0.25));
        }
        // What is tiny is raised by 2^64, or its remainders would be lost below the least number.
        TVector small = TLanes.Less(x, Number(5.42101086242752217e-20)), a = TLanes.Select(small, TLanes.Multiply(x, Number(18446744073709551616.0)), x);
        TVector s = TLanes.Sqrt(a), r = TLanes.Sqrt(s), p = TLanes.Multiply(s, r), inverse = TLanes.Divide(Number(1), p);
        // √a = s + lostOfS, √s = r + ..., and √a·⁴√a = p + lost; r/2 stands for s/(2r), and r·inverse for 1/s.
        TVector lostOfS = TLanes.Multiply(TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Negate(s), s, a), Number(0.5)), TLanes.Multiply(r, inverse));
        TVector lostOfR = TLanes.Add(TLanes.MultiplyAdd(TLanes.Negate(r), r, s), lostOfS);
        TVector lost = TLanes.MultiplyAdd(TLanes.Multiply(r, Number(0.5)), lostOfR, TLanes.MultiplyAdd(r, lostOfS, TLanes.MultiplyAdd(s, r, TLanes.Negate(p))));
        TVector power;
        if (quarters > 0)
        {
            power = TLanes.Add(p, lost);
        }
        else
        {
            TVector rest = TLanes.Multiply(inverse, TLanes.MultiplyAdd(TLanes.Negate(lost), inverse, TLanes.MultiplyAdd(TLanes.Negate(p), inverse, Number(1))));
            power = TLanes.Add(inverse, rest);
            if (quarters == -7)
            {
                TVector quotient = TLanes.Divide(inverse, a);
                rest = TLanes.Add(TLanes.MultiplyAdd(TLanes.Negate(quotient), a, inverse), rest);
                power = TLanes.Select(TLanes.Less(quotient, Number(double.PositiveInfinity)), TLanes.MultiplyAdd(rest, TLanes.Multiply(quotient, p), quotient), quotient);
            }
        }
        power = TLanes.Multiply(power, TLanes.Select(small, Number(quarters > 0 ? 3.5527136788005009e-15 : quarters == -3 ? 281474976710656.0 : 5192296858534827628530496329220096.0), Number(1)));
        // At 0 and ∞ the remainders are none; negative numbers have no root, but for −∞, of which pow says what it says of ∞.
        power = TLanes.Select(TLanes.Equal(x, Number(0)), Number(quarters > 0 ? 0 : double.PositiveInfinity), power);
        return TLanes.Select(TLanes.Equal(TLanes.Abs(x), Number(double.PositiveInfinity)), Number(quarters > 0 ? double.PositiveInfinity : 0), power);
    }

    private static T PowOf(T x, T y) => T.Pow(x, y);

    /// <summary>size to the y, but for y = 0; of 0, ∞ and NaN too.</summary>
    [MethodImpl(Inline)]
    private static TVector PowerOfSize(TVector size, TVector y)
    {
        TVector small = TLanes.Less(size, Number(1.17549435e-38));
        (TVector m, TVector e) = TLanes.Split(TLanes.Select(small, TLanes.Multiply(size, Number(16777216)), size));
        e = TLanes.Add(e, TLanes.And(small, Number(-24)));
        // s + rest = (m − 1)/(m + 1).
        TVector f = TLanes.Subtract(m, Number(1)), d = TLanes.Add(m, Number(1)), lost = TLanes.Subtract(m, TLanes.Subtract(d, Number(1)));
        TVector inverse = TLanes.Divide(Number(1), d), s = TLanes.Multiply(f, inverse), minus = TLanes.Negate(s);
        TVector rest = TLanes.Multiply(TLanes.MultiplyAdd(minus, lost, TLanes.MultiplyAdd(minus, d, f)), inverse);
        // artanh s − s = s³·(1/3 + u·p(u)) with u = s², by Remez' exchange, off by 2^−29. Of the cube, and of 1/3, the rounding error is kept too.
        TVector u = TLanes.Multiply(s, s), cube = TLanes.Multiply(s, u);
        TVector lostOfCube = TLanes.MultiplyAdd(s, TLanes.MultiplyAdd(s, s, TLanes.Negate(u)), TLanes.MultiplyAdd(s, u, TLanes.Negate(cube)));
        TVector p = TLanes.MultiplyAdd(TLanes.MultiplyAdd(Number(1.1667360215291007e-1), u, Number(1.427532545174715e-1)), u, Number(2.0000061758625303e-1));
        // The slope of artanh at s is about 1 + s².
        rest = TLanes.MultiplyAdd(lostOfCube, Number(0.3333333432674408), TLanes.MultiplyAdd(rest, u, rest));
        rest = TLanes.MultiplyAdd(cube, TLanes.MultiplyAdd(u, p, Number(-1.0507040570928439e-08)), rest);
        rest = TLanes.MultiplyAdd(cube, Number(0.3333333432674408), rest);
        TVector high = TLanes.Multiply(s, Number(2.885390043258667));
        TVector low = TLanes.MultiplyAdd(s, Number(3.851926067000022e-8), TLanes.MultiplyAdd(s, Number(2.885390043258667), TLanes.Negate(high)));
        low = TLanes.MultiplyAdd(rest, Number(2.885390043258667), low);
        TVector sum = TLanes.Add(high, low), log = TLanes.Add(e, sum);
        low = TLanes.Add(TLanes.Subtract(sum, TLanes.Subtract(log, e)), TLanes.Subtract(low, TLanes.Subtract(sum, high)));
        log = TLanes.Select(TLanes.Less(size, Number(double.PositiveInfinity)), log, size);
        log = TLanes.Select(TLanes.Equal(size, Number(0)), Number(double.NegativeInfinity), log);
        // An infinite y would make NaN of log 1.
        y = TLanes.AtMost(Number(float.MaxValue), TLanes.AtLeast(Number(float.MinValue), y));
        TVector power = TLanes.Multiply(y, log);
        low = TLanes.MultiplyAdd(y, low, TLanes.MultiplyAdd(y, log, TLanes.Negate(power)));
        low = TLanes.And(TLanes.Less(TLanes.Abs(power), Number(256)), low);
        power = TLanes.AtMost(Number(130), TLanes.AtLeast(Number(-152), power));
        TVector n = TLanes.Round(power), r = TLanes.Add(TLanes.Subtract(power, n), low);
        // (2^r − 1)/r by Remez' exchange, off by 2^−28.
        TVector q = Number(1.5598727564657599e-4);
        q = TLanes.MultiplyAdd(q, r, Number(1.3408184142841904e-3));
        q = TLanes.MultiplyAdd(q, r, Number(9.6176743491826336e-3));
        q = TLanes.MultiplyAdd(q, r, Number(5.5503062726639619e-2));
        q = TLanes.MultiplyAdd(q, r, Number(2.40226529178113e-1));
        q = TLanes.MultiplyAdd(q, r, Number(6.9314721719295477e-1));
        return TLanes.Scale(TLanes.MultiplyAdd(q, r, Number(1)), n);
    }

    /// <summary>The sign, and what C defines where the formula has no say.</summary>
    [MethodImpl(Inline)]
    private static TVector PowerEdges(TVector x, TVector y, TVector power)
    {
        power = TLanes.Select(TLanes.Or(TLanes.Equal(y, Number(0)), TLanes.Equal(x, Number(1))), Number(1), power);
        TVector half = TLanes.Multiply(y, Number(0.5)), isWhole = TLanes.Equal(TLanes.Round(y), y), isOdd = TLanes.And(isWhole, TLanes.NotEqual(TLanes.Round(half), half));
        TVector isUndefined = TLanes.And(TLanes.Not(isWhole), TLanes.And(TLanes.Less(x, Number(0)), TLanes.Less(Number(double.NegativeInfinity), x)));
        power = TLanes.Xor(power, TLanes.And(isOdd, TLanes.And(x, Number(-0.0))));
        return TLanes.Select(isUndefined, Number(double.NaN), power);
    }
}
