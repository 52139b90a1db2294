using System.Diagnostics.CodeAnalysis;
using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// Recognises epilogues that micro-kernels do in registers, and writes them as data, see <see cref="Ending{T}"/>: what is stored is the sum, plus an array along the columns or the rows, plus
/// an array that lies as the result does, rectified, times whether another such array is above 0; each may be missing.
/// </summary>
internal static class EndingWriter
{
    /// <summary>Appends what the product says of its epilogue.</summary>
    public static void Write(Product product, SourceText text, Func<DimSymbol, string> name)
    {
        string element = Spelling.Memory(product.DType);
        Parts? parts = Of(product);
        text.Line($"public static bool IsLinear => {(parts is null ? "false" : "true")};");
        if (parts is null)
        {
            text.Line($"public static Ending<{element}> Ending(byte** b, long* s, long batch) => default;");
            return;
        }
        text.Open($"public static Ending<{element}> Ending(byte** b, long* s, long batch)");
        KernelText.Sizes(text, product.Sizes);
        ProductWriter.Decode(product.Batch, "batch", text, name);
        text.Line($"return new Ending<{element}> {{ Target = {First(product.Stores[0].Buffer, product.Stores[0].Offset)}, Pitch = {Spelling.Index(parts.Pitch, name)}, "
            + $"Columns = {Read(parts.Columns)}, Rows = {Read(parts.Rows)}, Others = {Read(parts.Others)}, Gates = {Read(parts.Gates)}, Rectifies = {(parts.Rectifies ? "true" : "false")} }};");
        text.Close();

        string Read(Element.Read? read) => read is null ? "null" : First(read.Operand, read.At[0]);

        string First(int buffer, Dim offset) =>
            $"({element}*)b[{buffer}] + ({Spelling.Index(offset.Substitute(s => s is LoopIndex index && !product.Batch.Contains(index) ? (Dim)0 : null), name)})";
    }

    /// <summary>The parts of the epilogue, or null where it is none of this kind.</summary>
    public static Parts? Of(Product product)
    {
        if (product.IsTurned || product.Stores is not [var store] || product.Buffers[store.Buffer].DType != product.DType || product.DType is not (DType.Float32 or DType.Float64)
            || product.Even(store.Offset) is not var (lane, pitch, _))
        {
            return null;
        }
        Element value = store.Value;
        Element.Read? gates = Gate(ref value);
        bool rectifies = value is Element.Call { Function: Intrinsic.Select, Arguments: [Element.Call { Function: Intrinsic.LessOrEqual, Arguments: [var tested, var bound] }, var low, var high] }
            && ReferenceEquals(tested, high) && IsZero(bound) && IsZero(low);
        if (rectifies)
        {
            value = ((Element.Call)value).Arguments[2];
        }
        Element.Read? others = Term(ref value, read => read.At[0].Equals(store.Offset));
        Element.Read? columns = Term(ref value, read => product.Lanes.Count == 1 && Vectorizing.Stride(read.At[0], lane) == 1 && !product.Down.Any(read.At[0].Contains));
        // Panels alone meet rows that lie side by side in what is added.
        Element.Read? rows = columns is null && product.Schedule == Schedule.Panels ? Term(ref value, read => !product.Lanes.Any(read.At[0].Contains) && OperandSteps.Even(read.At[0], product.Down) is { } step && step.Is(1)) : null;
        return value is Element.Read { Operand: -1 } ? new Parts(pitch, columns, rows, others, gates, rectifies) : null;

        Element.Read? Term(ref Element sum, Func<Element.Read, bool> suits)
        {
            if (sum is Element.Call { Function: Intrinsic.Add, Arguments: [var a, var b] })
            {
                foreach ((Element term, Element rest) in new[] { (b, a), (a, b) })
                {
                    if (IsArray(term, out Element.Read? read) && suits(read))
                    {
                        sum = rest;
                        return read;
                    }
                }
            }
            return null;
        }

        Element.Read? Gate(ref Element gated)
        {
            if (gated is Element.Call { Function: Intrinsic.Mul, Arguments: [var a, var b] })
            {
                foreach ((Element gate, Element rest) in new[] { (b, a), (a, b) })
                {
                    if (Passing(gate) is Element.Call { Function: Intrinsic.Less, Arguments: [var zero, var tested] } && IsZero(zero) && IsArray(tested, out Element.Read? read) && read.At[0].Equals(store.Offset))
                    {
                        gated = rest;
                        return read;
                    }
                }
            }
            return null;
        }

        // 1 where a test holds and 0 where it does not has two spellings.
        static Element? Passing(Element gate) => gate switch
        {
            Element.Call { Function: Intrinsic.Cast, Arguments: [var test] } => test,
            Element.Call { Function: Intrinsic.Select, Arguments: [var test, var one, var none] } when IsNumber(one, 1) && IsZero(none) => test,
            _ => null,
        };

        bool IsArray(Element element, [NotNullWhen(true)] out Element.Read? read)
        {
            read = element as Element.Read;
            return read is { Operand: >= 0, At.Count: 1 } && read.DType == product.DType && product.Buffers[read.Operand].DType == product.DType;
        }
    }

    private static bool IsZero(Element element) => IsNumber(element, 0);

    private static bool IsNumber(Element element, double number) =>
        element is Element.Number { Value: var value } && !value.DType.IsComplex() && BitConverter.DoubleToInt64Bits(value.ToDouble()) == BitConverter.DoubleToInt64Bits(number);

    /// <summary>What an epilogue consists of.</summary>
    /// <param name="Pitch">From row to row of the result.</param>
    /// <param name="Columns">What is added to columns.</param>
    /// <param name="Rows">What is added to rows.</param>
    /// <param name="Others">What is added to elements.</param>
    /// <param name="Gates">What lets elements pass where it is above 0.</param>
    /// <param name="Rectifies">Whether what is at most 0 becomes 0.</param>
    internal sealed record Parts(Dim Pitch, Element.Read? Columns, Element.Read? Rows, Element.Read? Others, Element.Read? Gates, bool Rectifies);
}
