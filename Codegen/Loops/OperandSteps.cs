namespace Symbolic.Codegen;

/// <summary>How an operand of a contraction lies in memory: the offset of an element as that of its line plus that of its depth.</summary>
/// <param name="Line">The offset of a line.</param>
/// <param name="Depth">The offset of a depth from the first.</param>
/// <param name="LineStep">Elements from a line to the next, where lines step evenly; else null.</param>
/// <param name="DepthStep">Elements from a depth to the next, where depths step evenly; else null.</param>
internal sealed record OperandSteps(Dim Line, Dim Depth, Dim? LineStep, Dim? DepthStep)
{
    /// <summary>Whether both step evenly: then it can be read in place.</summary>
    public bool IsMatrix => LineStep is not null && DepthStep is not null;

    /// <summary>The steps of a plain read whose offset is such a sum, or null.</summary>
    public static OperandSteps? Of(Element operand, Seq<LoopIndex> lines, Seq<LoopIndex> depths)
    {
        if (operand is not Element.Read read)
        {
            return null;
        }
        Dim offset = read.At[0];
        Dim line = offset.Substitute(s => s is LoopIndex index && depths.Contains(index) ? (Dim)0 : null);
        Dim depth = offset.Substitute(s => s is LoopIndex index && !depths.Contains(index) ? (Dim)0 : null);
        Dim origin = offset.Substitute(s => s is LoopIndex ? (Dim)0 : null);
        return (line + depth - origin).Equals(offset) ? new OperandSteps(line, depth - origin, Even(line, lines), Even(depth, depths)) : null;
    }

    /// <summary>How far one step of the last index of a list moves, where the others continue it as if all were one; else null.</summary>
    public static Dim? Even(Dim offset, Seq<LoopIndex> indices)
    {
        Dim? step = null, whole = null;
        foreach (LoopIndex index in indices.Reverse())
        {
            if (offset.Linear(index) is not (var stride, _) || (whole is not null && !stride.Equals(whole)))
            {
                return null;
            }
            step ??= stride;
            whole = stride * index.Extent;
        }
        return step ?? 0;
    }
}
