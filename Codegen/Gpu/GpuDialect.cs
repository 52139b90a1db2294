using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The C# that ILGPU compiles: booleans are bytes in memory, there are no halves and no complex numbers yet, and elementary functions are those of
/// <see cref="Library.GpuMath"/>, since ILGPU's own are approximations of the hardware.
/// </summary>
internal sealed class GpuDialect : Dialect
{
    public static GpuDialect Instance { get; } = new();

    /// <summary>The C# type of an element of a buffer.</summary>
    /// <exception cref="NotSupportedException">The dtype has no kernels on a GPU yet.</exception>
    public static string Memory(DType dtype) => dtype switch
    {
        DType.Bool => "byte",
        _ when IsMissing(dtype) => throw Missing(dtype),
        _ => Spelling.Memory(dtype),
    };

    public override string FromMemory(DType dtype, string element) => dtype == DType.Bool ? $"({element} != 0)" : element;

    public override string ToMemory(DType dtype, string value) => dtype == DType.Bool ? $"({value} ? (byte)1 : (byte)0)" : value;

    // The framework's bit casts do not compile for a GPU; constants of the language do.
    public override string Number(ScalarValue value) => value.DType switch
    {
        DType.Float32 when !double.IsFinite(value.ToDouble()) => NotFinite("float", value.ToDouble()),
        DType.Float64 when !double.IsFinite(value.ToDouble()) => NotFinite("double", value.ToDouble()),
        _ when IsMissing(value.DType) => throw Missing(value.DType),
        _ => Spelling.Number(value),
    };

    public override string Call(Element.Call call, IReadOnlyList<string> x)
    {
        DType operand = call.Arguments[0].DType;
        if (IsMissing(operand) || IsMissing(call.DType))
        {
            throw Missing(IsMissing(call.DType) ? call.DType : operand);
        }
        return call.Function switch
        {
            Intrinsic.Cast when operand.IsFloat() && call.DType.IsInteger() => $"GpuMath.To{ClrName(call.DType)}({x[0]})",
            _ when operand.IsFloat() => Float(call, operand == DType.Float64 ? "double" : "float", x),
            _ => ScalarIntrinsics.Spell(call, x),
        };
    }

    private static bool IsMissing(DType dtype) => dtype is DType.Float16 or DType.BFloat16 || dtype.IsComplex();

    private static NotSupportedException Missing(DType dtype) =>
        new($"kernels for GPUs do not compute in {dtype.Text()} yet; {(dtype.IsComplex() ? "compute with the real and the imaginary part" : "cast to f32")}");

    private static string Float(Element.Call call, string type, IReadOnlyList<string> x) => call.Function switch
    {
        Intrinsic.FloorDiv or Intrinsic.Mod => $"({type})GpuMath.{call.Function}((double){x[0]}, (double){x[1]})",
        Intrinsic.Max or Intrinsic.Min or Intrinsic.Floor or Intrinsic.Ceil or Intrinsic.Round or Intrinsic.Trunc or Intrinsic.Sqrt
            or Intrinsic.Exp or Intrinsic.Expm1 or Intrinsic.Log or Intrinsic.Log1p or Intrinsic.Tanh or Intrinsic.Sigmoid or Intrinsic.Softplus
            or Intrinsic.Sin or Intrinsic.Cos or Intrinsic.Pow => $"GpuMath.{call.Function}({string.Join(", ", x)})",
        Intrinsic.Abs => $"({x[0]} < 0 ? -{x[0]} : {x[0]} + 0)",
        Intrinsic.Add or Intrinsic.Sub or Intrinsic.Mul or Intrinsic.Div or Intrinsic.Neg or Intrinsic.Sign or Intrinsic.Cast or Intrinsic.Select
            or Intrinsic.Equal or Intrinsic.NotEqual or Intrinsic.Less or Intrinsic.LessOrEqual => ScalarIntrinsics.Spell(call, x),
        var other => throw new NotSupportedException($"the function {other} has no kernel for GPUs yet"),
    };

    private static string NotFinite(string type, double value) => $"{type}.{(double.IsNaN(value) ? "NaN" : value > 0 ? "PositiveInfinity" : "NegativeInfinity")}";

    private static string ClrName(DType dtype) => dtype switch
    {
        DType.Int8 => "SByte",
        DType.Int16 => "Int16",
        DType.Int32 => "Int32",
        DType.Int64 => "Int64",
        DType.UInt8 => "Byte",
        DType.UInt16 => "UInt16",
        DType.UInt32 => "UInt32",
        DType.UInt64 => "UInt64",
        _ => throw new UnreachableException($"{dtype}"),
    };
}
