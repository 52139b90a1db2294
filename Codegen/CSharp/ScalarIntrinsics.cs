using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>The CPU writer's table of intrinsics on single values: intrinsic and dtype to C# text.</summary>
internal static class ScalarIntrinsics
{
    /// <summary>The call with its arguments' texts put in.</summary>
    public static string Spell(Element.Call call, IReadOnlyList<string> x)
    {
        DType operand = call.Arguments[0].DType;
        return call.Function switch
        {
            Intrinsic.Cast => Cast(operand, call.DType, x[0]),
            Intrinsic.Select => $"({x[0]} ? {x[1]} : {x[2]})",
            Intrinsic.And => $"({x[0]} & {x[1]})",
            Intrinsic.Or => $"({x[0]} | {x[1]})",
            Intrinsic.Not => $"!{x[0]}",
            Intrinsic.Complex => $"new {Spelling.Memory(call.DType)}({x[0]}, {x[1]})",
            Intrinsic.Equal => $"({x[0]} == {x[1]})",
            Intrinsic.NotEqual => $"({x[0]} != {x[1]})",
            _ when operand.IsComplex() => Complex(call, x),
            Intrinsic.Less when operand != DType.Bool => $"({x[0]} < {x[1]})",
            Intrinsic.LessOrEqual when operand != DType.Bool => $"({x[0]} <= {x[1]})",
            Intrinsic.Less => $"(!{x[0]} & {x[1]})",
            Intrinsic.LessOrEqual => $"(!{x[0]} | {x[1]})",
            Intrinsic.Max when operand == DType.Bool => $"({x[0]} | {x[1]})",
            Intrinsic.Min when operand == DType.Bool => $"({x[0]} & {x[1]})",
            Intrinsic.Philox => $"Symbolic.Philox.Bits({x[0]}, {x[1]}, {x[2]}, {x[3]})",
            _ when operand.IsFloat() => Float(call.Function, operand == DType.Float64, x),
            _ => Integer(call.Function, operand, x),
        };
    }

    private static string Float(Intrinsic function, bool wide, IReadOnlyList<string> x)
    {
        string math = wide ? "System.Math" : "System.MathF", type = wide ? "double" : "float";
        return function switch
        {
            Intrinsic.Add => $"({x[0]} + {x[1]})",
            Intrinsic.Sub => $"({x[0]} - {x[1]})",
            Intrinsic.Mul => $"({x[0]} * {x[1]})",
            Intrinsic.Div => $"({x[0]} / {x[1]})",
            Intrinsic.Neg => $"(-{x[0]})",
            Intrinsic.FloorDiv or Intrinsic.Mod => $"({type})Symbolic.FloatDivision.{function}({Doubles(x)})",
            Intrinsic.Abs or Intrinsic.Sqrt or Intrinsic.Floor or Intrinsic.Max or Intrinsic.Min => $"{math}.{function}({string.Join(", ", x)})",
            Intrinsic.Ceil => $"{math}.Ceiling({x[0]})",
            Intrinsic.Round => $"{math}.Round({x[0]})",
            Intrinsic.Trunc => $"{math}.Truncate({x[0]})",
            Intrinsic.Sign => $"({x[0]} > 0 ? 1 : {x[0]} < 0 ? -1 : {x[0]})",
            Intrinsic.Exp or Intrinsic.Expm1 or Intrinsic.Log or Intrinsic.Log1p or Intrinsic.Tanh or Intrinsic.Sigmoid or Intrinsic.Softplus
                or Intrinsic.Sin or Intrinsic.Cos or Intrinsic.Pow => $"Scalars.{function}({string.Join(", ", x)})",
            // Everything else is computed in double and rounded once.
            Intrinsic.Exp2 => $"({type})System.Math.Pow(2, (double){x[0]})",
            Intrinsic.Log2 or Intrinsic.Log10 or Intrinsic.Tan or Intrinsic.Asin or Intrinsic.Acos or Intrinsic.Atan or Intrinsic.Atan2
                or Intrinsic.Sinh or Intrinsic.Cosh or Intrinsic.Asinh or Intrinsic.Acosh or Intrinsic.Atanh => $"({type})System.Math.{function}({Doubles(x)})",
            Intrinsic.Erf or Intrinsic.Erfc or Intrinsic.Erfcx or Intrinsic.ErfInv or Intrinsic.ErfcInv or Intrinsic.Gamma or Intrinsic.GammaLn or Intrinsic.Polygamma
                or Intrinsic.GammaP or Intrinsic.GammaQ or Intrinsic.BesselJ or Intrinsic.BesselI => $"({type})Symbolic.SpecialFunctions.{function}({Doubles(x)})",
            _ => throw new UnreachableException($"{function} of {type}"),
        };
    }

    // Computed in 64-bit parts and rounded once.
    private static string Complex(Element.Call call, IReadOnlyList<string> x) => call.Function switch
    {
        Intrinsic.Real => $"{x[0]}.Real",
        Intrinsic.Imag => $"{x[0]}.Imaginary",
        Intrinsic.Less or Intrinsic.LessOrEqual => $"Symbolic.ComplexFunctions.{call.Function}({string.Join(", ", x)})",
        var function => $"({Spelling.Memory(call.DType)})Symbolic.ComplexFunctions.{function}({string.Join(", ", x)})",
    };

    private static string Doubles(IReadOnlyList<string> x) => string.Join(", ", x.Select(value => $"(double){value}"));

    private static string Integer(Intrinsic function, DType dtype, IReadOnlyList<string> x)
    {
        string type = Spelling.Memory(dtype), wide = dtype == DType.UInt64 ? "ulong" : "long";
        return function switch
        {
            Intrinsic.Add => $"(({type})({x[0]} + {x[1]}))",
            Intrinsic.Sub => $"(({type})({x[0]} - {x[1]}))",
            Intrinsic.Mul => $"(({type})({x[0]} * {x[1]}))",
            Intrinsic.Neg => dtype.IsUnsigned() ? $"(({type})(0 - {x[0]}))" : $"(({type})(-{x[0]}))",
            Intrinsic.FloorDiv => $"(({type})Scalars.FloorDiv(({wide}){x[0]}, ({wide}){x[1]}))",
            Intrinsic.Mod => $"(({type})Scalars.Mod(({wide}){x[0]}, ({wide}){x[1]}))",
            Intrinsic.Abs => dtype.IsUnsigned() ? x[0] : $"(({type})({x[0]} < 0 ? -{x[0]} : {x[0]}))",
            Intrinsic.Sign => dtype.IsUnsigned() ? $"(({type})({x[0]} > 0 ? 1 : 0))" : $"(({type})({x[0]} > 0 ? 1 : {x[0]} < 0 ? -1 : 0))",
            Intrinsic.Max => $"System.Math.Max({x[0]}, {x[1]})",
            Intrinsic.Min => $"System.Math.Min({x[0]}, {x[1]})",
            Intrinsic.Floor or Intrinsic.Ceil or Intrinsic.Round or Intrinsic.Trunc => x[0],
            Intrinsic.Pow => $"(({type})Scalars.Pow(({wide}){x[0]}, ({wide}){x[1]}))",
            Intrinsic.BitAnd => $"(({type})({x[0]} & {x[1]}))",
            Intrinsic.BitOr => $"(({type})({x[0]} | {x[1]}))",
            Intrinsic.BitXor => $"(({type})({x[0]} ^ {x[1]}))",
            Intrinsic.BitNot => $"(({type})(~{x[0]}))",
            Intrinsic.ShiftLeft or Intrinsic.ShiftRight => $"(({type})Scalars.{function}(({wide}){x[0]}, ({wide}){x[1]}, {dtype.Bits()}))",
            _ => throw new UnreachableException($"{function} of {dtype}"),
        };
    }

    private static string Cast(DType from, DType to, string x)
    {
        if (to == DType.Bool)
        {
            return from == DType.Bool ? x : from.IsComplex() ? $"({x} != default({Spelling.Memory(from)}))" : $"({x} != 0)";
        }
        if (to.IsComplex())
        {
            return from.IsComplex() ? $"(({Spelling.Memory(to)}){x})" : $"new {Spelling.Memory(to)}({Cast(from, to.Real(), x)}, 0)";
        }
        if (from == DType.Bool)
        {
            return $"({x} ? ({Spelling.Local(to)})1 : ({Spelling.Local(to)})0)";
        }
        // .NET's own float to integer conversions saturate and give 0 for NaN, but not to the types narrower than int.
        return from.IsFloat() && to.IsInteger() && to.Size() < 4 ? $"{Spelling.Memory(to)}.CreateSaturating({x})"
            : to == DType.Float16 ? $"((float)(System.Half){x})"
            : to == DType.BFloat16 ? $"((float)(Symbolic.BFloat16){x})"
            : $"(({Spelling.Memory(to)}){x})";
    }
}
