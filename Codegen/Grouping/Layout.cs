namespace Symbolic.Codegen;

/// <summary>How a buffer's elements lie: the order of its axes in memory.</summary>
/// <param name="Order">The axes, outermost first.</param>
/// <param name="Gap">Elements that are left free behind each run of the innermost axis; all else lies side by side.</param>
public sealed record Layout(Seq<int> Order, int Gap = 0)
{
    /// <summary>Bytes apart of which lines share few sets of a first-level cache.</summary>
    private const long AliasedBytes = 1024;

    private const int Line = 64;

    /// <summary>
    /// Channels side by side: an array [n,c,...] lies as [n,...,c]. Pixels so far apart that those of a depthwise convolution's tile, 24 to 45 of them, would share a few sets of the
    /// first-level cache have a line between them.
    /// </summary>
    /// <param name="type">The array, of rank 2 at least.</param>
    internal static Layout ChannelsLast(TensorType type)
    {
        int rank = type.Rank, size = type.DType.Size();
        bool aliased = type.Shape[1] is { IsConstant: true, Constant: > 0 and var channels } && channels < long.MaxValue / size && channels * size % AliasedBytes == 0;
        return new([0, .. Enumerable.Range(2, rank - 2), 1], aliased ? Line / size : 0);
    }

    /// <summary>Elements that are left free behind each run of an axis.</summary>
    /// <param name="axis">The axis.</param>
    public int GapOf(int axis) => axis == Order[^1] ? Gap : 0;

    /// <summary>Whether arrays [n,c,...] of a shape lie otherwise with channels last than row-major.</summary>
    internal static bool Matters(Shape shape) => shape.Rank > 2 && !shape[1].Is(1) && !shape.Skip(2).All(extent => extent.Is(1));

    /// <summary>The offset of an index in a buffer of a shape; without a layout its last axis lies innermost.</summary>
    internal static Dim Offset(Layout? layout, Shape shape, Seq<Dim> at)
    {
        Dim offset = 0;
        for (int k = 0; k < at.Count; k++)
        {
            int axis = layout?.Order[k] ?? k;
            offset = (offset * (shape[axis] + (layout?.GapOf(axis) ?? 0))) + at[axis];
        }
        return offset;
    }

    /// <summary>Something for each axis, such as the indices of a space, in the order in which it is walked through memory step by step.</summary>
    internal static Seq<T> InOrder<T>(Layout? layout, Seq<T> axes) => layout is null ? axes : layout.Order.Map(axis => axes[axis]);

    /// <summary>The layout as the text of a plan shows it.</summary>
    public override string ToString() => $"[{string.Join(",", Order)}]{(Gap == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $" gap {Gap}"))}";
}
