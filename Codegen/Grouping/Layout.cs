namespace Symbolic.Codegen;

/// <summary>How a buffer's elements lie: the order of its axes in memory, without gaps.</summary>
/// <param name="Order">The axes, outermost first.</param>
public sealed record Layout(Seq<int> Order)
{
    /// <summary>Channels side by side: an array [n,c,...] lies as [n,...,c].</summary>
    /// <param name="rank">The number of axes, at least 2.</param>
    internal static Layout ChannelsLast(int rank) => new([0, .. Enumerable.Range(2, rank - 2), 1]);

    /// <summary>Whether arrays [n,c,...] of a shape lie otherwise with channels last than row-major.</summary>
    internal static bool Matters(Shape shape) => shape.Rank > 2 && !shape[1].Is(1) && !shape.Skip(2).All(extent => extent.Is(1));

    /// <summary>The offset of an index in a buffer of a shape; without a layout its last axis lies innermost.</summary>
    internal static Dim Offset(Layout? layout, Shape shape, Seq<Dim> at)
    {
        Dim offset = 0;
        for (int k = 0; k < at.Count; k++)
        {
            int axis = layout?.Order[k] ?? k;
            offset = (offset * shape[axis]) + at[axis];
        }
        return offset;
    }

    /// <summary>Something for each axis, such as the indices of a space, in the order in which it is walked through memory step by step.</summary>
    internal static Seq<T> InOrder<T>(Layout? layout, Seq<T> axes) => layout is null ? axes : layout.Order.Map(axis => axes[axis]);

    /// <summary>The layout as the text of a plan shows it.</summary>
    public override string ToString() => $"[{string.Join(",", Order)}]";
}
