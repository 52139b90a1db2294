namespace Symbolic.Codegen;

/// <content>
/// A product with a power of two that does not enlarge is exact unless it falls below the normal range, where it keeps more; so a sum or difference with it is one operation that
/// rounds as the two of them do. Other products are rounded by themselves: x·x − x·x stays 0.
/// </content>
internal sealed partial class ElementWriter
{
    private string? Fused(Element.Call call, Func<Element, string> lanes) => call.Arguments switch
    {
        [Element.Call { Function: Intrinsic.Mul } product, var other] when call.Function == Intrinsic.Add && IsExact(product) => $"S.MultiplyAdd({lanes(product.Arguments[0])}, {lanes(product.Arguments[1])}, {lanes(other)})",
        [var other, Element.Call { Function: Intrinsic.Mul } product] when call.Function == Intrinsic.Add && IsExact(product) => $"S.MultiplyAdd({lanes(product.Arguments[0])}, {lanes(product.Arguments[1])}, {lanes(other)})",
        [Element.Call { Function: Intrinsic.Mul } product, var other] when call.Function == Intrinsic.Sub && IsExact(product) => $"S.MultiplySubtract({lanes(product.Arguments[0])}, {lanes(product.Arguments[1])}, {lanes(other)})",
        _ => null,
    };

    /// <summary>Whether a product has no rounding of its own, and nobody has it already.</summary>
    private bool IsExact(Element.Call product) => product.DType == laneType && !vectors.ContainsKey(product) && product.Arguments.Any(factor => factor is Element.Number { Value: var value } && IsPowerUpToOne(value.ToDouble()));

    private static bool IsPowerUpToOne(double value) => Math.Abs(value) is > 0 and <= 1 && (BitConverter.DoubleToInt64Bits(value) & 0xFFFFFFFFFFFFF) == 0;
}
