using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The CPU writer's table of intrinsics on vectors. S names the width's struct, V its vector type; booleans are lane masks.
/// </summary>
internal static class LaneIntrinsics
{
    /// <summary>Whether there is a vector form.</summary>
    public static bool Knows(Intrinsic function) => Name(function) is not null || function is Intrinsic.Sign;

    /// <summary>The call with its arguments' texts put in.</summary>
    public static string Spell(Element.Call call, IReadOnlyList<string> x) => call.Function switch
    {
        Intrinsic.Sign => $"S.Select(S.Less(S.Create(0), {x[0]}), S.Create(1), S.Select(S.Less({x[0]}, S.Create(0)), S.Create(-1), {x[0]}))",
        Intrinsic.Pow when call.Arguments[1] is Element.Number { Value: var power } && 4 * power.ToDouble() is 3 or -3 or -7 => $"M.PowOfQuarters({x[0]}, {4 * power.ToDouble():0})",
        _ => $"{Name(call.Function) ?? throw new UnreachableException($"{call.Function} of lanes")}({string.Join(", ", x)})",
    };

    private static string? Name(Intrinsic function) => function switch
    {
        Intrinsic.Add => "S.Add",
        Intrinsic.Sub => "S.Subtract",
        Intrinsic.Mul => "S.Multiply",
        Intrinsic.Div => "S.Divide",
        Intrinsic.Neg => "S.Negate",
        Intrinsic.Abs => "S.Abs",
        Intrinsic.Sqrt => "S.Sqrt",
        Intrinsic.Max => "S.Maximum",
        Intrinsic.Min => "S.Minimum",
        Intrinsic.Floor => "S.Floor",
        Intrinsic.Ceil => "S.Ceiling",
        Intrinsic.Round => "S.Round",
        Intrinsic.Trunc => "S.Truncate",
        Intrinsic.Equal => "S.Equal",
        Intrinsic.NotEqual => "S.NotEqual",
        Intrinsic.Less => "S.Less",
        Intrinsic.LessOrEqual => "S.LessOrEqual",
        Intrinsic.And => "S.And",
        Intrinsic.Or => "S.Or",
        Intrinsic.Not => "S.Not",
        Intrinsic.Select => "S.Select",
        Intrinsic.Exp or Intrinsic.Expm1 or Intrinsic.Log or Intrinsic.Log1p or Intrinsic.Tanh or Intrinsic.Sigmoid or Intrinsic.Softplus
            or Intrinsic.Sin or Intrinsic.Cos or Intrinsic.Tan or Intrinsic.Pow or Intrinsic.Exp2 or Intrinsic.Log2 or Intrinsic.Log10 or Intrinsic.Sinh or Intrinsic.Cosh
            or Intrinsic.Asinh or Intrinsic.Acosh or Intrinsic.Atanh or Intrinsic.Asin or Intrinsic.Acos or Intrinsic.Atan or Intrinsic.Erf => $"M.{function}",
        _ => null,
    };
}
