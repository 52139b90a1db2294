using System.Diagnostics;

namespace Symbolic;

/// <summary>The type of one element of a tensor.</summary>
public enum DType : byte
{
    /// <summary>True or false, one byte.</summary>
    Bool,
    /// <summary>Signed, 8 bits.</summary>
    Int8,
    /// <summary>Signed, 16 bits.</summary>
    Int16,
    /// <summary>Signed, 32 bits.</summary>
    Int32,
    /// <summary>Signed, 64 bits.</summary>
    Int64,
    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,
    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,
    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,
    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,
    /// <summary>IEEE 754 binary16.</summary>
    Float16,
    /// <summary>The upper half of a binary32: its range with 8 bits of precision.</summary>
    BFloat16,
    /// <summary>IEEE 754 binary32.</summary>
    Float32,
    /// <summary>IEEE 754 binary64.</summary>
    Float64,
    /// <summary>Real and imaginary part, each a binary32; see <see cref="Symbolic.Complex64"/>.</summary>
    Complex64,
    /// <summary>Real and imaginary part, each a binary64; laid out as <see cref="System.Numerics.Complex"/>.</summary>
    Complex128,
}

/// <summary>Facts about each <see cref="DType"/>.</summary>
public static class DTypes
{
    private static readonly (string Text, string TheanoName, int Size)[] Facts =
    [
        ("bool", "bool", 1),
        ("i8", "int8", 1), ("i16", "int16", 2), ("i32", "int32", 4), ("i64", "int64", 8),
        ("u8", "uint8", 1), ("u16", "uint16", 2), ("u32", "uint32", 4), ("u64", "uint64", 8),
        ("f16", "float16", 2), ("bf16", "bfloat16", 2), ("f32", "float32", 4), ("f64", "float64", 8),
        ("c64", "complex64", 8), ("c128", "complex128", 16),
    ];

    /// <summary>The dtype of a C# element type.</summary>
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32 : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(int) ? DType.Int32 : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(bool) ? DType.Bool : typeof(T) == typeof(byte) ? DType.UInt8 : typeof(T) == typeof(sbyte) ? DType.Int8
        : typeof(T) == typeof(short) ? DType.Int16 : typeof(T) == typeof(ushort) ? DType.UInt16
        : typeof(T) == typeof(uint) ? DType.UInt32 : typeof(T) == typeof(ulong) ? DType.UInt64
        : typeof(T) == typeof(Half) ? DType.Float16 : typeof(T) == typeof(BFloat16) ? DType.BFloat16
        : typeof(T) == typeof(Complex64) ? DType.Complex64 : typeof(T) == typeof(System.Numerics.Complex) ? DType.Complex128
        : throw new ArgumentException($"{typeof(T)} is no dtype");

    /// <summary>Every dtype, in the order of the enumeration.</summary>
    public static Seq<DType> All { get; } = Seq.Of(Enum.GetValues<DType>());

    /// <summary>The name in IR text: <c>bool</c>, <c>i8</c> ... <c>u64</c>, <c>f16</c>, <c>bf16</c>, <c>f32</c>, <c>f64</c>, <c>c64</c>, <c>c128</c>.</summary>
    public static string Text(this DType dtype) => FactsOf(dtype).Text;

    /// <summary>The name that Theano and NumPy use: <c>float32</c>. <c>bfloat16</c> is neither's, but follows the pattern.</summary>
    public static string TheanoName(this DType dtype) => FactsOf(dtype).TheanoName;

    /// <summary>The dtype that IR text names.</summary>
    /// <exception cref="FormatException">No dtype has this name.</exception>
    public static DType Parse(string text) => TryParse(text, out DType dtype)
        ? dtype
        : throw new FormatException($"'{text}' is no dtype; the dtypes are {string.Join(", ", All.Select(Text))}");

    /// <summary>Finds the dtype that IR text names, if there is one.</summary>
    public static bool TryParse(string text, out DType dtype) => Find(facts => facts.Text == text, out dtype);

    /// <summary>Finds the dtype that has a Theano or NumPy name, if there is one.</summary>
    public static bool TryParseTheano(string name, out DType dtype) => Find(facts => facts.TheanoName == name, out dtype);

    /// <summary>The bytes of one element.</summary>
    public static int Size(this DType dtype) => FactsOf(dtype).Size;

    /// <summary>The bits that hold the value: 1 for bool, otherwise those of the element.</summary>
    public static int Bits(this DType dtype) => dtype is DType.Bool ? 1 : 8 * dtype.Size();

    /// <summary>Whether it is a floating point type of real numbers.</summary>
    public static bool IsFloat(this DType dtype) => dtype is DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64;

    /// <summary>Whether it is a type of complex numbers.</summary>
    public static bool IsComplex(this DType dtype) => dtype is DType.Complex64 or DType.Complex128;

    /// <summary>Whether its numbers lie so densely that functions of them have gradients: floats and complex numbers.</summary>
    public static bool IsContinuous(this DType dtype) => dtype.IsFloat() || dtype.IsComplex();

    /// <summary>The dtype of the real and the imaginary part of a complex number; any other dtype itself.</summary>
    public static DType Real(this DType dtype) => dtype switch
    {
        DType.Complex64 => DType.Float32,
        DType.Complex128 => DType.Float64,
        _ => dtype,
    };

    /// <summary>The complex dtype whose parts hold the numbers of this one: of f64, and of integers of 32 bits or more, c128; of all others c64.</summary>
    public static DType Complex(this DType dtype) => dtype.IsComplex() ? dtype : Promotion.Of(dtype, DType.Float32) == DType.Float64 ? DType.Complex128 : DType.Complex64;

    /// <summary>Whether it is an integer, signed or not; bool is none.</summary>
    public static bool IsInteger(this DType dtype) => dtype.IsSigned() || dtype.IsUnsigned();

    /// <summary>Whether it is a signed integer.</summary>
    public static bool IsSigned(this DType dtype) => dtype is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64;

    /// <summary>Whether it is an unsigned integer.</summary>
    public static bool IsUnsigned(this DType dtype) => dtype is DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;

    /// <summary>The dtype in which many elements are added: 16-bit floats in f32, all others in themselves.</summary>
    public static DType Accumulator(this DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;

    private static bool Find(Predicate<(string Text, string TheanoName, int Size)> matches, out DType dtype)
    {
        int index = Array.FindIndex(Facts, matches);
        dtype = (DType)Math.Max(index, 0);
        return index >= 0;
    }

    private static (string Text, string TheanoName, int Size) FactsOf(DType dtype) =>
        (int)dtype < Facts.Length ? Facts[(int)dtype] : throw new UnreachableException($"no such dtype: {(int)dtype}");
}
