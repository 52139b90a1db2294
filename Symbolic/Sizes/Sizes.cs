namespace Symbolic;

/// <summary>Scalars that are size expressions: <c>x.shape[0] - 1</c> needs no value computed before the program is bound.</summary>
internal static class Sizes
{
    /// <summary>Deeper arithmetic is computed as a scalar instead.</summary>
    private const int MostNesting = 32;

    /// <summary>The size expression that an integer scalar is, or null where it depends on data.</summary>
    public static Dim? Of(Expr scalar, int nesting = 0)
    {
        if (nesting > MostNesting || scalar.Rank > 0 || !scalar.DType.IsInteger())
        {
            return null;
        }
        Dim? Operand(int i) => Of(scalar.Inputs[i], nesting + 1);
        return scalar.Op switch
        {
            Ops.SizeOf size => size.Size,
            Ops.Full full => full.Value.ToInt64(),
            Ops.Cast { To: DType.Int64 } => Operand(0),
            Ops.Neg when scalar.DType == DType.Int64 && Operand(0) is { } x => -x,
            Binary when scalar.DType == DType.Int64 && Operand(0) is { } x && Operand(1) is { } y => scalar.Op switch
            {
                Ops.Add => x + y,
                Ops.Sub => x - y,
                Ops.Mul => x * y,
                Ops.Maximum => Dim.Max(x, y),
                Ops.Minimum => Dim.Min(x, y),
                Ops.FloorDiv when y.Lower >= 1 => x.FloorDiv(y),
                Ops.Mod when y.Lower >= 1 => x.Mod(y),
                _ => null,
            },
            _ => null,
        };
    }
}
