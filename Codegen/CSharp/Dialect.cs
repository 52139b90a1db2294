namespace Symbolic.Codegen;

/// <summary>
/// What the writers spell each in their own way: intrinsics, constants, and values in memory. The structure of loops, reductions and
/// locals is one for all.
/// </summary>
internal abstract class Dialect
{
    /// <summary>C# over raw memory, for the CPU.</summary>
    public static Dialect Cpu { get; } = new CpuDialect();

    /// <summary>An intrinsic with its arguments' texts put in.</summary>
    public abstract string Call(Element.Call call, IReadOnlyList<string> arguments);

    /// <summary>A constant.</summary>
    public abstract string Number(ScalarValue value);

    /// <summary>The value of an element of memory.</summary>
    public abstract string FromMemory(DType dtype, string element);

    /// <summary>A value as it is stored.</summary>
    public abstract string ToMemory(DType dtype, string value);

    private sealed class CpuDialect : Dialect
    {
        public override string Call(Element.Call call, IReadOnlyList<string> arguments) => ScalarIntrinsics.Spell(call, arguments);

        public override string Number(ScalarValue value) => Spelling.Number(value);

        public override string FromMemory(DType dtype, string element) => dtype is DType.Float16 or DType.BFloat16 ? $"(float){element}" : element;

        public override string ToMemory(DType dtype, string value) => dtype is DType.Float16 or DType.BFloat16 ? $"({Spelling.Memory(dtype)}){value}" : value;
    }
}
