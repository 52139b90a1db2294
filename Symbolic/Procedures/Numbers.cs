using System.Diagnostics;
using System.Numerics;

namespace Symbolic;

/// <summary>How elements of a dtype are read into the C# type in which a procedure computes, and written back.</summary>
internal interface INumbers<TStored, TNumber>
{
    static abstract TNumber Read(TStored element);

    static abstract TStored Write(TNumber number);
}

/// <summary>A procedure that computes with numbers, written once for all dtypes.</summary>
internal interface IArithmetic
{
    void Compute<TStored, TNumber, TNumbers>(ProcedureCall call)
        where TStored : unmanaged
        where TNumber : unmanaged, INumberBase<TNumber>
        where TNumbers : INumbers<TStored, TNumber>;
}

/// <summary>From a dtype to the types that an algorithm is compiled for. 16-bit floats compute in 32 bits, as sums of them do everywhere; complex numbers in 64-bit parts.</summary>
internal static class Numbers
{
    public static void Compute(DType dtype, IArithmetic algorithm, ProcedureCall call)
    {
        switch (dtype)
        {
            case DType.Bool: algorithm.Compute<bool, long, Truths>(call); break;
            case DType.Int8: algorithm.Compute<sbyte, sbyte, Same<sbyte>>(call); break;
            case DType.Int16: algorithm.Compute<short, short, Same<short>>(call); break;
            case DType.Int32: algorithm.Compute<int, int, Same<int>>(call); break;
            case DType.Int64: algorithm.Compute<long, long, Same<long>>(call); break;
            case DType.UInt8: algorithm.Compute<byte, byte, Same<byte>>(call); break;
            case DType.UInt16: algorithm.Compute<ushort, ushort, Same<ushort>>(call); break;
            case DType.UInt32: algorithm.Compute<uint, uint, Same<uint>>(call); break;
            case DType.UInt64: algorithm.Compute<ulong, ulong, Same<ulong>>(call); break;
            case DType.Float16: algorithm.Compute<Half, float, Halves>(call); break;
            case DType.BFloat16: algorithm.Compute<BFloat16, float, BFloats>(call); break;
            case DType.Float32: algorithm.Compute<float, float, Same<float>>(call); break;
            case DType.Float64: algorithm.Compute<double, double, Same<double>>(call); break;
            case DType.Complex64: algorithm.Compute<Complex64, Complex, Pairs>(call); break;
            case DType.Complex128: algorithm.Compute<Complex, Complex, Same<Complex>>(call); break;
            default: throw new UnreachableException($"{dtype}");
        }
    }

    private readonly struct Same<T> : INumbers<T, T>
    {
        public static T Read(T element) => element;

        public static T Write(T number) => number;
    }

    private readonly struct Halves : INumbers<Half, float>
    {
        public static float Read(Half element) => (float)element;

        public static Half Write(float number) => (Half)number;
    }

    private readonly struct BFloats : INumbers<BFloat16, float>
    {
        public static float Read(BFloat16 element) => (float)element;

        public static BFloat16 Write(float number) => (BFloat16)number;
    }

    private readonly struct Pairs : INumbers<Complex64, Complex>
    {
        public static Complex Read(Complex64 element) => element;

        public static Complex64 Write(Complex number) => (Complex64)number;
    }

    // Adding truths is "or", multiplying "and": any number but 0 is true.
    private readonly struct Truths : INumbers<bool, long>
    {
        public static long Read(bool element) => element ? 1 : 0;

        public static bool Write(long number) => number != 0;
    }
}
