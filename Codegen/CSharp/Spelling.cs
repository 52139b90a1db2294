using System.Diagnostics;
using System.Globalization;

namespace Symbolic.Codegen;

/// <summary>How dtypes, constants and index expressions are spelled in the C# of CPU kernels.</summary>
internal static class Spelling
{
    /// <summary>The C# type of an element in memory.</summary>
    public static string Memory(DType dtype) => dtype switch
    {
        DType.Bool => "bool",
        DType.Int8 => "sbyte",
        DType.Int16 => "short",
        DType.Int32 => "int",
        DType.Int64 => "long",
        DType.UInt8 => "byte",
        DType.UInt16 => "ushort",
        DType.UInt32 => "uint",
        DType.UInt64 => "ulong",
        DType.Float16 => "System.Half",
        DType.BFloat16 => "Symbolic.BFloat16",
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Complex64 => "Symbolic.Complex64",
        DType.Complex128 => "System.Numerics.Complex",
        _ => throw new UnreachableException($"{dtype}"),
    };

    /// <summary>The C# type of a value in a kernel: the halves are computed in float and rounded where they are stored.</summary>
    public static string Local(DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? "float" : Memory(dtype);

    /// <summary>A constant.</summary>
    public static string Number(ScalarValue value) => value.DType switch
    {
        DType.Bool => value.AsBool ? "true" : "false",
        DType.Float64 => Double(value.ToDouble()),
        DType.Float32 or DType.Float16 or DType.BFloat16 => Float((float)value.ToDouble()),
        DType.Complex64 or DType.Complex128 => $"new {Memory(value.DType)}({Number(value.Parts.Real)}, {Number(value.Parts.Imaginary)})",
        DType.UInt64 => $"{(ulong)value.Bits}UL",
        DType.UInt32 => $"{(uint)value.Bits}U",
        DType.Int64 => value.ToInt64() == long.MinValue ? "long.MinValue" : $"{value.ToInt64()}L",
        DType.Int32 => value.ToInt64() == int.MinValue ? "int.MinValue" : $"{value.ToInt64()}",
        var dtype => $"(({Memory(dtype)})({value.ToInt64()}))",
    };

    /// <summary>An index expression, as a long; loop indices and size symbols by the names given.</summary>
    public static string Index(Dim dim, Func<DimSymbol, string> name)
    {
        if (dim.IsConstant)
        {
            return $"{dim.Constant}L";
        }
        var parts = dim.Terms.Select(term =>
        {
            string factors = string.Join(" * ", term.Factors.Select(f => Atom(f, name)));
            return term.Coefficient == 1 ? factors : $"{term.Coefficient}L * {factors}";
        }).ToList();
        if (dim.Offset != 0)
        {
            parts.Add($"{dim.Offset}L");
        }
        return parts.Count == 1 && dim.Terms.Count == 1 && dim.Terms[0].Factors.Count == 1 && dim.Terms[0].Coefficient == 1 ? parts[0] : $"({string.Join(" + ", parts)})";
    }

    /// <summary>A divisor of an index. A quotient by an empty axis is read by nobody, but may be computed ahead of the loop that does nothing.</summary>
    public static string Divisor(Dim divisor, Func<DimSymbol, string> name) => divisor.Lower >= 1 ? Index(divisor, name) : $"System.Math.Max(1L, {Index(divisor, name)})";

    private static string Atom(DimAtom atom, Func<DimSymbol, string> name) => atom switch
    {
        SymbolAtom(var symbol) => name(symbol),
        DivAtom(var a, var b) => a.Lower >= 0 && b.Lower >= 0 ? $"({Index(a, name)} / {Divisor(b, name)})" : $"Scalars.FloorDiv({Index(a, name)}, {Index(b, name)})",
        ModAtom(var a, var b) => a.Lower >= 0 && b.Lower >= 0 ? $"({Index(a, name)} % {Divisor(b, name)})" : $"Scalars.Mod({Index(a, name)}, {Index(b, name)})",
        MinAtom(var a, var b) => $"System.Math.Min({Index(a, name)}, {Index(b, name)})",
        MaxAtom(var a, var b) => $"System.Math.Max({Index(a, name)}, {Index(b, name)})",
        _ => throw new UnreachableException($"{atom}"),
    };

    private static string Float(float value) => float.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture) + "f"
        : $"System.BitConverter.UInt32BitsToSingle(0x{BitConverter.SingleToUInt32Bits(value):x8})";

    private static string Double(double value) => double.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture) + "d"
        : $"System.BitConverter.UInt64BitsToDouble(0x{BitConverter.DoubleToUInt64Bits(value):x16})";
}
