using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>A procedure that only compares and moves elements, written once for each width of their bits.</summary>
internal interface IOrdering
{
    void Compute<TBits>(ProcedureCall call) where TBits : unmanaged, IBinaryInteger<TBits>, IUnsignedNumber<TBits>, IMinMaxValue<TBits>;
}

/// <summary>
/// The bits of elements made into unsigned integers of the same order, so that sorting knows no dtypes. NaN is the greatest, as in
/// numpy; of a complex number the key has the key of the real part ahead of that of the imaginary one. (The flip of a float's bits is old: Herf, "Radix tricks", 2001.)
/// </summary>
internal readonly struct SortKeys<TBits> where TBits : unmanaged, IBinaryInteger<TBits>, IUnsignedNumber<TBits>, IMinMaxValue<TBits>
{
    private readonly bool isFloat;
    private readonly bool zerosAreEqual;

    // The bits of one part of a complex number; 0 for others.
    private readonly int part;

    // All bits of a real number or a part set.
    private readonly TBits all;

    // The bit that, flipped, puts negative numbers below positive ones; 0 for unsigned numbers.
    private readonly TBits sign;
    private readonly TBits infinity;

    /// <summary>Keys for a dtype; −0 comes before 0 unless they are to be equal.</summary>
    public SortKeys(DType dtype, bool zerosAreEqual)
    {
        DType real = dtype.Real();
        isFloat = real.IsFloat();
        this.zerosAreEqual = zerosAreEqual;
        part = dtype.IsComplex() ? 8 * real.Size() : 0;
        all = TBits.MaxValue >>> part;
        sign = isFloat || dtype.IsSigned() ? TBits.One << (8 * real.Size() - 1) : TBits.Zero;
        infinity = isFloat ? TBits.CreateTruncating(ScalarValue.Of(real, double.PositiveInfinity).Bits) : TBits.Zero;
    }

    /// <summary>The key of an element; equal keys are equal elements.</summary>
    public TBits Of(TBits bits) => part == 0 ? OfReal(bits) : (OfReal(bits & all) << part) | OfReal(bits >>> part);

    /// <summary>The element of a key; of the greatest float key, a NaN.</summary>
    public TBits Back(TBits key) => part == 0 ? RealBack(key) : RealBack(key >>> part) | (RealBack(key & all) << part);

    private TBits OfReal(TBits bits)
    {
        if (!isFloat)
        {
            return bits ^ sign;
        }
        TBits size = bits & ~sign;
        return size > infinity ? all
            : zerosAreEqual && size == TBits.Zero ? sign
            : size == bits ? bits | sign : bits ^ all;
    }

    private TBits RealBack(TBits key) => !isFloat ? key ^ sign : (key & sign) == TBits.Zero ? key ^ all : key ^ sign;
}

/// <summary>From a dtype to the width of its bits, and the one sort of positions by keys.</summary>
internal static class Ordering
{
    public static void Compute(DType dtype, IOrdering algorithm, ProcedureCall call)
    {
        switch (dtype.Size())
        {
            case 1: algorithm.Compute<byte>(call); break;
            case 2: algorithm.Compute<ushort>(call); break;
            case 4: algorithm.Compute<uint>(call); break;
            case 8: algorithm.Compute<ulong>(call); break;
            case 16: algorithm.Compute<UInt128>(call); break;
            default: throw new UnreachableException($"{dtype}");
        }
    }

    /// <summary>Brings keys in order, and with them their positions, which are those of equal keys as they were.</summary>
    public static void SortStably<TBits>(Span<TBits> keys, Span<long> positions)
        where TBits : unmanaged, IBinaryInteger<TBits>
    {
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }
        keys.Sort(positions);
        // The library's sort leaves equal keys in any order; their positions say in which they were.
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start]; end++)
            {
            }
            if (end - start > 1)
            {
                positions[start..end].Sort();
            }
        }
    }
}
